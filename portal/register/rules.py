"""What a register has a row for, what it says of sender and matter, and who keeps it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from portal.cases.enums import Direction, Kind, Purpose
from portal.formats.days import iso_day
from portal.identity.actors import Role, Staff


class Entered(StrEnum):
    """Why an official document is in the register (TF 2:9-12): received, sent or drawn up."""

    IN = "in"
    OUT = "out"
    DRAWN_UP = "drawn_up"


class NamedAs(StrEnum):
    """What a row says of the sender."""

    NAME = "name"
    ANONYMOUS = "anonymous"
    SECRET = "secret"  # noqa: S105
    # A letter to the mailbox, which anybody may have written.
    UNVERIFIED = "unverified"


class PeriodProblem(StrEnum):
    """Why two days are no period."""

    UNREADABLE = "unreadable"
    REVERSED = "reversed"


# What was said is finished when it has been written down (TF 2:10).
SPOKEN = frozenset({Purpose.ORAL_ANSWER, Purpose.CALL})


def entered(direction: Direction, purpose: Purpose | None) -> Entered | None:
    """Why a message is in the register; None for an internal note, which is not (TF 2:12)."""
    if purpose in SPOKEN:
        return Entered.DRAWN_UP
    return {Direction.IN: Entered.IN, Direction.OUT: Entered.OUT}.get(direction)


@dataclass(frozen=True)
class Entry:
    """A row of a register: a message, or a case that left for another authority or came from one.

    `other` is that authority, empty for a message. What the case was like is as the board had it: as it is
    now or, for a case that has left the board since, as it was then.
    """

    at: datetime
    entered: Entered
    case: int
    year: int
    number: int
    kind: Kind
    public_subject: str
    internal_subject: str
    unit: str
    sender: str
    other: str = ""
    # Secrecy of the case, of this message, and a sender who is hidden or protected.
    secret: bool = False
    marked: bool = False
    hidden: bool = False
    protected: bool = False
    anonymous: bool = False
    unverified: bool = False
    # Whether the page of the case opens for the reader of the row.
    reached: bool = True
    # When a message came in or was written, and who on the staff registered it for its sender.
    arrived: datetime | None = None
    registered_by: str = ""
    message: int | None = None

    @property
    def named_as(self) -> NamedAs:
        """What the row says of the sender (OSL 5:2, second paragraph)."""
        if self.secret or self.marked or self.hidden or self.protected:
            return NamedAs.SECRET
        if self.unverified:
            return NamedAs.UNVERIFIED
        return NamedAs.ANONYMOUS if self.anonymous else NamedAs.NAME

    @property
    def names_sender(self) -> bool:
        """Whether the row identifies a sender, which the read log must know of."""
        return not self.other and self.named_as is NamedAs.NAME

    @property
    def subject(self) -> str:
        """What the matter is, in short; empty if only its kind may be written.

        A case with secrecy whose public subject is still that of the staff's own page has the sender's words.
        """
        return "" if self.secret and self.public_subject == self.internal_subject else self.public_subject


def keeps_register(actor: Staff) -> bool:
    """Whether the actor keeps the register of a board, or of all where the registry is common."""
    is_keeper = actor.role is Role.RECORDS_OFFICER
    return is_keeper and (actor.board is not None or actor.common_registry)


@dataclass(frozen=True)
class Period:
    """The days of a register, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class AskedPeriod:
    """What was asked for: the period, or the problem of each field."""

    period: Period | None
    problems: Mapping[str, PeriodProblem] = field(default_factory=dict)


def read_period(first: str, last: str, today: date) -> AskedPeriod:
    """The period between two days as they were written. Without them: the month of the last day, to today."""
    written = {"fran": first.strip(), "till": last.strip()}
    days = {name: iso_day(text) for name, text in written.items()}
    unreadable = [name for name, text in written.items() if text and days[name] is None]
    if unreadable:
        return AskedPeriod(None, dict.fromkeys(unreadable, PeriodProblem.UNREADABLE))
    end = days["till"] or max(today, days["fran"] or today)
    begin = days["fran"] or end.replace(day=1)
    if begin > end:
        return AskedPeriod(None, {"till": PeriodProblem.REVERSED})
    return AskedPeriod(Period(begin, end))
