"""The register of a board: what is a row of it, in what order, what it says, and what stays as it was."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db, pagination
from portal.cases.actions import email_replies, handling, protection
from portal.cases.actions import sender as sender_actions
from portal.cases.authority.models import CaseHandover
from portal.cases.authority.placement import place
from portal.cases.enums import BarKind, Direction, HandoverGround, Purpose, ReplyBy, Secrecy
from portal.cases.groups import relations
from portal.cases.intake.submission import Receipt, submit
from portal.cases.models import Case, CaseBar, Message
from portal.identity import queries as people
from portal.identity.actors import Staff, System
from portal.organisation import queries as organisation
from portal.organisation.models import Board, Unit
from portal.register import queries as register
from portal.register.rules import Entered, Entry, NamedAs, Period, entered
from tests import factories

DAY = date(2026, 5, 4)
NINE = datetime(2026, 5, 4, 9, tzinfo=clock.STOCKHOLM)
ALWAYS = Period(date(2000, 1, 1), date(2999, 12, 31))
HERE, THERE = "park", "aldre"


def board_of(unit: str) -> Board:
    found = organisation.unit(unit)
    assert found
    return found.board


def rows(actor: Staff, unit: str = HERE, period: Period = ALWAYS, size: int = 100) -> Sequence[Entry]:
    db.close_read_session()
    return register.entries(actor, board_of(unit), period, size=size).rows


def change(receipt: Receipt, **values: Any) -> None:
    """Set columns of a case, whose actions another module tests."""
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        for name, value in values.items():
            setattr(case, name, value)


def hand_over(receipt: Receipt, to: str) -> None:
    """The case goes to a unit of another authority, as cases/authority keeps it."""
    with db.transaction() as writer:
        case, unit = writer.get_one(Case, receipt.case), organisation.unit(to)
        assert unit
        last = writer.scalar(sa.select(sa.func.max(Message.id)).where(Message.case_id == case.id))
        writer.add(_handover(case, unit, last))
        place(case, case.category, unit, unit)


def _handover(case: Case, unit: Unit, last: int | None) -> CaseHandover:
    same = ("category_id", "status", "secrecy", "secrecy_provision", "public_subject", "internal_subject")
    return CaseHandover(
        case_id=case.id,
        at=clock.now(),
        from_board_id=case.responsible_board_id,
        to_board_id=unit.board_id,
        from_unit_id=case.responsible_unit_id,
        to_unit_id=unit.id,
        ground=HandoverGround.NO_SECRECY,
        last_message_id=last,
        last_sequence=1,
        hide_sender=case.hide_sender,
        **{name: getattr(case, name) for name in same},
    )


@pytest.fixture
def eva(inside: Flask) -> Staff:
    return factories.records_officer(HERE)


def test_what_comes_in_goes_out_and_is_spoken_is_a_row_and_a_note_is_none(eva: Staff) -> None:
    anna = factories.member("anna", unit=HERE)
    receipt = factories.send_in(name="Maja Ek", email="maja@exempel.se")
    steps: list[tuple[Callable[..., None], Any]] = [
        (handling.note, "En anteckning"),
        (handling.record_call, "Vi talades vid"),
        (handling.message_sender, "Vi tittar på det"),
        (handling.request_supplement, "Var?"),
    ]
    for command, text in steps:
        factories.act(command, anna, receipt, text)
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Vid dammen")
    factories.act(handling.answer_orally, anna, receipt, "Den öppnar i dag")
    assert [row.entered for row in rows(eva)] == [
        Entered.IN,
        Entered.DRAWN_UP,
        Entered.OUT,
        Entered.OUT,
        Entered.IN,
        Entered.DRAWN_UP,
    ]
    assert {(row.number, row.sender, row.subject, row.unit, row.reached) for row in rows(eva)} == {
        (receipt.number, "Maja Ek", "Lekplatsen är stängd", "Parkenheten", True)
    }


def test_the_database_and_the_rule_agree_on_what_is_a_row(eva: Staff) -> None:
    receipt = factories.send_in()
    recorded = []
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        for direction, purpose in product(Direction, [None, *Purpose]):
            common = {"case_id": case.id, "board_id": case.responsible_board_id, "language": "sv"}
            values = {"direction": direction, "purpose": purpose, "body": "x", "arrived_at": clock.now()}
            writer.add(Message(**common, **values))
            writer.flush()
            recorded += [why] if (why := entered(direction, purpose)) else []
    assert [row.entered for row in rows(eva)][1:] == recorded
    assert len(recorded) < len(Direction) * (len(Purpose) + 1)


def test_a_row_belongs_to_its_day_in_sweden(eva: Staff) -> None:
    for hour, subject in ((-1, "Före"), (0, "Först"), (23, "Sist"), (24, "Efter")):
        with clock.at(datetime(2026, 5, 4, tzinfo=clock.STOCKHOLM) + timedelta(hours=hour)):
            factories.send_in(subject=subject)
    assert [row.subject for row in rows(eva, period=Period(DAY, DAY))] == ["Först", "Sist"]


def test_a_handover_is_one_row_out_and_one_in_and_repeats_nothing(eva: Staff) -> None:
    samir = factories.records_officer(THERE, "samir")
    with clock.at(NINE):
        receipt = factories.send_in(name="Maja Ek", email="maja@exempel.se")
    with clock.at(NINE + timedelta(days=1)):
        hand_over(receipt, THERE)
    with clock.at(NINE + timedelta(days=2)):
        factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Hur går det?")
    here, there = board_of(HERE).name, board_of(THERE).name
    assert [(row.entered, row.other, row.at, row.unit, row.reached) for row in rows(eva)] == [
        (Entered.IN, "", NINE, "Parkenheten", True),
        (Entered.OUT, there, NINE + timedelta(days=1), "Parkenheten", True),
    ]
    unit = organisation.unit(THERE)
    assert unit
    assert [(row.entered, row.other, row.at, row.unit, row.reached) for row in rows(samir, THERE)] == [
        (Entered.IN, here, NINE + timedelta(days=1), unit.name, True),
        (Entered.IN, "", NINE + timedelta(days=2), unit.name, True),
    ]


def test_the_old_register_keeps_what_the_board_had_when_the_case_left(eva: Staff) -> None:
    samir = factories.records_officer(THERE, "samir")
    receipt = factories.send_in(name="Maja Ek", email="maja@exempel.se")
    change(receipt, public_subject="Stängd lekplats")
    hand_over(receipt, THERE)
    change(receipt, public_subject="Om en granne", hide_sender=True, secrecy=Secrecy.MARKED)
    assert {(row.subject, row.named_as, row.secret) for row in rows(eva)} == {
        ("Stängd lekplats", NamedAs.NAME, False)
    }
    assert [(row.subject, row.named_as) for row in rows(samir, THERE)] == [("Om en granne", NamedAs.SECRET)]


def test_a_case_that_comes_back_shows_each_time_as_it_was(eva: Staff) -> None:
    receipt = factories.send_in()
    hand_over(receipt, THERE)
    change(receipt, public_subject="Hos den andra")
    hand_over(receipt, HERE)
    change(receipt, public_subject="Tillbaka")
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Hur går det?")
    assert [(row.entered, row.subject) for row in rows(eva)] == [
        (Entered.IN, "Lekplatsen är stängd"),
        (Entered.OUT, "Lekplatsen är stängd"),
        (Entered.IN, "Tillbaka"),
        (Entered.IN, "Tillbaka"),
    ]
    hand_over(receipt, THERE)
    change(receipt, public_subject="Borta igen")
    assert [row.subject for row in rows(eva)][2:] == ["Tillbaka"] * 3


def test_a_case_between_branches_of_one_board_is_out_and_in_of_the_same_register(eva: Staff) -> None:
    with db.transaction():
        other = next(
            unit for unit in organisation.units() if unit.board_id == board_of(HERE).id and unit.key != HERE
        )
    receipt = factories.send_in()
    hand_over(receipt, other.key)
    assert [(row.entered, row.other, row.unit) for row in rows(eva)] == [
        (Entered.IN, "", "Parkenheten"),
        (Entered.OUT, other.name, "Parkenheten"),
        (Entered.IN, "Parkenheten", other.name),
    ]


def test_a_part_that_is_split_off_is_registered_when_it_was(eva: Staff) -> None:
    anna = factories.member("anna", unit=HERE)
    with clock.at(NINE):
        receipt = factories.send_in()
    with clock.at(NINE + timedelta(days=3)):
        factories.act(relations.split, anna, receipt, "En del")
    assert [(row.at, row.number) for row in rows(eva)] == [
        (NINE, receipt.number),
        (NINE + timedelta(days=3), receipt.number + 1),
    ]


def test_a_part_of_a_case_that_has_left_is_no_row_of_the_board_that_let_it_go(eva: Staff) -> None:
    receipt = factories.send_in()
    hand_over(receipt, "grundskola")
    receiver = factories.member("samir", unit="grundskola")
    factories.act(relations.split, receiver, receipt, "Bara skolans sak")
    assert [(row.entered, row.number) for row in rows(eva)] == [
        (Entered.IN, receipt.number),
        (Entered.OUT, receipt.number),
    ]


@pytest.mark.parametrize(
    ("values", "named", "subject"),
    [
        ({}, NamedAs.NAME, "Lekplatsen är stängd"),
        ({"hide_sender": True}, NamedAs.SECRET, "Lekplatsen är stängd"),
        ({"secrecy": Secrecy.MARKED}, NamedAs.SECRET, ""),
        ({"secrecy": Secrecy.TOPIC, "public_subject": "Om en plats"}, NamedAs.SECRET, "Om en plats"),
    ],
)
def test_secrecy_of_the_case_hides_sender_and_words(
    eva: Staff, values: dict[str, Any], named: NamedAs, subject: str
) -> None:
    receipt = factories.send_in(name="Maja Ek", email="maja@exempel.se")
    change(receipt, **values)
    assert [(row.named_as, row.subject) for row in rows(eva)] == [(named, subject)]


def test_a_marked_message_is_a_row_without_its_sender_and_no_other_row_is_changed(eva: Staff) -> None:
    receipt = factories.send_in(name="Maja Ek", email="maja@exempel.se")
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Om min granne")
    with db.transaction() as writer:
        last = writer.scalar(sa.select(sa.func.max(Message.id)))
        writer.get_one(Message, last).secrecy_provision = "OSL 26:1"
    assert [row.named_as for row in rows(eva)] == [NamedAs.NAME, NamedAs.SECRET]


def test_a_letter_to_the_mailbox_is_a_row_that_names_nobody(eva: Staff) -> None:
    receipt = factories.send_in(email="maria@exempel.se", name="Maria")
    factories.act(email_replies.receive_email, System(), receipt, "Tack")
    assert [(row.entered, row.named_as) for row in rows(eva)] == [
        (Entered.IN, NamedAs.NAME),
        (Entered.IN, NamedAs.UNVERIFIED),
    ]


def test_a_protected_sender_is_named_nowhere_and_an_anonymous_one_is_anonymous(eva: Staff) -> None:
    anna = factories.member("anna", unit=HERE)
    receipt = factories.send_in(name="Maja Ek", email="maja@exempel.se")
    factories.send_in()
    factories.act(protection.protect, anna, receipt)
    assert [row.named_as for row in rows(eva)] == [NamedAs.SECRET, NamedAs.ANONYMOUS]


def test_a_person_whose_record_is_protected_is_so_in_what_has_left_the_board_too(eva: Staff) -> None:
    maria = factories.citizen()
    with db.transaction():
        receipt = submit(factories.new_case(reply_by=ReplyBy.PORTAL), maria)
    hand_over(receipt, THERE)
    with db.transaction():
        people.person(maria.person).protected = True
    assert {row.named_as for row in rows(eva)} == {NamedAs.SECRET}


def test_who_is_barred_from_a_case_or_sent_it_finds_none_of_its_rows(eva: Staff) -> None:
    barred, own, other = factories.send_in(), factories.send_in(), factories.send_in()
    with db.transaction() as writer:
        writer.add(CaseBar(case_id=barred.case, person_id=eva.person, kind=BarKind.CONCERNED, at=clock.now()))
    change(own, sender_person_id=eva.person)
    hand_over(own, THERE)
    hand_over(barred, THERE)
    assert {row.case for row in rows(eva)} == {other.case}


def test_another_board_has_none_of_it_and_its_officer_keeps_only_that_register(eva: Staff) -> None:
    factories.send_in()
    samir = factories.records_officer(THERE, "samir")
    assert [board.id for board in register.boards(samir)] == [board_of(THERE).id]
    assert rows(samir, THERE) == []
    assert len(rows(eva)) == 1


def test_a_case_that_the_board_neither_has_nor_handed_over_is_no_link(eva: Staff) -> None:
    receipt = factories.send_in()
    unit = organisation.unit(THERE)
    assert unit
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        place(case, case.category, writer.merge(unit), writer.merge(unit))
    assert [row.reached for row in rows(eva)] == [False]


def test_pages_meet_every_row_once_there_and_back_whatever_its_source(eva: Staff) -> None:
    with clock.at(NINE):
        receipts = [factories.send_in(subject=f"Ärende {number}") for number in range(7)]
        for receipt in receipts[::2]:
            hand_over(receipt, THERE)
            hand_over(receipt, HERE)
    every = rows(eva)
    assert len(every) == 7 + 2 * 4
    there, back = _walk(eva, "after"), _walk(eva, "before")
    assert [row for page in there for row in page] == list(every)
    # The first page is always full, so it may repeat rows of the one after it.
    assert list(dict.fromkeys(row for page in reversed(back) for row in page)) == list(every)
    assert {len(page) for page in there[:-1] + back} == {4}


def _walk(actor: Staff, way: str) -> list[Sequence[Entry]]:
    found, at = [], pagination.BEGINNING if way == "after" else pagination.END
    while True:
        page = register.entries(actor, board_of(HERE), ALWAYS, at, 4)
        found.append(page.rows)
        if not (cursor := getattr(page, way)):
            return found
        at = pagination.place(register.ORDER, **{"after": None, "before": None, way: cursor})


def test_the_length_of_a_register_counts_every_source(eva: Staff) -> None:
    receipt = factories.send_in()
    hand_over(receipt, THERE)
    hand_over(receipt, HERE)
    board = board_of(HERE)
    assert register.is_longer_than(eva, board, ALWAYS, 2)
    assert not register.is_longer_than(eva, board, ALWAYS, 3)
