"""The sections of a profile file, as pydantic models."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from portal.formats import days
from portal.organisation import colours, placeholders


def _link(text: str) -> str:
    if text and not text.startswith(("https://", "tel:", "mailto:", "/")):
        raise ValueError("must begin with https://, tel:, mailto: or /")
    return text


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$"), AfterValidator(days.month_day)]
Href = Annotated[str, AfterValidator(_link)]
Flag = Annotated[bool, Field(strict=True)]
WorkingDays = Annotated[int, Field(strict=True, ge=1, le=250)]
Messages = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
CallingCode = Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{0,2}$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^(0[\d -]{5,20})?$")]
Email = Annotated[str, StringConstraints(pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")]
PageDay = Annotated[date, Field(strict=True)]
Kind = Literal["question", "complaint", "praise", "suggestion", "fault_report"]


class Section(BaseModel):
    """Base of all sections. `example` marks content that is invented for the shipped profiles."""

    # An unknown name is an error: a misspelt setting would otherwise be ignored in silence.
    model_config = ConfigDict(frozen=True, extra="forbid")

    example: Flag = False


class Contact(Section):
    """How to contact the municipality outside the portal."""

    about: tuple[Text, ...]
    phone: Text
    phone_e164: Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{6,14}$")]


class Promise(Section):
    """Promised times in working days; None where the municipality promises none.

    `next_step_working_days` is no promise: within them a case that no promise presses is looked at again.
    """

    contact_working_days: WorkingDays | None = None
    answer_working_days: WorkingDays | None = None
    next_step_working_days: WorkingDays = 5


class Summer(Section):
    """The yearly period in which an officer may extend a deadline with a prepared reason."""

    start: MonthDay
    end: MonthDay
    reason: Text

    def end_within(self, first: date, last: date) -> date | None:
        """The last day of the first period that has one of these days; None if none has."""
        for year in range(first.year, last.year + 1):
            start, end = (days.day_of_year(day, year) for day in (self.start, self.end))
            if start <= last and first <= end:
                return end
        return None


class ClosedDay(Section):
    """A day on which the municipality is closed by its own decision; the name fits within a sentence."""

    date: PageDay
    name: Text


class Door(Section):
    """A link to another service, for certain kinds of case; for all of them if `kinds` is empty.

    One with kinds is on their forms only, unless `on_start` puts it on the start page as well.
    """

    key: Key
    title: Text
    text: Text
    link_text: str = ""
    href: Href = ""
    kinds: tuple[Kind, ...] = ()
    on_start: Flag = False


class NotHandled(Door):
    """A matter that is not handled here; `way` says where it belongs, `way_example` that it is invented."""

    separate_system: Flag = False
    way: str = ""
    way_example: Flag = False


class ExternalWay(Door):
    """Another body that one may turn to, such as a supervisory authority; for certain topics, or for all."""

    categories: tuple[Key, ...] = ()

    def is_for(self, kind: str) -> bool:
        """Whether it is shown for a kind of case."""
        return not self.kinds or kind in self.kinds


class Document(Section):
    """A decided document, such as a policy or a disposal plan, that the pages link to."""

    key: Key
    name: Text
    href: Href = ""
    decided: str = ""


class Whistleblowing(Section):
    """Where a whistleblower's report that was sent here goes: its unit, if any, and its secrecy.

    `disclosure_provision` is the ground on which it goes to a unit of another board.
    """

    secrecy_provision: Key
    unit: Key | Literal[""] = ""
    disclosure_provision: Key | None = None


class Privacy(Section):
    """The data protection officer (GDPR article 37), and the day of the page on personal data."""

    updated: PageDay
    officer_email: Email = ""
    officer_phone: Phone = ""
    officer_address: str = ""

    @property
    def has_officer(self) -> bool:
        """Whether there is an address to the data protection officer."""
        return bool(self.officer_email or self.officer_address)


class Accessibility(Section):
    """What the accessibility statement says of the installation (lag 2018:1937, MDFFS 2019:2)."""

    conformance: Literal["full", "partial", "none"]
    assessed: PageDay | None = None
    assessed_by: str = ""
    updated: PageDay
    shortcomings: tuple[Text, ...] = ()
    category: Key | Literal[""] = ""


class Named(Section):
    """A board (nämnd) or an administration (förvaltning)."""

    key: Key
    name: Text


class Board(Named):
    """A board (nämnd). The general clause (OSL 10:27) breaks no secrecy of social services."""

    social_services: Flag = False


class Provision(Section):
    """A provision of the secrecy act (OSL), for marks or as the ground of a handover."""

    key: Key
    provision: Text
    text: Text


class DisclosureProvision(Provision):
    """A provision that lets a text with secrecy go to another authority."""

    general_clause: Flag = False


class Unit(Named):
    """A unit (enhet); the first line handles cases without a category, `process_owner` owns the process."""

    board: Key
    administration: Key
    first_line: Flag = False
    process_owner: Flag = False
    branch: Key | Literal[""] = ""
    phone: Phone = ""
    email: Email = ""

    @property
    def phone_href(self) -> str:
        """The telephone number as a tel: link (RFC 3966) with the country code."""
        return f"tel:+46{re.sub(r'[^0-9]', '', self.phone)[1:]}"


class Category(Named):
    """What a case is about, with its responsible and its handling unit.

    `agreement`: one board handles it for another, which stays responsible.
    """

    responsible_unit: Key
    handling_unit: Key
    rosa_level: Annotated[int, Field(strict=True, ge=1, le=6)] | None = None
    agreement: Flag = False
    secrecy_default: Flag = False
    secrecy_provision: Key | None = None
    answer_by_email: Flag = True
    special_procedure: str = ""


class AnswerTemplate(Section):
    """A template for answers, with placeholders; for a kind, a category, or all if neither is set."""

    key: Key
    name: Text
    kind: Kind | None = None
    category: Key | None = None
    language: Language = "sv"
    text: Text

    @field_validator("text")
    @classmethod
    def _known_placeholders(cls, text: str) -> str:
        if unknown := placeholders.unknown(text):
            raise ValueError(f"{', '.join(unknown)}: use {', '.join(placeholders.ALL)}")
        return text


class Routine(Section):
    """How a unit handles incoming cases, on some topics or on all, and follows that up.

    `key` is what follow-ups refer to. `follow_up_months` is how often; `follow_up_example` that the interval
    is invented, where the rest is not.
    """

    key: Key
    unit: Key
    topics: tuple[Key, ...] = ()
    title: Text
    text: Text
    followed_up: Text
    follow_up_months: Annotated[int, Field(strict=True, ge=1, le=24)]
    follow_up_example: Flag = False


class Limits(Section):
    """How many messages strangers may cause, and the countries that text messages are sent to."""

    sms_per_recipient_and_day: Messages = 3
    emails_per_recipient_and_day: Messages = 10
    stranger_sms_per_day: Messages = 500
    sms_countries: Annotated[tuple[CallingCode, ...], Field(min_length=1)] = ("+46",)

    def per_recipient(self, medium: str) -> int:
        """The messages to one recipient and day by a medium."""
        return self.sms_per_recipient_and_day if medium == "sms" else self.emails_per_recipient_and_day


class Theme(Section):
    """The municipality's colours: an accent that carries white text, and a colour for marking."""

    accent: Colour
    mark: Colour
    mark_text: Colour = "#000000"

    @field_validator("accent")
    @classmethod
    def _legible_accent(cls, accent: str) -> str:
        return colours.require_contrast(accent, colours.PAGE, "on the page, and white on it,")

    @model_validator(mode="after")
    def _legible_mark(self) -> Self:
        colours.require_contrast(self.mark_text, self.mark, "on mark")
        return self
