"""flask demo-week: each number and figure of the head's page against a count made from the story itself.

The count knows the story and a list of closed days, and nothing of the portal.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock, db
from portal.cases.queue import conditions, counts, listing
from portal.cases.queue.filters import Filters, Promise, View
from portal.cases.queue.loads import Load, officer_loads, unit_loads
from portal.cli import week
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.statistics import unit_rules
from portal.statistics.unit_rules import Share, UnitFigures, Untimed
from portal.statistics.units import unit_records
from tests import factories

MONDAY = date(2026, 1, 12)
NINE = datetime(2026, 1, 12, 9, tzinfo=clock.STOCKHOLM)
# Of the autumn and winter of the story, apart from weekends.
HOLIDAYS = [(2025, 12, 24), (2025, 12, 25), (2025, 12, 26), (2025, 12, 31), (2026, 1, 1), (2026, 1, 6)]
CLOSED = {date(*day) for day in HOLIDAYS}
PROMISED = 10
SUNDAY = MONDAY + timedelta(days=6)


def working(first: date, last: date) -> int:
    """How many working days come after the first, the last included."""
    days = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    return len([day for day in days if day.weekday() < 5 and day not in CLOSED])


def after(day: date, number: int) -> date:
    """The n-th working day after a day."""
    last = day
    while working(day, last) < number:
        last += timedelta(days=1)
    return last


@dataclass
class Told:
    """A case as the story tells it."""

    unit: str
    arrived: date
    came_to: str
    status: str = "received"
    officer: str = ""
    started: date = date.min
    due: date = date.min
    extended: bool = False
    contacted: date | None = None
    first_contacted: date | None = None
    back: bool = False
    unsatisfied: bool = False
    withdrawn: bool = False
    # For each answer: when its promise began, when it was given, and whether in time.
    answers: list[tuple[date, date, bool]] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.status != "over"


def told() -> list[Told]:
    """The cases of the story, each followed to its end."""
    units = {"parker": "park", "gator": "gata", None: "medborgarservice"}
    cases = []
    for entry in tomllib.loads(week.STORY.read_text())["cases"]:
        arrived = MONDAY + timedelta(days=entry["day"])
        unit = units[entry.get("category")]
        case = Told(unit, arrived, unit, started=arrived, due=after(arrived, PROMISED))
        for step in entry.get("steps", []):
            follow(case, step, MONDAY + timedelta(days=step["day"]))
        cases.append(case)
    return cases


def follow(case: Told, step: dict[str, Any], day: date) -> None:
    match step["do"]:
        case "take":
            case.status, case.officer = "going on", step["who"]
        case "request_supplement":
            case.status = "waiting"
            touch(case, day)
        case "record_call":
            touch(case, day)
        case "extend":
            case.due, case.extended = MONDAY + timedelta(days=step["until"]), True
        case "withdraw":
            case.status, case.withdrawn = "over", True
        case "answer" | "answer_orally":
            touch(case, day)
            case.officer = case.officer or step["who"]
            case.answers.append((case.started, day, day <= case.due and not case.extended))
            case.status = "over"
        case "reply" | "not_satisfied":
            case.unsatisfied = step["do"] == "not_satisfied"
            case.officer = "per" if case.unsatisfied else case.officer
            case.status, case.back, case.contacted = "going on", True, None
            case.started, case.due = day, after(day, PROMISED)
        case "hand_over":
            case.unit, case.officer = {"parker": "park"}[step["topic"]], ""
        case other:
            raise AssertionError(other)


def touch(case: Told, day: date) -> None:
    """A person has been in touch."""
    case.contacted = case.contacted or day
    case.first_contacted = case.first_contacted or day


def load(cases: list[Told]) -> Load:
    """What is expected of these cases."""
    still = [case for case in cases if case.open]
    pressing = after(MONDAY, 3)
    return Load(
        open=len(still),
        late=len([case for case in still if case.due < MONDAY]),
        week=len([case for case in still if MONDAY <= case.due <= SUNDAY]),
        pressing=len([case for case in still if case.due <= pressing]),
        waiting=len([case for case in still if case.status == "waiting"]),
        nobody=len([case for case in still if not case.officer]),
        unsatisfied=len([case for case in still if case.unsatisfied]),
        reopened=len([case for case in still if case.back]),
    )


def expected(cases: list[Told], first: date, last: date) -> UnitFigures:
    """The figures of a period."""
    shown = [case for case in cases if not case.withdrawn]
    given = [answer for case in shown for answer in case.answers if first <= answer[1] <= last]
    missing = [case for case in shown if case.open and first <= case.due <= last]
    came = [case for case in cases if first <= case.arrived <= last]
    passed = [case for case in came if not case.withdrawn and after(case.arrived, 2) < MONDAY]
    reached = [
        case for case in passed if case.first_contacted and case.first_contacted <= after(case.arrived, 2)
    ]
    days = sorted(working(start, day) for start, day, _in_time in given)
    longest: list[int | Untimed] = [*days, *[Untimed.WAITING] * len(missing)]
    middle, ninety = -(-len(longest) // 2) - 1, -(-len(longest) * 9 // 10) - 1
    return UnitFigures(
        received=len(came),
        answers=len(given),
        median=longest[middle] if len(longest) >= 5 else Untimed.TOO_FEW,
        percentile_90=longest[ninety] if len(longest) >= 10 else Untimed.TOO_FEW,
        in_time=Share(sum(in_time for *_rest, in_time in given), len(given) + len(missing)),
        first_contact=Share(0, 0),
        reach=Share(len(reached), len(passed)),
    )


@pytest.fixture
def park(inside: Flask) -> list[Told]:
    """The command has been run; the cases of Parkenheten as the story tells them."""
    ran = inside.test_cli_runner().invoke(args=["demo-week", "--monday", MONDAY.isoformat()])
    assert ran.stdout == "The weeks before 2026-01-12: 20 cases.\n", ran.exception
    return [case for case in told() if case.unit == "park"]


def staff(name: str, role: Role) -> Staff:
    db.close_read_session()
    (found,) = [row for row in people.members() if row.person.name.startswith(name) and row.role is role]
    return people.as_staff(found)


def figures_of(actor: Staff, unit: str) -> list[UnitFigures]:
    found = organisation.unit(unit)
    assert found
    periods = unit_rules.periods(MONDAY)
    records = unit_records(actor, [found.id], periods[2].first)
    own = organisation.closed_days()
    return unit_rules.figures(records, periods, MONDAY, own)


def test_each_number_and_figure_is_that_of_the_story(inside: Flask, park: list[Told]) -> None:
    again = inside.test_cli_runner().invoke(args=["demo-week", "--monday", MONDAY.isoformat()])
    assert again.stdout == "The week is there already.\n"
    with clock.at(NINE):
        assert_of_the_unit(park)
        assert_of_the_administration()


def assert_of_the_unit(park: list[Told]) -> None:
    per = staff("Per", Role.HEAD_OF_UNIT)
    at = conditions.days()
    names = {"Anna": "anna", "Samir": "samir_park", "Per": "per"}
    found = {
        names[row.name.split()[0]]: officer_loads(per, at)[row.id]
        for row in people.member_rows()
        if row.id in officer_loads(per, at)
    }
    assert found == {who: load([case for case in park if case.officer == who]) for who in names.values()}
    assert unit_loads(per, at) == {per.unit: load(park)}
    assert (load(park).late, load(park).week) == (3, 2)
    lists = {"unsatisfied": Filters(View.UNSATISFIED), "week": Filters(promise=Promise.WEEK)}
    assert counts.counts(per, lists, at) == {"unsatisfied": 1, "week": load(park).week}
    assert len(listing.list_cases(per, lists["week"], at).rows) == load(park).week
    figures = figures_of(per, "park")
    for count, period in zip(figures, unit_rules.periods(MONDAY), strict=True):
        own = expected(park, period.first, period.last)
        assert count.first_contact.count == 0
        assert count == UnitFigures(**{**own.__dict__, "first_contact": count.first_contact})
    assert figures[2].answers == 8


def assert_of_the_administration() -> None:
    ingrid, at = staff("Ingrid", Role.HEAD_OF_ADMINISTRATION), conditions.days()
    by_unit = {case.unit: [row for row in told() if row.unit == case.unit] for case in told()}
    keys = {unit.id: unit.key for unit in organisation.units()}
    seen = {keys[unit or 0]: row for unit, row in unit_loads(ingrid, at).items()}
    assert seen == {key: load(by_unit[key]) for key in ("park", "gata")}
    with db.transaction():
        leader = organisation.administration("kommunledning")
        assert leader
        scope = identity.MembershipScope(administration=leader.id)
        number = factories.CITIZENS["maria"]
        head = people.as_staff(identity.add_member("Maria", number, Role.HEAD_OF_ADMINISTRATION, scope))
    came = [case for case in told() if case.came_to == "medborgarservice" and case.answers]
    at_once = [case for case in came if case.unit == case.came_to and not case.back]
    assert (len(at_once), len(came)) == (2, 3)
    assert figures_of(head, "medborgarservice")[0].first_contact == Share(len(at_once), len(came))


def test_it_leads_up_to_a_monday_that_has_been(inside: Flask) -> None:
    run = inside.test_cli_runner().invoke
    assert run(args=["demo-week", "--monday", "2026-01-13"]).exit_code == 2
    assert run(args=["demo-week", "--monday", "2999-01-07"]).exit_code == 2
