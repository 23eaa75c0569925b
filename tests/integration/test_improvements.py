"""Improvements: made, changed, linked to cases, published, and what the senders get to know."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal import clock, db
from portal.cases.actions import protection
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import NotifyBy, ReplyBy
from portal.cases.improvements import commands, publications, queries
from portal.cases.improvements.commands import Plan, UnknownImprovement, WrongImprovement
from portal.cases.improvements.models import Improvement, ImprovementCase, Publication
from portal.cases.improvements.rules import (
    ImprovementProblem,
    ImprovementState,
    UnitPlace,
    may_edit,
    may_read,
)
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Status
from portal.db import StaleVersion
from portal.identity.actors import Role, Staff
from portal.notifications.staff import notices
from portal.notifications.staff.mail import send_digests
from portal.notifications.staff.mail_settings import MailSettings, save_mail_settings
from portal.notifications.staff.overdue import notify_overdue
from portal.notifications.staff.rules import MailChoice
from portal.operations.reminders import inform_senders
from portal.organisation import queries as organisation
from portal.organisation.models import Category
from portal.pagination import BEGINNING
from tests import factories
from tests.cases import brought_to, told
from tests.web import steps

SAID, DID = "Ni ville veta varför lekplatsen var stängd.", "Vi sätter upp en skylt samma dag."


def plan(title: str = "Skyltar vid stängda lekplatser", days: int = 30) -> Plan:
    return Plan(title, "En skylt i varje park.", clock.today() + timedelta(days=days))


def made(actor: Staff, unit: str = "park", **changes: object) -> int:
    with db.transaction():
        found = organisation.unit(unit)
        assert found
        return commands.create(actor, found.id, Plan(**vars(plan()) | changes)).id  # type: ignore[arg-type]


def stored(improvement: int) -> Improvement:
    db.close_read_session()
    return db.session().get_one(Improvement, improvement)


def links() -> list[ImprovementCase]:
    db.close_read_session()
    return list(db.session().scalars(select(ImprovementCase).order_by(ImprovementCase.id)))


def texts() -> list[Publication]:
    db.close_read_session()
    return list(db.session().scalars(select(Publication).order_by(Publication.id)))


def changed(actor: Staff, improvement: int, state: ImprovementState, **changes: object) -> None:
    row = stored(improvement)
    known = {"title": row.title, "plan": row.plan, "due_on": row.due_on, "responsible": row.responsible_id}
    with db.transaction():
        commands.change(actor, improvement, row.version, Plan(**known | changes), state)  # type: ignore[arg-type]


def published(actor: Staff, improvement: int, said: str = SAID, did: str = DID) -> None:
    version = stored(improvement).version
    with db.transaction():
        publications.publish(actor, improvement, version, said, did)


@pytest.fixture
def travel() -> Iterator[steps.Travel]:
    """It is noon on the first Monday of May."""
    with time_machine.travel(at(date(2026, 5, 4)), tick=False) as travel:
        yield travel


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.STOCKHOLM)


@pytest.fixture
def head(inside: Flask, travel: steps.Travel) -> Staff:
    """The head of the park unit."""
    return factories.member("samir", Role.HEAD_OF_UNIT)


@pytest.fixture
def done(head: Staff) -> tuple[int, Receipt]:
    """An improvement that is done, with one case, whose sender reads by e-mail."""
    improvement, receipt = made(head), factories.send_in(email="maria@example.org")
    factories.act(commands.link, head, receipt, improvement)
    changed(head, improvement, ImprovementState.DONE)
    return improvement, receipt


def test_an_improvement_is_made_once_however_often_the_button_is_pressed(head: Staff) -> None:
    first = made(head)
    assert made(head) == first
    assert made(head, title="Något annat") != first
    row = stored(first)
    assert (row.state, row.unit.key, row.board_id) == (ImprovementState.PLANNED, "park", row.unit.board_id)
    assert [entry.kind for entry in queries.log(row)] == ["created"]


def test_an_improvement_is_made_for_a_unit_of_ones_own_and_a_day_ahead(head: Staff) -> None:
    with pytest.raises(UnknownImprovement):
        made(head, "gata")
    with pytest.raises(UnknownImprovement):
        made(factories.member("eva", Role.REGISTRAR, None))
    for day, problem in ((-1, ImprovementProblem.PAST_DAY), (9_000, ImprovementProblem.FAR_DAY)):
        with pytest.raises(WrongImprovement) as refused:
            made(head, due_on=clock.today() + timedelta(days=day))
        assert refused.value.problem is problem
    outsider = factories.member("anna", unit="gata")
    with pytest.raises(WrongImprovement) as refused:
        made(head, responsible=outsider.membership)
    assert refused.value.problem is ImprovementProblem.RESPONSIBLE


def test_a_change_is_logged_from_what_to_what_and_a_stale_one_refused(head: Staff) -> None:
    improvement = made(head)
    changed(head, improvement, ImprovementState.UNDER_WAY, responsible=head.membership)
    entry = queries.log(stored(improvement))[0]
    assert entry.details == {"state": ["planned", "under_way"], "responsible_id": [None, head.membership]}
    with pytest.raises(StaleVersion), db.transaction():
        commands.change(head, improvement, 1, plan("Nytt"), ImprovementState.DONE)
    # The same again is a second click, whatever its version.
    row = stored(improvement)
    same = Plan(row.title, row.plan, row.due_on, row.responsible_id)
    with db.transaction():
        commands.change(head, improvement, 1, same, row.state)
    assert len(queries.log(row)) == 2


def test_an_overdue_one_keeps_its_day_when_its_state_changes(head: Staff, travel: steps.Travel) -> None:
    improvement = made(head)
    travel.move_to(at(date(2026, 9, 1)))
    changed(head, improvement, ImprovementState.UNDER_WAY)
    with pytest.raises(WrongImprovement):
        changed(head, improvement, ImprovementState.UNDER_WAY, due_on=clock.today() - timedelta(days=1))


def test_a_case_is_linked_once_and_unlinked_and_its_trail_has_both(head: Staff) -> None:
    improvement, receipt = made(head), brought_to(Status.CLOSED)
    factories.act(commands.link, head, receipt, improvement)
    factories.act(commands.link, head, receipt, improvement)
    assert len(links()) == 1
    factories.act(commands.unlink, head, receipt, improvement)
    factories.act(commands.unlink, head, receipt, improvement)
    assert links() == []
    assert told(receipt)[-2:] == ["ImprovementLinked", "ImprovementUnlinked"]
    assert factories.case(receipt).status is Status.CLOSED


def test_many_cases_make_one_new_improvement(head: Staff) -> None:
    unit = organisation.unit("park")
    assert unit
    new = unit.id, plan("Nya skyltar")
    for _ in range(3):
        factories.act(commands.link, head, factories.send_in(), new=new)
    assert len({link.improvement_id for link in links()}) == 1
    assert len(links()) == 3


def test_a_case_is_not_linked_to_one_that_is_over_or_of_another_board(head: Staff) -> None:
    improvement, receipt = made(head), factories.send_in()
    changed(head, improvement, ImprovementState.DROPPED)
    with pytest.raises(WrongImprovement):
        factories.act(commands.link, head, receipt, improvement)
    elsewhere = made(factories.member("eva", Role.HEAD_OF_UNIT, "aldre"), "aldre")
    with pytest.raises(UnknownImprovement):
        factories.act(commands.link, head, receipt, elsewhere)


def test_a_reader_sees_and_counts_only_the_cases_that_they_may_see(head: Staff) -> None:
    improvement = made(head)
    receipts = [factories.send_in(), factories.send_in()]
    for receipt in receipts:
        factories.act(commands.link, head, receipt, improvement)
    hide(receipts[0])
    registrar = factories.member("eva", Role.REGISTRAR, None)
    owner = factories.member("anna", Role.PROCESS_OWNER, None)
    row = stored(improvement)
    for actor, seen in ((head, 2), (registrar, 1), (owner, 0)):
        assert len(queries.linked_cases(actor, row)) == seen
        assert queries.counts(actor, [improvement]) == ({improvement: seen} if seen else {})


def hide(receipt: Receipt) -> None:
    """Mark a case as secret, by its records officer."""
    from portal.cases.actions import secrecy

    officer = factories.records_officer("park")
    factories.act(secrecy.mark_secrecy, officer, receipt, "halsa", confirmed=True)


def test_only_a_head_publishes_and_only_what_is_done(head: Staff) -> None:
    improvement = made(head)
    with pytest.raises(WrongImprovement):
        published(head, improvement)
    changed(head, improvement, ImprovementState.DONE)
    with pytest.raises(UnknownImprovement):
        published(factories.member("anna"), improvement)
    published(head, improvement)
    published(head, improvement)
    assert [(text.you_said, text.we_did, text.ended_at) for text in texts()] == [(SAID, DID, None)]
    with pytest.raises(WrongImprovement):
        changed(head, improvement, ImprovementState.UNDER_WAY)


def test_a_correction_keeps_the_first_text_and_its_month(head: Staff, travel: steps.Travel) -> None:
    improvement = made(head)
    changed(head, improvement, ImprovementState.DONE)
    published(head, improvement)
    travel.move_to(at(date(2026, 7, 1)))
    published(head, improvement, did="Vi satte upp skyltar.")
    first, second = texts()
    assert first.ended_at == second.published_at > second.first_published_at == first.first_published_at
    assert [text.we_did for text in queries.published(None, BEGINNING).rows] == ["Vi satte upp skyltar."]
    with db.transaction():
        publications.unpublish(head, improvement, stored(improvement).version)
    assert queries.published(None, BEGINNING).rows == []
    assert len(texts()) == 2
    assert [entry.kind for entry in queries.log(stored(improvement))][:3] == [
        "unpublished",
        "corrected",
        "published",
    ]


@pytest.mark.slow
def test_two_heads_who_publish_at_once_publish_one_text(head: Staff, inside: Flask) -> None:
    improvement = made(head)
    changed(head, improvement, ImprovementState.DONE)
    version = stored(improvement).version
    db.close_read_session()

    def publish(place: int) -> bool:
        try:
            with db.transaction():
                publications.publish(head, improvement, version, SAID, f"Text {place}")
        except StaleVersion:
            return False
        return True

    assert sorted(factories.at_once(inside, 2, publish)) == [False, True]
    assert len(texts()) == 1


def test_the_sender_gets_a_letter_and_a_line_and_nothing_else_happens_to_the_case(
    head: Staff, done: tuple[int, Receipt], travel: steps.Travel
) -> None:
    improvement, receipt = done
    before, letters = factories.case(receipt), len(factories.letters())
    published(head, improvement)
    travel.shift(timedelta(minutes=5))
    assert inform_senders() == 1
    assert inform_senders() == 0
    after = factories.case(receipt)
    # The version too: who has the case open can go on.
    for name in ("version", "status", "updated_at", "answered_at", "due_answer", "contacted_at"):
        assert getattr(after, name) == getattr(before, name), name
    assert told(receipt)[-1] == "ImprovementShared"
    (letter,) = factories.letters()[letters:]
    assert letter.name == "improvement"
    assert DID in str(letter.text)
    # A correction informs no one again.
    published(head, improvement, did="Vi satte upp skyltar.")
    assert inform_senders() == 0


def test_the_sender_of_a_closed_case_is_informed_without_opening_it(head: Staff) -> None:
    improvement, receipt = made(head), brought_to(Status.CLOSED)
    factories.act(commands.link, head, receipt, improvement)
    changed(head, improvement, ImprovementState.DONE)
    published(head, improvement)
    assert inform_senders() == 1
    assert factories.case(receipt).status is Status.CLOSED
    assert told(receipt)[-1] == "ImprovementShared"


def test_who_declined_messages_gets_the_line_alone_and_who_withdrew_nothing(head: Staff) -> None:
    improvement = made(head)
    silent = factories.send_in(reply_by=ReplyBy.CODE, notify_by=NotifyBy.NONE)
    gone = factories.send_in(email="elsa@example.org")
    for receipt in (silent, gone):
        factories.act(commands.link, head, receipt, improvement)
    factories.act(sender_actions.withdraw, factories.sender(gone), gone)
    changed(head, improvement, ImprovementState.DONE)
    letters = len(factories.letters())
    published(head, improvement)
    assert inform_senders() == 1
    assert told(silent)[-1] == "ImprovementShared"
    assert told(gone)[-1] == "CaseWithdrawn"
    assert len(factories.letters()) == letters


@pytest.mark.parametrize("why", ["secrecy", "protected", "topic", "portal"])
def test_a_letter_that_may_not_hold_an_answer_does_not_say_what_was_done(head: Staff, why: str) -> None:
    improvement = made(head)
    if why == "portal":
        maria = factories.citizen()
        receipt = factories.send_as(maria, email="maria@example.org", notify_by=NotifyBy.EMAIL)
    else:
        receipt = factories.send_in(email="maria@example.org")
    factories.act(commands.link, head, receipt, improvement)
    if why == "secrecy":
        hide(receipt)
    elif why == "protected":
        factories.act(protection.protect, head, receipt)
    elif why == "topic":
        with db.transaction():
            db.session().execute(update(Category).values(answer_by_email=False))
    changed(head, improvement, ImprovementState.DONE)
    published(head, improvement)
    assert inform_senders() == 1
    letter = factories.letters()[-1]
    assert letter.name == "improvement"
    assert DID not in f"{letter.text}{letter.html}{letter.subject}"


def test_a_case_that_the_publisher_does_not_see_is_not_informed_until_one_who_does_says_so(
    head: Staff,
) -> None:
    improvement, receipt = made(head), factories.send_in()
    factories.act(commands.link, head, receipt, improvement)
    hide(receipt)
    changed(head, improvement, ImprovementState.DONE)
    administration = factories.case(receipt).responsible_administration_id
    manager = Staff(head.person, head.membership, Role.HEAD_OF_ADMINISTRATION, administration=administration)
    published(manager, improvement)
    assert inform_senders() == 0
    with db.transaction():
        assert publications.inform_more(manager, improvement) == 0
        assert publications.inform_more(head, improvement) == 1
        assert publications.inform_more(head, improvement) == 0
    assert inform_senders() == 1
    assert told(receipt)[-1] == "ImprovementShared"


def test_what_is_unpublished_before_the_worker_came_informs_no_one(
    head: Staff, done: tuple[int, Receipt]
) -> None:
    improvement, receipt = done
    published(head, improvement)
    with pytest.raises(WrongImprovement):
        factories.act(commands.unlink, head, receipt, improvement)
    with db.transaction():
        publications.unpublish(head, improvement, stored(improvement).version)
    assert inform_senders() == 0
    factories.act(commands.unlink, head, receipt, improvement)


def test_who_withdraws_after_it_was_published_is_left_alone(head: Staff, done: tuple[int, Receipt]) -> None:
    improvement, receipt = done
    published(head, improvement)
    factories.act(sender_actions.withdraw, factories.sender(receipt), receipt)
    letters = len(factories.letters())
    assert inform_senders() == 0
    assert told(receipt)[-1] == "CaseWithdrawn"
    assert len(factories.letters()) == letters
    assert [(link.publication_id, link.informed_at) for link in links()] == [(None, None)]


def test_nobody_is_woken_at_night(head: Staff, done: tuple[int, Receipt], travel: steps.Travel) -> None:
    published(head, done[0])
    travel.move_to(at(clock.today(), hour=23))
    assert inform_senders() == 0


def test_who_is_responsible_is_notified_once_of_each_last_day(head: Staff, travel: steps.Travel) -> None:
    anna = factories.member()
    own, of_unit = made(head, responsible=anna.membership), made(head, title="Enhetens")
    assert notify_overdue() == 0
    travel.move_to(at(date(2026, 9, 1)))
    assert notify_overdue() == 2
    assert notify_overdue() == 0
    db.close_read_session()
    for actor, improvement in ((anna, own), (head, of_unit)):
        (notice,) = notices.list_notices(actor, BEGINNING).rows
        assert notice.improvement_id == improvement
        assert notices.count(actor) == 1
    changed(head, own, ImprovementState.UNDER_WAY, due_on=date(2026, 9, 10))
    travel.move_to(at(date(2026, 9, 20)))
    assert notify_overdue() == 1


@pytest.mark.parametrize("unit", ["park", None])
def test_a_notice_goes_when_the_improvement_is_no_longer_overdue(
    inside: Flask, travel: steps.Travel, unit: str | None
) -> None:
    head = factories.member("samir", Role.HEAD_OF_UNIT, unit)
    done, moved = made(head), made(head, title="En till")
    with db.transaction():
        save_mail_settings(head, MailSettings("samir@kommun.exempel", MailChoice.DIGEST))
    travel.move_to(at(date(2026, 9, 1)))
    assert notify_overdue() == 2
    changed(head, done, ImprovementState.DONE)
    db.close_read_session()
    assert notices.count(head) == 1
    changed(head, moved, ImprovementState.PLANNED, due_on=date(2026, 9, 10))
    db.close_read_session()
    assert notices.count(head) == 0
    assert notices.list_notices(head, BEGINNING).rows == []
    assert send_digests() == 0


@pytest.mark.parametrize("seen", [False, True])
def test_a_notice_that_is_old_is_not_made_again_for_the_same_day(
    head: Staff, travel: steps.Travel, seen: bool
) -> None:
    improvement = made(head)
    travel.move_to(at(date(2026, 9, 1)))
    assert notify_overdue() == 1
    if seen:
        assert notices.mark_improvement_seen(head, improvement)
        db.close_read_session()
        assert not notices.mark_improvement_seen(head, improvement)
    travel.move_to(at(date(2027, 1, 10)))
    with db.transaction():
        assert notices.delete_old() == 0
    assert notify_overdue() == 0
    changed(head, improvement, ImprovementState.DONE)
    with db.transaction():
        assert notices.delete_old() == 1


ROLES = st.sampled_from([*Role, None])
IDS = st.integers(1, 3) | st.none()


@given(ROLES, IDS, IDS, IDS, st.booleans(), st.builds(UnitPlace, *[st.integers(1, 3)] * 3), IDS)
def test_who_changes_an_improvement_reads_it(
    role: Role | None,
    unit: int | None,
    board: int | None,
    administration: int | None,
    common: bool,
    place: UnitPlace,
    of_unit: int | None,
) -> None:
    # The board of a unit that is the actor's own is that of the place.
    own = place.board if unit == place.id else of_unit if unit is not None else board
    actor = Staff(1, 1, role, unit, board, administration, common)
    if may_edit(actor, place):
        assert may_read(actor, place, own)
    if role in (None, Role.ADMINISTRATOR):
        assert not may_read(actor, place, own)


def test_the_rule_and_its_sql_agree(inside: Flask, travel: steps.Travel) -> None:
    maker = factories.member("samir", Role.HEAD_OF_UNIT, None)
    for key in ("park", "gata", "aldre", "grundskola"):
        made(maker, key)
    rows = db.session().scalars(select(Improvement)).all()
    for role in (*Role, None):
        for row in (None, *rows):
            actor = placed(role, row)
            read = {found.id for found in queries.list_improvements(actor, queries.ImprovementFilter()).rows}
            assert read == {found.id for found in rows if queries.reads(actor, found)}, actor


def placed(role: Role | None, row: Improvement | None) -> Staff:
    """A member of staff with this role in the unit of an improvement, or in all units."""
    if row is None:
        return Staff(1, 1, role, common_registry=role is Role.RECORDS_OFFICER)
    if role is Role.HEAD_OF_ADMINISTRATION:
        return Staff(1, 1, role, administration=row.unit.administration_id)
    if role is Role.RECORDS_OFFICER:
        return Staff(1, 1, role, board=row.board_id)
    return Staff(1, 1, role, unit=row.unit_id)
