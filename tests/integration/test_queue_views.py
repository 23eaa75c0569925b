"""What each view and each filter of the queue holds, as the calendar and the gate have it."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal import clock, db
from portal.cases.actions.subjects import classification_of
from portal.cases.clocks import pressing_day
from portal.cases.enums import Channel, Kind, TaskKind
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import OPEN, Action, Status
from portal.cases.models import Case
from portal.cases.queue import conditions, listing
from portal.cases.queue import counts as counting
from portal.cases.queue.filter_options import filter_options, settled
from portal.cases.queue.filters import ME, NOBODY, Filters, Promise, View
from portal.database import queue_columns
from portal.identity.actors import Role, Staff
from portal.notifications import outbox
from portal.organisation import queries as organisation
from tests import bulk_cases, factories
from tests.cases import do
from tests.installation import BURLOV, Installation

MONDAY = dt.datetime(2026, 3, 2, 9, tzinfo=clock.STOCKHOLM)
DATED = (View.DUE_SOON, View.OVERDUE, View.OVERDUE_THRICE)


@pytest.fixture
def travel(inside: Flask) -> Iterator[time_machine.Traveller]:
    """A Monday without a holiday near it."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def held(actor: Staff, filters: Filters) -> list[str]:
    """The subjects that a list holds, and as many as are counted."""
    at = conditions.days()
    rows = listing.list_cases(actor, filters, at).rows
    assert counting.counts(actor, {"": filters}, at) == {"": len(rows)}
    return [each.internal_subject for each in rows]


def came(day: dt.date, subject: str, **given: Any) -> Receipt:
    return factories.past(day, subject=subject, **given)


def reader() -> Staff:
    return factories.member("eva", Role.REGISTRAR, None)


def test_late_soon_and_three_times_over_are_counted_in_open_days(travel: time_machine.Traveller) -> None:
    """Ten working days from 2 March end on the 16th; two tens more on 15 April, past Easter."""
    came(MONDAY.date(), "lekplatsen")
    actor = reader()
    last_days = {
        dt.date(2026, 3, 10): [],
        dt.date(2026, 3, 11): [View.DUE_SOON],
        dt.date(2026, 3, 16): [View.DUE_SOON],
        dt.date(2026, 3, 17): [View.OVERDUE],
        dt.date(2026, 4, 15): [View.OVERDUE],
        dt.date(2026, 4, 16): [View.OVERDUE, View.OVERDUE_THRICE],
    }
    for day, views in last_days.items():
        travel.move_to(dt.datetime.combine(day, dt.time(12), clock.STOCKHOLM))
        assert [view for view in DATED if held(actor, Filters(view))] == views


def test_over_a_weekend_it_is_late_as_soon_as_the_last_day_is_over(travel: time_machine.Traveller) -> None:
    came(dt.date(2026, 2, 13), "fredagen")
    actor = reader()
    travel.move_to(dt.datetime(2026, 2, 27, 23, tzinfo=clock.STOCKHOLM))
    assert held(actor, Filters(View.OVERDUE)) == []
    travel.move_to(dt.datetime(2026, 2, 28, 1, tzinfo=clock.STOCKHOLM))
    assert held(actor, Filters(View.OVERDUE)) == ["fredagen"]
    travel.move_to(dt.datetime(2026, 3, 27, 23, tzinfo=clock.STOCKHOLM))
    assert held(actor, Filters(View.OVERDUE_THRICE)) == []
    travel.move_to(dt.datetime(2026, 3, 28, 1, tzinfo=clock.STOCKHOLM))
    assert held(actor, Filters(View.OVERDUE_THRICE)) == ["fredagen"]


def test_each_view_holds_what_it_is_called(travel: time_machine.Traveller) -> None:
    anna, eva = factories.member("anna"), reader()
    made = {
        name: factories.send_in(subject=name)
        for name in ("ny", "tagen", "frågad", "besvarad", "öppnad", "missnöjd")
    }
    factories.send_in(subject="gatan", category="gator")
    do(Action.TAKE, anna, made["tagen"])
    do(Action.REQUEST_SUPPLEMENT, anna, made["frågad"])
    for name in ("besvarad", "öppnad", "missnöjd"):
        do(Action.ANSWER, anna, made[name])
    travel.shift(60)
    do(Action.REOPEN, anna, made["öppnad"])
    do(Action.NOT_SATISFIED, factories.sender(made["missnöjd"]), made["missnöjd"])
    with db.transaction():
        outbox.add_task(made["ny"].case, TaskKind.UNDELIVERED)

    def views(actor: Staff) -> dict[str, set[str]]:
        return {view.value: set(held(actor, Filters(view))) for view in View}

    open_ = {"ny", "tagen", "frågad", "öppnad", "missnöjd"}
    mine = {"tagen", "frågad", "öppnad"}
    expected = {
        "mine": mine,
        "unit": open_,
        "open": open_,
        "unassigned": {"ny", "missnöjd"},
        "due_soon": set(),
        "overdue": set(),
        "overdue_thrice": set(),
        "awaiting": {"frågad"},
        "newest": {*made},
        "reopened": {"öppnad", "missnöjd"},
        "unsatisfied": {"missnöjd"},
        "undelivered": views(anna)["undelivered"],
    }
    assert views(anna) == expected
    assert {"ny"} <= expected["undelivered"]
    assert views(eva)["open"] == {*open_, "gatan"}
    assert views(eva)["unit"] == views(eva)["mine"] == set()


def test_each_filter_narrows_and_all_of_them_together(travel: time_machine.Traveller) -> None:
    anna, eva = factories.member("anna"), reader()
    came(dt.date(2026, 2, 2), "lampan", kind=Kind.FAULT_REPORT, category="gator")
    taken = came(dt.date(2026, 2, 27), "gungan", kind=Kind.COMPLAINT)
    came(MONDAY.date(), "undran", kind=Kind.QUESTION, category=None)
    do(Action.TAKE, anna, taken)
    judged = replace(classification_of(factories.case(taken)), level=6)
    do(Action.RECLASSIFY, anna, taken, classification=judged)
    narrow: list[tuple[dict[str, Any], set[str]]] = [
        ({"status": Status.IN_PROGRESS}, {"gungan"}),
        ({"kind": Kind.FAULT_REPORT}, {"lampan"}),
        ({"category": "parker"}, {"gungan"}),
        ({"unit": "gata"}, {"lampan"}),
        ({"officer": str(anna.membership)}, {"gungan"}),
        ({"officer": NOBODY}, {"lampan", "undran"}),
        ({"officer": ME}, set()),
        ({"channel": Channel.WEB}, {"lampan", "gungan", "undran"}),
        ({"channel": Channel.PHONE}, set()),
        ({"level": 6}, {"gungan"}),
        ({"level": 5}, set()),
        ({"level": 6, "kind": Kind.FAULT_REPORT}, set()),
        ({"first": dt.date(2026, 2, 27)}, {"gungan", "undran"}),
        ({"last": dt.date(2026, 2, 27)}, {"lampan", "gungan"}),
        ({"first": dt.date(2026, 2, 3), "last": dt.date(2026, 3, 1)}, {"gungan"}),
        ({"promise": Promise.LATE}, {"lampan"}),
        ({"promise": Promise.IN_TIME}, {"gungan", "undran"}),
        ({"promise": Promise.SOON}, set()),
        ({"kind": Kind.FAULT_REPORT, "unit": "park"}, set()),
        ({"kind": Kind.FAULT_REPORT, "unit": "gata", "promise": Promise.LATE, "officer": NOBODY}, {"lampan"}),
    ]
    for given, subjects in narrow:
        assert set(held(eva, replace(Filters(), **given))) == subjects, given
    assert held(anna, Filters(officer=ME)) == ["gungan"]


def test_the_first_and_the_last_moment_of_a_swedish_day_belong_to_it(travel: time_machine.Traveller) -> None:
    actor, day = reader(), dt.date(2026, 2, 10)
    for moment in ("00:00:00", "23:59:59.999999"):
        with clock.at(dt.datetime.fromisoformat(f"2026-02-10T{moment}").replace(tzinfo=clock.STOCKHOLM)):
            factories.send_in(subject=moment)
    assert len(held(actor, Filters(first=day, last=day))) == 2
    for first, last in ((day + dt.timedelta(days=1), None), (None, day - dt.timedelta(days=1))):
        assert held(actor, Filters(first=first, last=last)) == []


def test_the_lists_hold_only_what_the_actor_sees_cases_of(inside: Flask) -> None:
    anna, samir = factories.member("anna"), factories.member("samir", unit="gata")
    do(Action.TAKE, anna, factories.send_in())
    do(Action.TAKE, samir, factories.send_in(category="gator"))
    seen: Callable[[Staff], list[list[str]]] = lambda actor: [  # noqa: E731
        [each.value for each in found if each.seen]
        for found in (
            filter_options(actor).category,
            filter_options(actor).unit,
            filter_options(actor).officer,
        )
    ]
    assert seen(anna) == [["parker"], ["park"], [str(anna.membership)]]
    assert seen(samir) == [["gator"], ["gata"], [str(samir.membership)]]
    eva = reader()
    topics, units, officers = seen(eva)
    # Who sees every case has to do with all that is active, and no case is looked for.
    assert len(topics) == len(organisation.categories())
    assert sorted(units) == sorted(unit.key for unit in organisation.units())
    assert sorted(map(int, officers)) == [anna.membership, samir.membership, eva.membership]


def test_what_only_open_cases_of_the_actor_have_is_in_the_lists(inside: Flask) -> None:
    anna, samir = factories.member("anna"), factories.member("samir", unit="gata")
    secret, moved = factories.send_in(category="aldre"), factories.send_in(category="gator")
    with db.transaction() as writer:
        park = organisation.unit("park")
        assert park
        case = factories.case(moved)
        case.handling_unit_id, case.officer_id = park.id, samir.membership
        writer.add(case)
    found = filter_options(anna)
    assert [topic.value for topic in found.category if topic.seen] == ["parker", "gator"]
    assert [row.value for row in found.officer if row.seen] == [str(anna.membership), str(samir.membership)]
    assert "aldre" not in [topic.value for topic in found.category if topic.seen]
    assert secret


def test_without_their_cases_a_colleague_elsewhere_has_no_name(inside: Flask) -> None:
    anna, samir = factories.member("anna"), factories.member("samir", unit="gata")
    asked = filter_options(anna, [str(samir.membership)])
    assert [(row.value, row.name, row.seen) for row in asked.officer] == [
        (str(samir.membership), "", False),
        (str(anna.membership), "Anna", True),
    ]


def test_what_is_there_but_not_seen_stays_and_what_is_no_more_goes(inside: Flask) -> None:
    anna, samir = factories.member("anna"), factories.member("samir", unit="gata")
    there = filter_options(anna, [str(samir.membership), "4711"])
    kept = Filters(category="gator", unit="gata", officer=str(samir.membership))
    assert settled(kept, there) == (kept, ())
    gone = Filters(category="ingen", unit="borta", officer="4711", kind=Kind.FAULT_REPORT)
    assert settled(gone, there) == (Filters(kind=Kind.FAULT_REPORT), ("amne", "enhet", "handlaggare"))
    assert settled(Filters(officer=ME), there) == (Filters(officer=ME), ())


@pytest.mark.parametrize(
    ("promise", "thrice"),
    [("answer_working_days = 10", True), ("contact_working_days = 2", True), ("", False)],
)
def test_a_municipality_that_promises_nothing_has_late_cases_and_none_that_took_thrice_as_long(
    own: Installation, promise: str, thrice: bool
) -> None:
    own.becomes(BURLOV.replace("answer_working_days = 10", promise))
    there = listing.views(reader())
    assert {View.DUE_SOON, View.OVERDUE} <= set(there)
    assert (View.OVERDUE_THRICE in there) is thrice
    assert View.UNIT not in there
    assert View.UNIT in listing.views(factories.member("anna"))
    assert View.MINE not in listing.views(factories.member("samir", Role.RECORDS_OFFICER, None))


def test_a_promise_of_contact_is_kept_by_a_contact(own: Installation) -> None:
    own.becomes(BURLOV.replace("answer_working_days = 10", "contact_working_days = 2"))
    with time_machine.travel(MONDAY, tick=False) as travel:
        first, second = came(dt.date(2026, 2, 19), "äldst"), came(MONDAY.date(), "nyss")
        actor = reader()
        assert held(actor, Filters()) == ["äldst", "nyss"]
        assert held(actor, Filters(View.OVERDUE)) == held(actor, Filters(View.OVERDUE_THRICE)) == ["äldst"]
        assert held(actor, Filters(View.DUE_SOON)) == ["nyss"]
        do(Action.MESSAGE_SENDER, actor, first)
        # From then on the day of the next step presses, which is no promise.
        assert held(actor, Filters()) == ["nyss", "äldst"]
        assert held(actor, Filters(View.OVERDUE)) == []
        travel.shift(dt.timedelta(days=3))
        assert held(actor, Filters(View.OVERDUE)) == ["nyss"]
        travel.shift(dt.timedelta(days=60))
        assert held(actor, Filters(View.OVERDUE)) == ["nyss", "äldst"]
        assert held(actor, Filters(View.OVERDUE_THRICE)) == ["nyss"]
        do(Action.ANSWER, actor, first)
        do(Action.ANSWER, actor, second)
        assert held(actor, Filters(View.OVERDUE)) == []


def test_what_the_database_computes_is_what_the_words_of_the_rule_say(inside: Flask) -> None:
    bulk_cases.cases(300)
    groups = {1: dt.date(2026, 1, 5), 2: dt.date.max, 3: dt.date(9990, 1, 1)}
    with db.transaction():
        for case in db.session().scalars(select(Case)):
            case.group_due = groups.get(case.id % 5)
    computed = undefer(Case.keep_by), undefer(Case.urgency), undefer(Case.promised_days)
    for case in db.session().scalars(select(Case).options(*computed)):
        keep_by = pressing_day(case)
        urgency = dt.date.min if case.status in OPEN and case.record_request else keep_by or dt.date.max
        contact = None if case.contacted_at else case.promise["contact"]
        days = None if case.paused_on else case.promise["answer"] if case.due_answer else contact
        assert (case.keep_by, case.urgency, case.promised_days) == (keep_by, urgency, days)


def test_the_index_of_open_cases_is_that_of_the_statuses_that_are_open() -> None:
    assert f"status IN ({', '.join(repr(status.value) for status in sorted(OPEN))})" == queue_columns.IS_OPEN
