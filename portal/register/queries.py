"""Queries of a board's register. Each row is derived from a message or a handover: none can be forgotten."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal import clock, pagination
from portal.cases.authority.models import CaseHandover
from portal.cases.desk.rules import is_unverified
from portal.cases.enums import Direction
from portal.cases.models import Case, Message, Party
from portal.cases.visibility import not_barred, visible_to
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Person
from portal.organisation.models import Board, Unit
from portal.pagination import BEGINNING, Order, Page, Place
from portal.register.rules import SPOKEN, Entered, Entry, Period, entered, keeps_register

# The handover by which a case left the board after the row: what the board had of it then.
Left = aliased(CaseHandover)
# Who registered a message for its sender.
Registrant = aliased(Person)
OwnUnit, OtherUnit, OtherBoard = aliased(Unit), aliased(Unit), aliased(Board)
NO_ID: ColumnElement[Any] = cast(null(), Integer)


def boards(actor: Staff) -> Sequence[Board]:
    """The boards whose registers the actor keeps, by name; closed ones too."""
    if not keeps_register(actor):
        return []
    query = select(Board).order_by(Board.name, Board.id)
    return session().scalars(query.where(Board.id == actor.board) if actor.board else query).all()


def entries(
    actor: Staff, board: Board, period: Period, where: Place = BEGINNING, size: int = pagination.PAGE
) -> Page:
    """A page of the register of a board that the actor keeps, oldest first."""

    def read(place: Place) -> list[Any]:
        ids = _page_of_ids(actor, board.id, period, place, size)
        return pagination.rows(_described(actor, board.id, ids), _order(ids.c.key, ids.c.row), place, size)

    page = pagination.page_of(read, ORDER, where, size)
    return Page([_entry(row) for row in page.rows], page.before, page.after)


def is_longer_than(actor: Staff, board: Board, period: Period, most: int) -> bool:
    """Whether the register has more rows than this between the two days."""
    ids = _page_of_ids(actor, board.id, period, BEGINNING, most)
    return (session().scalar(select(func.count()).select_from(ids)) or 0) > most


def _order(key: ColumnElement[Any], row: ColumnElement[int]) -> Order:
    return Order("register", key, row, moments=True)


def _number(of: ColumnElement[int], source: int) -> ColumnElement[int]:
    """A number that no row of another source has, for rows of the same moment."""
    return cast(of, BigInteger) * 3 + source


ORDER = _order(Message.registered_at.expression, _number(Message.id.expression, 0))
LEFT = _order(CaseHandover.at.expression, _number(CaseHandover.id.expression, 1))
CAME = _order(CaseHandover.at.expression, _number(CaseHandover.id.expression, 2))


def _page_of_ids(actor: Staff, board: int, period: Period, where: Place, size: int) -> FromClause:
    """The rows of a page by their ids. Each source is limited by its own index before they are merged."""
    sources = [(_messages(board), ORDER), (_handovers(board, False), LEFT), (_handovers(board, True), CAME)]
    begins = clock.end_of_day(period.first - timedelta(days=1))
    ends = clock.end_of_day(period.last)
    limited = []
    for query, order in sources:
        query = query.add_columns(order.key.label("key"), order.row.label("row"))
        query = query.where(order.key >= begins, order.key < ends, *not_barred(actor.person))
        limited.append(select(pagination.nearest(query, order, where, size).subquery()))
    return union_all(*limited).subquery()


def _messages(board: int) -> Select[Any]:
    recorded = or_(Message.direction.in_((Direction.IN, Direction.OUT)), Message.purpose.in_(SPOKEN))
    left = _left_later(Message.case_id, board, Left.last_message_id >= Message.id)
    ids = _ids(Message.case_id, Message.id, NO_ID, left, came=False)
    return select(*ids).join(Case, Message.case_id == Case.id).where(Message.board_id == board, recorded)


def _handovers(board: int, came: bool) -> Select[Any]:
    own: ColumnElement[Any] = CaseHandover.id.expression
    here = CaseHandover.to_board_id if came else CaseHandover.from_board_id
    left = _left_later(CaseHandover.case_id, board, Left.id > own) if came else own
    ids = _ids(CaseHandover.case_id, NO_ID, own, left, came)
    return select(*ids).join(Case, CaseHandover.case_id == Case.id).where(here == board)


def _ids(case_id: Any, message: Any, handover: Any, left: Any, came: bool) -> list[ColumnElement[Any]]:
    named = {"case_id": case_id, "message_id": message, "handover_id": handover, "left_id": left}
    return [*(column.label(name) for name, column in named.items()), literal(came, Boolean).label("came")]


def _left_later(case_id: Any, board: int, later: ColumnElement[bool]) -> ColumnElement[Any]:
    """The first time after it that the case left the board; null while the board still has the case."""
    left = select(func.min(Left.id)).where(Left.case_id == case_id, Left.from_board_id == board, later)
    return left.correlate(Message, CaseHandover).scalar_subquery()


def _described(actor: Staff, board: int, ids: FromClause) -> Select[Any]:
    """What each row says."""
    other = {
        name: case(
            (ids.c.came, getattr(CaseHandover, f"from_{name}")), else_=getattr(CaseHandover, f"to_{name}")
        )
        for name in ("board_id", "unit_id")
    }
    then = func.coalesce(Left.from_unit_id, Case.responsible_unit_id)
    unit = case((ids.c.came, CaseHandover.to_unit_id), else_=then)
    query = select(*_facts(), *_sender(), *_places(actor, board, ids)).select_from(ids)
    return (
        query.join(Case, Case.id == ids.c.case_id)
        .outerjoin(Message, Message.id == ids.c.message_id)
        .outerjoin(CaseHandover, CaseHandover.id == ids.c.handover_id)
        .outerjoin(Left, Left.id == ids.c.left_id)
        .outerjoin(Party, Party.id == Case.party_id)
        .outerjoin(Person, Person.id == Party.person_id)
        .outerjoin(Registrant, Registrant.id == Message.registered_by_id)
        .join(OwnUnit, OwnUnit.id == unit)
        .outerjoin(OtherUnit, OtherUnit.id == other["unit_id"])
        .outerjoin(OtherBoard, OtherBoard.id == other["board_id"])
    )


def _facts() -> list[Any]:
    """Of the case as the board has it, or as it was when the board let it go."""
    gone = Left.id.is_not(None)
    names = ("public_subject", "internal_subject", "secrecy", "hide_sender")
    then_or_now = [case((gone, getattr(Left, name)), else_=getattr(Case, name)).label(name) for name in names]
    return [Case.id.label("case_id"), Case.year, Case.number, Case.kind, *then_or_now]


def _sender() -> list[Any]:
    # A person who is protected today is so in every register, whatever was known then.
    protected = or_(Party.protected, func.coalesce(Person.protected, False))
    return [
        Party.id.label("party_id"),
        Party.name.label("sender"),
        func.coalesce(protected, False).label("protected"),
        Message.secrecy_provision,
        Message.via,
        Message.known,
        Message.arrived_at,
        Registrant.name.label("registered_by"),
        Message.id.label("message_id"),
    ]


def _places(actor: Staff, board: int, ids: FromClause) -> list[Any]:
    # A board that has let a case go keeps a page of what it had (cases/handovers.py), at the same address.
    reached = or_(visible_to(actor), Left.id.is_not(None))
    within = and_(CaseHandover.from_board_id == board, CaseHandover.to_board_id == board)
    return [
        Message.direction,
        Message.purpose,
        ids.c.came,
        OwnUnit.name.label("unit"),
        case((within, OtherUnit.name), else_=OtherBoard.name).label("other"),
        reached.label("reached"),
    ]


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        at=row.key,
        entered=_entered(row),
        case=row.case_id,
        year=row.year,
        number=row.number,
        kind=row.kind,
        public_subject=row.public_subject,
        internal_subject=row.internal_subject,
        unit=row.unit,
        sender=row.sender or "",
        other=row.other or "",
        secret=row.secrecy is not None,
        marked=row.secrecy_provision is not None,
        hidden=row.hide_sender,
        protected=row.protected,
        anonymous=row.party_id is None,
        unverified=is_unverified(row.via, row.known),
        reached=row.reached,
        arrived=row.arrived_at,
        registered_by=row.registered_by or "",
        message=row.message_id,
    )


def _entered(row: Row[Any]) -> Entered:
    if row.direction is None:
        return Entered.IN if row.came else Entered.OUT
    why = entered(row.direction, row.purpose)
    if why is None:
        raise ValueError(f"an internal note in the register: {row.case_id}")
    return why
