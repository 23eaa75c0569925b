"""The table of letters that were read from the mailbox: that each is handled once, and answered once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, enum


class Outcome(StrEnum):
    """What became of a letter.

    REPLY: a message of a case; FORWARDED: goes on to the official mailbox; BOUNCE: settled a message of
    ours; AUTOMATIC: a holiday reply or the like, which holds nothing new; LEFT: left to a person, marked in
    the mailbox.
    """

    REPLY = "reply"
    FORWARDED = "forwarded"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    LEFT = "left"


class InboundMail(Base):
    """A letter that was read; nothing of its text, and its sender only as an HMAC while no other is answered.

    Written in the transaction of what became of it, and finished when it has been forwarded if it must be.
    """

    __tablename__ = "inbound_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    mac: Mapped[bytes] = mapped_column(unique=True)
    outcome: Mapped[Outcome] = mapped_column(enum(Outcome))
    read_at: Mapped[datetime] = mapped_column(index=True)
    must_forward: Mapped[bool]
    # While one worker forwards it, no other does.
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    sender_mac: Mapped[bytes | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
