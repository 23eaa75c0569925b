"""Measures as pages show them: beside their case, and those of every case together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask import url_for
from flask_babel import gettext as _

from portal import clock
from portal.cases.enums import MeasureKind, MeasureState
from portal.cases.measures import queries as measure_queries
from portal.cases.measures.actions import NEXT, SETTLING
from portal.cases.measures.models import Measure
from portal.cases.measures.queries import NEWEST, MeasureFilter
from portal.cases.pagination import BEGINNING, BadCursor, Place, place
from portal.identity.actors import Staff
from portal.organisation.models import Unit
from portal.web.support import case_presenter
from portal.words import dates
from portal.words.labels import MEASURE_KIND, MEASURE_STATE, Tag

Word = TypeVar("Word", bound=StrEnum)
Tell = Callable[[datetime], str]
# More of a text than this is read on the page of its case.
EXCERPT = 400
HERE = "backoffice.measures"


@dataclass(frozen=True)
class MeasureRow:
    """A measure as a page draws it; only a proposal has a state. `buttons` are pairs of action and label."""

    id: int
    kind: str
    state: Tag | None
    body: str
    written: str
    settled: str
    buttons: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ListedMeasure(MeasureRow):
    """A measure among those of every case."""

    number: str
    subject: str
    href: str
    unit: str


def row(measure: Measure, now: set[str], when: Tell | None = None) -> MeasureRow:
    """A measure with what may be done about it now."""
    proposal = measure.kind is MeasureKind.PROPOSAL
    format_moment = when or _when
    return MeasureRow(
        id=measure.id,
        kind=str(MEASURE_KIND[measure.kind]),
        state=MEASURE_STATE[measure.state] if proposal else None,
        body=measure.body,
        written=f"{measure.author.person.name}, {format_moment(measure.created_at)}",
        settled=_settled(measure, format_moment),
        buttons=[
            (SETTLING[to].value, _button(to))
            for to in NEXT[measure.state]
            if proposal and SETTLING[to].value in now
        ],
    )


def _settled(measure: Measure, when: Tell) -> str:
    if measure.settled_by is None or measure.settled_at is None:
        return ""
    who = measure.settled_by.person.name
    return f"{MEASURE_STATE[measure.state].text}: {who}, {when(measure.settled_at)}"


def _button(to: MeasureState) -> str:
    return {
        MeasureState.DECIDED: _("Besluta"),
        MeasureState.DONE: _("Genomfört"),
        MeasureState.REJECTED: _("Avslå"),
    }[to]


def _when(moment: datetime) -> str:
    return dates.short_moment(moment, clock.today())


def page_values(actor: Staff, asked: Mapping[str, str]) -> dict[str, Any]:
    """All that the page of every measure draws, for what its address asks for."""
    units = measure_queries.units(actor)
    wanted, where, passed_over = read(asked, units)
    page = measure_queries.of_all(actor, wanted, where)
    kept = _kept(wanted, units)
    return {
        "rows": [_listed(each) for each in page.rows],
        "choices": _choices(wanted, units),
        "passed_over": passed_over,
        "filtered": wanted != MeasureFilter(),
        "older": url_for(HERE, **kept, efter=page.after) if page.after else "",
        "newest": url_for(HERE, **kept) if where.cursor else "",
    }


def read(asked: Mapping[str, str], units: Sequence[Unit]) -> tuple[MeasureFilter, Place, list[str]]:
    """What an address asks for, and a line for each part of it that cannot be used."""
    ids = {unit.key: unit.id for unit in units}
    given = {name: asked[name] for name in ("typ", "lage", "enhet", "efter") if asked.get(name)}
    kind, state = _word(MeasureKind, given.get("typ")), _word(MeasureState, given.get("lage"))
    wanted = MeasureFilter(kind, state, ids.get(given.get("enhet", "")))
    where = _where(given.get("efter"))
    used = {"typ": kind, "lage": state, "enhet": wanted.unit, "efter": where}
    return wanted, where or BEGINNING, [_passed_over()[name] for name in given if used[name] is None]


def _where(after: str | None) -> Place | None:
    """Where the page begins; None if the address cannot be read."""
    try:
        return place(NEWEST, after, None)
    except BadCursor:
        return None


def _passed_over() -> dict[str, str]:
    return {
        "typ": _("Typen i adressen finns inte, så alla typer visas."),
        "lage": _("Läget i adressen finns inte, så alla lägen visas."),
        "enhet": _("Enheten i adressen har inga åtgärder som du ser, så alla enheter visas."),
        "efter": _("Sidan i adressen gick inte att läsa, så de nyaste visas."),
    }


def _word(words: type[Word], written: str | None) -> Word | None:
    return words(written) if written in set(words) else None


def _kept(wanted: MeasureFilter, units: Sequence[Unit]) -> dict[str, Any]:
    """The choices as they stand in an address."""
    keys = {unit.id: unit.key for unit in units}
    kept = {"typ": wanted.kind, "lage": wanted.state, "enhet": keys.get(wanted.unit or 0)}
    return {name: str(value) for name, value in kept.items() if value}


def _choices(wanted: MeasureFilter, units: Sequence[Unit]) -> list[dict[str, Any]]:
    """The lists of the filter: (value, words, chosen) of each."""
    kinds = [(kind.value, str(MEASURE_KIND[kind]), kind is wanted.kind) for kind in MeasureKind]
    states = [(state.value, str(MEASURE_STATE[state].text), state is wanted.state) for state in MeasureState]
    places = [(unit.key, unit.name, unit.id == wanted.unit) for unit in units]
    return [
        {"name": "typ", "label": _("Typ"), "any": _("Alla typer"), "options": kinds},
        {"name": "lage", "label": _("Läge"), "any": _("Alla lägen"), "options": states},
        {"name": "enhet", "label": _("Enhet"), "any": _("Alla enheter"), "options": places},
    ]


def _listed(measure: Measure) -> ListedMeasure:
    """A measure among those of every case: a long text is cut, and its case named."""
    case, body = measure.case, measure.body
    shown = row(measure, set())
    if len(body) > EXCERPT:
        shown = replace(shown, body=body[:EXCERPT].rstrip() + " …")
    number = case_presenter.number_of(case)
    return ListedMeasure(
        **vars(shown),
        number=number,
        subject=case.internal_subject,
        href=url_for("backoffice.case", number=number),
        unit=f"{case.handling_unit.name}, {case.handling_unit.board.name}",
    )
