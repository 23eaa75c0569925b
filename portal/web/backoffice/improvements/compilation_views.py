"""The compilations of the profile: topics by quarter, and what was done."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.cases.access import READERS
from portal.cases.improvements import compilations
from portal.cases.improvements.compilations import NONE, Counts, Span
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import HEADS
from portal.cases.queue.filters import View
from portal.formats.days import iso_day
from portal.identity.actors import Actor, Role, Staff, System
from portal.organisation import queries as organisation
from portal.organisation.profile import Compilation
from portal.statistics.rules import MIN_CASES
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.improvements.labels import STATES
from portal.web.forms import summary
from portal.words import dates

COMPILERS = HEADS | {Role.RECORDS_OFFICER, Role.PROCESS_OWNER, Role.ANALYST}


class CompiledRow(NamedTuple):
    """A topic in a quarter; a number that is not shown is a text."""

    quarter: str
    topic: str
    numbers: Sequence[str]
    href: str


@backoffice.get("/sammanstallningar", endpoint="compilations")
def compilations_page() -> ResponseReturnValue:
    actor = current.the_staff()
    known = organisation.profile().compilations
    if actor.role not in COMPILERS or not known:
        abort(404)
    chosen = next((row for row in known if row.key == request.args.get("vad")), known[0])
    # A reader of figures sees no case: the portal counts all, and no small number is shown.
    exact = actor.role in READERS
    written, spans, errors = _period(request.args, clock.today(), exact)
    counter: Actor = actor if exact else System()
    page = render_template(
        "backoffice/compilations.html",
        chosen=chosen,
        choices=[(row.key, row.title, row is chosen) for row in known],
        days=[(name, label, written[name], dict(errors).get(name, "")) for name, label in _fields()],
        rows=_rows(counter, chosen, spans, exact),
        led_to=_led_to(compilations.led_to(counter, actor, chosen.topics, spans), exact),
        exact=exact,
        **summary(errors),
    )
    return page, 422 if errors else 200


def may_compile(actor: Staff) -> bool:
    """Whether an actor has the page of compilations."""
    return actor.role in COMPILERS and bool(organisation.profile().compilations)


def _fields() -> list[tuple[str, str]]:
    return [("fran", _("Från och med")), ("till", _("Till och med"))]


def _period(
    parameters: Mapping[str, str], today: date, exact: bool
) -> tuple[dict[str, str], list[Span], list[tuple[str, str]]]:
    """What the fields had, the quarters of the period, and the problem of a field; without days this year."""
    latest = today if exact else compilations.latest_ended_quarter(today).last
    written = {name: parameters.get(name, "").strip() for name in ("fran", "till")}
    written["fran"] = written["fran"] or latest.replace(month=1, day=1).isoformat()
    written["till"] = written["till"] or today.isoformat()
    first, last = iso_day(written["fran"]), iso_day(written["till"])
    errors = []
    for name, day in (("fran", first), ("till", last)):
        if day is None:
            errors.append((name, _("Skriv dagen med år, månad och dag, till exempel 2026-05-18")))
    if first is None or last is None:
        return written, [], errors
    if first > last:
        return written, [], [("till", _("Välj en sista dag som inte är före den första"))]
    if compilations.is_too_long(first, last):
        return written, [], [("fran", _("Välj en period på högst tio år"))]
    # Days of their own choice would let a reader of figures count single cases.
    spans = compilations.quarters(first, last) if exact else compilations.ended_quarters(first, last, today)
    return written, spans, []


def _rows(actor: Actor, chosen: Compilation, spans: Sequence[Span], exact: bool) -> list[CompiledRow]:
    """A row for each quarter and topic that anything came in on, the newest quarter first."""
    counts = compilations.counts(actor, chosen.topics, spans)
    profile = organisation.profile()
    rows = []
    for number, span in reversed([*enumerate(spans)]):
        for topic in chosen.topics:
            row = counts.get((number, topic), NONE)
            if row.received:
                href = _queue(topic, span) if exact else ""
                numbers = _numbers(row, exact)
                rows.append(CompiledRow(_quarter(span), profile.category(topic).name, numbers, href))
    return rows


def _numbers(row: Counts, exact: bool) -> list[str]:
    return [_number(count, exact) for count in row]


def _number(count: int, exact: bool) -> str:
    return str(count) if exact or count == 0 or count >= MIN_CASES else _("färre än fem")


def _quarter(span: Span) -> str:
    return dates.capital(dates.month_span(span.first.replace(day=1), span.last.replace(day=1)))


def _queue(topic: str, span: Span) -> str:
    """The list of the queue with these cases."""
    days: dict[str, Any] = {"fran": span.first.isoformat(), "till": span.last.isoformat()}
    return url_for("backoffice.queue", vy=View.NEWEST.value, amne=topic, **days)


def _led_to(counts: Sequence[tuple[Improvement, int]], exact: bool) -> list[dict[str, Any]]:
    rows = []
    for improvement, count in counts:
        rows.append(
            {
                "title": improvement.title,
                "state": STATES[improvement.state],
                # Of a shorter period and a longer one, the difference could be a single case.
                "cases": str(count) if exact else "",
                "href": url_for("backoffice.improvement", improvement_id=improvement.id),
            }
        )
    return rows
