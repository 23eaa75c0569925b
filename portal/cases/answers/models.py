"""What is written before an answer is sent: drafts, and templates with their versions."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.enums import Kind
from portal.crypto import Encrypted
from portal.db import Base, enum
from portal.organisation.models import Category, Unit


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
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(index=True)


class AnswerTemplate(Base):
    """A ready text for answers: for a unit or for all, and for the kind, topic and language that it suits.

    `key` is that of a template which came with the profile.
    """

    __tablename__ = "answer_template"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[Kind | None] = mapped_column(enum(Kind))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    language: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    archived_at: Mapped[datetime | None]
    category: Mapped[Category | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    versions: Mapped[list["AnswerTemplateVersion"]] = relationship(order_by="AnswerTemplateVersion.id")

    @property
    def latest(self) -> "AnswerTemplateVersion":
        """The version that counts."""
        return self.versions[-1]


class AnswerTemplateVersion(Base):
    """A template as it read from a moment on, for ever. Without an author it came with the profile."""

    __tablename__ = "answer_template_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("answer_template.id"), index=True)
    body: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    saved_at: Mapped[datetime]
