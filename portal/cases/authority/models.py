"""The model of a handover between authorities."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.enums import HandoverGround, Secrecy
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.crypto import Encrypted
from portal.db import Base, enum
from portal.organisation.models import Board, Category, Unit


class CaseHandover(Base):
    """A case went from one authority to another: on what ground, and what the former one had by then."""

    __tablename__ = "case_handover"
    __table_args__ = (
        Index("ix_case_handover_left", "from_board_id", "at"),
        Index("ix_case_handover_came", "to_board_id", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    at: Mapped[datetime]
    from_board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    to_board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    ground: Mapped[HandoverGround] = mapped_column(enum(HandoverGround))
    provision: Mapped[str | None]
    last_message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    last_sequence: Mapped[int]
    # The messages that the former authority had: a later handover may keep one of them from others.
    messages_held: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    measures_held: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    status: Mapped[Status] = mapped_column(enum(Status))
    secrecy: Mapped[Secrecy | None] = mapped_column(enum(Secrecy))
    secrecy_provision: Mapped[str | None]
    public_subject: Mapped[str]
    internal_subject: Mapped[str]
    hide_sender: Mapped[bool]
    # As of case_location; no text where the case had no place.
    place_text: Mapped[str | None]
    place_latitude: Mapped[int | None]
    place_longitude: Mapped[int | None]
    place_accuracy: Mapped[int | None]
    sender_name: Mapped[str | None] = mapped_column(Encrypted)
    sender_email: Mapped[str | None] = mapped_column(Encrypted)
    sender_phone: Mapped[str | None] = mapped_column(Encrypted)
    case: Mapped[Case] = relationship()
    category: Mapped[Category | None] = relationship()
    from_board: Mapped[Board] = relationship(foreign_keys=[from_board_id])
    to_board: Mapped[Board] = relationship(foreign_keys=[to_board_id])
    from_unit: Mapped[Unit] = relationship(foreign_keys=[from_unit_id])
    to_unit: Mapped[Unit] = relationship(foreign_keys=[to_unit_id])
