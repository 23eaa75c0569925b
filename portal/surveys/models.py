"""The models of the survey: no row of an answer or a free text names a case, a person or a time of day."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.enums import Kind
from portal.cases.models import Case
from portal.db import Base, enum
from portal.organisation.models import Unit
from portal.surveys.rules import Helped, Treatment


class SurveyInvitation(Base):
    """The sender of a closed case is asked, once. It keeps that they have answered, and not when or what."""

    __tablename__ = "survey_invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    # Random: the token of the link is made of it and of a key, and its fingerprint is found by the link.
    nonce: Mapped[str]
    token: Mapped[bytes] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    # As they were when the case was closed: another unit may answer next.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    kind: Mapped[Kind] = mapped_column(enum(Kind))
    asked_on: Mapped[date] = mapped_column(index=True)
    answered: Mapped[bool]
    case: Mapped[Case] = relationship()


class SurveyAnswer(Base):
    """The two answers of one sender, for counting."""

    __tablename__ = "survey_answer"
    __table_args__ = (Index("ix_survey_answer_unit", "unit_id", "answered_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    kind: Mapped[Kind] = mapped_column(enum(Kind))
    answered_on: Mapped[date]
    helped: Mapped[Helped] = mapped_column(enum(Helped))
    treatment: Mapped[Treatment] = mapped_column(enum(Treatment))


class SurveyComment(Base):
    """A free text, apart from the answers that were given with it. It knows its month and no day."""

    __tablename__ = "survey_comment"
    __table_args__ = (
        Index("ix_survey_comment_unit", "unit_id", "month", "id"),
        Index("ix_survey_comment_board", "board_id", "month", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    # The first day of the month.
    month: Mapped[date]
    body: Mapped[str]
    unit: Mapped[Unit] = relationship()
