"""What a text or a case is marked with: secrecy, and the authority that keeps it."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column


class SecrecyMark:
    """A secrecy mark (OSL 5:5): provision, day and authority. The trail knows the person."""

    secrecy_provision: Mapped[str | None]
    secrecy_marked_on: Mapped[date | None]
    secrecy_board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))


class Kept:
    """The authority that keeps a text of a case from its successors (cases/authority/handovers.py)."""

    kept_by_board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))
    kept_by_branch: Mapped[str] = mapped_column(default="", server_default="")
