"""The mailbox on a real IMAP server: each letter is handled once, and none is thrown away."""

import base64
import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from structlog.testing import capture_logs
from time_machine import TimeMachineFixture

from portal import config, db
from portal.cases import queries
from portal.cases.actions import protection
from portal.cases.enums import TaskKind, Via
from portal.cases.intake.submission import Receipt
from portal.identity.actors import System
from portal.jobs import scheduler
from portal.notifications import tokens
from portal.notifications.channels.email import MailSettings
from portal.notifications.delivery.dispatch import mail_settings
from portal.notifications.inbound import imap as imap_client
from portal.notifications.inbound import mailbox, registry, settlement
from portal.notifications.inbound import outcomes as inbound_outcomes
from portal.notifications.inbound import smtp as outgoing
from portal.notifications.inbound.imap import ImapSettings, LetterUnreadable, Mailbox, MailboxUnavailable
from portal.notifications.inbound.models import InboundMail, Outcome
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Problem
from portal.operations import jobs
from tests import factories
from tests.stubs.imap_server import HANG, ImapServer
from tests.stubs.mail_server import DRIP, TAKE, MailServer

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
OFFICIAL = "kommunen@burlov.example"
DSN = """Return-Path: <>
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered
Message-ID: <{id}@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown

--x--
"""


@pytest.fixture(autouse=True)
def monday(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    with ImapServer() as running:
        yield running


@pytest.fixture
def smtp(inside: Flask, imap: ImapServer) -> Iterator[MailServer]:
    """The mail server, with all settings."""
    with MailServer() as running:
        use(
            imap_server=imap.host,
            imap_port=imap.port,
            imap_username="kontakt",
            imap_password="brevlosen",
            imap_security="none",
            mail_server=running.host,
            mail_port=running.port,
            mail_security="none",
            mail_forward=OFFICIAL,
        )
        yield running


def use(**changes: Any) -> None:
    config.use(config.settings().model_copy(update=changes))


def mailed(**given: Any) -> Receipt:
    """A case whose receipt has been sent by e-mail."""
    receipt = factories.send_in(email="maria@exempel.se", **given)
    with db.transaction() as writer:
        writer.get_one(OutboxMessage, latest().id).state = State.SENT
    return receipt


def latest() -> OutboxMessage:
    return factories.letters()[-1]


def letter(text: str = "Tack, men när?", number: int = 1, answers: str = "", **headers: str) -> bytes:
    """A letter of Maria's; `answers` is the id of the letter that it answers."""
    message = EmailMessage()
    usual = {
        "From": "Maria <maria@exempel.se>",
        "Subject": "Re: Ditt klagomål",
        "Message-ID": f"<{number}@x.se>",
    }
    if answers:
        usual |= {"In-Reply-To": answers, "References": f"<trad@k.se> {answers}"}
    for name, value in (usual | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


def dsn(to: str, action: str = "failed", number: int = 1) -> bytes:
    return DSN.format(to=to, action=action, id=f"b{number}").encode()


def bounce_address(message: int) -> str:
    return f"studs+{tokens.make(tokens.Purpose.BOUNCE, message)}@kommun.example"


def emails(receipt: Receipt) -> list[str]:
    rows = queries.messages(System(), factories.case(receipt))
    return [row.body for row in rows if row.via is Via.EMAIL]


def outcomes() -> list[Outcome]:
    db.close_read_session()
    return list(db.session().scalars(db.sa.select(InboundMail.outcome).order_by(InboundMail.id)))


def forwarded(smtp: MailServer) -> list[EmailMessage]:
    return [each for each in smtp.received if each["To"] == OFFICIAL]


def answered(smtp: MailServer) -> list[str]:
    return [str(each["To"]) for each in smtp.received if each["Auto-Submitted"] == "auto-replied"]


def test_a_letter_that_is_written_back_is_a_message_of_the_case(imap: ImapServer, smtp: MailServer) -> None:
    receipt = mailed()
    imap.put(letter(answers=latest().message_id))
    assert mailbox.read_new() == 1
    assert emails(receipt) == ["Tack, men när?"]
    assert factories.open_tasks(receipt) == [TaskKind.EMAIL_REPLY]
    assert (imap.unseen(), imap.flagged(), forwarded(smtp)) == ([], [], [])
    assert mailbox.read_new() == 0
    assert emails(receipt) == ["Tack, men när?"]


def test_the_answer_is_kind_and_names_the_case_and_comes_once_a_week(
    imap: ImapServer, smtp: MailServer, time_machine: TimeMachineFixture
) -> None:
    receipt = mailed()
    first = latest().message_id
    imap.put(letter(answers=first), letter("Och en sak till", 2, first))
    mailbox.read_new()
    (answer,) = smtp.received
    assert (answer["To"], answer["In-Reply-To"], answer["Auto-Submitted"]) == (
        "maria@exempel.se",
        "<1@x.se>",
        "auto-replied",
    )
    assert factories.number(receipt) in answer.get_content()
    time_machine.move_to(MONDAY + dt.timedelta(days=6), tick=False)
    imap.put(letter("Hallå", 3, first))
    mailbox.read_new()
    assert len(smtp.received) == 1
    time_machine.move_to(MONDAY + dt.timedelta(days=8), tick=False)
    imap.put(letter("Hallå igen", 4, first))
    mailbox.read_new()
    assert len(smtp.received) == 2


def test_attachments_are_named_and_the_whole_letter_goes_on(imap: ImapServer, smtp: MailServer) -> None:
    receipt = mailed()
    message = EmailMessage()
    message["From"], message["Message-ID"] = "maria@exempel.se", "<1@x.se>"
    message["In-Reply-To"] = latest().message_id
    message.set_content("Se bilden")
    message.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="hal.gif")
    imap.put(message.as_bytes())
    mailbox.read_new()
    assert emails(receipt) == [f"Se bilden\n\n[Mejlet hade 1 bilaga. Hela mejlet finns i {OFFICIAL}.]"]
    (sent_on,) = forwarded(smtp)
    (attached,) = sent_on.iter_attachments()
    (picture,) = attached.get_content().iter_attachments()
    assert picture.get_content() == b"GIF89a"


def test_without_an_official_mailbox_the_rest_stays_and_is_marked(imap: ImapServer, smtp: MailServer) -> None:
    use(mail_forward="")
    receipt = mailed()
    imap.put(letter("x" * 30_000, answers=latest().message_id), letter("Utan ärende", 2))
    mailbox.read_new()
    (body,) = emails(receipt)
    assert body.startswith("x" * 20_000 + "\n\n[Mejlet är längre än så här.")
    assert imap.flagged() == [1, 2]
    assert outcomes() == [Outcome.REPLY, Outcome.LEFT]


def test_what_belongs_to_no_case_goes_on_to_the_official_mailbox(imap: ImapServer, smtp: MailServer) -> None:
    imap.put(letter("Hela texten", Subject="Om parken\tvid ån"))
    mailbox.read_new()
    (sent_on,) = forwarded(smtp)
    assert sent_on["Subject"] == "Vidare från Kontakt: Om parken vid ån"
    (attached,) = sent_on.iter_attachments()
    assert "Hela texten" in attached.get_content().get_content()
    assert answered(smtp) == ["maria@exempel.se"]
    assert (imap.unseen(), imap.flagged()) == ([], [])


def test_a_letter_that_not_every_server_takes_goes_on_as_a_file(imap: ImapServer, smtp: MailServer) -> None:
    raw = b"From: maria@exempel.se\r\nMessage-ID: <1@x.se>\r\n\r\n\xe5" + b"x" * 2_000
    imap.put(raw)
    mailbox.read_new()
    (sent_on,) = forwarded(smtp)
    (attached,) = sent_on.iter_attachments()
    assert attached.get_content() == raw


def test_a_large_letter_goes_on_whole_and_its_beginning_is_read(imap: ImapServer, smtp: MailServer) -> None:
    receipt = mailed()
    head = f"From: maria@exempel.se\r\nMessage-ID: <1@x.se>\r\nIn-Reply-To: {latest().message_id}\r\n"
    kind = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n--b\r\n"
    raw = (head + kind + "Content-Type: image/png\r\n\r\n" + ("x" * 70 + "\r\n") * 25_000).encode()
    imap.put(raw)
    mailbox.read_new()
    (body,) = emails(receipt)
    assert body.startswith("Hej\n\n[Mejlet hade 1 bilaga. Mejlet är längre än så här.")
    (sent_on,) = smtp.raw[-1:]
    assert len(sent_on) > len(raw)


def test_a_letter_to_a_case_with_a_protected_sender_goes_on_and_is_a_task(
    imap: ImapServer, smtp: MailServer
) -> None:
    receipt = mailed(name="Maria")
    answers = latest().message_id
    factories.act(protection.protect, factories.member(unit=None), receipt)
    imap.put(letter(answers=answers))
    mailbox.read_new()
    assert emails(receipt) == []
    assert TaskKind.EMAIL_REPLY in factories.open_tasks(receipt)
    assert len(forwarded(smtp)) == 1
    (answer,) = [each for each in smtp.received if each["In-Reply-To"]]
    assert factories.number(receipt) not in answer.get_content()


def test_a_bounce_settles_the_letter_and_becomes_a_task(imap: ImapServer, smtp: MailServer) -> None:
    receipt = mailed()
    imap.put(dsn(bounce_address(latest().id)))
    mailbox.read_new()
    row = latest()
    assert (row.state, row.problem, row.reply_code) == (State.FAILED, Problem.BOUNCED, 550)
    assert factories.open_tasks(receipt) == [TaskKind.UNDELIVERED]
    assert (outcomes(), smtp.received) == ([Outcome.BOUNCE], [])


def test_a_letter_that_is_still_tried_is_not_settled(imap: ImapServer, smtp: MailServer) -> None:
    mailed()
    imap.put(dsn(bounce_address(latest().id), action="delayed"))
    mailbox.read_new()
    assert (latest().state, outcomes()) == (State.SENT, [Outcome.AUTOMATIC])


def test_a_bounce_in_words_settles_the_letter(imap: ImapServer, smtp: MailServer) -> None:
    mailed()
    text = "Hi. This is the qmail-send program.\n<maria@exempel.se>: 550 5.1.1 no such user\n"
    imap.put(letter(text, Return_Path="<>", Delivered_To=bounce_address(latest().id)))
    mailbox.read_new()
    assert (latest().problem, latest().reply_code) == (Problem.BOUNCED, 550)


@pytest.mark.parametrize("token", ["1-" + "0" * 20, "9" * 19 + "-" + "0" * 20])
def test_a_forged_bounce_settles_nothing(imap: ImapServer, smtp: MailServer, token: str) -> None:
    receipt = mailed()
    imap.put(dsn(f"studs+{token}@kommun.example"))
    mailbox.read_new()
    assert latest().state is State.SENT
    assert factories.open_tasks(receipt) == []


def test_bounces_of_other_systems_and_holiday_replies_are_counted_and_left(
    imap: ImapServer, smtp: MailServer
) -> None:
    receipt = mailed()
    imap.put(*(dsn("annat@kommun.example", number=number) for number in range(5)))
    imap.put(letter("Jag är på semester", 99, latest().message_id, Auto_Submitted="auto-replied"))
    assert mailbox.read_new() == 6
    assert outcomes() == [Outcome.AUTOMATIC] * 6
    assert (smtp.received, emails(receipt), imap.unseen(), imap.flagged()) == ([], [], [], [])


def test_what_we_sent_on_and_comes_back_is_left_to_a_person(imap: ImapServer, smtp: MailServer) -> None:
    imap.put(letter("Ut"))
    mailbox.read_new()
    imap.put(bytes(forwarded(smtp)[0]))
    mailbox.read_new()
    assert len(forwarded(smtp)) == 1
    assert (outcomes(), imap.flagged()) == ([Outcome.FORWARDED, Outcome.LEFT], [2])


def test_lists_have_no_answer(imap: ImapServer, smtp: MailServer) -> None:
    imap.put(letter(Precedence="bulk"))
    mailbox.read_new()
    assert (answered(smtp), len(forwarded(smtp))) == ([], 1)


@pytest.mark.parametrize("sender", ["kontakt@kontakt.example", OFFICIAL.upper()])
def test_what_we_or_the_official_mailbox_write_is_left_to_a_person(
    imap: ImapServer, smtp: MailServer, sender: str
) -> None:
    imap.put(letter(From=f"Kommunen <{sender}>"))
    mailbox.read_new()
    assert (smtp.received, outcomes(), imap.flagged()) == ([], [Outcome.LEFT], [1])


def test_made_up_senders_do_not_make_us_write_to_strangers_in_numbers(
    imap: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "MAX_ANSWERS", 2)
    imap.put(*(letter(number=number, From=f"a{number}@exempel.se") for number in range(4)))
    mailbox.read_new()
    assert (len(answered(smtp)), len(forwarded(smtp))) == (2, 4)


def test_a_letter_that_cannot_be_sent_on_now_is_tried_again_and_stops_no_other(
    imap: ImapServer, smtp: MailServer, time_machine: TimeMachineFixture
) -> None:
    receipt = mailed()
    smtp.unknown.add(OFFICIAL)
    imap.put(letter("Utan ärende"), letter("Tack", 2, latest().message_id))
    mailbox.read_new()
    assert (emails(receipt), imap.unseen()) == (["Tack"], [1])
    smtp.unknown.clear()
    mailbox.read_new()
    assert forwarded(smtp) == []
    time_machine.move_to(MONDAY + registry.RETRY, tick=False)
    mailbox.read_new()
    assert (len(forwarded(smtp)), imap.unseen()) == (1, [])


def test_a_letter_that_can_never_be_sent_on_is_left_to_a_person(
    imap: ImapServer, smtp: MailServer, time_machine: TimeMachineFixture
) -> None:
    smtp.unknown.add(OFFICIAL)
    imap.put(letter("Utan ärende"))
    mailbox.read_new()
    time_machine.move_to(MONDAY + registry.GIVE_UP, tick=False)
    mailbox.read_new()
    assert (imap.flagged(), outcomes(), registry.left_count()) == ([1], [Outcome.LEFT], 1)


def test_killed_between_storing_and_marking_a_letter_is_one_message(
    imap: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = mailed()
    imap.put(letter(answers=latest().message_id))
    with monkeypatch.context() as killed:
        killed.setattr(Mailbox, "mark", lambda *_args, **_more: exec("raise KeyboardInterrupt"))
        with pytest.raises(KeyboardInterrupt):
            mailbox.read_new()
    assert imap.unseen() == [1]
    mailbox.read_new()
    assert (emails(receipt), imap.unseen(), len(smtp.received)) == (["Tack, men när?"], [], 1)


def test_killed_before_sending_on_a_letter_is_sent_on_once(
    imap: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    imap.put(letter())
    with monkeypatch.context() as killed:
        killed.setattr(outgoing, "forward", lambda *_args: exec("raise KeyboardInterrupt"))
        with pytest.raises(KeyboardInterrupt):
            mailbox.read_new()
    time_machine.move_to(MONDAY + registry.RETRY, tick=False)
    mailbox.read_new()
    mailbox.read_new()
    assert (len(forwarded(smtp)), len(answered(smtp)), imap.unseen()) == (1, 1, [])


def test_two_workers_at_once_handle_each_letter_once(
    inside: Flask, imap: ImapServer, smtp: MailServer
) -> None:
    receipt = mailed()
    first = latest().message_id
    imap.put(*(letter(f"Brev {number}", number, first) for number in range(5)), letter("Utan ärende", 9))
    factories.at_once(inside, 2, lambda _place: mailbox.read_new())
    assert sorted(emails(receipt)) == [f"Brev {number}" for number in range(5)]
    assert (len(forwarded(smtp)), len(answered(smtp))) == (1, 1)
    mailbox.read_new()
    assert imap.unseen() == []


def test_two_letters_with_one_message_id_are_both_kept(imap: ImapServer, smtp: MailServer) -> None:
    receipt = mailed()
    first = latest().message_id
    imap.put(letter("Ett", answers=first), letter("Två", answers=first), letter("Ett", answers=first))
    mailbox.read_new()
    assert emails(receipt) == ["Ett", "Två"]


def test_a_letter_that_fails_is_marked_and_the_others_are_read(
    imap: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = mailed()
    real = inbound_outcomes.handle

    def fail_first(read: Any, comes_back: bool) -> Any:
        if "trasigt" in read.text:
            raise RuntimeError
        return real(read, comes_back)

    monkeypatch.setattr(inbound_outcomes, "handle", fail_first)
    imap.put(letter("trasigt"), letter("Tack", 2, latest().message_id))
    with capture_logs() as lines:
        assert mailbox.read_new() == 2
    assert (emails(receipt), imap.flagged(), imap.unseen()) == (["Tack"], [1], [])
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["mailbox.letter_failed"]
    assert (sorted(outcomes()), registry.left_count()) == ([Outcome.LEFT, Outcome.REPLY], 1)


def test_the_languages_of_the_case_and_its_limits_hold_for_what_comes_by_mail(
    imap: ImapServer, smtp: MailServer
) -> None:
    receipt = mailed(language="en")
    first = latest().message_id
    imap.put(letter("\x00\u202eabc\r\n\x07 \n", answers=first), letter("\n", 2, first))
    mailbox.read_new()
    assert emails(receipt) == ["abc", "Re: Ditt klagomål"]
    (answer,) = smtp.received
    assert "We have received your e-mail" in answer.get_content()


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"LOGIN": "NO wrong password brevlosen"}, "login"),
        ({"SELECT": "NO no such folder"}, "folder"),
        ({"SEARCH": "BAD what"}, "search"),
        ({"FETCH": "NO gone"}, "fetch"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_logged_once_with_its_reason(
    imap: ImapServer, smtp: MailServer, answers: dict[str, str], reason: str
) -> None:
    imap.put(letter())
    imap.answers = answers
    reader = mailbox.Reader()
    with capture_logs() as lines:
        for _attempt in range(2):
            with pytest.raises(MailboxUnavailable, match=reason):
                reader.read()
    assert [line["reason"] for line in lines if line["event"] == "mailbox.unavailable"] == [reason]
    imap.answers = {}
    assert reader.read() == 1


def test_a_mailbox_that_cannot_be_read_is_a_job_that_failed(imap: ImapServer, smtp: MailServer) -> None:
    imap.answers = {"LOGIN": "NO brevlosen"}
    jobs.run_due_slow()
    assert scheduler.problems(jobs.SLOW_JOBS) == ["mailbox failed (MailboxUnavailable)"]


def test_without_a_mailbox_nothing_is_read(inside: Flask) -> None:
    assert mailbox.read_new() == 0


def test_what_was_read_is_forgotten_after_its_time(
    imap: ImapServer, smtp: MailServer, time_machine: TimeMachineFixture
) -> None:
    imap.put(letter())
    mailbox.read_new()
    time_machine.move_to(MONDAY + registry.ANSWER_PERIOD, tick=False)
    mailbox.read_new()
    db.close_read_session()
    assert db.session().scalars(db.sa.select(InboundMail.sender_mac)).all() == [None]
    time_machine.move_to(MONDAY + registry.RETENTION + dt.timedelta(seconds=1), tick=False)
    mailbox.read_new()
    assert outcomes() == []


def opened(server: ImapServer, **changes: Any) -> Mailbox:
    usual: dict[str, Any] = {"timeout": 5.0, "security": server.security}
    given = usual | changes
    return Mailbox(ImapSettings(server.host, server.port, "kontakt", "brevlosen", **given), server.trust)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_encrypted_mailbox_is_read_and_a_strange_certificate_is_refused(security: Any) -> None:
    with ImapServer(security) as server:
        server.put(b"From: a@b.se\r\n\r\nHej")
        with opened(server) as box:
            assert [box.fetch(uid, 0, box.size(uid)) for uid in box.unseen()] == [server.letters[1]]
        server.trust = ImapServer().trust
        with pytest.raises(MailboxUnavailable, match="insecure"):
            opened(server).__enter__()


def test_a_server_that_says_nothing_is_left_in_time() -> None:
    with ImapServer() as server:
        server.answers = {"SEARCH": HANG}
        with pytest.raises(MailboxUnavailable, match="search"), opened(server, deadline=0.2) as box:
            box.unseen()


def test_a_server_that_sends_too_much_has_it_read_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with ImapServer() as server, opened(server) as box:
        server.put(b"x" * (3 * 1024 * 1024), b"Hej")
        with pytest.raises(LetterUnreadable):
            box.fetch(b"1", 0, 3 * 1024 * 1024)
        assert box.fetch(b"2", 0, 1024) == b"Hej"
        monkeypatch.setattr(imap_client, "MAX_DISCARDED", 2 * 1024 * 1024)
        with pytest.raises(MailboxUnavailable, match="fetch"):
            box.fetch(b"1", 0, 3 * 1024 * 1024)


@pytest.mark.parametrize("fault", ["refused", "whole"])
def test_a_letter_that_the_server_cannot_hand_out_is_marked_and_stops_no_other(
    imap: ImapServer, smtp: MailServer, fault: str
) -> None:
    receipt = mailed()
    imap.put(b"x" * (3 * 1024 * 1024), letter("Tack", 2, latest().message_id))
    getattr(imap, fault).add(1)
    assert mailbox.read_new() == 2
    assert (emails(receipt), imap.flagged(), imap.unseen()) == (["Tack"], [1], [])
    assert (registry.left_count(), forwarded(smtp)) == (1, [])


def test_a_server_that_hands_out_no_letter_leaves_them_for_later(imap: ImapServer, smtp: MailServer) -> None:
    imap.put(letter("Ett"), letter("Två", 2))
    imap.refused = {1, 2}
    with pytest.raises(MailboxUnavailable, match="fetch"):
        mailbox.read_new()
    assert (imap.unseen(), imap.flagged(), outcomes()) == ([1, 2], [], [])
    imap.refused = set()
    mailbox.read_new()
    assert (imap.unseen(), len(forwarded(smtp))) == ([], 2)


def test_a_letter_that_is_deleted_after_the_search_is_no_letter(imap: ImapServer, smtp: MailServer) -> None:
    imap.put(letter("Ett"), letter("Två", 2))
    imap.gone = {1}
    assert mailbox.read_new() == 1
    assert (outcomes(), len(forwarded(smtp)), imap.unseen()) == ([Outcome.FORWARDED], 1, [1])


def test_a_letter_that_is_deleted_before_it_is_sent_on_is_not_sent_on_empty(
    imap: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = inbound_outcomes.handle

    def delete_then_handle(read: Any, comes_back: bool) -> Any:
        imap.gone = {1}
        return real(read, comes_back)

    monkeypatch.setattr(inbound_outcomes, "handle", delete_then_handle)
    imap.put(letter("Ett"))
    mailbox.read_new()
    assert forwarded(smtp) == []


def test_a_size_that_is_not_exact_cuts_no_letter(imap: ImapServer, smtp: MailServer) -> None:
    receipt = mailed()
    imap.surplus = 40
    imap.put(letter("Tack", answers=latest().message_id))
    mailbox.read_new()
    assert (emails(receipt), forwarded(smtp)) == (["Tack"], [])


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with ImapServer() as server:
        pass
    with pytest.raises(MailboxUnavailable, match="unreachable"):
        opened(server).__enter__()


def test_a_bounce_of_a_message_that_is_settled_changes_nothing(inside: Flask) -> None:
    mailed()
    with db.transaction() as writer:
        writer.get_one(OutboxMessage, latest().id).state = State.CANCELLED
    with db.transaction():
        assert not settlement.apply_bounce(latest().id, 550)
        assert not settlement.apply_bounce(99, 550)


HOSTILE_ID = "<=?utf-8?q?=0d=0aReply-To:_evil@x.se=0d=0a=0d=0aBetala?=>"
HOSTILE_SENDER = "=?utf-8?q?=0d=0aBcc=3a_evil=40x.se?=@x.se"
HOSTILE_WORD = "=?utf-8?q?=0d=0aReply-To:_evil@x.se=0d=0a=0d=0aBetala?="
OURS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Kontakt-Forwarded",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}
# What the server adds.
ADDED = {"X-Peer", "X-MailFrom", "X-RcptTo"}


def encoded(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def head(message_id: str = "<1@x.se>", subject: str = "Hej", sender: str = "maria@exempel.se") -> bytes:
    return f"From: {sender}\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n\r\nHej\r\n".encode()


@pytest.mark.parametrize(
    "raw",
    [
        head(message_id=HOSTILE_ID),
        head(message_id="<=?utf-8?q?=0d=0aBcc:_evil=40x.se?=@x.se>"),
        head(subject=encoded(HOSTILE_WORD)),
        head(subject=encoded(f"=\x00{HOSTILE_WORD[1:]}")),
        head(sender=HOSTILE_SENDER),
    ],
)
def test_a_stranger_writes_no_header_of_our_letters(imap: ImapServer, smtp: MailServer, raw: bytes) -> None:
    imap.put(raw)
    mailbox.read_new()
    assert len(forwarded(smtp)) == 1
    for sent in smtp.received:
        assert set(sent.keys()) - ADDED <= OURS
        assert "In-Reply-To" not in sent or sent["In-Reply-To"] == "<1@x.se>"
        assert "Betala" not in str(sent.get_body())


@pytest.mark.parametrize(
    ("message_id", "echoed"),
    [
        ("<a.b+c-d_1@[127.0.0.1]>", True),
        ("<" + "a" * 246 + "@b>", True),
        ("<" + "a" * 247 + "@b>", False),
        ("<a=b@x.se>", False),
        ("<a?b@x.se>", False),
        ("<a>\r\nBcc: b@x.se", False),
        ("<a@x.se>\n", False),
        ("", False),
    ],
)
def test_only_a_plain_message_id_is_echoed(smtp: MailServer, message_id: str, echoed: bool) -> None:
    outgoing.answer("maria@exempel.se", "Hej", "Text", message_id, config.settings())
    (sent,) = smtp.raw
    assert (b"In-Reply-To" in sent, b"References" in sent) == (echoed, echoed)


def test_a_letter_with_a_header_that_is_not_ours_is_not_sent(
    smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "_one_line", lambda text: text)
    with pytest.raises(ValueError, match="header"):
        outgoing.forward(b"Hej", HOSTILE_WORD, "Text", config.settings())
    assert smtp.received == []


def impatient(using: Any) -> MailSettings:
    """The settings of the mail server, with short times."""
    return replace(mail_settings(using), timeout=0.2, exchange_timeout=0.4, answer_timeout=0.6)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "mail_settings", impatient)


@pytest.mark.usefixtures("hasty")
def test_a_server_that_thinks_after_the_letter_has_it_once(imap: ImapServer, smtp: MailServer) -> None:
    smtp.pauses["DATA"] = 0.3
    imap.put(letter(From="noreply@exempel.se"))
    mailbox.read_new()
    assert (len(forwarded(smtp)), imap.unseen()) == (1, [])


@pytest.mark.usefixtures("hasty")
def test_a_server_that_does_not_say_goodbye_keeps_nobody_waiting(imap: ImapServer, smtp: MailServer) -> None:
    smtp.answers["QUIT"] = DRIP
    imap.put(letter(From="noreply@exempel.se"))
    started = time.monotonic()
    mailbox.read_new()
    assert time.monotonic() - started < 5.0
    assert (len(forwarded(smtp)), imap.unseen()) == (1, [])


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("end", [TAKE, DRIP])
def test_a_letter_whose_end_is_not_known_counts_as_sent_on(
    imap: ImapServer, smtp: MailServer, time_machine: TimeMachineFixture, end: str
) -> None:
    smtp.answers["DATA"] = end
    imap.put(letter(From="noreply@exempel.se"))
    mailbox.read_new()
    assert (imap.unseen(), imap.flagged(), outcomes()) == ([], [], [Outcome.FORWARDED])


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("command", ["CONNECT", "RCPT"])
def test_a_server_that_stops_before_the_letter_has_it_again(
    imap: ImapServer, smtp: MailServer, time_machine: TimeMachineFixture, command: str
) -> None:
    smtp.answers[command] = DRIP
    imap.put(letter(From="noreply@exempel.se"))
    started = time.monotonic()
    mailbox.read_new()
    assert time.monotonic() - started < 5.0
    assert imap.unseen() == [1]
    smtp.answers.clear()
    time_machine.move_to(MONDAY + registry.RETRY, tick=False)
    mailbox.read_new()
    assert (len(forwarded(smtp)), imap.unseen()) == (1, [])


def test_a_letter_that_is_sent_on_twice_is_the_same_letter(
    imap: ImapServer, smtp: MailServer, monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    imap.put(letter(From="noreply@exempel.se"), letter("Annat", 2, From="noreply@exempel.se"))
    with monkeypatch.context() as killed:
        killed.setattr(registry, "finish", lambda _row: exec("raise KeyboardInterrupt"))
        with pytest.raises(KeyboardInterrupt):
            mailbox.read_new()
    time_machine.move_to(MONDAY + registry.RETRY, tick=False)
    mailbox.read_new()
    first, again, other = (str(each["Message-ID"]) for each in forwarded(smtp))
    assert first == again != other
