"""What is written before an answer is sent: drafts, and templates with their versions."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Encrypted
from portal.db import Base


class AnswerDraft(Base):
    """What one member of staff is writing as the answer to one case. Encrypted, and lives 30 days.

    `version` is the case as its writer had read it: who answers from an older one is told.
    """

    __tablename__ = "answer_draft"
    __table_args__ = (UniqueConstraint("case_id", "membership_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    body: Mapped[str] = mapped_column(Encrypted)
    version: Mapped[int | None]
    saved_at: Mapped[datetime] = mapped_column(index=True)
