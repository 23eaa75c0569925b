"""Notices of staff: who is notified of what, what is never shown, and what is sent by e-mail."""

import datetime as dt

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db
from portal.cases.actions import bars, email_replies, handling, routing, secrecy, sender
from portal.cases.events import ReaderContested
from portal.cases.intake.submission import Receipt
from portal.cases.ownership import placements
from portal.cases.ownership import queries as ownership
from portal.identity.actors import Role, Staff, System
from portal.identity.models import Membership, StaffKey
from portal.identity.oidc.identified import KeyKind
from portal.notifications import delivery, ladder
from portal.notifications.models import OutboxMessage, State
from portal.notifications.outbox import withhold_messages
from portal.notifications.rules import Medium
from portal.notifications.staff import mail, mail_settings, notices
from portal.notifications.staff.mail_settings import MailSettings
from portal.notifications.staff.models import StaffNotice
from portal.notifications.staff.rules import MailChoice, NoticeKind
from portal.operations import jobs
from portal.organisation import queries as organisation
from portal.pagination import BEGINNING
from tests import factories, statements

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=clock.STOCKHOLM)
DAY = dt.timedelta(days=1)
MARIA = "maria@exempel.se"
WORK = "anna@kommun.exempel"


@pytest.fixture(autouse=True)
def monday(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def anna(inside: Flask) -> Staff:
    return factories.member()


@pytest.fixture
def samir(inside: Flask) -> Staff:
    return factories.member("samir")


def kinds(actor: Staff) -> list[NoticeKind]:
    """What the actor is shown, the newest first."""
    db.close_read_session()
    shown = [notice.kind for notice in notices.list_notices(actor, BEGINNING).rows]
    unseen = [row for row in stored(actor) if row.seen_at is None]
    assert notices.count(actor) <= min(len(shown), len(unseen))
    return shown


def stored(actor: Staff) -> list[StaffNotice]:
    query = sa.select(StaffNotice).filter_by(membership_id=actor.membership)
    return list(db.session().scalars(query))


def to_staff() -> list[OutboxMessage]:
    return [row for row in factories.letters() if row.membership_id]


def wants(actor: Staff, choice: MailChoice, address: str = WORK) -> None:
    with db.transaction():
        mail_settings.save_mail_settings(actor, MailSettings(address, choice))


def reply(receipt: Receipt, text: str = "Jag glömde säga var.") -> None:
    factories.act(sender.reply, factories.sender(receipt), receipt, text)


def membership(actor: Staff) -> Membership:
    return db.session().get_one(Membership, actor.membership)


def taken(actor: Staff, **given: object) -> Receipt:
    receipt = factories.send_in(**given)
    factories.act(handling.take, actor, receipt)
    return receipt


def test_who_is_assigned_a_case_is_notified_but_not_who_does_it(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    factories.act(handling.assign, anna, receipt, membership(samir))
    assert (kinds(samir), kinds(anna)) == ([NoticeKind.ASSIGNED], [])
    factories.act(handling.assign, anna, receipt, membership(anna))
    assert kinds(anna) == []


def test_a_reply_reaches_the_officer_alone(anna: Staff, samir: Staff) -> None:
    receipt = taken(anna)
    reply(receipt)
    assert (kinds(anna), kinds(samir)) == ([NoticeKind.REPLY], [])


def test_a_letter_that_is_written_back_is_a_reply_too(anna: Staff) -> None:
    receipt = taken(anna)
    factories.act(email_replies.receive_email, System(), receipt, "Tack, men när?")
    assert kinds(anna) == [NoticeKind.REPLY]


def test_without_an_officer_the_whole_unit_is_notified_and_no_other(anna: Staff, samir: Staff) -> None:
    eva = factories.member("eva", unit="gata")
    reply(factories.send_in())
    assert (kinds(anna), kinds(samir), kinds(eva)) == ([NoticeKind.REPLY], [NoticeKind.REPLY], [])


def test_replies_that_no_one_has_seen_are_one_notice(anna: Staff, monday: TimeMachineFixture) -> None:
    receipt = taken(anna)
    for minute in range(3):
        monday.move_to(MONDAY + minute * dt.timedelta(minutes=1), tick=False)
        reply(receipt, f"Mer {minute}")
    (notice,) = stored(anna)
    assert notice.created_at == MONDAY + dt.timedelta(minutes=2)


def test_who_takes_over_after_a_dissatisfied_sender_is_notified(anna: Staff, samir: Staff) -> None:
    receipt = taken(anna)
    factories.act(handling.answer, anna, receipt, "Nej.")
    factories.act(sender.not_satisfied, factories.sender(receipt), receipt, "Det stämmer inte.")
    case = factories.case(receipt)
    heard = [actor for actor in (anna, samir) if kinds(actor) == [NoticeKind.NOT_SATISFIED]]
    assert heard == ([samir] if case.officer_id == samir.membership else heard)
    assert samir in heard


def test_a_unit_that_gets_a_case_is_notified(anna: Staff) -> None:
    eva = factories.member("eva", unit="gata")
    receipt = factories.send_in()
    factories.act(routing.hand_over, anna, receipt, organisation.unit("gata"))
    assert (kinds(eva), kinds(anna)) == ([NoticeKind.PLACED], [])


def test_who_gets_a_case_that_is_placed_is_notified_the_handler_or_else_the_unit(inside: Flask) -> None:
    placed, given = factories.send_in(category="gator"), factories.send_in(category="gator")
    registrar = factories.member("eva", Role.REGISTRAR, None)
    samir = factories.member("samir", unit="park")
    unit = organisation.unit("park")
    assert unit
    for receipt, officer in ((placed, None), (given, membership(samir))):
        with db.transaction():
            case = ownership.placeable_case(registrar, receipt.year, receipt.number)
            assert case
            placements.place_case(registrar, case, unit, officer)
    shown = {notice.case_id: notice.kind for notice in stored(samir)}
    assert shown == {placed.case: NoticeKind.PLACED, given.case: NoticeKind.ASSIGNED}


def test_a_message_that_was_not_delivered_is_a_notice(anna: Staff) -> None:
    taken(anna, email=MARIA)
    with db.transaction() as writer:
        row = writer.scalars(sa.select(OutboxMessage)).first()
        assert row
        row.state = State.FAILED
        ladder.after_failure(row)
    assert kinds(anna) == [NoticeKind.UNDELIVERED]


def test_what_a_person_may_not_see_any_more_is_neither_shown_nor_counted(anna: Staff, samir: Staff) -> None:
    receipt = taken(anna)
    reply(receipt)
    assert notices.count(anna) == 1
    factories.act(bars.recuse, anna, receipt)
    db.close_read_session()
    assert (kinds(anna), notices.count(anna)) == ([], 0)
    assert stored(anna)


def test_secrecy_shuts_out_those_who_are_not_close(anna: Staff) -> None:
    head = factories.member("eva", Role.REGISTRAR, None)
    receipt = factories.send_in()
    factories.act(handling.take, head, receipt)
    reply(receipt)
    assert kinds(head) == [NoticeKind.REPLY]
    factories.act(secrecy.mark_secrecy, anna, receipt, "halsa")
    assert (kinds(head), notices.count(head)) == ([], 0)
    # The officer does not reach the case, so those hear who do.
    reply(receipt, "Mer")
    assert NoticeKind.REPLY in kinds(anna)
    assert len(stored(head)) == 1


def test_an_ended_membership_is_not_notified(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    with db.transaction() as writer:
        writer.get_one(Membership, samir.membership).ended_at = clock.now()
    reply(receipt)
    assert (stored(anna) != [], stored(samir)) == (True, [])


def test_notices_are_marked_and_deleted_in_time(anna: Staff, monday: TimeMachineFixture) -> None:
    reply(taken(anna))
    reply(taken(anna))
    with db.transaction():
        assert notices.mark_all_seen(anna) == 2
    reply(taken(anna))
    db.close_read_session()
    assert notices.count(anna) == 1
    for days, left in ((30, 3), (31, 1), (90, 1), (91, 0)):
        monday.move_to(MONDAY + days * DAY, tick=False)
        with db.transaction():
            notices.delete_old()
        assert len(stored(anna)) == left


def test_mail_at_once_holds_number_unit_and_what_happened_alone(anna: Staff) -> None:
    wants(anna, MailChoice.AT_ONCE)
    receipt = taken(anna, email=MARIA, name="Maja Ek")
    reply(receipt)
    (row,) = to_staff()
    case = factories.case(receipt)
    assert (row.name, row.medium, row.recipient) == (mail.NOTICE, Medium.EMAIL, WORK)
    assert (row.case_id, row.membership_id, row.state) == (case.id, anna.membership, State.QUEUED)
    assert row.subject == f"Avsändaren har skrivit, {case.reference}"
    for part in (row.text or "", row.html or ""):
        assert case.reference in part
        assert "Parkenheten" in part
        assert f"/handlaggning/arenden/{case.reference}" in part
        for secret in (case.internal_subject, "Jag glömde", "Maja", MARIA, "Ingen skylt"):
            assert secret not in part
    # The same notice, not seen yet, is not sent again.
    reply(receipt, "Och en sak till.")
    assert len(to_staff()) == 1


def test_mail_to_staff_has_no_ladder_and_is_delivered(anna: Staff) -> None:
    wants(anna, MailChoice.AT_ONCE)
    receipt = taken(anna)
    reply(receipt)
    with db.transaction() as writer:
        row = writer.merge(to_staff()[0])
        row.state = State.FAILED
        ladder.after_failure(row)
    assert factories.open_tasks(receipt) == []
    with db.transaction() as writer:
        writer.merge(to_staff()[0]).state = State.QUEUED
    assert delivery.deliver_due() >= 1
    assert to_staff()[0].state is State.KEPT


def test_a_contested_reader_stops_the_senders_messages_and_not_those_of_staff(anna: Staff) -> None:
    wants(anna, MailChoice.AT_ONCE)
    receipt = taken(anna, email=MARIA)
    reply(receipt)
    case = factories.case(receipt).id
    with db.transaction():
        withhold_messages(ReaderContested(case=case, at=clock.now(), actor=factories.sender(receipt)))
    states = {bool(row.membership_id): row.state for row in factories.letters()}
    assert states == {False: State.WITHHELD, True: State.QUEUED}


def test_a_digest_comes_once_in_the_morning_and_only_if_something_is_new(
    anna: Staff, monday: TimeMachineFixture
) -> None:
    wants(anna, MailChoice.DIGEST)
    factories.run_jobs()
    first, second = taken(anna), taken(anna)
    for receipt in (first, second):
        reply(receipt)
    assert to_staff() == []
    monday.move_to(MONDAY + DAY, tick=False)
    factories.run_jobs()
    (row,) = to_staff()
    assert (row.name, row.case_id, row.recipient) == (mail.DIGEST, None, WORK)
    assert row.subject == "2 nyheter i dina ärenden"
    for receipt in (first, second):
        line = f"{factories.number(receipt)}, Parkenheten: Avsändaren har skrivit"
        assert line in (row.text or "")
        assert line in BeautifulSoup(row.html or "", "html.parser").get_text()
    assert "Lekplatsen" not in (row.text or "")
    monday.move_to(MONDAY + 2 * DAY, tick=False)
    factories.run_jobs()
    assert len(to_staff()) == 1


def test_a_digest_leaves_out_what_is_seen_and_what_is_out_of_reach(
    anna: Staff, samir: Staff, monday: TimeMachineFixture
) -> None:
    wants(anna, MailChoice.DIGEST)
    seen, barred = taken(anna), taken(anna)
    reply(seen)
    with db.transaction():
        notices.mark_all_seen(anna)
    reply(barred)
    factories.act(bars.recuse, anna, barred)
    assert mail.send_digests() == 0
    assert to_staff() == []


def test_who_wants_no_mail_gets_none(anna: Staff, samir: Staff) -> None:
    wants(anna, MailChoice.NONE)
    reply(taken(anna))
    reply(taken(samir))
    assert mail.send_digests() == 0
    assert to_staff() == []


def test_a_long_digest_says_how_many_more_there_are(anna: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MAX_LINES", 1)
    wants(anna, MailChoice.DIGEST)
    for _case in range(3):
        reply(taken(anna))
    assert mail.send_digests() == 1
    assert "2 till finns i listan." in (to_staff()[0].text or "")


def test_two_workers_send_one_digest(inside: Flask, anna: Staff) -> None:
    wants(anna, MailChoice.DIGEST)
    reply(taken(anna))
    assert sum(factories.at_once(inside, 2, lambda _worker: mail.send_digests())) == 1
    assert len(to_staff()) == 1


def test_a_faulty_template_undoes_nothing(anna: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    wants(anna, MailChoice.AT_ONCE)
    receipt = taken(anna)
    monkeypatch.setattr(mail, "NOTICE", "no_such_folder")
    reply(receipt)
    assert (kinds(anna), to_staff()) == ([NoticeKind.REPLY], [])


def test_a_case_that_is_about_to_be_late_is_a_notice_once_for_each_date(
    anna: Staff, monday: TimeMachineFixture
) -> None:
    factories.run_jobs()
    receipt = taken(anna)
    due = factories.case(receipt).due_answer
    assert due
    days_before = []
    day = MONDAY
    while day.date() <= due:
        day += DAY
        monday.move_to(day, tick=False)
        factories.run_jobs()
        days_before.append(len(stored(anna)))
    (notice,) = stored(anna)
    assert (notice.kind, notice.due) == (NoticeKind.LATE_SOON, due)
    # Due Monday the 16th: the last but two open day is Thursday the 12th.
    assert clock.stockholm(notice.created_at).date() == dt.date(2026, 3, 12)
    assert days_before[-1] == 1


def test_a_case_that_waits_for_its_sender_or_is_answered_is_not_about_to_be_late(
    anna: Staff, monday: TimeMachineFixture
) -> None:
    waiting, answered = taken(anna, email=MARIA), taken(anna)
    factories.act(handling.request_supplement, anna, waiting, "Var?", until=dt.date(2026, 3, 13))
    factories.act(handling.answer, anna, answered, "Ja.")
    monday.move_to(MONDAY + 10 * DAY, tick=False)
    jobs.run_due()
    monday.move_to(MONDAY + 11 * DAY, tick=False)
    jobs.run_due()
    assert NoticeKind.LATE_SOON not in kinds(anna)


def test_the_count_is_one_statement_by_the_index_of_what_is_unseen(anna: Staff) -> None:
    reply(taken(anna))
    db.close_read_session()
    with statements.counted() as run:
        assert notices.count(anna) == 1
    assert len([line for line in run if line.startswith("SELECT")]) == 1


def test_who_has_chosen_nothing_gets_a_digest_at_the_address_that_they_sign_in_with(anna: Staff) -> None:
    with db.transaction() as writer:
        key = StaffKey(person_id=anna.person, issuer="http://issuer.test", kind=KeyKind.EMAIL, value=WORK)
        writer.add(key)
    reply(taken(anna))
    assert (mail.send_digests(), mail.send_digests()) == (1, 0)
    assert [row.recipient for row in to_staff()] == [WORK]


def test_who_has_chosen_nothing_and_has_no_address_gets_no_digest(anna: Staff) -> None:
    reply(taken(anna))
    assert (mail.send_digests(), to_staff()) == (0, [])


def test_an_address_that_no_key_opens_stops_no_reply(anna: Staff) -> None:
    wants(anna, MailChoice.AT_ONCE)
    with db.engine().begin() as connection:
        connection.execute(sa.text("UPDATE staff_mail SET address = :lost"), {"lost": b"lost"})
    reply(taken(anna))
    assert (kinds(anna), to_staff()) == ([NoticeKind.REPLY], [])
