"""Every message with an example of a case, by the renderer of the real ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.cases.enums import Kind
from portal.config import settings
from portal.notifications.rendering import Rendered, render_values
from portal.notifications.rules import MESSAGES, NEW_CODE, NOTICE, Medium
from portal.organisation import queries as organisation
from portal.translation import in_language
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.profile_texts import profile_texts

DAY = date(2026, 5, 18)
LATER = DAY + timedelta(days=7)
# What the example of a case has no value for.
WITHOUT: dict[str, Any] = {
    "answer": None,
    "contact_due": None,
    "exemption": "",
    "part_contact_due": None,
    "reason": None,
    "recipient": None,
    "why": None,
}
FLAGS = {
    "answer_wanted": True,
    "closed": False,
    "later": True,
    "spoken": True,
    "way_on": True,
    "with_code": True,
    "code_given": False,
}


@dataclass(frozen=True)
class Example:
    """A message as e-mail and as SMS; the link to a new code is sent by e-mail alone."""

    name: str
    email: Rendered
    sms: Rendered | None


def examples(language: str) -> Sequence[Example]:
    """Every message in a language, by name."""
    with in_language(language):
        values = WITHOUT | FLAGS | _texts() | _days() | _addresses()
        return [_example(name, language, values) for name in sorted({*MESSAGES.values(), NOTICE})]


def _example(name: str, language: str, values: dict[str, Any]) -> Example:
    sms = None if name == NEW_CODE else render_values(name, Medium.SMS, language, values)
    return Example(name, render_values(name, Medium.EMAIL, language, values), sms)


def _texts() -> dict[str, Any]:
    profile = organisation.profile()
    unit, _language = profile_texts(profile.first_line.name)
    board, _language = profile_texts(profile.boards[0].name)
    return {
        "site": profile,
        "number": f"{profile.number_prefix}-2026-000123",
        "part": f"{profile.number_prefix}-2026-000124",
        "kind": KINDS[Kind.COMPLAINT].name,
        "your_kind": KINDS[Kind.COMPLAINT].yours,
        "unit": unit,
        "place": unit,
        "board": board,
        "officer": "Sara Lind",
        "manager": "Sara Lind",
        "phone": profile.phone,
        "we_did": "Vi sätter upp en skylt samma dag som en lekplats stängs.",
    }


def _days() -> dict[str, str]:
    # Written on the day itself: dates of another year would name it.
    day, later = dates.weekday_date(DAY, DAY), dates.weekday_date(LATER, DAY)
    return {"arrived": day, "at": day, "due": day, "answer_by": later, "next_step": later, "part_due": later}


def _addresses() -> dict[str, str]:
    base = settings().base_url.rstrip("/")
    number = f"{organisation.profile().number_prefix}-2026-000123"
    return {
        "link": f"{base}/folj#{number}",
        "new_code_link": f"{base}/folj/ny-kod",
        "survey_link": f"{base}/enkat/AbCdEfGhIjKlMnOpQrStUv",
    }
