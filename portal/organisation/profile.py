"""A municipality's profile, the model of its TOML file. Pure: portal/organisation/loading.py reads it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from portal.organisation import placeholders
from portal.organisation.placeholders import Placeholder
from portal.organisation.sections import (
    Accessibility,
    AnswerTemplate,
    Board,
    Category,
    ClosedDay,
    Contact,
    DisclosureProvision,
    Document,
    Door,
    ExternalWay,
    Flag,
    Key,
    Kind,
    Language,
    Limits,
    Named,
    NotHandled,
    Privacy,
    Promise,
    Provision,
    Routine,
    Section,
    Summer,
    Text,
    Theme,
    Unit,
    Whistleblowing,
)

# A message is open to read on its way, so nothing of the sender or of what they wrote.
IN_MESSAGES = (Placeholder.NUMBER, Placeholder.UNIT, Placeholder.MUNICIPALITY, Placeholder.TODAY)


# The messages that a text may be added to; portal/notifications/rules.py says what sends them.
EXTENSIBLE_MESSAGES = (
    *("answer_promised", "answered", "answered_orally", "being_handled", "closed", "contact"),
    *("contact_person", "handed_over", "improvement", "later_date", "next_step", "no_answer_needed"),
    *(
        "passed_on",
        "received",
        "record_request",
        "reply_received",
        "split",
        "supplement",
        "supplement_reminder",
        "taken_over",
        "written_down",
    ),
)


class Goal(Section):
    """The share of answers that should come in time, as the public statistics draw it."""

    percent: Annotated[int, Field(strict=True, ge=1, le=100)]


class Compilation(Section):
    """A compilation of cases on some topics that a law asks for, for staff."""

    key: Key
    title: Text
    law: Text
    topics: Annotated[tuple[Key, ...], Field(min_length=1)]


class MessageText(Section):
    """What the municipality adds to an e-mail about a case, with placeholders; `key` is the message."""

    key: Key
    text: Text

    @field_validator("key")
    @classmethod
    def _known_message(cls, key: str) -> str:
        if key not in EXTENSIBLE_MESSAGES:
            raise ValueError(f"is no message: use {', '.join(EXTENSIBLE_MESSAGES)}")
        return key

    @field_validator("text")
    @classmethod
    def _allowed_placeholders(cls, text: str) -> str:
        if refused := placeholders.not_among(text, IN_MESSAGES):
            allowed = ", ".join(f"{{{placeholder}}}" for placeholder in IN_MESSAGES)
            raise ValueError(f"{', '.join(refused)}: use {allowed}")
        return text


class Files(Section):
    """`trace_disposal` is the decision by which traces of anonymous senders may be removed from their files.

    Without it what arrives is kept as it is (arkivlagen 10 §), and such a file with traces is refused.
    """

    trace_disposal: Text


class Area(Section):
    """A rectangle around the municipality in degrees of WGS 84: places outside it are not accepted."""

    south: Annotated[float, Field(ge=55, le=70)]
    west: Annotated[float, Field(ge=10, le=25)]
    north: Annotated[float, Field(ge=55, le=70)]
    east: Annotated[float, Field(ge=10, le=25)]

    @model_validator(mode="after")
    def _is_not_empty(self) -> "Area":
        if self.south >= self.north or self.west >= self.east:
            raise ValueError("is empty: south must be below north, and west below east")
        return self

    def has(self, latitude: float, longitude: float) -> bool:
        """Whether a place is inside."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


class Profile(Section):
    """A municipality: names, service promise, organisation, texts and links to other services.

    Each section is valid by itself; consistency.py checks them against each other.
    """

    key: Key
    service: Text
    short: Text
    full: Text
    number_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,5}$")]
    language: Language
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    contact: Contact
    promise: Promise
    goal: Goal | None = None
    summer: Summer | None = None
    own_closed_days: tuple[ClosedDay, ...] = Field(default=(), alias="closed_days")
    not_handled: tuple[NotHandled, ...] = ()
    doors: tuple[Door, ...] = ()
    external_ways: tuple[ExternalWay, ...] = ()
    documents: tuple[Document, ...] = ()
    whistleblowing: Whistleblowing | None = None
    privacy: Privacy | None = None
    files: Files | None = None
    accessibility: Accessibility | None = None
    common_registry: Flag = False
    secrecy_provisions: tuple[Provision, ...] = ()
    disclosure_provisions: tuple[DisclosureProvision, ...] = ()
    boards: tuple[Board, ...]
    administrations: tuple[Named, ...]
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    answer_templates: tuple[AnswerTemplate, ...] = ()
    messages: tuple[MessageText, ...] = ()
    routines: tuple[Routine, ...] = ()
    compilations: tuple[Compilation, ...] = ()
    limits: Limits = Limits()
    area: Area | None = None
    theme: Theme | None = None
    translations: Mapping[Language, Mapping[str, Text]] = Field(default_factory=dict)
    text: str = Field(repr=False)

    @property
    def about(self) -> tuple[str, ...]:
        """The address lines."""
        return self.contact.about

    @property
    def phone(self) -> str:
        """The telephone number as displayed."""
        return self.contact.phone

    @property
    def phone_e164(self) -> str:
        """The telephone number in E.164."""
        return self.contact.phone_e164

    @property
    def closed_days(self) -> Mapping[date, str]:
        """Names of the municipality's own closed days, by date."""
        return {day.date: day.name for day in self.own_closed_days}

    @property
    def first_line(self) -> Unit:
        """The unit that handles cases without a category."""
        return next(unit for unit in self.units if unit.first_line)

    def unit(self, key: str) -> Unit:
        """The unit with a key. Raises KeyError."""
        return {unit.key: unit for unit in self.units}[key]

    def category(self, key: str) -> Category:
        """The category with a key. Raises KeyError."""
        return {category.key: category for category in self.categories}[key]

    def message_text(self, key: str) -> str:
        """What is added to a message; empty if nothing is."""
        return next((message.text for message in self.messages if message.key == key), "")

    def secrecy_provision(self, key: str) -> Provision:
        """The provision with a key. Raises KeyError."""
        return {provision.key: provision for provision in self.secrecy_provisions}[key]

    def general_doors(self) -> tuple[Door, ...]:
        """Links to other services on the start page: doors for all kinds, and not_handled with a link."""
        doors = [door for door in self.doors if door.on_start or not door.kinds]
        doors += [door for door in self.not_handled if door.href]
        return tuple(doors)

    def doors_for(self, kind: str) -> tuple[Door, ...]:
        """Links to other services for a kind."""
        return tuple(door for door in (*self.not_handled, *self.doors) if kind in door.kinds)

    def other_ways_for(self, kind: str) -> tuple[Door, ...]:
        """What is not handled here and whom to turn to instead, apart from the doors and ways of a topic."""
        doors = self.doors_for(kind)
        ways = [way for way in self.external_ways if way.is_for(kind) and not way.categories]
        return tuple(way for way in (*self.not_handled, *ways) if way not in doors)

    def ways_at_topics(self, kind: str) -> dict[str, list[ExternalWay]]:
        """Whom else one may turn to about each topic with a procedure of its own, by its key."""
        ways = [way for way in self.external_ways if way.is_for(kind)]
        return {
            topic.key: [way for way in ways if topic.key in way.categories] for topic in self.special_topics()
        }

    def special_topics(self) -> tuple[Category, ...]:
        """The topics with a procedure of their own."""
        return tuple(topic for topic in self.categories if topic.special_procedure)

    def routines_of(self, unit: str) -> tuple[Routine, ...]:
        """The routines of a unit."""
        return tuple(routine for routine in self.routines if routine.unit == unit)

    def routines_for(self, unit: str, topic: str | None) -> tuple[Routine, ...]:
        """The routines that a unit follows with a case on a topic, or without one."""
        return tuple(
            routine for routine in self.routines_of(unit) if not routine.topics or topic in routine.topics
        )

    def texts(self) -> list[str]:
        """The translatable texts, in the order of the file, without duplicates."""
        texts = list(self.about)
        for door in (*self.not_handled, *self.doors, *self.external_ways):
            texts += [door.title, door.text, door.link_text]
        texts += [matter.way for matter in self.not_handled]
        texts += [document.name for document in self.documents]
        if self.accessibility:
            texts += [self.accessibility.assessed_by, *self.accessibility.shortcomings]
        texts += [part.name for part in (*self.boards, *self.units)]
        for category in self.categories:
            texts += [category.name, category.special_procedure]
        for routine in self.routines:
            texts += [routine.title, routine.text, routine.followed_up]
        texts += [message.text for message in self.messages]
        # A dict keeps the order of first occurrence; optional texts may be empty.
        return list(filter(None, dict.fromkeys(texts)))

    def translated(self, text: str, language: str) -> str | None:
        """A text of the profile in a language; None if it is not translated."""
        return text if language == self.language else self.translations.get(language, {}).get(text)

    def untranslated(self, language: str) -> list[str]:
        """Texts without a translation to a language."""
        return [text for text in self.texts() if self.translated(text, language) is None]

    def unused(self, language: str) -> list[str]:
        """Translations of texts that the profile does not contain."""
        texts = self.texts()
        return [text for text in self.translations.get(language, {}) if text not in texts]
