"""The model of a message."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.enums import Direction, KnownBy, Purpose, Via
from portal.cases.models.marks import Kept, SecrecyMark
from portal.db import Base, enum
from portal.identity.models import MembershipSnapshot


def _arrival(context: DefaultExecutionContext) -> datetime:
    arrived: datetime = context.get_current_parameters()["arrived_at"]  # type: ignore[no-untyped-call]
    return arrived


class Message(SecrecyMark, Kept, Base):
    """A message, note or record of a conversation in a case. Its text never changes; its marks may."""

    __tablename__ = "message"
    # The few that are hidden from some of those who see the case: the search leaves them out.
    _restricted = text("secrecy_provision IS NOT NULL OR kept_by_board_id IS NOT NULL")
    __table_args__ = (
        Index("ix_message_restricted", "id", postgresql_where=_restricted, sqlite_where=_restricted),
        # A page of a board's register (portal/register/queries.py).
        Index("ix_message_register", "board_id", "registered_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    direction: Mapped[Direction] = mapped_column(enum(Direction))
    purpose: Mapped[Purpose | None] = mapped_column(enum(Purpose))
    via: Mapped[Via] = mapped_column(enum(Via), default=Via.WEB, server_default=Via.WEB.value)
    # Of what staff wrote down for the sender. Its author is who wrote it.
    known: Mapped[KnownBy | None] = mapped_column(enum(KnownBy))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    author_snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("membership_snapshot.id"))
    language: Mapped[str]
    body: Mapped[str]
    arrived_at: Mapped[datetime]
    # When it became a row of the register. The copy in a part that is split off came in earlier than that.
    registered_at: Mapped[datetime] = mapped_column(default=_arrival)
    # The person on the staff who wrote it down for the sender; none where the sender sent it.
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The authority that had the case then.
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    # As the author was then. Their membership says what they are now, which no page of a case shows.
    author: Mapped[MembershipSnapshot | None] = relationship()
