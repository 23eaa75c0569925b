"""Sending in: one form makes one case, the numbers have no gap, and the code is nowhere."""

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from time_machine import TimeMachineFixture

from portal import clock, db, events, wiring
from portal.cases import queries
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import Channel, Direction, Kind, ReplyBy
from portal.cases.events import CaseReceived
from portal.cases.intake import code_access, codes
from portal.cases.intake.submission import NewCase, Receipt, submit
from portal.cases.lifecycle import Status
from portal.cases.models import Case, Message, Party
from portal.identity.actors import CodeHolder
from portal.operations import migrations
from tests import factories

STOCKHOLM = clock.STOCKHOLM


def count(model: type[Any]) -> int:
    db.close_read_session()
    return db.session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def sent(new: NewCase) -> Receipt:
    with db.transaction():
        return submit(new)


def numbers() -> list[int]:
    db.close_read_session()
    return list(db.session().scalars(sa.select(Case.number).order_by(Case.number)))


def test_what_is_sent_is_stored_as_it_was_written(inside: Flask) -> None:
    receipt = factories.send_in(
        kind=Kind.FAULT_REPORT, subject="Trasig gunga", body="Rad ett\n\nrad två <b>å</b>"
    )
    case = factories.case(receipt)
    assert (case.kind, case.status, case.channel) == (Kind.FAULT_REPORT, Status.RECEIVED, Channel.WEB)
    assert case.reference == receipt.reference == factories.number(receipt)
    assert case.public_subject == case.internal_subject == "Trasig gunga"
    (message,) = case.messages
    assert (message.direction, message.body) == (Direction.IN, "Rad ett\n\nrad två <b>å</b>")
    assert message.arrived_at == case.received_at == case.updated_at


def test_a_case_goes_to_the_units_of_its_topic(inside: Flask) -> None:
    case = factories.case(factories.send_in(category="gator"))
    assert case.category is not None
    assert (case.responsible_unit.key, case.handling_unit.key) == ("gata", "gata")


def test_a_case_without_a_topic_goes_to_the_first_line(inside: Flask) -> None:
    case = factories.case(factories.send_in(category=None))
    assert case.category is None
    assert (case.responsible_unit.key, case.handling_unit.key) == ("medborgarservice", "medborgarservice")


def test_a_case_keeps_the_promise_and_the_profile_that_it_was_born_under(inside: Flask) -> None:
    case = factories.case(factories.send_in())
    assert case.promise == {"contact": None, "answer": 10}
    assert case.profile_version.profile == "burlov"
    assert case.clock_started_on == clock.today()
    assert case.due_answer is not None
    assert case.due_contact is None


def test_who_wants_only_a_code_is_nobody(inside: Flask) -> None:
    receipt = factories.send_in(name="Maria Ek", email="maria@exempel.se", reply_by=ReplyBy.CODE)
    assert factories.case(receipt).party is None
    assert count(Party) == 0


def test_who_wants_a_letter_is_known_by_name_and_address_alone(inside: Flask) -> None:
    party = factories.case(factories.send_in(name="Maria Ek", email="maria@exempel.se")).party
    assert party
    assert (party.name, party.email, party.person_id) == ("Maria Ek", "maria@exempel.se", None)


def test_the_same_form_twice_is_one_case_and_one_receipt(inside: Flask) -> None:
    new = factories.new_case(email="maria@exempel.se")
    first, second = sent(new), sent(new)
    assert first == second
    assert second.same
    assert (count(Case), count(Message), count(Party), len(factories.letters())) == (1, 1, 1, 1)
    assert len(factories.entries(first)) == 1


@pytest.mark.parametrize(
    "other", [{"body": "Något annat"}, {"subject": "Något annat"}, {"kind": Kind.PRAISE}], ids=str
)
def test_the_same_form_with_another_text_says_so_and_stores_nothing(
    inside: Flask, other: dict[str, Any]
) -> None:
    first = sent(factories.new_case(submission="form-1"))
    second = sent(factories.new_case(submission="form-1", **other))
    assert (first.same, second.same) == (True, False)
    assert (first.case, first.number, first.code) == (second.case, second.number, second.code)
    assert (count(Case), count(Message)) == (1, 1)
    assert factories.case(first).messages[0].body == factories.new_case().body


@pytest.mark.parametrize(
    "other", [{"email": "ny@exempel.se"}, {"reply_by": ReplyBy.CODE}, {"category": "gator"}], ids=str
)
def test_another_way_to_answer_or_another_topic_is_not_passed_over_in_silence(
    inside: Flask, other: dict[str, Any]
) -> None:
    usual: dict[str, Any] = {"submission": "form-1", "email": "fel@exempel.se"}
    first = sent(factories.new_case(**usual))
    second = sent(factories.new_case(**usual | other))
    assert (second.case, second.same) == (first.case, False)


def test_two_forms_with_the_same_text_are_two_cases(inside: Flask) -> None:
    first, second = factories.send_in(), factories.send_in()
    assert (first.number, second.number) == (1, 2)
    assert first.code != second.code


def test_a_reply_does_not_make_the_first_form_another(inside: Flask) -> None:
    new = factories.new_case()
    first = sent(new)
    factories.act(sender_actions.reply, factories.sender(first), first, "En sak till")
    assert sent(new).same


def test_eight_who_send_one_form_at_once_make_one_case(inside: Flask) -> None:
    new = factories.new_case(email="maria@exempel.se")
    receipts = factories.at_once(inside, 8, lambda _place: sent(new))
    assert len(set(receipts)) == 1
    assert receipts[0].same
    assert (count(Case), count(Message), len(factories.letters())) == (1, 1, 1)
    assert numbers() == [1]


@pytest.mark.parametrize("count", [10, pytest.param(50, marks=pytest.mark.full)])
def test_cases_by_eight_at_once_get_numbers_without_a_gap(inside: Flask, count: int) -> None:
    # On a busy machine one of eight writers may wait longer than a request does.
    db.lift_time_limits()
    got = factories.at_once(inside, 8, lambda _place: [factories.send_in().number for _each in range(count)])
    assert sorted(number for each in got for number in each) == list(range(1, 8 * count + 1))
    assert numbers() == list(range(1, 8 * count + 1))
    assert [each for each in got if each != sorted(each)] == []


def test_a_number_whose_case_was_undone_is_given_to_the_next(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.send_in()
    with monkeypatch.context() as broken:
        _refuse_received(broken, "Stör")
        with pytest.raises(Refused):
            factories.send_in(subject="Stör")
    assert factories.send_in().number == 2
    assert numbers() == [1, 2]


def test_numbers_have_no_gap_when_some_of_many_at_once_are_undone(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refuse_received(monkeypatch, "Stör")

    def five(place: int) -> None:
        for each in range(5):
            with suppress(Refused):
                factories.send_in(subject="Stör" if (place + each) % 3 == 0 else "Går bra")

    factories.at_once(inside, 8, five)
    kept = sum((place + each) % 3 != 0 for place in range(8) for each in range(5))
    assert numbers() == list(range(1, kept + 1))
    assert count(Message) == kept


class Refused(Exception):
    """A listener that would not."""


def _refuse_received(monkeypatch: pytest.MonkeyPatch, subject: str) -> None:
    """A last listener that undoes every case with this subject."""

    def refuse(event: CaseReceived) -> None:
        case = queries.case_by_id(CodeHolder(event.case), event.case)
        if case and case.public_subject == subject:
            raise Refused

    heard = {**wiring.LISTENERS, CaseReceived: [*wiring.LISTENERS[CaseReceived], refuse]}
    monkeypatch.setattr(events, "_listeners", heard)


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=STOCKHOLM), 2026),
        (dt.datetime(2027, 1, 1, 0, 0, 0, tzinfo=STOCKHOLM), 2027),
        (dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC), 2027),
    ],
)
def test_the_year_of_registration_is_the_one_on_the_wall_in_sweden(
    inside: Flask, time_machine: TimeMachineFixture, moment: dt.datetime, year: int
) -> None:
    time_machine.move_to(moment, tick=False)
    receipt = factories.send_in()
    assert (receipt.year, receipt.number) == (year, 1)
    assert factories.case(receipt).received_at == moment


def test_each_year_counts_from_one(inside: Flask, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(dt.datetime(2026, 12, 31, 12, tzinfo=STOCKHOLM))
    old = [factories.send_in(), factories.send_in()]
    time_machine.move_to(dt.datetime(2027, 1, 2, 12, tzinfo=STOCKHOLM))
    new = factories.send_in()
    assert [(each.year, each.number) for each in (*old, new)] == [(2026, 1), (2026, 2), (2027, 1)]


def test_the_code_opens_the_case_with_its_number_and_nothing_else_does(inside: Flask) -> None:
    receipt, other = factories.send_in(), factories.send_in()
    assert code_access.code_holder_for(receipt.code, receipt.year, receipt.number) == CodeHolder(receipt.case)
    assert code_access.code_holder_for(other.code, receipt.year, receipt.number) is None
    assert code_access.code_holder_for(receipt.code, receipt.year, 4711) is None
    assert code_access.code_holder_for(receipt.code, receipt.year - 1, receipt.number) is None


def test_neither_code_nor_form_stands_in_any_column_of_any_table(inside: Flask) -> None:
    new = factories.new_case(email="maria@exempel.se")
    receipt = sent(new)
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "En sak till")
    with db.transaction():
        code_access.grant(factories.sender(receipt))
    kept = _everything()
    assert "maria@exempel.se" in kept
    for trace in (receipt.code, receipt.code.lower(), "-".join(codes.groups(receipt.code)), new.submission):
        assert trace not in kept


def _everything() -> str:
    """All that all tables hold, decrypted where it is encrypted, and as it is stored."""
    db.close_read_session()
    read = [db.session().execute(sa.select(table)) for table in migrations.metadata().tables.values()]
    raw = [db.session().execute(sa.text(f'SELECT * FROM "{name}"')) for name in migrations.metadata().tables]
    cells = (cell for rows in (*read, *raw) for row in rows for cell in row)
    return "\n".join(_written(cell) for cell in cells)


def _written(cell: object) -> str:
    return bytes(cell).decode("latin-1") if isinstance(cell, bytes | memoryview) else str(cell)
