"""A fault that is reported already: who is asked about which report, and how the answer reaches them all."""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from portal import clock, db
from portal.cases import queries
from portal.cases.actions import handling, protection, routing, secrecy, subjects
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import Kind, ReplyBy
from portal.cases.groups import merging, relations, same_fault
from portal.cases.groups.same_fault import Sent
from portal.cases.intake.submission import NewCase, Receipt, submit
from portal.cases.lifecycle import Status
from portal.cases.locations import queries as places
from portal.cases.locations import rules as place_rules
from portal.cases.locations.rules import Location
from portal.cases.models import Case, CaseLocation
from portal.cases.search import queries as search
from portal.cases.visibility import visible_to
from portal.formats.places.coordinates import Spot
from portal.identity.actors import Citizen, Staff
from portal.identity.models import Person
from portal.operations import schema_version
from portal.organisation import queries as organisation
from tests import factories, statements
from tests.cases import pair, told

HERE = Spot(55.63791, 13.09423)
# 40 metres and 400 metres further north.
NEAR, FAR = Spot(55.63827, 13.09423), Spot(55.64151, 13.09423)
STREET = Location("Storgatan 12")


def fault(location: Location | None = STREET, **given: Any) -> NewCase:
    """The report of a fault in a street."""
    usual = {"kind": Kind.FAULT_REPORT, "category": "gator", "subject": "Hål", "body": "Stort hål."}
    return factories.new_case(**usual | {"location": location} | given)


def reported(location: Location | None = STREET, **given: Any) -> Receipt:
    """Report a fault."""
    usual = {"kind": Kind.FAULT_REPORT, "category": "gator", "subject": "Hål", "body": "Stort hål."}
    return factories.send_in(**usual | {"location": location} | given)


def asked(new: NewCase) -> list[int]:
    """The reports that the sender of a new one is asked about."""
    db.close_read_session()
    return [candidate.id for candidate in same_fault.candidates(new)]


def same(first: Receipt, new: NewCase | None = None, sender: Citizen | None = None) -> Sent:
    """Report a fault and choose the earlier report of it."""
    new = new or fault()
    with db.transaction():
        return same_fault.submit_same(new, same_fault.choice(new, first.case), sender)


@pytest.fixture
def officer(inside: Flask) -> Staff:
    """Samir, who handles what is reported of streets."""
    return factories.member("samir", unit="gata")


@pytest.mark.parametrize(
    "location",
    [
        Location("storg. 12"),
        Location("vid Stor gatan"),
        Location("Storgatan 19, vid skolan"),
        Location("", NEAR),
        Location("Lekplatsen", NEAR),
    ],
)
def test_a_report_on_the_street_or_near_the_spot_is_asked_about(inside: Flask, location: Location) -> None:
    first = reported(Location("Storgatan 12", HERE))
    assert asked(fault(location)) == [first.case]


@pytest.mark.parametrize(
    "location",
    [None, Location("Norra Storgatan 12"), Location("Storgatan 45"), Location("", FAR), Location("här")],
)
def test_a_report_elsewhere_is_not_asked_about(inside: Flask, location: Location | None) -> None:
    reported(Location("Storgatan 12", HERE))
    assert asked(fault(location)) == []


def test_the_reports_of_the_topic_come_first_and_five_at_most(inside: Flask) -> None:
    other = [reported(category="parker").case for _number in range(4)]
    own = [reported().case for _number in range(2)]
    assert asked(fault()) == [*own, *other[:3]]


def hidden(receipt: Receipt) -> None:
    with db.transaction():
        case = db.session().get_one(Case, receipt.case)
        case.hide_sender = True


def requested(officer: Staff, receipt: Receipt) -> None:
    factories.act(routing.flag_record, officer, receipt, True)


def contested(receipt: Receipt) -> None:
    with db.transaction():
        case = db.session().get_one(Case, receipt.case)
        case.reader_contested_at = clock.now()


def corrected(officer: Staff, receipt: Receipt) -> None:
    case = factories.case(receipt)
    to = replace(subjects.classification_of(case), kind=Kind.COMPLAINT)
    factories.act(subjects.reclassify, officer, receipt, to)


def marked(officer: Staff, receipt: Receipt) -> None:
    key = organisation.profile().secrecy_provisions[0].key
    factories.act(secrecy.mark_secrecy, officer, receipt, key)


def waiting(officer: Staff, receipt: Receipt) -> None:
    """It waits for the answer of a report elsewhere."""
    pair(merging.merge, officer, receipt, reported(None), "Vi svarar här.")


CLOSED_TO_OTHERS: dict[str, Callable[[Staff, Receipt], None]] = {
    "answered": lambda officer, receipt: factories.act(handling.answer, officer, receipt, "Lagat."),
    "closed": lambda officer, receipt: factories.act(handling.answer_and_close, officer, receipt, "Lagat."),
    "withdrawn": lambda _officer, receipt: factories.act(
        sender_actions.withdraw, factories.sender(receipt), receipt
    ),
    "secrecy": marked,
    "protected": lambda officer, receipt: factories.act(protection.protect, officer, receipt),
    "hidden": lambda _officer, receipt: hidden(receipt),
    "contested": lambda _officer, receipt: contested(receipt),
    "another kind": corrected,
    "a public record": requested,
    "merged": waiting,
}


@pytest.mark.parametrize("change", CLOSED_TO_OTHERS.values(), ids=CLOSED_TO_OTHERS)
def test_a_report_that_others_may_not_learn_of_is_neither_asked_about_nor_joined(
    officer: Staff, change: Callable[[Staff, Receipt], None]
) -> None:
    first = reported(name="Maja Ek", email="maja@exempel.se")
    assert asked(fault()) == [first.case]
    change(officer, first)
    assert asked(fault()) == []
    sent = same(first)
    assert not sent.joined
    case = factories.case(sent.receipt)
    assert (case.status, case.merged_into_id) == (Status.RECEIVED, None)


def test_a_person_with_a_protected_identity_is_asked_about_to_no_one(inside: Flask) -> None:
    maria = factories.citizen()
    with db.transaction():
        submit(fault(reply_by=ReplyBy.PORTAL, name="Maria"), maria)
    assert len(asked(fault())) == 1
    with db.transaction():
        db.session().get_one(Person, maria.person).protected = True
    assert asked(fault()) == []


@pytest.mark.parametrize("topic", ["aldre"])
def test_a_topic_that_gives_secrecy_is_neither_asked_about_nor_asks(inside: Flask, topic: str) -> None:
    reported(category=topic)
    first = reported()
    assert asked(fault()) == [first.case]
    assert asked(fault(category=topic)) == []


def test_a_reopened_report_is_asked_about_again(officer: Staff) -> None:
    first = reported()
    factories.act(handling.answer, officer, first, "Lagat.")
    factories.act(sender_actions.not_satisfied, factories.sender(first), first, "Nej.")
    assert asked(fault()) == [first.case]


def test_the_same_fault_is_a_case_of_its_own_that_is_answered_with_the_first(officer: Staff) -> None:
    first = reported(name="Maja Ek", email="maja@exempel.se")
    sent = same(first, fault(name="Yusuf Ali", email="yusuf@exempel.se"))
    case = factories.case(sent.receipt)
    assert sent.joined
    assert sent.receipt.number != first.number
    assert sent.receipt.code
    assert (case.status, case.merged_into_id, case.contacted_at) == (Status.RECEIVED, first.case, None)
    assert case.due_answer == factories.case(first).group_due
    assert told(sent.receipt) == ["CaseReceived", "GroupJoined"]
    assert told(first) == ["CaseReceived"]
    factories.act(handling.answer_and_close, officer, first, "Hej Maja!\n\nHålet är lagat.")
    answered = queries.messages(factories.sender(sent.receipt), factories.case(sent.receipt))[-1]
    assert answered.body == "Hej Yusuf!\n\nHålet är lagat."
    assert factories.case(sent.receipt).status is Status.CLOSED


def test_the_same_fault_goes_to_the_unit_that_has_the_first(officer: Staff) -> None:
    first = reported()
    factories.act(handling.take, officer, first)
    sent = same(first, fault(category=None))
    case = factories.case(sent.receipt)
    assert case.handling_unit_id == factories.case(first).handling_unit_id
    assert (case.category, case.first_line_unit_id) == (None, None)


def test_staff_put_a_report_on_its_own_that_was_not_the_same(officer: Staff) -> None:
    first = reported()
    sent = same(first)
    factories.act(merging.unmerge, officer, sent.receipt)
    assert factories.case(sent.receipt).merged_into_id is None
    assert asked(fault()) == [first.case, sent.receipt.case]


def test_the_first_report_is_asked_about_however_many_are_the_same(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MAX_READ", 2)
    places._statement.cache_clear()
    try:
        first = reported()
        assert [same(first).joined for _number in range(3)] == [True] * 3
        assert asked(fault()) == [first.case]
    finally:
        places._statement.cache_clear()


@pytest.mark.parametrize("change", [marked, requested, waiting], ids=["secrecy", "a public record", "merged"])
def test_reports_that_others_may_not_learn_of_hide_no_other(
    officer: Staff, monkeypatch: pytest.MonkeyPatch, change: Callable[[Staff, Receipt], None]
) -> None:
    monkeypatch.setattr(places, "MAX_READ", 1)
    places._statement.cache_clear()
    try:
        first, newer = reported(), reported()
        change(officer, newer)
        assert asked(fault()) == [first.case]
    finally:
        places._statement.cache_clear()


def test_what_is_stored_before_is_marked_as_what_is_stored_now(officer: Staff) -> None:
    """The statement of the migration says the same as transition() does."""
    changes = [CLOSED_TO_OTHERS[name] for name in ("answered", "secrecy", "another kind", "merged")]
    changes += [CLOSED_TO_OTHERS["a public record"], lambda _officer, _receipt: None]
    for change in changes:
        change(officer, reported())
    marks = sa.select(CaseLocation.case_id, CaseLocation.is_askable).order_by(CaseLocation.case_id)
    db.close_read_session()
    before = db.session().execute(marks).all()
    step = ScriptDirectory(str(schema_version.FOLDER)).get_revision("0069")
    assert step
    with db.transaction() as writer:
        writer.execute(sa.update(CaseLocation).values(is_askable=~CaseLocation.is_askable))
        writer.execute(sa.text(step.module.IS_ASKABLE))
    assert db.session().execute(marks).all() == before
    assert [askable for _case, askable in before] == [False] * 5 + [True]


def test_a_group_has_a_greatest_size_and_the_next_report_is_its_own(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place_rules, "MAX_WAITING", 2)
    first = reported()
    assert [same(first).joined for _number in range(3)] == [True, True, False]
    (own,) = asked(fault())
    assert own != first.case
    assert factories.case(first).merged_into_id is None


def test_a_second_click_makes_no_second_report(inside: Flask) -> None:
    first = reported()
    new = fault()
    once, twice = same(first, new), same(first, new)
    assert (once, once.receipt.same) == (twice, True)
    changed = same(first, replace(new, location=Location("Lundavägen 3")))
    assert not changed.receipt.same


def test_a_choice_of_another_form_is_of_no_use(inside: Flask) -> None:
    first = reported()
    new = fault()
    stolen = same_fault.choice(replace(new, submission=secrets.token_urlsafe(16)), first.case)
    with db.transaction():
        sent = same_fault.submit_same(new, stolen)
    assert not sent.joined


@pytest.mark.parametrize("chosen", ["å", "²", "x"])
def test_a_choice_that_was_made_up_is_of_no_use(inside: Flask, chosen: str) -> None:
    reported()
    with db.transaction():
        assert not same_fault.submit_same(fault(), chosen).joined


@pytest.mark.parametrize("reply_by", [ReplyBy.CODE, ReplyBy.PORTAL])
def test_the_trail_names_the_person_only_of_who_is_not_anonymous(inside: Flask, reply_by: ReplyBy) -> None:
    first = reported()
    sent = same(first, fault(reply_by=reply_by, name="Maria"), factories.citizen())
    kinds = {entry.actor_kind for entry in factories.entries(sent.receipt)}
    assert kinds == ({"code_holder"} if reply_by is ReplyBy.CODE else {"citizen"})
    assert (factories.case(sent.receipt).sender_person_id is None) == (reply_by is ReplyBy.CODE)


def test_who_reports_the_same_as_the_report_is_closed_has_a_case_that_is_answered(
    officer: Staff, app: Flask
) -> None:
    first = reported()
    work: list[Callable[[], Any]] = [
        partial(factories.act, handling.answer_and_close, officer, first, "Lagat."),
        partial(same, first),
    ]
    sent = factories.at_once(app, 2, lambda place: work[place]())[1]
    case = factories.case(sent.receipt)
    # Either it was answered with the first one, or it is an ordinary case.
    assert (case.status is Status.CLOSED) == sent.joined
    assert (case.merged_into_id is not None) == sent.joined


def test_two_who_report_the_same_at_once_both_join(inside: Flask, app: Flask) -> None:
    first = reported()
    sent = factories.at_once(app, 2, lambda _place: same(first))
    assert [each.joined for each in sent] == [True, True]
    assert len({each.receipt.number for each in sent}) == 2


def test_a_look_for_reports_is_one_statement_however_many_there_are(inside: Flask) -> None:
    for _number in range(3):
        reported()
    candidates = fault(Location("Storgatan 12", HERE))
    db.close_read_session()
    organisation.topics()
    with statements.counted() as taken:
        same_fault.candidates(replace(candidates, category=None))
    assert len(taken) == 1


def test_the_part_of_a_report_has_its_location(officer: Staff) -> None:
    first = reported(Location("Storgatan 12", HERE, 15))
    factories.act(relations.split, officer, first, "En lykta")
    rows = db.session().scalars(sa.select(CaseLocation)).all()
    assert len({(row.text, row.latitude, row.accuracy, row.is_open) for row in rows}) == 1
    assert len(rows) == 2


def test_old_reports_are_shown_by_their_day(inside: Flask) -> None:
    day = dt.date(2026, 3, 2)
    factories.past(day, kind=Kind.FAULT_REPORT, category="gator", location=STREET)
    (candidate,) = same_fault.candidates(fault())
    assert clock.stockholm(candidate.received_at).date() == day


def test_a_corrected_place_is_compared_and_found_and_the_old_one_is_in_a_note(officer: Staff) -> None:
    first = reported()
    to = Location("Lundavägen 3", HERE)
    for _click in range(2):
        factories.act(subjects.correct_place, officer, first, to, "Förut stod: Storgatan 12.")
    assert asked(fault()) == []
    assert asked(fault(Location("Lundavägen 4"))) == [first.case]
    assert told(first) == ["CaseReceived", "PlaceCorrected"]
    assert factories.case(first).messages[-1].body == "Förut stod: Storgatan 12."
    hits = sa.select(Case.id).where(visible_to(officer), search.matching(officer, "lundavägen 3"))
    assert db.session().scalars(hits).all() == [first.case]


def test_a_report_that_is_sent_again_is_the_same_whatever_staff_have_corrected(officer: Staff) -> None:
    new = fault(name="Maja Ek", email="maja@exempel.se")
    with db.transaction():
        sent = submit(new)
    factories.act(subjects.correct_place, officer, sent, Location("Lundavägen 3", HERE), "Storgatan 12.")
    corrected(officer, sent)
    to = replace(subjects.classification_of(factories.case(sent)), public_subject="A", internal_subject="B")
    factories.act(subjects.reclassify, officer, sent, to)
    with db.transaction():
        assert submit(new) == sent
        assert not submit(replace(new, location=Location("Lundavägen 3", HERE))).same


def test_a_place_is_added_to_a_report_without_one(officer: Staff) -> None:
    first = reported(None)
    factories.act(subjects.correct_place, officer, first, STREET, "Platsen lades till.")
    assert asked(fault()) == [first.case]


def test_the_look_reads_the_indexes_of_open_reports(inside: Flask) -> None:
    """However many cases there are: without them it would read every place, or every case of a street."""
    reported()
    found = statements.plans(
        lambda: same_fault.candidates(fault(Location("Storgatan 12", HERE), category=None))
    )
    plan = next(one for one in found if "case_location" in one)
    assert "ix_case_location_askable_street" in plan
    assert "ix_case_location_askable_square" in plan
