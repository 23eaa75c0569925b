"""What must be true in the database, at the mail server and at the gateway when all is over."""

from collections import Counter
from collections.abc import Sequence
from email.message import EmailMessage
from itertools import groupby

import sqlalchemy as sa

from portal import crypto, db, hash_chain
from portal.audit import trail
from portal.audit.models import TrailEntry
from portal.cases.enums import TaskKind
from portal.cases.models import Case, Message, Task
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium
from tests.crash_recovery.people import Told
from tests.stubs.mail_server import MailServer
from tests.stubs.sms_gateway import SmsGateway

EVENTS = {"take": "CaseTaken", "answer": "CaseAnswered", "answer and close": "CaseAnsweredAndClosed"}
MESSAGES = {
    "CaseReceived": "received",
    "CaseTaken": "being_handled",
    "CaseAnswered": "answered",
    "CaseAnsweredAndClosed": "answered",
}


def number(case: Case) -> str:
    """As a person reads it."""
    return f"KB-{case.year}-{case.number:06}"


def cases() -> dict[str, Case]:
    """Every case by its number."""
    db.close_read_session()
    return {number(each): each for each in db.session().scalars(sa.select(Case))}


def rows(medium: Medium | None = None) -> Sequence[OutboxMessage]:
    """The outbox, case by case, oldest first."""
    db.close_read_session()
    query = sa.select(OutboxMessage).order_by(OutboxMessage.case_id, OutboxMessage.id)
    return db.session().scalars(query.where(OutboxMessage.medium == medium) if medium else query).all()


def expected_trail(told: Told) -> dict[str, list[str]]:
    """What each case must have been through: what was acknowledged, in its order, and nothing else."""
    events = {each.number: ["CaseReceived"] for each in told.cases}
    for each in told.actions:
        events[each.number].append(EVENTS[each.action])
    return events


def every_acknowledged_case_exists_once(told: Told) -> None:
    """One form, one case, with the number of its receipt."""
    stored = {each.submission: number(each) for each in cases().values()}
    receipts = {crypto.fingerprint("submission", each.submission): each.number for each in told.cases}
    assert len(receipts) == len(told.cases)
    assert stored == receipts


def every_case_has_its_first_message() -> None:
    """What the person wrote is there, once."""
    said = sa.select(Message.case_id).where(Message.direction == "in")
    assert sorted(db.session().scalars(said)) == sorted(each.id for each in cases().values())


def every_acknowledged_action_is_in_the_trail(told: Told) -> None:
    """Once each, in order, sealed; and no action twice."""
    names = {each.id: name for name, each in cases().items()}
    query = sa.select(TrailEntry).order_by(TrailEntry.case_id, TrailEntry.sequence)
    found = {
        names[case]: list(entries)
        for case, entries in groupby(db.session().scalars(query), lambda entry: entry.case_id)
    }
    assert {of: [entry.event for entry in each] for of, each in found.items()} == expected_trail(told)
    assert [of for of, each in found.items() if not _sealed(each)] == []


def _sealed(entries: list[TrailEntry]) -> bool:
    seal = hash_chain.GENESIS_SEAL
    for place, entry in enumerate(entries, 1):
        seal = trail.seal(seal, entry)
        if (entry.sequence, entry.seal) != (place, seal):
            return False
    return True


def every_wanted_message_is_in_the_outbox_once(told: Told) -> None:
    """One for each event of those who gave an address, none for the others."""
    names = {each.id: name for name, each in cases().items()}
    wanted = {of: [MESSAGES[event] for event in events] for of, events in expected_trail(told).items()}
    silent = {each.number for each in told.cases if each.way == "code"}
    found = groupby(rows(), lambda row: row.case_id)
    stored = {names[case]: [row.name for row in each] for case, each in found}
    assert stored == {of: messages for of, messages in wanted.items() if of not in silent}


def every_mail_has_arrived_under_one_message_id(mail: MailServer) -> int:
    """At least once each, to whom it was for, every copy under the same id; gives how many were copies.

    A letter of which two workers were killed may be uncertain, and has a task then.
    """
    found = rows(Medium.EMAIL)
    sent = [row for row in found if row.state is State.SENT]
    uncertain = [row for row in found if row.state is State.UNCERTAIN]
    assert [row.message_id for row in found if row not in sent + uncertain] == []
    assert [row.message_id for row in uncertain if row.uncertain_tries < 2] == []
    copies = Counter((each["Message-ID"], each["To"], each["Subject"]) for each in mail.received)
    assert {_identity(row) for row in sent} <= set(copies) <= {_identity(row) for row in found}
    texts = {(each["To"], _text(each)) for each in mail.received}
    assert len(texts) == len(copies)
    return copies.total() - len(copies)


def _identity(row: OutboxMessage) -> tuple[str, str | None, str | None]:
    return (row.message_id, row.recipient, row.subject)


def the_order_of_each_case_was_kept(mail: MailServer) -> None:
    """The first copy of each mail of a case came after the first copy of the one before it."""
    arrived: dict[str, int] = {}
    for place, each in enumerate(mail.received):
        arrived.setdefault(str(each["Message-ID"]), place)
    for _case, found in groupby(rows(Medium.EMAIL), lambda row: row.case_id):
        places = [arrived[row.message_id] for row in found if row.message_id in arrived]
        assert places == sorted(places)


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content())


def every_sms_was_sent_once_or_is_uncertain(gateway: SmsGateway) -> int:
    """Never twice; sent means accepted; what is uncertain has a task. Gives how many are uncertain."""
    taken = Counter((form["to"], form["message"]) for form in gateway.accepted)
    sent = rows(Medium.SMS)
    states = {row.state: [each for each in sent if each.state is row.state] for row in sent}
    assert set(states) <= {State.SENT, State.UNCERTAIN}
    assert set(taken.values()) <= {1}
    assert [
        row.id for row in states.get(State.SENT, []) if not taken[row.recipient or "", row.text or ""]
    ] == []
    assert set(taken) <= {(row.recipient, row.text) for row in sent}
    asked = set(
        db.session().scalars(sa.select(Task.case_id).filter_by(kind=TaskKind.UNCERTAIN, done_at=None))
    )
    uncertain = states.get(State.UNCERTAIN, [])
    letters = [row for row in rows(Medium.EMAIL) if row.state is State.UNCERTAIN]
    assert asked == {row.case_id for row in uncertain + letters}
    return len(uncertain)


def numbers_have_no_gap() -> None:
    """From one upwards, in every year."""
    given = sorted((each.year, each.number) for each in cases().values())
    for _year, found in groupby(given, lambda each: each[0]):
        numbers = [each[1] for each in found]
        assert numbers == list(range(1, len(numbers) + 1))


def the_file_is_whole() -> None:
    """SQLite's own check, and every reference leads somewhere."""
    if db.engine().dialect.name == "sqlite":
        with db.engine().connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def stored_but_not_told(told: Told) -> int:
    """How much was stored already when somebody without an answer sent the form again."""
    names = {each.id: name for name, each in cases().items()}
    stored = {
        (names[each.case_id], each.event): each.at for each in db.session().scalars(sa.select(TrailEntry))
    }
    sent = {(each.number, "CaseReceived"): each.last_sent for each in told.cases}
    sent |= {(each.number, EVENTS[each.action]): each.last_sent for each in told.actions}
    return sum(stored[what] < moment for what, moment in sent.items())
