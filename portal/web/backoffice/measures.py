"""Measures as the page of their case and the page of all measures show them."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask import url_for

from portal import clock
from portal.audit import read_log
from portal.audit.dossier import Dossier
from portal.audit.models import Read
from portal.cases.enums import MeasureKind, MeasureState
from portal.cases.improvements import proposals
from portal.cases.improvements import queries as improvement_queries
from portal.cases.improvements.models import Improvement
from portal.cases.lifecycle import Action
from portal.cases.measures import queries as measure_queries
from portal.cases.measures.actions import NEXT, SETTLING
from portal.cases.measures.queries import NEWEST, MeasureFilter
from portal.cases.models import Measure
from portal.identity.actors import Staff
from portal.organisation.models import Unit
from portal.pagination import BEGINNING, BadCursor, Place, place
from portal.translation import gettext as _
from portal.web.support import case_presenter
from portal.words import authors, dates
from portal.words.labels import MEASURE_KIND, MEASURE_STATE, Tag

Word = TypeVar("Word", bound=StrEnum)
MomentFormat = Callable[[datetime], str]
# Characters of a text in the list of all measures; the rest is read on the page of its case.
EXCERPT = 400
ENDPOINT = "backoffice.measures"


@dataclass(frozen=True)
class MeasureRow:
    """A measure as a template draws it; only a proposal has a state. `buttons` are (action, label).

    `became`: the title and the address of the improvement that a proposal became.
    """

    id: int
    kind: str
    state: Tag | None
    body: str
    written: str
    settled: str
    buttons: Sequence[tuple[str, str]]
    became: tuple[str, str] | None
    make_href: str = ""


@dataclass(frozen=True)
class ListedMeasure(MeasureRow):
    """A measure on the page of all measures, with its case."""

    number: str = ""
    subject: str = ""
    href: str = ""
    unit: str = ""


def row(
    measure: Measure,
    allowed: Set[str],
    when: MomentFormat | None = None,
    improvements: Iterable[Improvement] = (),
) -> MeasureRow:
    """A measure with a button for each of the `allowed` actions that settles it.

    `improvements`: those that the reader may read, among them the one that a proposal became.
    """
    proposal = measure.kind is MeasureKind.PROPOSAL
    format_moment = when or _short_moment
    return MeasureRow(
        id=measure.id,
        kind=str(MEASURE_KIND[measure.kind]),
        state=MEASURE_STATE[measure.state] if proposal else None,
        body=measure.body,
        written=f"{authors.name_and_place(measure.author)}, {format_moment(measure.created_at)}",
        settled=_settled(measure, format_moment),
        buttons=_buttons(measure, allowed) if proposal else [],
        became=_became(measure, improvements),
    )


def _became(measure: Measure, improvements: Iterable[Improvement]) -> tuple[str, str] | None:
    for improvement in improvements:
        if improvement.id == measure.improvement_id:
            return improvement.title, url_for("backoffice.improvement", improvement_id=improvement.id)
    return None


def case_rows(dossier: Dossier, allowed: Set[str]) -> list[MeasureRow]:
    """The measures on the page of their case, where a proposal can be made an improvement."""
    rows = []
    makes = Action.LINK_IMPROVEMENT in allowed and improvement_queries.editable_units(dossier.actor)
    for measure in dossier.measures:
        drawn = row(measure, allowed, improvements=dossier.improvements)
        if makes and measure.kind is MeasureKind.PROPOSAL and proposals.problem(measure) is None:
            href = make_href(dossier.case.reference, measure.id)
            drawn = replace(drawn, make_href=href)
        rows.append(drawn)
    return rows


def make_href(number: str, measure: int | None = None) -> str:
    """The address of the form that makes an improvement of a proposal in a case, or of the case."""
    return url_for("backoffice.new_improvement", arende=number, forslag=measure)


def _buttons(measure: Measure, allowed: Set[str]) -> list[tuple[str, str]]:
    buttons = []
    for state in NEXT[measure.state]:
        action = SETTLING[state].value
        if action in allowed:
            buttons.append((action, _button_label(state)))
    return buttons


def _settled(measure: Measure, when: MomentFormat) -> str:
    if measure.settled_at is None:
        return ""
    who = authors.name_and_place(measure.settled_by)
    return f"{MEASURE_STATE[measure.state].text}: {who}, {when(measure.settled_at)}"


def _button_label(state: MeasureState) -> str:
    return {
        MeasureState.DECIDED: _("Genomför"),
        MeasureState.DONE: _("Klart"),
        MeasureState.REJECTED: _("Avslå"),
    }[state]


def _short_moment(moment: datetime) -> str:
    return dates.short_moment(moment, clock.today())


def page_values(actor: Staff, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The template values of the page of all measures, for the query parameters of its address."""
    units = measure_queries.units(actor)
    measure_filter, position, notes = read(parameters, units)
    page = measure_queries.of_all(actor, measure_filter, position)
    # By id: a case may have several measures on the page.
    read_log.log_display(actor, {row.case.id: row.case for row in page.rows}.values(), Read.LIST)
    query = _query(measure_filter, units)
    became = {row.improvement_id for row in page.rows if row.improvement_id}
    improvements = improvement_queries.by_id(actor, became)
    return {
        "rows": [_listed_measure(measure, improvements.values()) for measure in page.rows],
        "choices": _choices(measure_filter, units),
        "passed_over": notes,
        "filtered": measure_filter != MeasureFilter(),
        "older": url_for(ENDPOINT, **query, efter=page.after) if page.after else "",
        "newest": url_for(ENDPOINT, **query) if position.cursor else "",
    }


def read(parameters: Mapping[str, str], units: Sequence[Unit]) -> tuple[MeasureFilter, Place, list[str]]:
    """Parse an address into filter and position, with a note for each parameter that is unusable."""
    unit_ids = {unit.key: unit.id for unit in units}
    kind = _member(MeasureKind, parameters.get("typ"))
    state = _member(MeasureState, parameters.get("lage"))
    unit = unit_ids.get(parameters.get("enhet", ""))
    position = _position(parameters.get("efter") or None)
    parsed = {"typ": kind, "lage": state, "enhet": unit, "efter": position}
    notes = []
    for name, value in parsed.items():
        # The choice "all" of a list is sent as an empty parameter, which is no error.
        if parameters.get(name) and value is None:
            notes.append(_unusable_notes()[name])
    return MeasureFilter(kind, state, unit), position or BEGINNING, notes


def _position(after: str | None) -> Place | None:
    """The position after the row of a cursor, the beginning without one; None if it is invalid."""
    try:
        return place(NEWEST, after, None)
    except BadCursor:
        return None


def _unusable_notes() -> dict[str, str]:
    return {
        "typ": _("Typen i adressen finns inte, så alla typer visas."),
        "lage": _("Läget i adressen finns inte, så alla lägen visas."),
        "enhet": _("Enheten i adressen har inga åtgärder som du ser, så alla enheter visas."),
        "efter": _("Sidan i adressen gick inte att läsa, så de nyaste visas."),
    }


def _member(enum: type[Word], text: str | None) -> Word | None:
    return enum(text) if text in set(enum) else None


def _query(measure_filter: MeasureFilter, units: Sequence[Unit]) -> dict[str, Any]:
    """The filter as query parameters of an address; url_for leaves out those that are None."""
    # Keys, not ids, so that an address can be shared and says what it shows.
    keys = {unit.id: unit.key for unit in units}
    return {
        "typ": measure_filter.kind,
        "lage": measure_filter.state,
        "enhet": keys.get(measure_filter.unit or 0),
    }


def _choices(measure_filter: MeasureFilter, units: Sequence[Unit]) -> list[dict[str, Any]]:
    """The select elements of the filter, whose options are (value, label, selected)."""
    kinds = []
    for kind in MeasureKind:
        kinds.append((kind.value, str(MEASURE_KIND[kind]), kind is measure_filter.kind))
    states = []
    for state in MeasureState:
        states.append((state.value, str(MEASURE_STATE[state].text), state is measure_filter.state))
    unit_options = [(unit.key, unit.name, unit.id == measure_filter.unit) for unit in units]
    return [
        {"name": "typ", "label": _("Typ"), "any": _("Alla typer"), "options": kinds},
        {"name": "lage", "label": _("Läge"), "any": _("Alla lägen"), "options": states},
        {"name": "enhet", "label": _("Enhet"), "any": _("Alla enheter"), "options": unit_options},
    ]


def _listed_measure(measure: Measure, improvements: Iterable[Improvement]) -> ListedMeasure:
    """A measure with its case; a long text is cut to an excerpt."""
    case = measure.case
    # No buttons here: a proposal is settled where the whole case can be read.
    measure_row = replace(row(measure, set(), improvements=improvements), body=_excerpt(measure.body))
    number = case.reference
    return ListedMeasure(
        **vars(measure_row),
        number=number,
        subject=case_presenter.internal_subject(case),
        href=url_for("backoffice.case", number=number),
        unit=f"{case.responsible_unit.name}, {case.responsible_board.name}",
    )


def _excerpt(body: str) -> str:
    return body if len(body) <= EXCERPT else f"{body[:EXCERPT].rstrip()} …"
