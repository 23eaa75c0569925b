"""Jäv: who is barred from a case finds nothing of it, and it is never left without anyone."""

from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal import db
from portal.audit import read_log, trail
from portal.audit.company import recent_colleagues
from portal.audit.dossier import dossier_for
from portal.audit.models import Read
from portal.cases import queries
from portal.cases.actions import bars, handling, routing, secrecy
from portal.cases.actions import sender as sender_actions
from portal.cases.actions.bars import NobodyLeft
from portal.cases.answers import drafts as answer_drafts
from portal.cases.authority.bars import colleagues
from portal.cases.authority.escalation import nearest_manager
from portal.cases.enums import BarKind, TaskKind
from portal.cases.groups import merging, relations
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action, NotAllowed, Status
from portal.cases.measures import actions as measures
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Case
from portal.cases.queue import conditions, listing
from portal.cases.queue import counts as counting
from portal.cases.queue.filters import Filters, View
from portal.cases.search import queries as search
from portal.cases.search import similar
from portal.cases.visibility import visible_to
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.notifications import outbox
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import brought_to, do, membership_of, pair, state, told
from tests.integration.test_escalation import head_of_administration, left


def barred(receipt: Receipt) -> list[tuple[int, BarKind]]:
    """Who is barred from a case, and why."""
    return [(bar.person, bar.kind) for bar in queries.bars(factories.case(receipt))]


def concerned(receipt: Receipt, colleague: Staff, by: Staff | None = None) -> None:
    """The case is marked as concerning a colleague."""
    marker = by or factories.member("eva", Role.REGISTRAR, None)
    factories.act(bars.mark_concerned, marker, receipt, membership_of(colleague))


def reaches(actor: Staff, receipt: Receipt) -> bool:
    db.close_read_session()
    return queries.case_by_id(actor, receipt.case) is not None


def test_who_reports_jav_loses_the_case_to_the_nearest_manager(inside: Flask) -> None:
    anna, head = factories.member(), factories.member("samir", Role.HEAD_OF_UNIT)
    receipt = factories.send_in()
    do(Action.TAKE, anna, receipt)
    factories.act(routing.name_contact, anna, receipt, membership_of(anna))
    factories.act(bars.recuse, anna, receipt, "Det är min bror.")
    case = factories.case(receipt)
    assert (case.officer_id, case.contact_id, case.status) == (head.membership, None, Status.IN_PROGRESS)
    assert barred(receipt) == [(anna.person, BarKind.OWN)]
    assert not reaches(anna, receipt)
    assert told(receipt)[-2:] == ["HandlerRecused", "CaseAssigned"]
    assert [row.body for row in queries.messages(head, case)][-1] == "Det är min bror."


def test_a_bar_holds_in_every_membership_of_the_person(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    factories.member("samir")
    everywhere = factories.member("anna", Role.REGISTRAR, None)
    registry = factories.member("anna", Role.RECORDS_OFFICER, None)
    factories.act(bars.recuse, anna, receipt)
    assert not any(reaches(actor, receipt) for actor in (anna, everywhere, registry))
    assert reaches(factories.member("anna", Role.HEAD_OF_UNIT), factories.send_in())


def test_a_manager_who_is_barred_is_passed_over(inside: Flask) -> None:
    above, head = head_of_administration("eva"), factories.member("samir", Role.HEAD_OF_UNIT)
    anna, receipt = factories.member(), factories.send_in()
    do(Action.TAKE, anna, receipt)
    concerned(receipt, head, anna)
    assert factories.case(receipt).officer_id == anna.membership
    factories.act(bars.recuse, anna, receipt)
    assert factories.case(receipt).officer_id == above.membership


def test_without_a_manager_the_case_stays_in_the_unit_and_nobody_has_it(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    samir = factories.member("samir")
    do(Action.TAKE, anna, receipt)
    factories.act(bars.recuse, anna, receipt)
    assert factories.case(receipt).officer_id is None
    assert reaches(samir, receipt)


def test_what_a_colleague_handles_stays_theirs(inside: Flask) -> None:
    factories.member("eva", Role.HEAD_OF_UNIT)
    anna, samir, receipt = factories.member(), factories.member("samir"), factories.send_in()
    do(Action.TAKE, samir, receipt)
    factories.act(bars.recuse, anna, receipt)
    assert factories.case(receipt).officer_id == samir.membership


def test_a_closed_case_is_given_to_nobody(inside: Flask) -> None:
    factories.member("samir", Role.HEAD_OF_UNIT)
    receipt = brought_to(Status.CLOSED)
    factories.act(bars.recuse, factories.member("eva"), receipt)
    assert factories.case(receipt).officer_id is None


@pytest.mark.parametrize("category", ["parker", "aldre"])
def test_a_report_that_leaves_nobody_is_refused_and_changes_nothing(inside: Flask, category: str) -> None:
    unit = "park" if category == "parker" else "aldre"
    anna, receipt = factories.member(unit=unit), factories.send_in(category=category)
    factories.member("samir", unit="gata")
    do(Action.TAKE, anna, receipt)
    before = state(receipt)
    with pytest.raises(NobodyLeft):
        factories.act(bars.recuse, anna, receipt, "Det är min bror.")
    assert (state(receipt), barred(receipt)) == (before, [])
    factories.member("samir", Role.RECORDS_OFFICER, None)
    factories.act(bars.recuse, anna, receipt, "Det är min bror.")
    assert barred(receipt) == [(anna.person, BarKind.OWN)]


def test_a_mark_of_secrecy_that_leaves_nobody_is_refused(inside: Flask) -> None:
    anna, samir, receipt = factories.member(), factories.member("samir", unit=None), factories.send_in()
    factories.act(bars.recuse, anna, receipt)
    before = state(receipt)
    with pytest.raises(NobodyLeft):
        factories.act(secrecy.mark_secrecy, samir, receipt, "halsa", confirmed=True)
    assert state(receipt) == before


def test_a_handover_that_leaves_nobody_is_refused(inside: Flask) -> None:
    anna, samir, receipt = factories.member(), factories.member("samir"), factories.send_in()
    factories.act(bars.recuse, anna, receipt)
    before = state(receipt)
    with pytest.raises(NobodyLeft):
        factories.act(routing.hand_over, samir, receipt, organisation.unit("gata"))
    assert state(receipt) == before


def test_a_colleague_who_has_left_is_nobody(inside: Flask) -> None:
    anna, samir, receipt = factories.member(), factories.member("samir"), factories.send_in()
    left(samir)
    with pytest.raises(NobodyLeft):
        factories.act(bars.recuse, anna, receipt)


def test_the_last_two_cannot_both_leave_the_case(inside: Flask) -> None:
    anna, samir, receipt = factories.member(), factories.member("samir"), factories.send_in()
    factories.act(bars.recuse, anna, receipt)
    with pytest.raises(NobodyLeft):
        factories.act(bars.recuse, samir, receipt)
    assert reaches(samir, receipt)


def test_a_change_in_the_same_transaction_is_seen(inside: Flask) -> None:
    samir, receipt = factories.member("samir", Role.HEAD_OF_UNIT), factories.send_in()
    anna = factories.member()
    with db.transaction():
        case = queries.case_by_id(anna, receipt.case)
        assert case
        assert samir.membership in {handler.id for handler in queries.handlers(case)}
        bars.mark_concerned(anna, case, membership_of(samir))
        assert {handler.id for handler in queries.handlers(case)} == {anna.membership}
        assert queries.case_scope(case).barred == {samir.person}
        assert nearest_manager(case) is None
        assert queries.case_by_id(samir, receipt.case) is None


@pytest.fixture
def hidden(inside: Flask) -> Receipt:
    """A complaint about Samir, with all that a case may have, that he has opened and drafted an answer to."""
    receipt, samir = (
        factories.send_in(subject="Klagomål mot Samir", email="maja@exempel.se"),
        factories.member("samir"),
    )
    factories.send_in(subject="Klagomål mot Samir")
    anna = factories.member()
    do(Action.TAKE, samir, receipt)
    factories.act(routing.name_contact, anna, receipt, membership_of(samir))
    factories.act(measures.propose, anna, receipt, "Bättre bemötande")
    factories.act(answer_drafts.save_draft, samir, receipt, "Jag minns inte.")
    read_log.log_display(samir, [factories.case(receipt)], Read.CASE)
    with db.transaction():
        outbox.add_task(receipt.case, TaskKind.UNDELIVERED)
    return receipt


def test_the_person_whom_a_case_concerns_finds_nothing_of_it(hidden: Receipt) -> None:
    samir = factories.member("samir")
    assert queries.messages(samir, factories.case(hidden))
    concerned(hidden, samir)
    case, at = factories.case(hidden), conditions.days()
    other = db.session().scalars(select(Case).where(Case.id != hidden.case)).one()
    assert (case.officer_id, case.contact_id) == (None, None)
    for actor in (samir, factories.member("samir", Role.REGISTRAR, None)):
        assert queries.case_for(actor, hidden.year, hidden.number) is None
        assert dossier_for(actor, hidden.year, hidden.number) is None
        assert queries.cases_by_reference(actor, {(hidden.year, hidden.number)}) == {}
        assert list(queries.messages(actor, case)) == []
        assert list(trail.timeline(actor, case)) == []
        assert list(read_log.readings(actor, case)) == []
        assert recent_colleagues(actor, case) == []
        assert list(measure_queries.of_case(actor, case)) == []
        assert measure_queries.of_all(actor, measure_queries.MeasureFilter()).rows == []
        listed = [row.id for view in View for row in listing.list_cases(actor, Filters(view), at).rows]
        assert hidden.case not in listed
        assert counting.counts(actor, {"": Filters(View.NEWEST)}, at) == {"": 1}
        assert counting.counts(actor, {"": Filters(View.UNDELIVERED)}, at) == {"": 0}
        words = db.session().scalars(
            select(Case.id).where(visible_to(actor), search.matching(actor, "klagomål"))
        )
        assert hidden.case not in set(words)
        assert search.excerpts(actor, [case.id], "samir") == {}
        assert hidden.case not in {row.id for row in similar.similar_cases(actor, other)}
        assert answer_drafts.list_drafts(actor) == []
        assert answer_drafts.get_draft(actor, case) is None
        assert actor.membership not in {handler.id for handler in queries.handlers(case)}


@pytest.mark.parametrize("command", [handling.assign, routing.name_contact])
def test_who_is_barred_is_neither_given_the_case_nor_its_contact(hidden: Receipt, command: object) -> None:
    samir = factories.member("samir")
    concerned(hidden, samir)
    assert callable(command)
    with pytest.raises(NotAllowed):
        factories.act(command, factories.member(), hidden, membership_of(samir))


def test_the_colleagues_still_find_it_and_see_who_is_barred(hidden: Receipt) -> None:
    samir, anna = factories.member("samir"), factories.member()
    concerned(hidden, samir)
    dossier = dossier_for(anna, hidden.year, hidden.number)
    assert dossier
    assert [(bar.name, bar.kind) for bar in dossier.bars] == [("Samir", BarKind.CONCERNED)]
    entry = dossier.trail[-1]
    assert (entry.event, set(entry.details)) == ("ColleagueConcerned", {"officer", "officer_snapshot"})


def test_only_colleagues_of_the_case_can_be_marked_and_nobody_marks_themselves(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    elsewhere = factories.member("samir", unit="aldre")
    for colleague in (elsewhere, anna):
        with pytest.raises(NotAllowed):
            concerned(receipt, colleague, anna)
    assert barred(receipt) == []


def test_the_colleagues_of_a_case_are_of_its_units_and_its_board(inside: Flask) -> None:
    near, everywhere = factories.member("anna"), factories.member("eva", Role.REGISTRAR, None)
    factories.member("anna", Role.REGISTRAR, None)
    same_board, receipt = factories.member("samir", unit="gata"), factories.send_in()
    ids = [member.id for member in colleagues(factories.case(receipt))]
    assert ids == [near.membership, everywhere.membership, same_board.membership]


def test_a_records_officer_marks_a_colleague_and_answers_nothing(inside: Flask) -> None:
    samir, receipt = factories.member("samir"), factories.send_in()
    registry = factories.member("eva", Role.RECORDS_OFFICER, None)
    concerned(receipt, samir, registry)
    assert barred(receipt) == [(samir.person, BarKind.CONCERNED)]
    with pytest.raises(NotAllowed):
        factories.act(bars.recuse, registry, receipt)


def test_the_head_of_the_unit_lifts_a_mistake_with_a_reason(inside: Flask) -> None:
    samir, receipt = factories.member("samir"), factories.send_in()
    concerned(receipt, samir)
    for actor in (factories.member(), factories.member("anna", Role.REGISTRAR, None)):
        with pytest.raises(NotAllowed):
            factories.act(bars.lift_bar, actor, receipt, membership_of(samir), "Fel Samir.")
    head = factories.member("eva", Role.HEAD_OF_UNIT)
    factories.act(bars.lift_bar, head, receipt, membership_of(samir), "Fel Samir.")
    assert (barred(receipt), told(receipt)[-1]) == ([], "BarLifted")
    assert reaches(samir, receipt)
    before = state(receipt)
    factories.act(bars.lift_bar, head, receipt, membership_of(samir), "Fel Samir.")
    assert state(receipt) == before
    with pytest.raises(NotAllowed):
        factories.act(bars.lift_bar, head, receipt, membership_of(samir), "En gång till.")


def test_nobody_lifts_a_bar_of_their_own(inside: Flask) -> None:
    factories.member()
    head, receipt = factories.member("eva", Role.HEAD_OF_UNIT), factories.send_in()
    factories.act(bars.recuse, head, receipt)
    assert not reaches(head, receipt)
    assert not reaches(factories.member("eva", Role.RECORDS_OFFICER, None), receipt)


def test_who_is_not_satisfied_never_gets_a_barred_manager(inside: Flask) -> None:
    samir, receipt = factories.member("samir", Role.HEAD_OF_UNIT), brought_to(Status.ANSWERED)
    concerned(receipt, samir, factories.member())
    do(Action.NOT_SATISFIED, factories.sender(receipt), receipt)
    case = factories.case(receipt)
    assert (case.officer_id, [task.kind for task in case.open_tasks]) == (None, [TaskKind.NO_MANAGER])
    assert not reaches(samir, receipt)


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED])
def test_a_reopened_case_keeps_its_bars(inside: Flask, status: Status) -> None:
    samir, receipt = factories.member("samir"), brought_to(status)
    concerned(receipt, samir)
    do(Action.REOPEN, factories.member(), receipt)
    assert not reaches(samir, receipt)


def test_a_case_that_is_handed_over_keeps_its_bars(inside: Flask) -> None:
    samir, receipt = factories.member("samir"), factories.send_in()
    concerned(receipt, samir)
    factories.act(routing.hand_over, factories.member(), receipt, organisation.unit("gata"), True)
    new = factories.member("samir", unit="gata")
    assert not reaches(new, receipt)
    assert new.membership not in {handler.id for handler in queries.handlers(factories.case(receipt))}


def parts(receipt: Receipt) -> list[Case]:
    db.close_read_session()
    query = select(Case).where(Case.split_from_id == receipt.case).order_by(Case.id)
    return list(db.session().scalars(query))


def test_a_part_keeps_the_bars_of_the_case_it_is_split_from(inside: Flask) -> None:
    samir, anna, receipt = factories.member("samir"), factories.member(), factories.send_in()
    concerned(receipt, samir)
    factories.act(relations.split, anna, receipt, "Den andra frågan")
    (part,) = parts(receipt)
    assert [(bar.person, bar.kind) for bar in queries.bars(part)] == [(samir.person, BarKind.CONCERNED)]
    assert queries.case_by_id(samir, part.id) is None
    assert [entry.event for entry in trail.timeline(anna, part)] == ["CaseReceived", "BarsCopied"]


def test_a_bar_that_comes_after_the_split_holds_for_the_parts_too(inside: Flask) -> None:
    samir, anna, receipt = factories.member("samir"), factories.member(), factories.send_in()
    factories.act(relations.split, anna, receipt, "Den andra frågan")
    (part,) = parts(receipt)
    with db.transaction():
        case = queries.case_by_id(samir, part.id)
        assert case
        handling.take(samir, case)
    concerned(receipt, samir)
    (part,) = parts(receipt)
    assert queries.case_by_id(samir, part.id) is None
    assert part.officer_id is None


def test_a_case_that_another_is_merged_into_gets_its_bars(inside: Flask) -> None:
    anna, samir = factories.member(), factories.member("samir")
    receipt, kept = factories.send_in(), factories.send_in()
    do(Action.TAKE, samir, kept)
    factories.act(answer_drafts.save_draft, samir, kept, "Mitt svar")
    concerned(receipt, samir)
    pair(merging.merge, anna, receipt, kept, "Samma sak.")
    assert barred(kept) == [(samir.person, BarKind.CONCERNED)]
    assert factories.case(kept).officer_id is None
    assert not reaches(samir, kept)
    assert answer_drafts.list_drafts(samir) == []
    assert told(kept)[-1] == "BarsCopied"


def test_a_repeated_report_is_known_only_to_who_made_it(inside: Flask) -> None:
    anna, samir, receipt = factories.member(), factories.member("samir"), factories.send_in()
    concerned(receipt, samir)
    assert not trail.was_done_by(samir, Action.RECUSE, receipt.year, receipt.number)
    factories.member("samir", unit="gata")
    factories.member("eva", Role.REGISTRAR, None)
    factories.act(bars.recuse, anna, receipt)
    assert trail.was_done_by(anna, Action.RECUSE, receipt.year, receipt.number)
    assert not trail.was_done_by(anna, Action.RECUSE, receipt.year, receipt.number + 1)


def test_a_sender_sees_nothing_of_a_bar(inside: Flask) -> None:
    samir, anna, receipt = factories.member("samir"), factories.member(), factories.send_in()
    letters = len(factories.letters())
    concerned(receipt, samir)
    factories.act(bars.recuse, anna, receipt, "Det är min bror.")
    sender = factories.sender(receipt)
    assert [row.body for row in queries.messages(sender, factories.case(receipt))] == [
        "Ingen skylt säger varför."
    ]
    assert len(factories.letters()) == letters


def test_an_answer_that_waited_for_the_bar_is_not_sent(inside: Flask, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a writer waits before it reads there")
    samir, anna, receipt = factories.member("samir"), factories.member(), factories.send_in()

    def work(place: int) -> bool:
        if place:
            waited_for.wait(30)
            with db.transaction():
                return queries.case_by_id(samir, receipt.case) is not None
        with db.transaction():
            case = queries.case_by_id(anna, receipt.case)
            assert case
            waited_for.set()
            bars.mark_concerned(anna, case, membership_of(samir))
            waits(1)
        return True

    waited_for = Event()
    assert factories.at_once(inside, 2, work) == [True, False]
    assert people.staff(samir.person) == samir


def waits(count: int) -> None:
    """Wait until so many others wait for a lock."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _try in range(300):
        with db.engine().connect() as connection:
            if connection.execute(query).scalar_one() >= count:
                return
        Event().wait(0.1)
    raise AssertionError("nobody waits")


def test_a_sender_who_answers_to_a_bar_is_still_heard(inside: Flask) -> None:
    samir, receipt = factories.member("samir"), factories.send_in()
    factories.member()
    factories.act(bars.recuse, samir, receipt)
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "En sak till.")
    assert factories.case(receipt).status is Status.RECEIVED
