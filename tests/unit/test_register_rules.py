"""The rules of the register: what is a row, what it says of sender and matter, who keeps it, which days."""

from dataclasses import replace
from datetime import date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.cases.enums import Direction, Kind, Purpose
from portal.formats import spreadsheet
from portal.identity.actors import Role, Staff
from portal.register.rules import (
    Entered,
    Entry,
    NamedAs,
    Period,
    PeriodProblem,
    entered,
    keeps_register,
    read_period,
)

TODAY = date(2026, 5, 18)
ENTRY = Entry(
    at=datetime(2026, 5, 4, 9, tzinfo=clock.STOCKHOLM),
    entered=Entered.IN,
    case=1,
    year=2026,
    number=1,
    kind=Kind.COMPLAINT,
    public_subject="Om min granne",
    internal_subject="Om min granne",
    unit="Parkenheten",
    sender="Maja Ek",
)


def test_every_message_from_and_to_the_sender_is_a_row_and_what_was_said_is_drawn_up() -> None:
    assert entered(Direction.IN, None) is Entered.IN
    for purpose in (Purpose.ANSWER, Purpose.QUESTION, Purpose.CONTACT):
        assert entered(Direction.OUT, purpose) is Entered.OUT
    assert entered(Direction.OUT, Purpose.ORAL_ANSWER) is Entered.DRAWN_UP
    assert entered(Direction.INTERNAL, Purpose.CALL) is Entered.DRAWN_UP


def test_an_internal_note_is_no_row() -> None:
    assert entered(Direction.INTERNAL, None) is None


def test_a_sender_is_named_only_where_nothing_hides_them() -> None:
    for secret, marked, hidden, protected in product([False, True], repeat=4):
        entry = replace(ENTRY, secret=secret, marked=marked, hidden=hidden, protected=protected)
        open_to_all = not (secret or marked or hidden or protected)
        assert entry.named_as is (NamedAs.NAME if open_to_all else NamedAs.SECRET)
        assert entry.names_sender is open_to_all


def test_a_sender_without_a_party_is_anonymous_and_a_handover_names_no_sender() -> None:
    anonymous = replace(ENTRY, anonymous=True, sender="")
    assert anonymous.named_as is NamedAs.ANONYMOUS
    assert not anonymous.names_sender
    assert not replace(ENTRY, other="Socialnämnden").names_sender


@pytest.mark.parametrize(
    ("secret", "public", "shown"),
    [
        (False, "Om min granne", "Om min granne"),
        (True, "Om min granne", ""),
        (True, "Om ett boende", "Om ett boende"),
        (False, "Om ett boende", "Om ett boende"),
    ],
)
def test_the_words_of_a_sender_are_not_written_of_a_case_with_secrecy(
    secret: bool, public: str, shown: str
) -> None:
    assert replace(ENTRY, secret=secret, public_subject=public).subject == shown


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("board", [None, 7])
@pytest.mark.parametrize("common", [False, True])
def test_only_a_records_officer_of_a_board_or_of_a_common_registry_keeps_a_register(
    role: Role | None, board: int | None, common: bool
) -> None:
    actor = Staff(1, 1, role, unit=3, board=board, common_registry=common)
    assert keeps_register(actor) is (role is Role.RECORDS_OFFICER and (board == 7 or common))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("", "", ("2026-05-01", "2026-05-18")),
        ("2026-04-03", "", ("2026-04-03", "2026-05-18")),
        ("", "2026-03-10", ("2026-03-01", "2026-03-10")),
        (" 2026-04-03 ", "2026-04-03", ("2026-04-03", "2026-04-03")),
        ("2026-06-01", "", ("2026-06-01", "2026-06-01")),
        ("1900-01-01", "2999-12-31", ("1900-01-01", "2999-12-31")),
    ],
)
def test_days_make_a_period_and_what_is_left_out_is_filled_in(
    first: str, last: str, days: tuple[str, str]
) -> None:
    expected = Period(*map(date.fromisoformat, days))
    assert read_period(first, last, TODAY).period == expected


@pytest.mark.parametrize(
    ("first", "last", "problems"),
    [
        ("igår", "", {"fran": PeriodProblem.UNREADABLE}),
        ("2026-02-30", "20260518", {"fran": PeriodProblem.UNREADABLE, "till": PeriodProblem.UNREADABLE}),
        ("2026-05-04", "2026-W20-1", {"till": PeriodProblem.UNREADABLE}),
        ("0001-01-01", "9999-12-31", {"fran": PeriodProblem.UNREADABLE, "till": PeriodProblem.UNREADABLE}),
        ("2026-05-04", "2026-05-03", {"till": PeriodProblem.REVERSED}),
    ],
)
def test_days_that_are_no_period_are_named_by_their_field(
    first: str, last: str, problems: dict[str, PeriodProblem]
) -> None:
    asked = read_period(first, last, TODAY)
    assert asked.period is None
    assert asked.problems == problems


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_text_is_both_a_period_and_a_problem(first: str, last: str) -> None:
    asked = read_period(first, last, TODAY)
    assert (asked.period is None) is bool(asked.problems)
    if asked.period:
        assert asked.period.first <= asked.period.last


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0=", "＝", " ＠"])
def test_no_cell_of_a_file_begins_as_a_formula(begins: str) -> None:
    assert spreadsheet.line([f"{begins}HYPERLINK(1)"]) == f'"\'{begins}HYPERLINK(1)"\r\n'


def test_a_cell_keeps_quotation_marks_semicolons_and_dashes_inside_it() -> None:
    written = spreadsheet.line(['Ett "hus"; ett träd', "2026-05-04", ""])
    assert written == '"Ett ""hus""; ett träd";"2026-05-04";""\r\n'
