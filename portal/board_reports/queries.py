"""Queries for reports: those that an actor reads, with what each may be done with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, exists, false, not_, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.board_reports import rules
from portal.board_reports.content import ReportContent, from_json
from portal.board_reports.models import BoardReport, BoardReportCase, BoardReportComment
from portal.board_reports.rules import BoardPlace, ReportState, Section
from portal.cases.models import Case, Message, Party
from portal.cases.search.criteria import shown_party
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import MembershipSnapshot
from portal.identity.snapshots import Author, author_of
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from portal.organisation.queries import UnitRow
from portal.statistics.inside.rules import Months

MAX_LISTED = 500


class ReportRow(NamedTuple):
    """A report in the list."""

    id: int
    board: str
    first: date
    last: date
    state: ReportState
    created_at: datetime
    created_by: Author
    fixed_at: datetime | None
    fixed_by: Author | None


class Comment(NamedTuple):
    """The comment on a section."""

    body: str
    written_at: datetime
    author: Author


class ChosenCase(NamedTuple):
    """A case of a report. `reference` is None for who does not see the case, and in a fixed report.

    `left_out`: it is a case that may not be chosen any more, so its text is not shown and will not be fixed.
    """

    id: int
    reference: str | None
    body: str
    left_out: bool
    written_at: datetime
    author: Author


@dataclass(frozen=True)
class ReportView:
    """A report as an actor reads it, and what they may do with it now.

    `overlapped` are the months of fixed reports of the board that a draft has some months of too.
    """

    id: int
    version: int
    board_id: int
    first: date
    last: date
    state: ReportState
    content: ReportContent
    comments: Mapping[Section, Comment]
    chosen: Sequence[ChosenCase]
    created_at: datetime
    created_by: Author
    counted_at: datetime
    fixed_at: datetime | None
    fixed_by: Author | None
    overlapped: Sequence[Months]
    may_write: bool
    may_choose: bool
    may_fix: bool


def places() -> dict[int, BoardPlace]:
    """The boards by id, open and closed, as the rules ask for them."""
    units = organisation.every_unit()
    return {board: _place(board, units) for board in organisation.board_names()}


def place_of(board_id: int) -> BoardPlace:
    """One board, as the rules ask for it."""
    return _place(board_id, organisation.every_unit())


def _place(board: int, units: Sequence[UnitRow]) -> BoardPlace:
    own = [unit for unit in units if unit.board_id == board]
    administrations = frozenset(unit.administration_id for unit in own)
    return BoardPlace(board, frozenset(unit.id for unit in own), administrations)


def boards_of(actor: Staff) -> Sequence[Board]:
    """The open boards whose reports the actor makes, by name."""
    known = places()
    every = organisation.every_board()
    return [row for row in every if row.closed_at is None and rules.may_write(actor, known[row.id])]


def reads_drafts(actor: Staff) -> bool:
    """Whether the actor reads the drafts of a board."""
    return any(rules.may_read(actor, place, ReportState.DRAFT) for place in places().values())


def reports(actor: Staff, board: str | None = None) -> Sequence[ReportRow]:
    """The reports that the actor reads, of one board (its key) or of all, the newest period first."""
    creator, fixer = aliased(MembershipSnapshot), aliased(MembershipSnapshot)
    own = BoardReport.id, BoardReport.first, BoardReport.last, BoardReport.created_at, BoardReport.fixed_at
    # As it was called then.
    name = BoardReport.content["board"].as_string()
    query = select(*own, name, creator, fixer).join(Board, Board.id == BoardReport.board_id)
    query = query.join(creator, creator.id == BoardReport.created_by_id)
    query = query.outerjoin(fixer, fixer.id == BoardReport.fixed_by_id).where(_readable(actor))
    if board is not None:
        query = query.where(Board.key == board)
    newest = BoardReport.last.desc(), BoardReport.first, BoardReport.id.desc()
    return list(map(_listed, session().execute(query.order_by(*newest).limit(MAX_LISTED))))


def _listed(row: Row[*tuple[Any, ...]]) -> ReportRow:
    report, first, last, created_at, fixed_at, board, creator, fixer = row
    state = ReportState.FIXED if fixed_at else ReportState.DRAFT
    created_by, fixed_by = author_of(creator), author_of(fixer) if fixer else None
    return ReportRow(report, board, first, last, state, created_at, created_by, fixed_at, fixed_by)


def boards_with_reports(actor: Staff) -> Sequence[Board]:
    """The boards that have reports which the actor reads, by name."""
    with_reports = select(BoardReport.board_id).where(_readable(actor))
    return session().scalars(select(Board).where(Board.id.in_(with_reports)).order_by(Board.name)).all()


def _readable(actor: Staff) -> ColumnElement[bool]:
    """The condition that an actor reads a report: rules.may_read() as SQL."""
    conditions: list[ColumnElement[bool]] = []
    every = places().values()
    for state in ReportState:
        boards = [place.id for place in every if rules.may_read(actor, place, state)]
        is_fixed = BoardReport.fixed_at.is_not(None)
        in_state = is_fixed if state is ReportState.FIXED else BoardReport.fixed_at.is_(None)
        conditions.append(and_(in_state, BoardReport.board_id.in_(boards)))
    return or_(false(), *conditions)


def report(actor: Staff, report_id: int) -> ReportView | None:
    """The report with this id; None if there is none that the actor reads."""
    query = select(BoardReport).where(BoardReport.id == report_id, _readable(actor))
    query = query.options(joinedload(BoardReport.created_by), joinedload(BoardReport.fixed_by))
    row = session().scalar(query)
    return _view(actor, row) if row else None


def _view(actor: Staff, row: BoardReport) -> ReportView:
    place, is_draft = place_of(row.board_id), row.state is ReportState.DRAFT
    return ReportView(
        id=row.id,
        version=row.version,
        board_id=row.board_id,
        first=row.first,
        last=row.last,
        state=row.state,
        content=from_json(row.content),
        comments=_comments(row),
        chosen=_chosen(actor, row),
        created_at=row.created_at,
        created_by=author_of(row.created_by),
        counted_at=row.counted_at,
        fixed_at=row.fixed_at,
        fixed_by=author_of(row.fixed_by) if row.fixed_by else None,
        overlapped=_overlapped(row) if is_draft else (),
        may_write=is_draft and rules.may_write(actor, place),
        may_choose=is_draft and rules.may_choose_cases(actor, place),
        may_fix=is_draft and rules.may_fix(actor, place),
    )


def _overlapped(row: BoardReport) -> list[Months]:
    """The months of fixed reports of the board that share some months with a report, but not all."""
    months = BoardReport.first, BoardReport.last
    query = select(*months).where(BoardReport.board_id == row.board_id, BoardReport.fixed_at.is_not(None))
    query = query.where(BoardReport.first <= row.last, BoardReport.last >= row.first)
    query = query.where(or_(BoardReport.first != row.first, BoardReport.last != row.last))
    rows = session().execute(query.distinct().order_by(*months))
    return [Months(first, last) for first, last in rows]


def _comments(row: BoardReport) -> dict[Section, Comment]:
    query = select(BoardReportComment).filter_by(report_id=row.id)
    written = session().scalars(query.options(joinedload(BoardReportComment.author)))
    return {one.section: Comment(one.body, one.written_at, author_of(one.author)) for one in written}


def _chosen(actor: Staff, row: BoardReport) -> list[ChosenCase]:
    is_draft = row.state is ReportState.DRAFT
    gone, seen = left_out(row), seen_cases(actor, row)
    chosen = []
    for entry in entries(row.id):
        is_left_out = is_draft and entry.id in gone
        shows_number = is_draft and entry.case_id in seen
        chosen.append(
            ChosenCase(
                id=entry.id,
                reference=entry.case.reference if shows_number else None,
                body="" if is_left_out else entry.body,
                left_out=is_left_out,
                written_at=entry.written_at,
                author=author_of(entry.author),
            )
        )
    return chosen


def entries(report_id: int) -> Sequence[BoardReportCase]:
    """The chosen cases of a report, in the order in which they were chosen."""
    query = select(BoardReportCase).join(BoardReportCase.case).filter(BoardReportCase.report_id == report_id)
    query = query.options(contains_eager(BoardReportCase.case), joinedload(BoardReportCase.author))
    return session().scalars(query.order_by(BoardReportCase.id)).all()


def seen_cases(actor: Staff, row: BoardReport) -> set[int]:
    """Ids of the chosen cases that the actor may see."""
    query = select(BoardReportCase.case_id).join(BoardReportCase.case)
    return set(session().scalars(query.where(BoardReportCase.report_id == row.id, visible_to(actor))))


def left_out(row: BoardReport) -> set[int]:
    """Ids of the entries whose case is none that is chosen any more: chosen_cases.case_problem() as SQL."""
    query = select(BoardReportCase.id).join(BoardReportCase.case)
    is_closed = or_(
        Case.responsible_board_id != row.board_id,
        has_secrecy(),
        Case.hide_sender,
        exists().where(Party.id == Case.party_id, not_(shown_party())).correlate(Case),
    )
    return set(session().scalars(query.where(BoardReportCase.report_id == row.id, is_closed)))


def has_secrecy() -> ColumnElement[bool]:
    """The condition that a case has secrecy, or a message that is marked."""
    marked = select(Message.id).where(Message.case_id == Case.id, Message.secrecy_provision.is_not(None))
    return or_(Case.secrecy.is_not(None), marked.correlate(Case).exists())
