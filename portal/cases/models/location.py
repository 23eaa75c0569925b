"""The model of the place that a case is about."""

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

_OPEN = text("is_open")
_ASKABLE = text("is_askable")


class CaseLocation(Base):
    """Where a fault is: as its sender wrote it or shared it, and what it is compared by.

    Comparison is coarse (docs/decisions/0021): a street, a block of house numbers and a square of the map.
    """

    __tablename__ = "case_location"
    __table_args__ = (
        # Of open fault reports only, of which there are few however many cases there are.
        Index("ix_case_location_street", "street", "case_id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        # Of those that a new report may be the same as.
        Index(
            "ix_case_location_askable_street",
            *("street", "case_id"),
            postgresql_where=_ASKABLE,
            sqlite_where=_ASKABLE,
        ),
        Index(
            "ix_case_location_askable_square",
            *("north", "east"),
            postgresql_where=_ASKABLE,
            sqlite_where=_ASKABLE,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    # Empty where the device alone said where.
    text: Mapped[str]
    # In 100 000ths of a degree of WGS 84, which is about a metre, and how many metres it may be off.
    latitude: Mapped[int | None]
    longitude: Mapped[int | None]
    accuracy: Mapped[int | None]
    # The key of its street, the street as it is written in the text, and the block of house numbers.
    street: Mapped[str | None]
    street_name: Mapped[str | None]
    block: Mapped[int | None]
    # The square of SWEREF 99 TM.
    north: Mapped[int | None]
    east: Mapped[int | None]
    # Whether the case is an open fault report: kept by transition(), so that the indexes have no others.
    is_open: Mapped[bool]
    # Whether it is one that the sender of a new report may be asked about: kept by transition() too.
    is_askable: Mapped[bool] = mapped_column(default=False, server_default=false())
