"""The template values of the head's page, for each level."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from portal import clock
from portal.cases.ownership import queries as ownership
from portal.cases.queue import conditions
from portal.cases.queue import counts as counting
from portal.cases.queue.conditions import Days
from portal.cases.queue.filters import Filters, Promise, View
from portal.cases.queue.loads import Load, officer_loads, unit_loads
from portal.identity.absences.units import headed_units
from portal.identity.actors import Staff, System
from portal.organisation import queries as organisation
from portal.surveys import comments
from portal.translation import gettext as _
from portal.web.backoffice.comments.rows import comment_rows
from portal.web.backoffice.unit import follow_ups, loads, period_table, week
from portal.web.backoffice.unit.levels import Level
from portal.web.backoffice.unit.links import Number, number
from portal.words import dates

LATEST_COMMENTS = 5
OVERVIEW: Mapping[str, Filters] = {
    "late": Filters(View.OVERDUE),
    "week": Filters(promise=Promise.WEEK),
    "unassigned": Filters(View.UNASSIGNED),
    "unsatisfied": Filters(View.UNSATISFIED),
    "reopened": Filters(View.REOPENED),
    "waiting": Filters(View.AWAITING),
}


def page_values(actor: Staff, level: Level) -> dict[str, Any]:
    """The values of the page of a head, or of a reader of figures."""
    # One reading of the clock for all lists, or they could differ at midnight.
    at = conditions.days()
    if level is Level.FIGURES:
        return _figures_page(actor, at)
    lists = {**OVERVIEW, **{name: filters for name, (filters, _address) in week.LISTS.items()}}
    counts = counting.counts(actor, lists, at)
    by_officer = officer_loads(actor, at)
    return {
        "heading": _heading(actor),
        "today": dates.capital(dates.weekday_date(clock.today())),
        "level": level.value,
        "overview": [*_overview(counts), *_placing(actor)],
        "rows": _rows(actor, level, at, by_officer),
        "reasons": week.reasons(counts, by_officer),
        "week": week.week_rows(actor, at),
        "week_count": counts["week"],
        "week_href": week.all_href(),
        "overdue_routines": follow_ups.overdue(actor),
        "overdue_improvements": follow_ups.overdue_improvements(actor),
        "figures": period_table.figure_table(actor),
        "comments": comment_rows(comments.list_comments(actor, size=LATEST_COMMENTS).rows),
    }


def _heading(actor: Staff) -> str:
    if actor.unit is not None:
        return organisation.unit_names()[actor.unit]
    if actor.administration is not None:
        return organisation.administration_name(actor.administration)
    if actor.board is not None:
        return organisation.board_names()[actor.board]
    return _("Alla enheter")


def _rows(actor: Staff, level: Level, at: Days, by_officer: Mapping[int | None, Load]) -> list[loads.LoadRow]:
    if level is Level.OFFICERS:
        return loads.officer_rows(actor, by_officer)
    return loads.unit_rows(headed_units(actor), unit_loads(actor, at))


def _overview(counts: Mapping[str, int]) -> list[Number]:
    return [
        number(_("Försenade"), counts["late"], {"vy": View.OVERDUE.value}, alarming=True),
        number(_("Sista dagen i veckan"), counts["week"], {"lofte": Promise.WEEK.value}),
        number(_("Att fördela"), counts["unassigned"], {"vy": View.UNASSIGNED.value}),
        number(_("Inte nöjda"), counts["unsatisfied"], {"vy": View.UNSATISFIED.value}),
        number(_("Öppnade igen"), counts["reopened"], {"vy": View.REOPENED.value}),
        number(_("Väntar på invånaren"), counts["waiting"], {"vy": View.AWAITING.value}),
    ]


def _placing(actor: Staff) -> list[Number]:
    """The cases that no handler reaches, for those who place them."""
    if not ownership.places_cases(actor):
        return []
    count = ownership.count_placeable(actor)
    href = url_for("backoffice.placing") if count else ""
    return [Number(_("Utan handläggare"), str(count), href, alarming=count > 0)]


def _figures_page(actor: Staff, at: Days) -> dict[str, Any]:
    """The whole municipality: counts of cases by unit, of all cases as in the public statistics."""
    return {
        "heading": _("Alla enheter"),
        "today": dates.capital(dates.weekday_date(clock.today())),
        "level": Level.FIGURES.value,
        "rows": loads.figure_rows(unit_loads(System(), at)),
        "overdue_routines": follow_ups.overdue(actor),
    }
