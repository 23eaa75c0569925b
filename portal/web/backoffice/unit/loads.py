"""The tables of load: a row for each officer, or for each unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from portal.cases.access import HANDLERS
from portal.cases.lifecycle import Status
from portal.cases.queue.filters import NOBODY, Promise, View
from portal.cases.queue.loads import Load
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.identity.queries import Member
from portal.organisation import queries as organisation
from portal.statistics.unit_rules import hide_small
from portal.translation import gettext as _
from portal.web.backoffice.case.away import away_text
from portal.web.backoffice.unit.links import Number, number
from portal.words.labels import ROLE

# The counts of a load, in the order of the columns.
FIGURES = ("open", "late", "week", "waiting", "nobody", "unsatisfied", "reopened")


@dataclass(frozen=True)
class LoadRow:
    """An officer or a unit with its numbers; `assign_href` leads to assigning all of its cases to another."""

    name: str
    note: str
    numbers: Sequence[Number]
    assign_href: str = ""


def officer_rows(actor: Staff, loads: Mapping[int | None, Load]) -> list[LoadRow]:
    """The members of the unit, and all others who have a case that the actor sees; by name."""
    members = people.member_rows()
    names = {member.id: member.name for member in members}
    shown = [member for member in members if _is_listed(member, actor, loads)]
    shown.sort(key=lambda member: (member.unit_id != actor.unit, member.name.casefold(), member.id))
    return [_officer_row(member, actor, loads.get(member.id, Load()), names) for member in shown]


def _is_listed(member: Member, actor: Staff, loads: Mapping[int | None, Load]) -> bool:
    return member.id in loads or (member.role in HANDLERS and member.unit_id == actor.unit)


def _officer_row(member: Member, actor: Staff, load: Load, names: Mapping[int, str]) -> LoadRow:
    elsewhere = "" if member.unit_id == actor.unit else _where(member)
    note = ", ".join(filter(None, (elsewhere, away_text(member, names))))
    href = url_for("backoffice.assign_anew", membership=member.id) if load.open else ""
    return LoadRow(member.name, note, _numbers(load, {"handlaggare": str(member.id)}), href)


def _where(member: Member) -> str:
    return organisation.unit_names().get(member.unit_id or 0) or str(ROLE[member.role])


def _numbers(load: Load, of: Mapping[str, str]) -> list[Number]:
    return [
        number(_("Öppna"), load.open, of),
        number(_("Försenade"), load.late, {**of, "lofte": Promise.LATE.value}, alarming=True),
        number(_("Sista dagen i veckan"), load.week, {**of, "lofte": Promise.WEEK.value}),
        number(_("Väntar på invånaren"), load.waiting, {**of, "lage": Status.AWAITING_CITIZEN.value}),
    ]


def unit_rows(units: Iterable[organisation.UnitRow], loads: Mapping[int | None, Load]) -> list[LoadRow]:
    """The units of a head, and all others that handle a case that the head sees."""
    own = list(units)
    known = {unit.id for unit in own}
    others = [unit for unit in organisation.every_unit() if unit.id in loads and unit.id not in known]
    rows = []
    for unit in [*_listed(own, loads), *others]:
        load = loads.get(unit.id, Load())
        elsewhere = "" if unit.id in known else _("handlägger åt er")
        note = ", ".join(filter(None, (_closed_note(unit), elsewhere)))
        of = {"enhet": unit.key}
        rows.append(LoadRow(unit.name, note, [*_numbers(load, of), *_more(load, of)]))
    return rows


def _listed(
    units: Iterable[organisation.UnitRow], loads: Mapping[int | None, Load]
) -> list[organisation.UnitRow]:
    """The open units, and those that were closed with cases that are open."""
    return [unit for unit in units if unit.closed_at is None or unit.id in loads]


def _closed_note(unit: organisation.UnitRow) -> str:
    return _("stängd enhet") if unit.closed_at else ""


def _more(load: Load, of: Mapping[str, str]) -> list[Number]:
    return [
        number(_("Att fördela"), load.nobody, {**of, "handlaggare": NOBODY}),
        number(_("Inte nöjda"), load.unsatisfied, {**of, "vy": View.UNSATISFIED.value}),
        number(_("Öppnade igen"), load.reopened, {**of, "vy": View.REOPENED.value}),
    ]


def figure_rows(loads: Mapping[int | None, Load]) -> list[LoadRow]:
    """The municipality and every unit, without links and small numbers (docs/decisions/0016)."""
    units = _listed(organisation.every_unit(), loads)
    every = [loads.get(unit.id, Load()) for unit in units]
    columns = [hide_small([getattr(load, name) for load in every]) for name in FIGURES]
    labels = [row.label for row in [*_numbers(Load(), {}), *_more(Load(), {})]]
    totals = zip(labels, (column.total for column in columns), strict=True)
    rows = [LoadRow(_("Hela kommunen"), "", [_figure(label, total) for label, total in totals])]
    for place, unit in enumerate(units):
        counts = zip(labels, (column.counts[place] for column in columns), strict=True)
        rows.append(
            LoadRow(unit.name, _closed_note(unit), [_figure(label, count) for label, count in counts])
        )
    return rows


def _figure(label: str, count: int | None) -> Number:
    return Number(label, _("visas inte") if count is None else str(count))
