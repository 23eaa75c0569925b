"""Commands on reports: make one, count it again, comment on it, fix it, and delete a draft.

create() and count_again() count before they write, and open their transaction: the others run inside one.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog
from sqlalchemy import delete, select

from portal import clock, crypto
from portal.board_reports import counts, queries, rules
from portal.board_reports.content import ReportContent, from_json, to_json
from portal.board_reports.models import BoardReport, BoardReportCase, BoardReportComment
from portal.board_reports.rules import BoardPlace, Problem, Section
from portal.cases.models import Case
from portal.db import StaleVersion, advisory_lock, session, transaction
from portal.identity.actors import Staff
from portal.identity.snapshots import snapshot_of
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from portal.statistics.inside.queries import counted_months
from portal.statistics.inside.rules import Months

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class UnknownReport(Exception):
    """There is no such report that the actor may do this with."""


class FixedReport(Exception):
    """The report is fixed, and never changes."""


def create(actor: Staff, board_key: str, months: Months) -> int | Problem:
    """Count a report on a board, and make a draft of it; returns its id. It opens its transaction.

    A draft on the same months that is there already is the result of a second press.
    """
    board = next((row for row in organisation.every_board() if row.key == board_key), None)
    if board is None or actor.membership is None or not rules.may_write(actor, queries.place_of(board.id)):
        return Problem.UNKNOWN_BOARD
    if board.closed_at:
        return Problem.CLOSED_BOARD
    if problem := rules.period_problem(months, counted_months()):
        return problem
    if draft := _draft(board.id, months):
        return draft
    content = counts.count(board, months)
    if content is None:
        return Problem.NOTHING_CAME_IN
    with transaction():
        return _add(actor.membership, board, months, content)


def _draft(board_id: int, months: Months) -> int | None:
    query = select(BoardReport.id).filter_by(board_id=board_id, first=months.first, last=months.last)
    return session().scalar(query.where(BoardReport.fixed_at.is_(None)))


def _add(membership: int, board: Board, months: Months, content: ReportContent) -> int:
    # Two who press at once get the same draft.
    advisory_lock(crypto.fingerprint("board report", str(board.id)))
    if draft := _draft(board.id, months):
        return draft
    now = clock.now()
    row = BoardReport(
        version=1,
        board_id=board.id,
        first=months.first,
        last=months.last,
        content=to_json(content),
        created_at=now,
        created_by_id=snapshot_of(membership).id,
        counted_at=now,
    )
    session().add(row)
    session().flush()
    log.info("board_report.created", report=row.id, membership=membership)
    return row.id


def count_again(actor: Staff, report_id: int) -> None:
    """Count a draft again. It opens its transaction. Raises UnknownReport, FixedReport.

    Where something differs the report has another version, so that no one fixes what they have not read.
    """
    row = session().get(BoardReport, report_id)
    if row is None or actor.membership is None or not rules.may_write(actor, queries.place_of(row.board_id)):
        raise UnknownReport
    if row.fixed_at:
        raise FixedReport
    content = counts.count(row.board, Months(row.first, row.last))
    # What is counted stays counted.
    assert content
    with transaction():
        row = for_change(actor, report_id, rules.may_write)
        row.version += not _is_same(content, from_json(row.content))
        row.content = to_json(content)
        row.counted_at = clock.now()


def _is_same(content: ReportContent, earlier: ReportContent) -> bool:
    return replace(content, counted_on=earlier.counted_on) == earlier


def for_change(actor: Staff, report_id: int, may: Callable[[Staff, BoardPlace], bool]) -> BoardReport:
    """The draft, locked, if the actor may. Raises UnknownReport, FixedReport."""
    row = locked(actor, report_id, may)
    if row.fixed_at:
        raise FixedReport
    return row


def locked(actor: Staff, report_id: int, may: Callable[[Staff, BoardPlace], bool]) -> BoardReport:
    """The report, locked until the end of the transaction, if the actor may. Raises UnknownReport."""
    query = select(BoardReport).where(BoardReport.id == report_id).with_for_update()
    row = session().scalar(query.execution_options(populate_existing=True))
    if row is None or actor.membership is None or not may(actor, queries.place_of(row.board_id)):
        raise UnknownReport
    return row


def comment(actor: Staff, report_id: int, texts: Mapping[Section, str], version: int) -> None:
    """Write the comments on sections; an empty one is removed. The same again changes nothing.

    Raises UnknownReport, FixedReport, and StaleVersion if the report has changed since it was read.
    """
    row = for_change(actor, report_id, rules.may_write)
    query = select(BoardReportComment).filter_by(report_id=row.id)
    written = {one.section: one for one in session().scalars(query)}
    changes = {}
    for section, body in texts.items():
        if body != (written[section].body if section in written else ""):
            changes[section] = body
    if not changes:
        return
    if version != row.version:
        raise StaleVersion
    for section, body in changes.items():
        _write(actor, row, section, body)
    row.version += 1


def _write(actor: Staff, row: BoardReport, section: Section, body: str) -> None:
    assert actor.membership is not None
    session().execute(delete(BoardReportComment).filter_by(report_id=row.id, section=section))
    if body:
        author = snapshot_of(actor.membership).id
        session().add(
            BoardReportComment(
                report_id=row.id, section=section, body=body, written_at=clock.now(), author_id=author
            )
        )


def fix(actor: Staff, report_id: int, version: int) -> None:
    """Fix a draft. What is left out of it is removed first. A second press changes nothing.

    Raises UnknownReport, and StaleVersion if the report has changed since it was read.
    """
    _lock_cases(report_id)
    row = locked(actor, report_id, rules.may_fix)
    if row.fixed_at:
        return
    if version != row.version:
        raise StaleVersion
    assert actor.membership is not None
    session().execute(delete(BoardReportCase).where(BoardReportCase.id.in_(queries.left_out(row))))
    session().flush()
    row.fixed_by_id = snapshot_of(actor.membership).id
    row.fixed_at = clock.now()
    log.info("board_report.fixed", report=row.id, membership=actor.membership)


def _lock_cases(report_id: int) -> None:
    """Lock the chosen cases, before the report as all commands do: none gets secrecy until it is fixed."""
    chosen = select(BoardReportCase.case_id).where(BoardReportCase.report_id == report_id)
    query = select(Case.id).where(Case.id.in_(chosen)).order_by(Case.id)
    session().execute(query.with_for_update())


def delete_draft(actor: Staff, report_id: int, version: int) -> None:
    """Delete a draft with its comments and its cases.

    Raises UnknownReport, FixedReport, and StaleVersion if it has changed since it was read.
    """
    row = for_change(actor, report_id, rules.may_write)
    if version != row.version:
        raise StaleVersion
    for table in (BoardReportComment, BoardReportCase):
        session().execute(delete(table).filter_by(report_id=row.id))
    session().delete(row)
    log.info("board_report.deleted", report=report_id, membership=actor.membership)
