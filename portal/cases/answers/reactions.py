"""Rules about what a sender makes of an answer. Pure."""

from collections.abc import Sequence

from portal.cases.enums import ANSWERS, Purpose


def has_thanked(purposes: Sequence[Purpose | None]) -> bool:
    """Whether the sender has thanked for the latest answer; the purposes of all messages, oldest first."""
    for purpose in reversed(purposes):
        if purpose in ANSWERS:
            return False
        if purpose is Purpose.THANKS:
            return True
    return False
