"""Improvements as their list and the page of one show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from portal.audit import read_log
from portal.audit.models import Read
from portal.cases.improvements import publications, queries
from portal.cases.improvements.models import Improvement, ImprovementEntry, Publication
from portal.cases.improvements.queries import BY_DAY, ImprovementFilter, Linked
from portal.cases.improvements.rules import ImprovementState, may_edit, may_publish
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Measure
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.organisation.models import Unit
from portal.pagination import BEGINNING, BadCursor, Place, place
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web.backoffice.improvements.labels import ENTRIES, FIELDS, OVERDUE, STATES
from portal.web.support import case_presenter
from portal.words import authors, dates
from portal.words.kinds import KINDS
from portal.words.labels import STATUS, Tag

ENDPOINT = "backoffice.improvements"


@dataclass(frozen=True)
class ImprovementRow:
    """An improvement in a list. `cases` counts those that the reader may see."""

    title: str
    href: str
    state: Tag
    late: bool
    due: str
    who: str
    unit: str
    cases: str


@dataclass(frozen=True)
class CaseRow:
    """A linked case, and what its sender knows of the improvement."""

    number: str
    href: str
    subject: str
    language: str
    kind: str
    status: Tag
    informed: str


@dataclass(frozen=True)
class ProposalRow:
    """A proposal that became the improvement, with its case."""

    body: str
    written: str
    number: str
    href: str


@dataclass(frozen=True)
class LogRow:
    """An entry of the log."""

    lines: Sequence[str]
    place: str
    when: str


@dataclass(frozen=True)
class TextRow:
    """A version of the public text."""

    you_said: str
    we_did: str
    published: str
    ended: str


def list_values(actor: Staff, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The template values of the list, for the query parameters of its address."""
    units = queries.units(actor)
    wanted, position, notes = _read(parameters, units)
    page = queries.list_improvements(actor, wanted, position)
    counts = queries.counts(actor, [row.id for row in page.rows]) if page.rows else {}
    query = _query(wanted, units)
    return {
        "rows": [row(improvement, counts.get(improvement.id, 0)) for improvement in page.rows],
        "choices": _choices(wanted, units),
        "notes": notes,
        "filtered": wanted != ImprovementFilter(),
        "may_make": bool(queries.editable_units(actor)),
        "older": url_for(ENDPOINT, **query, efter=page.after) if page.after else "",
        "newer": url_for(ENDPOINT, **query, fore=page.before) if page.before else "",
    }


def row(improvement: Improvement, cases: int) -> ImprovementRow:
    """An improvement as a row of a list."""
    late = queries.is_overdue(improvement)
    return ImprovementRow(
        title=improvement.title,
        href=url_for("backoffice.improvement", improvement_id=improvement.id),
        state=OVERDUE if late else STATES[improvement.state],
        late=late,
        due=dates.full_date(improvement.due_on),
        who=who(improvement),
        unit=improvement.unit.name,
        cases=ngettext("%(num)s ärende", "%(num)s ärenden", cases) if cases else "",
    )


def who(improvement: Improvement) -> str:
    """Who is responsible: a member, or else the unit."""
    if improvement.responsible is None:
        return improvement.unit.name
    return improvement.responsible.person.name


def _read(parameters: Mapping[str, str], units: Sequence[Unit]) -> tuple[ImprovementFilter, Place, list[str]]:
    notes = []
    state, unit = parameters.get("lage", ""), parameters.get("enhet", "")
    ids = {row.key: row.id for row in units}
    if state and state not in set(ImprovementState):
        notes.append(_("Läget i adressen finns inte, så det som är på gång visas."))
    if unit and unit not in ids:
        notes.append(_("Enheten i adressen har inga förbättringar som du ser, så alla enheter visas."))
    known = ImprovementState(state) if state in set(ImprovementState) else None
    try:
        position = place(BY_DAY, parameters.get("efter"), parameters.get("fore"))
    except BadCursor:
        position = BEGINNING
        notes.append(_("Platsen i listan gick inte att läsa. Här är början."))
    return ImprovementFilter(known, ids.get(unit)), position, notes


def _query(wanted: ImprovementFilter, units: Sequence[Unit]) -> dict[str, Any]:
    keys = {unit.id: unit.key for unit in units}
    return {"lage": wanted.state, "enhet": keys.get(wanted.unit or 0)}


def _choices(wanted: ImprovementFilter, units: Sequence[Unit]) -> list[dict[str, Any]]:
    """The select elements of the filter, whose options are (value, label, selected)."""
    states = [(state.value, str(STATES[state].text), state is wanted.state) for state in ImprovementState]
    own = [(unit.key, unit.name, unit.id == wanted.unit) for unit in units]
    return [
        {"name": "lage", "label": _("Läge"), "any": _("På gång"), "options": states},
        {"name": "enhet", "label": _("Enhet"), "any": _("Alla enheter"), "options": own},
    ]


def page_values(actor: Staff, improvement: Improvement) -> dict[str, Any]:
    """The template values of the page of an improvement, except its form."""
    linked = queries.linked_cases(actor, improvement)
    proposals = measure_queries.of_improvement(actor, improvement.id)
    # The page names their subjects, as a list of search results does.
    read_log.log_display(actor, [row.case for row in linked], Read.LIST)
    publication = queries.publication(improvement.id)
    publishes = may_publish(actor, queries.place_of(improvement))
    waiting = len(publications.uninformed(actor, improvement)) if publication and publishes else 0
    return {
        "improvement": row(improvement, 0),
        "improvement_id": improvement.id,
        "plan": improvement.plan,
        "proposals": [_proposal_row(proposal) for proposal in proposals],
        "cases": [_case_row(linked_case) for linked_case in linked],
        "log": [_log_row(entry) for entry in queries.log(improvement)],
        "versions": [text_row(text) for text in queries.versions(improvement)],
        "public": publication is not None,
        "may_publish": publishes and improvement.state is ImprovementState.DONE,
        "may_edit": may_edit(actor, queries.place_of(improvement)),
        "version": improvement.version,
        "more": ngettext("%(num)s avsändare vet det inte än.", "%(num)s avsändare vet det inte än.", waiting)
        if waiting
        else "",
    }


def _case_row(linked: Linked) -> CaseRow:
    case = linked.case
    informed = ""
    if linked.informed:
        informed = _("avsändaren har fått veta")
    elif linked.publication:
        informed = _("avsändaren får snart veta")
    return CaseRow(
        case.reference,
        url_for("backoffice.case", number=case.reference),
        case_presenter.internal_subject(case),
        case_presenter.other_language(case.language),
        dates.capital(str(KINDS[case.kind].name)),
        STATUS[case.status],
        informed,
    )


def _proposal_row(proposal: Measure) -> ProposalRow:
    written = f"{authors.name_and_place(proposal.author)}, {dates.full_moment(proposal.created_at)}"
    number = proposal.case.reference
    return ProposalRow(proposal.body, written, number, url_for("backoffice.case", number=number))


def _log_row(entry: ImprovementEntry) -> LogRow:
    changed = [
        _change(str(label), name, entry.details[name])
        for name, label in FIELDS.items()
        if name in entry.details
    ]
    who, sentence = authors.name(entry.author), str(ENTRIES[entry.kind])
    lines = [sentence % {"who": who, "what": what} for what in changed or [""]]
    return LogRow(lines, authors.place(entry.author), dates.full_moment(entry.at))


def _change(label: str, name: str, values: Sequence[Any]) -> str:
    if name == "plan":
        return label
    before, after = (_value(name, value) for value in values)
    return _("%(what)s från %(before)s till %(after)s", what=label, before=before, after=after)


def _value(name: str, value: Any) -> str:
    if name == "due_on":
        return dates.full_date(date.fromisoformat(value))
    if name == "state":
        return str(STATES[ImprovementState(value)].text)
    if name == "responsible_id":
        return people.names().get(value, "") if value else _("enheten")
    return str(value)


def text_row(text: Publication) -> TextRow:
    """A version of the public text with who published it, and when it ended."""
    by, when = authors.name_and_place(text.author), dates.full_moment(text.published_at)
    ended = dates.full_moment(text.ended_at) if text.ended_at else ""
    return TextRow(text.you_said, text.we_did, f"{by}, {when}", ended)
