"""The parts of a municipality's profile."""

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

from portal.organisation import colours, placeholders


def _month_day(text: str) -> str:
    # 2000 was a leap year, so that 29 February can be a day of the year.
    date.fromisoformat(f"2000-{text}")
    return text


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "tel:", "mailto:", "/")):
        raise ValueError("must begin with https://, tel:, mailto: or /")
    return text


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$"), AfterValidator(_month_day)]
Href = Annotated[str, AfterValidator(_address)]
Flag = Annotated[bool, Field(strict=True)]
WorkingDays = Annotated[int, Field(strict=True, ge=1, le=250)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^(0[\d -]{5,20})?$")]
Email = Annotated[str, StringConstraints(pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")]
Kind = Literal["fraga", "klagomal", "berom", "forslag", "felanmalan"]


class Section(BaseModel):
    """A part of the file; an example is plausible, but not from the municipality's own documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    example: Flag = False


class Contact(Section):
    """How to reach the municipality without the portal."""

    about: tuple[Text, ...]
    phone: Text
    phone_e164: Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{6,14}$")]


class Promise(Section):
    """What is promised, in working days; nothing where the municipality promises no number."""

    contact_working_days: WorkingDays | None = None
    answer_working_days: WorkingDays | None = None


class Summer(Section):
    """When an officer may extend with the ready reason, each year."""

    start: MonthDay
    end: MonthDay
    reason: Text


class ClosedDay(Section):
    """A day when the municipality is closed by its own decision, named as within a sentence."""

    date: Annotated[date, Field(strict=True)]
    name: Text


class Door(Section):
    """Another way than the portal, shown for some kinds or, with none given, for all."""

    key: Key
    title: Text
    text: Text
    link_text: str = ""
    href: Href = ""
    kinds: tuple[Kind, ...] = ()


class NotHandled(Door):
    """What the process is not for, and the right way where there is one."""

    separate_system: Flag = False


class Named(Section):
    """A board (nämnd) or an administration (förvaltning)."""

    key: Key
    name: Text


class Unit(Named):
    """A unit; the first line takes what nobody else does."""

    board: Key
    administration: Key
    first_line: Flag = False
    phone: Phone = ""
    email: Email = ""

    @property
    def phone_href(self) -> str:
        """The telephone number as machines dial it, from any country."""
        return f"tel:+46{re.sub(r'[^0-9]', '', self.phone)[1:]}"


class Category(Named):
    """What a case is about, who is responsible and who handles it."""

    responsible_unit: Key
    handling_unit: Key
    rosa_level: Annotated[int, Field(strict=True, ge=1, le=6)] | None = None
    secrecy_default: Flag = False
    answer_by_email: Flag = True
    special_procedure: str = ""


class AnswerTemplate(Section):
    """A ready text for answers, with placeholders in braces, for a kind or a topic or (without) for all."""

    key: Key
    name: Text
    kind: Kind | None = None
    category: Key | None = None
    language: Language = "sv"
    text: Text

    @field_validator("text")
    @classmethod
    def _known(cls, text: str) -> str:
        if wrong := placeholders.unknown(text):
            raise ValueError(f"{', '.join(wrong)}: use {', '.join(placeholders.ALL)}")
        return text


class Routine(Section):
    """How one unit takes care of what comes in, and how that is followed up."""

    unit: Key
    title: Text
    text: Text
    followed_up: Text


class Theme(Section):
    """The municipality's colours: one that carries white text, and one to mark with."""

    accent: Colour
    mark: Colour
    mark_text: Colour = "#000000"

    @field_validator("accent")
    @classmethod
    def _readable(cls, accent: str) -> str:
        return colours.legible(accent, colours.PAGE, "on the page, and white on it,")

    @model_validator(mode="after")
    def _marked(self) -> Self:
        colours.legible(self.mark_text, self.mark, "on mark")
        return self
