"""Who does what with a board's report, of which months it is, and that it is stored as it was counted."""

import json
from dataclasses import replace
from datetime import date

import pytest

from portal.board_reports import rules
from portal.board_reports.content import (
    FATE,
    Definition,
    Figure,
    Growth,
    ImprovementLine,
    ProposalLine,
    ReportContent,
    Row,
    Share,
    Table,
    from_json,
    to_json,
)
from portal.board_reports.rules import BoardPlace, ChoiceProblem, Problem, ReportState
from portal.cases.improvements.rules import ImprovementState
from portal.identity.actors import Role, Staff
from portal.statistics.inside.rules import Hidden, Measure, Months

BOARD = BoardPlace(1, frozenset({10, 11}), frozenset({100}))
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def staff(role: Role | None, **scope: int | bool) -> Staff:
    return Staff(person=1, membership=2, role=role, **scope)  # type: ignore[arg-type]


# Of each actor: reads a fixed report, reads a draft, writes one, chooses cases, fixes it.
WHO = [
    (staff(Role.OFFICER, unit=10), "fixed draft choose"),
    (staff(Role.OFFICER, unit=12), ""),
    (staff(Role.OFFICER, board=1), "fixed draft choose"),
    (staff(Role.OFFICER, board=2), ""),
    (staff(Role.OFFICER), "fixed draft choose"),
    (staff(Role.HEAD_OF_UNIT, unit=10), "fixed draft write choose"),
    (staff(Role.HEAD_OF_UNIT, unit=12), ""),
    (staff(Role.HEAD_OF_UNIT, board=1), "fixed draft write choose fix"),
    (staff(Role.HEAD_OF_UNIT, board=2), ""),
    (staff(Role.HEAD_OF_UNIT), "fixed draft write choose fix"),
    (staff(Role.HEAD_OF_ADMINISTRATION, administration=100), "fixed draft write choose fix"),
    (staff(Role.HEAD_OF_ADMINISTRATION, administration=101), ""),
    (staff(Role.HEAD_OF_ADMINISTRATION), ""),
    (staff(Role.REGISTRAR), "fixed"),
    (staff(Role.RECORDS_OFFICER, board=1), "fixed"),
    (staff(Role.RECORDS_OFFICER, board=2), ""),
    (staff(Role.RECORDS_OFFICER), ""),
    (staff(Role.RECORDS_OFFICER, common_registry=True), "fixed"),
    (staff(Role.ANALYST), "fixed"),
    (staff(Role.ELECTED), "fixed"),
    (staff(Role.PROCESS_OWNER), "fixed draft write"),
    (staff(Role.ADMINISTRATOR), ""),
    (staff(None), ""),
]


@pytest.mark.parametrize(("actor", "may"), WHO)
def test_who_does_what(actor: Staff, may: str) -> None:
    allowed = {
        "fixed": rules.may_read(actor, BOARD, ReportState.FIXED),
        "draft": rules.may_read(actor, BOARD, ReportState.DRAFT),
        "write": rules.may_write(actor, BOARD),
        "choose": rules.may_choose_cases(actor, BOARD),
        "fix": rules.may_fix(actor, BOARD),
    }
    assert " ".join(name for name, is_allowed in allowed.items() if is_allowed) == may


def test_every_role_is_in_the_table() -> None:
    assert {actor.role for actor, _may in WHO} == {*Role, None}


def test_a_report_is_of_at_most_two_years_of_counted_months() -> None:
    counted = Months(date(2024, 1, 1), MAY)
    assert rules.period_problem(Months(MAY, date(2026, 4, 1)), counted) is Problem.REVERSED
    assert rules.period_problem(Months(MAY, JUNE), counted) is Problem.NOT_COUNTED
    assert rules.period_problem(Months(MAY, MAY), None) is Problem.NOTHING_COUNTED
    assert rules.period_problem(Months(date(2024, 5, 1), MAY), counted) is Problem.TOO_LONG
    assert rules.period_problem(Months(date(2024, 6, 1), MAY), counted) is None


def test_nothing_is_compared_with_a_part_of_a_year() -> None:
    assert rules.is_compared(Months(MAY, MAY), Months(date(2025, 5, 1), MAY))
    assert not rules.is_compared(Months(date(2026, 4, 1), MAY), Months(date(2025, 5, 1), MAY))


def test_a_text_is_neither_empty_nor_long() -> None:
    assert rules.text_problem(" \n") is ChoiceProblem.EMPTY
    assert rules.text_problem("x" * (rules.MAX_TEXT + 1)) is ChoiceProblem.TOO_LONG
    assert rules.text_problem("x" * rules.MAX_TEXT) is None


def test_a_report_is_read_as_it_was_stored() -> None:
    line = ImprovementLine("Skyltar", "Parkenheten", MAY, ImprovementState.DONE)
    content = ReportContent(
        board="Tekniska nämnden",
        first=MAY,
        last=JUNE,
        counted_on=date(2026, 7, 20),
        compared=True,
        too_many=False,
        figures=(Figure(Measure.ANSWERED_IN_TIME, Share(95, 95), Hidden.SMALL),),
        tables=(Table(FATE, (Row("open", "", 5, 0), Row("", "", 10, Hidden.SMALL, merged=True))),),
        grown_topics=(Growth("Parker", 20, 5),),
        grown_words=(Growth("halka", 10, Hidden.SMALL),),
        places=(Growth("Storgatan", 5, Hidden.NONE),),
        repeated_senders=Hidden.SMALL,
        decided=(line,),
        done=(),
        overdue=(replace(line, state=ImprovementState.PLANNED),),
        proposals=(ProposalLine("Parker", 10), ProposalLine("", 5, merged=True)),
        suggestions=15,
        staff_proposals=0,
        definitions=(Definition("fates", "Så gick det", "Varje ärende räknas på ett ställe."),),
    )
    assert from_json(json.loads(json.dumps(to_json(content)))) == content
