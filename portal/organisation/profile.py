"""A municipality's profile: one readable TOML file, checked before anything starts."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from portal.organisation import consistency
from portal.organisation.sections import (
    AnswerTemplate,
    Category,
    ClosedDay,
    Contact,
    Door,
    Key,
    Kind,
    Language,
    Named,
    NotHandled,
    Promise,
    Routine,
    Section,
    Summer,
    Text,
    Theme,
    Unit,
)


class Profile(Section):
    """One municipality: names, promise, organisation and other doors."""

    key: Key
    service: Text
    short: Text
    full: Text
    number_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,5}$")]
    language: Language
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    contact: Contact
    promise: Promise
    summer: Summer | None = None
    own_closed_days: tuple[ClosedDay, ...] = Field(default=(), alias="closed_days")
    not_handled: tuple[NotHandled, ...] = ()
    doors: tuple[Door, ...] = ()
    boards: tuple[Named, ...]
    administrations: tuple[Named, ...]
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    answer_templates: tuple[AnswerTemplate, ...] = ()
    routines: tuple[Routine, ...] = ()
    theme: Theme | None = None
    translations: Mapping[Language, Mapping[str, Text]] = Field(default_factory=dict)
    text: str = Field(repr=False)

    @property
    def about(self) -> tuple[str, ...]:
        """The address lines."""
        return self.contact.about

    @property
    def phone(self) -> str:
        """The telephone number as people write it."""
        return self.contact.phone

    @property
    def phone_e164(self) -> str:
        """The telephone number as machines dial it."""
        return self.contact.phone_e164

    @property
    def closed_days(self) -> Mapping[date, str]:
        """The municipality's own closed days and their names."""
        return {day.date: day.name for day in self.own_closed_days}

    @property
    def first_line(self) -> Unit:
        """The unit that takes what nobody else does."""
        return next(unit for unit in self.units if unit.first_line)

    def unit(self, key: str) -> Unit:
        """The unit with a key, or KeyError."""
        return {unit.key: unit for unit in self.units}[key]

    def category(self, key: str) -> Category:
        """The category with a key, or KeyError."""
        return {category.key: category for category in self.categories}[key]

    def ways(self) -> tuple[Door, ...]:
        """The other ways for everybody: doors of no kind, and the right ways of what is not handled."""
        open_doors = (door for door in self.doors if not door.kinds)
        return (*open_doors, *(each for each in self.not_handled if each.href))

    def ways_for(self, kind: str) -> tuple[Door, ...]:
        """The other ways that concern one kind."""
        return tuple(door for door in (*self.not_handled, *self.doors) if kind in door.kinds)

    def routines_of(self, unit: str) -> tuple[Routine, ...]:
        """The routines of a unit."""
        return tuple(routine for routine in self.routines if routine.unit == unit)

    def translated(self, text: str, language: str) -> str | None:
        """One of the profile's texts in a language, or None when it has none but its own."""
        return text if language == self.language else self.translations.get(language, {}).get(text)

    def untranslated(self, language: str) -> list[str]:
        """The texts that have no words in a language."""
        return [text for text in consistency.texts(self) if self.translated(text, language) is None]

    def unused(self, language: str) -> list[str]:
        """The translations of what is no text of the profile, or no longer."""
        return [text for text in self.translations.get(language, {}) if text not in consistency.texts(self)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if problems := list(consistency.problems(self)):
            raise ValueError("\n".join(problems))
        return self
