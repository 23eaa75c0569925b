"""The reports of the demo: of one board, a fixed one and a draft."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from portal import db
from portal.board_reports import commands, queries, rules
from portal.board_reports.models import BoardReport
from portal.board_reports.rules import Section
from portal.db import session
from portal.identity.actors import Role, Staff
from portal.identity.models import Membership
from portal.identity.queries import as_staff
from portal.organisation.models import Board
from portal.statistics.inside.queries import counted_months
from portal.statistics.inside.rules import Months, ending_with

MONTHS = 3
SUMMARY = "Rapporten är ett exempel. Den bygger på påhittade ärenden."


def create(crew: Mapping[str, Membership]) -> int:
    """Report on the last counted months, and fix a report on those before; returns how many were made.

    They are of the first board with cases that one of the crew heads. It opens its transactions.
    """
    counted = counted_months()
    if counted is None or session().scalar(select(BoardReport.id).limit(1)):
        return 0
    heads = [as_staff(member) for member in crew.values() if member.role is Role.HEAD_OF_ADMINISTRATION]
    for head in heads:
        for board in queries.boards_of(head):
            if made := _create(head, board, counted.last):
                return made
    return 0


def _create(head: Staff, board: Board, last: date) -> int:
    draft = ending_with(last, MONTHS)
    earlier = ending_with(ending_with(draft.first, 2).first, MONTHS)
    return _reported(head, board, earlier, is_fixed=True) + _reported(head, board, draft, is_fixed=False)


def _reported(head: Staff, board: Board, months: Months, is_fixed: bool) -> bool:
    report = commands.create(head, board.key, months)
    if isinstance(report, rules.Problem):
        return False
    with db.transaction():
        commands.comment(head, report, {Section.SUMMARY: SUMMARY}, version=1)
    if is_fixed:
        with db.transaction():
            commands.fix(head, report, version=2)
    return True
