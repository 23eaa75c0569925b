"""The page of the figures: the form, a table for each theme, and the definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import url_for

from portal import clock
from portal.identity.actors import Staff
from portal.statistics.figures.definitions import DEFINITIONS
from portal.statistics.figures.dimensions import CALENDAR, Dimension
from portal.statistics.figures.records import TooManyCases
from portal.statistics.figures.sums import Fate
from portal.statistics.inside import cells, queries
from portal.statistics.inside.rules import (
    Group,
    Measure,
    Months,
    following,
    merge_small,
    paired,
    sees_cases,
    whole,
)
from portal.translation import gettext as _
from portal.web.backoffice.figures import columns, survey_table
from portal.web.backoffice.figures.choice import (
    FIRST,
    GROUPED,
    GROUPS,
    LAST,
    LIMITS,
    Asked,
    Option,
    month_name,
)
from portal.web.backoffice.figures.tables import Cell, Row, Table

THEMES = {
    "loften": (Measure.RECEIVED, *columns.ANSWER, *columns.CONTACT),
    "tider": (*columns.DAYS, Measure.FIRST_CONTACT),
    "om-igen": (Measure.EXTENDED, Measure.SUMMER, Measure.REOPENED, Measure.UNSATISFIED),
    "bemotande": (Measure.THANKED, Measure.REGRETTED, Measure.CONTACT_PERSON, Measure.PLAIN_LANGUAGE),
}
# What the queue can be filtered by too.
LISTED = frozenset({"unit", "topic", "kind", "channel", "level"})


@dataclass(frozen=True)
class Field:
    """A field of the form: a month, or a choice."""

    name: str
    label: str
    value: str
    error: str
    options: Sequence[tuple[str, str]] = ()


class NamedGroup(NamedTuple):
    """A group as a row of the tables: `href` is the list of its cases, empty where the actor has none."""

    name: str
    group: Group
    href: str
    is_whole: bool = False


def groups(actor: Staff, wanted: Asked) -> list[Group]:
    """The groups of a request, with the year before. Raises TooManyCases."""
    assert wanted.months
    now = queries.figures(actor, wanted.months, wanted.narrowed, wanted.by)
    known = _year_before(actor, wanted)
    before = queries.figures(actor, known, wanted.narrowed, wanted.by) if known else {}
    shown_groups = paired(now, before, wanted.by)
    return shown_groups if sees_cases(actor) else merge_small(shown_groups)


def _year_before(actor: Staff, wanted: Asked) -> Months | None:
    """The months that are known, a year earlier; None where those are not all counted."""
    assert wanted.months
    counted = wanted.counted
    if sees_cases(actor):
        known = wanted.months.until(clock.today().replace(day=1))
        return known.year_before() if known else None
    known = wanted.months.until(counted.last) if counted else None
    before = known.year_before() if known else None
    return before if before and counted and before.first >= counted.first else None


def values(actor: Staff, wanted: Asked, known: Mapping[str, list[Option]]) -> tuple[dict[str, Any], int]:
    """The values of the page, and its status."""
    errors = dict(wanted.errors)
    shown_groups: list[Group] = []
    if wanted.months and not errors:
        try:
            shown_groups = groups(actor, wanted)
        except TooManyCases:
            most = f"{queries.MAX_CASES:,}".replace(",", "\u00a0")
            errors[FIRST] = _("Perioden har fler än %(most)s ärenden. Välj en kortare.", most=most)
    page = {
        "fields": fields(wanted, known, errors),
        "errors": list(errors.items()),
        "notes": wanted.notes,
        "period": _period(wanted.months) if wanted.months and not errors else "",
        "is_empty": wanted.counted is None and not sees_cases(actor),
        "tables": [] if errors else tables(actor, wanted, known, shown_groups),
        "definitions": columns.definitions(),
        "exact": sees_cases(actor),
        "csv_href": url_for("backoffice.figures_csv", **wanted.query()),
        "xlsx_href": url_for("backoffice.figures_xlsx", **wanted.query()),
        "case_files": case_files(actor, wanted, known),
    }
    return page, 422 if errors else 200


def fields(wanted: Asked, known: Mapping[str, list[Option]], errors: Mapping[str, str]) -> list[Field]:
    """The fields of the form, with what was written."""
    labels = {FIRST: _("Från och med månad"), LAST: _("Till och med månad"), GROUPED: _("Dela upp efter")}
    drawn = [Field(name, labels[name], wanted.written[name], errors.get(name, "")) for name in (FIRST, LAST)]
    by = [(name, str(label)) for name, (_by, label) in GROUPS.items()]
    drawn.append(Field(GROUPED, labels[GROUPED], wanted.grouped, errors.get(GROUPED, ""), by))
    for name in LIMITS:
        choices = [("", _("Alla")), *((option.value, option.name) for option in known[name])]
        label = str(GROUPS[name][1])
        drawn.append(Field(name, label, wanted.written[name], errors.get(name, ""), choices))
    return drawn


def _period(months: Months) -> str:
    first, last = month_name(months.first), month_name(months.last)
    return last if months.count == 1 else _("%(first)s till %(last)s", first=first, last=last)


def tables(
    actor: Staff, wanted: Asked, known: Mapping[str, list[Option]], shown_groups: Sequence[Group]
) -> list[Table]:
    """A table for each theme, if there are cases, and that of the survey; the first row is of all groups."""
    of_cases = _of_cases(actor, wanted, known, shown_groups) if any(row.sums for row in shown_groups) else []
    survey = survey_table.table(actor, wanted)
    return [*of_cases, survey] if survey else of_cases


def _of_cases(
    actor: Staff, wanted: Asked, known: Mapping[str, list[Option]], shown_groups: Sequence[Group]
) -> list[Table]:
    exact = sees_cases(actor)
    shown = columns.measures()
    headings = {
        "loften": _("Löften"),
        "tider": _("Tider"),
        "om-igen": _("Nya datum och missnöje"),
        "bemotande": _("Bemötande och språk"),
    }
    named = _named(actor, wanted, known, shown_groups)
    has_before = any(group.before for group in shown_groups)
    made = []
    for key, of_theme in THEMES.items():
        own = {measure: columns.name(measure) for measure in of_theme if measure in shown}
        rows = [Row(of.name, _cells(of, own, exact, has_before), of.is_whole) for of in named]
        made.append(Table(key, headings[key], rows))
    fate_rows = [Row(of.name, _fate_cells(of.group, exact), of.is_whole) for of in named]
    return [*made, Table("sa-gick-det", str(DEFINITIONS["fates"].name), fate_rows)]


def _named(
    actor: Staff, wanted: Asked, known: Mapping[str, list[Option]], shown_groups: Sequence[Group]
) -> list[NamedGroup]:
    """All groups together, and each of them: the rows of every table."""
    names = columns.group_names(wanted.by)
    everything = whole(list(shown_groups))
    rows = [NamedGroup(_("Alla"), everything, cases_list(actor, wanted, known), is_whole=True)]
    for group in shown_groups:
        href = cases_list(actor, wanted, known, group)
        rows.append(NamedGroup(columns.group_name(wanted.by, group, names), group, href))
    return rows


def _fate_cells(group: Group, exact: bool) -> list[Cell]:
    counts = cells.fates(group, exact)
    return [Cell(str(columns.FATES[fate]), columns.count_cell(counts[fate])) for fate in Fate]


def _cells(of: NamedGroup, own: Mapping[Measure, str], exact: bool, has_before: bool) -> list[Cell]:
    earlier = cells.year_before(of.group)
    drawn = []
    for measure, heading in own.items():
        before = columns.cell(measure, cells.figure(measure, earlier, exact)) if has_before else ""
        link = of.href if measure is Measure.RECEIVED and of.group.sums["cases"] else ""
        text = columns.cell(measure, cells.figure(measure, of.group, exact))
        drawn.append(Cell(heading, text, before, link))
    return drawn


def cases_list(
    actor: Staff, wanted: Asked, known: Mapping[str, list[Option]], group: Group | None = None
) -> str:
    """The list of the queue with the cases of a group; empty where the actor has none."""
    parameters = list_parameters(actor, wanted, known, group)
    return url_for("backoffice.queue", **parameters) if parameters else ""


def case_files(actor: Staff, wanted: Asked, known: Mapping[str, list[Option]]) -> list[tuple[str, str]]:
    """Label and address of each file with all cases of a request; none where they cannot be listed."""
    parameters = list_parameters(actor, wanted, known)
    if not parameters:
        return []
    return [
        (_("Hämta ärendena som Excel"), url_for("backoffice.figure_cases_xlsx", **parameters)),
        (_("Hämta ärendena som csv"), url_for("backoffice.figure_cases", **parameters)),
    ]


def list_parameters(
    actor: Staff, wanted: Asked, known: Mapping[str, list[Option]], group: Group | None = None
) -> dict[str, Any]:
    """The parameters of the queue that list the cases of a request or of a group; none if it cannot."""
    limits = dict(wanted.narrowed.set_values())
    if not sees_cases(actor) or wanted.months is None:
        return {}
    first, last = wanted.months.first, wanted.months.last_day
    if group is not None and isinstance(group.key, date):
        first, last = max(first, group.key), min(last, _last_day(wanted.by, group.key))
    elif group is not None:
        limits[wanted.by.value] = group.key if isinstance(group.key, int | str) else 0
    words = {}
    for name, of in LIMITS.items():
        if of in limits:
            option = next((row.value for row in known[name] if row.of == limits[of]), "")
            words[name] = option
    is_listed = set(limits) <= LISTED and all(words.values()) and limits.get("topic") != 0
    days = {"fran": first.isoformat(), "till": last.isoformat()}
    return {"vy": "newest", **days, **words} if is_listed else {}


def _last_day(by: Dimension, first: date) -> date:
    assert by in CALENDAR
    length = {Dimension.MONTH: 1, Dimension.QUARTER: 3, Dimension.YEAR: 12}[by]
    after = first
    for _month in range(length):
        after = following(after)
    return after - timedelta(days=1)
