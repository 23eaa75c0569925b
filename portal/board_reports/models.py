"""The tables of reports: what was counted, the comments, and the texts of cases that were chosen."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.board_reports.rules import ReportState, Section
from portal.cases.models import Case
from portal.db import Base, enum
from portal.identity.models import MembershipSnapshot
from portal.organisation.models import Board

_DRAFT = text("fixed_at IS NULL")


class BoardReport(Base):
    """A report of a board on whole months. `content` is as it was counted; a fixed report never changes."""

    __tablename__ = "board_report"
    __table_args__ = (
        # A second press makes no second draft, however many press at once.
        Index(
            "uq_board_report_draft",
            *("board_id", "first", "last"),
            unique=True,
            postgresql_where=_DRAFT,
            sqlite_where=_DRAFT,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"), index=True)
    # The first days of the first and of the last month.
    first: Mapped[date]
    last: Mapped[date]
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("membership_snapshot.id"))
    counted_at: Mapped[datetime]
    fixed_at: Mapped[datetime | None]
    fixed_by_id: Mapped[int | None] = mapped_column(ForeignKey("membership_snapshot.id"))

    board: Mapped[Board] = relationship()
    created_by: Mapped[MembershipSnapshot] = relationship(foreign_keys=[created_by_id])
    fixed_by: Mapped[MembershipSnapshot | None] = relationship(foreign_keys=[fixed_by_id])

    @property
    def state(self) -> ReportState:
        """Whether it may still change."""
        return ReportState.FIXED if self.fixed_at else ReportState.DRAFT


class BoardReportComment(Base):
    """The comment on a section, with who wrote it last."""

    __tablename__ = "board_report_comment"
    __table_args__ = (UniqueConstraint("report_id", "section"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("board_report.id"))
    section: Mapped[Section] = mapped_column(enum(Section))
    body: Mapped[str]
    written_at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("membership_snapshot.id"))

    author: Mapped[MembershipSnapshot] = relationship()


class BoardReportCase(Base):
    """A case that was chosen, as a text without what a person can be recognised by.

    `checked`: the author has looked at what may be a detail and kept it.
    """

    __tablename__ = "board_report_case"
    __table_args__ = (UniqueConstraint("report_id", "case_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("board_report.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    body: Mapped[str]
    checked: Mapped[bool]
    written_at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("membership_snapshot.id"))

    case: Mapped[Case] = relationship()
    author: Mapped[MembershipSnapshot] = relationship()
