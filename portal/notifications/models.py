"""The outbox table: messages to send, written in the transaction of the change they report."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Encrypted
from portal.db import Base, enum
from portal.notifications.rules import Medium


class State(StrEnum):
    """State of delivery.

    KEPT: shown in development only; UNCERTAIN: may or may not have been sent; HELD: over the budget of its
    recipient or day, and tried again the next day; WITHHELD: not sent, since the reader of the case was
    contested.
    """

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    UNRENDERED = "unrendered"
    WITHHELD = "withheld"


# With its values written out, so that the database sees that the index of what is due holds the answer.
_WAITING = text("state IN ('queued', 'sending')")
WAITING = text("outbox.state IN ('queued', 'sending')")
_KEPT = text("recipient IS NOT NULL")


class OutboxMessage(Base):
    """A message to one recipient. Recipient and content are encrypted, and cleared after 30 days."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_next", "state", "next_try_at"),
        Index("ix_outbox_counted", "counted_on", "medium"),
        # The few that wait, in the order in which they are sent; and the texts that are to be cleared.
        Index("ix_outbox_due", "next_try_at", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_outbox_kept", "created_at", postgresql_where=_KEPT, sqlite_where=_KEPT),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    name: Mapped[str]
    medium: Mapped[Medium] = mapped_column(enum(Medium))
    language: Mapped[str]
    recipient: Mapped[str | None] = mapped_column(Encrypted)
    subject: Mapped[str | None] = mapped_column(Encrypted)
    text: Mapped[str | None] = mapped_column(Encrypted)
    html: Mapped[str | None] = mapped_column(Encrypted)
    # The same for every attempt, so that a mail client can recognise a second copy (RFC 5322, 3.6.4).
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[State] = mapped_column(enum(State))
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None]
    created_at: Mapped[datetime]
    # When the next attempt is due; while SENDING, when the lease expires.
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # The day whose budget a message of a stranger was counted under, and an HMAC of its recipient for that
    # day alone; both are cleared when the day is over.
    counted_on: Mapped[date | None]
    recipient_mac: Mapped[bytes | None]
