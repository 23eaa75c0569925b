"""Drafts of answers, and answer templates with their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.enums import Kind
from portal.crypto import Encrypted
from portal.db import Base, enum
from portal.identity.models import MembershipSnapshot
from portal.organisation.models import Category, Unit


class AnswerDraft(Base):
    """The unsent answer of one membership to one case. Encrypted; expires after 30 days.

    `version` is the version of the case that the author had read, so that a later change can be shown.
    """

    __tablename__ = "answer_draft"
    __table_args__ = (UniqueConstraint("case_id", "membership_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    body: Mapped[str] = mapped_column(Encrypted)
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(index=True)
    # The numbers of the duplicates that are not to get the answer.
    left_out: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    # The random id of the page that saved it last: a script may save again before it has got its answer.
    page: Mapped[str | None]
    # The handles of its uploads, as the form has them.
    files: Mapped[str | None] = mapped_column(Encrypted)


class AnswerTemplate(Base):
    """A ready text for answers, limited to a unit, kind, topic and language; NULL is no limit.

    `key` identifies a template that was installed from the profile; others have none.
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
        """The version in use."""
        return self.versions[-1]


class AnswerTemplateVersion(Base):
    """The text of a template from a moment on; rows never change. Without an author: from the profile."""

    __tablename__ = "answer_template_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("answer_template.id"), index=True)
    body: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    author_snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("membership_snapshot.id"))
    saved_at: Mapped[datetime]
    author: Mapped[MembershipSnapshot | None] = relationship()
