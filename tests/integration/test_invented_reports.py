"""The reports of the demo."""

from datetime import date

import pytest
from time_machine import TimeMachineFixture

from portal import db
from portal.board_reports import queries
from portal.board_reports.rules import ReportState
from portal.cli import demo
from portal.cli.year import board_reports
from portal.identity.queries import as_staff
from portal.statistics.published.closed_months import count_next_month
from tests import factories

pytestmark = pytest.mark.usefixtures("inside")


def test_a_board_with_cases_gets_a_fixed_report_and_a_draft_once(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-05-20 08:00:00Z", tick=False)
    with db.transaction():
        crew = demo.members()
    assert board_reports.create(crew) == 0
    for month in (1, 3):
        factories.past(date(2026, month, 4), date(2026, month, 9))
    while count_next_month():
        pass
    assert board_reports.create(crew) == 2
    assert board_reports.create(crew) == 0
    db.close_read_session()
    rows = queries.reports(as_staff(crew["ingrid"]))
    assert [(row.state, row.first, row.last) for row in rows] == [
        (ReportState.DRAFT, date(2026, 2, 1), date(2026, 4, 1)),
        (ReportState.FIXED, date(2025, 11, 1), date(2026, 1, 1)),
    ]
