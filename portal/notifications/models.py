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

    SENT: the server or gateway has accepted it; DELIVERED: the gateway has reported that it arrived; KEPT:
    shown in development only; UNCERTAIN: may or may not have been sent; HELD: over the budget of its
    recipient or day, and tried again the next day; UNREADABLE: no key decrypts it; WITHHELD: not sent, since
    the reader of the case was contested; CANCELLED: by operations, before it was sent.
    """

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    KEPT = "kept"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    UNRENDERED = "unrendered"
    UNREADABLE = "unreadable"
    WITHHELD = "withheld"
    CANCELLED = "cancelled"


# With its values written out, so that the database sees that the index of what is due holds the answer.
_WAITING = text("state IN ('queued', 'sending')")
WAITING = text("outbox.state IN ('queued', 'sending')")
_KEPT = text("recipient IS NOT NULL")


def _of_waiting(name: str, *columns: str) -> Index:
    return Index(f"ix_outbox_{name}", *columns, postgresql_where=_WAITING, sqlite_where=_WAITING)


class OutboxMessage(Base):
    """A message to one recipient: the sender of a case, or a member of staff.

    Recipient and content are encrypted, and cleared after 30 days.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_next", "state", "next_try_at"),
        Index("ix_outbox_counted", "counted_on", "medium"),
        # The few that wait, in the order in which they are sent by a medium, and by case.
        _of_waiting("due", "medium", "next_try_at", "id"),
        _of_waiting("order", "case_id", "medium", "id"),
        # The texts that are to be cleared.
        Index("ix_outbox_kept", "created_at", postgresql_where=_KEPT, sqlite_where=_KEPT),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    # None for a digest, which is about many cases.
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    # The recipient, if it is a member of staff.
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"), index=True)
    # The message that this one is sent instead of, by another way or again.
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"), index=True)
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
    # Attempts whose end is not known, of an e-mail.
    uncertain_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    # A value of Problem, or a text from before there were codes; and the code that the server replied with.
    problem: Mapped[str | None]
    reply_code: Mapped[int | None]
    created_at: Mapped[datetime]
    # When the next attempt is due; while SENDING, when the lease expires.
    next_try_at: Mapped[datetime]
    # When a transmission began, of an SMS and of an e-mail that was tried without a known end: whether the
    # message was sent is not known until it has ended.
    begun_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    # The gateway's id of an SMS, which its delivery reports name.
    gateway_id: Mapped[str | None] = mapped_column(index=True)
    # The day whose budget a message of a stranger was counted under, and an HMAC of its recipient for that
    # day alone; both are cleared when the day is over.
    counted_on: Mapped[date | None]
    recipient_mac: Mapped[bytes | None]
