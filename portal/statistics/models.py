"""What is kept of the statistics: closed months as they were counted, and what is published of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.cases.enums import Channel, Kind
from portal.db import Base, enum
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.published.tree import Table


class CountedMonth(Base):
    """A closed month that has been counted. It is never counted again."""

    __tablename__ = "statistics_month"
    month: Mapped[date] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]
    # The highest id of a case then: one with a higher id that came in earlier belongs to the next month.
    last_case: Mapped[int]


class CountedCell(Base):
    """The sums of a month's cases and promises that are alike in everything that figures are grouped by."""

    __tablename__ = "statistics_cell"
    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(ForeignKey("statistics_month.month"), index=True)
    kind: Mapped[Kind] = mapped_column(enum(Kind))
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    channel: Mapped[Channel] = mapped_column(enum(Channel))
    level: Mapped[int | None]
    language: Mapped[str]
    sums: Mapped[dict[str, Any]]


class RunningTotal(Base):
    """The sums of all counted months up to one, of one value of a dimension.

    Those of a period are the difference of two rows, however long it is. Of Dimension.MONTH there is one
    value, which is everything. Each month has a row for every value that has been counted until then.
    """

    __tablename__ = "statistics_running_total"
    dimension: Mapped[Dimension] = mapped_column(enum(Dimension), primary_key=True)
    month: Mapped[date] = mapped_column(ForeignKey("statistics_month.month"), primary_key=True)
    # The value as text: an id, a word, or nothing for none.
    key: Mapped[str] = mapped_column(primary_key=True)
    sums: Mapped[dict[str, Any]]


class CountedSurvey(Base):
    """Answers of the survey about a unit, of at least five senders: those that came since the row before."""

    __tablename__ = "statistics_survey"
    __table_args__ = (Index("ix_statistics_survey_unit", "unit_id", "board_id", "last"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    # The last day of the month in which there were enough of them.
    last: Mapped[date] = mapped_column(index=True)
    sums: Mapped[dict[str, Any]]


class PublishedRow(Base):
    """A row of a public table. Rows are added and never changed."""

    __tablename__ = "statistics_row"
    __table_args__ = (Index("ix_statistics_row_last", "last", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    # A column of the standard's own words would have to be quoted.
    of: Mapped[Table] = mapped_column(enum(Table))
    # The keys of the kind, boards, topics, units or fates; `names` are their names when it was published.
    keys: Mapped[list[Any]]
    names: Mapped[list[Any]]
    # Whether the small ones are in it.
    others: Mapped[bool]
    first: Mapped[date]
    last: Mapped[date]
    sums: Mapped[dict[str, Any]]
