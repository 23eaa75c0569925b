"""The model of a sender, and of whom they claim to represent."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.enums import ForWhom
from portal.crypto import Encrypted
from portal.db import Base, enum
from portal.identity.models import Person


class Party(Base):
    """The sender; a row of its own, so that it can be protected or disposed of without the case."""

    __tablename__ = "party"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str | None] = mapped_column(Encrypted)
    email: Mapped[str | None] = mapped_column(Encrypted)
    phone: Mapped[str | None] = mapped_column(Encrypted)
    address: Mapped[str | None] = mapped_column(Encrypted)
    identity_number: Mapped[str | None] = mapped_column(Encrypted)
    # Blind index (HMAC): the encrypted number itself cannot be searched.
    identity_number_index: Mapped[bytes | None] = mapped_column(index=True)
    protected: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person | None] = relationship()


class Representation(Base):
    """Whom a sender claims to represent: a statement, not a power of attorney. It gives no access."""

    __tablename__ = "representation"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    kind: Mapped[ForWhom] = mapped_column(enum(ForWhom))
    name: Mapped[str] = mapped_column(Encrypted)
    organisation_number: Mapped[str | None]
    vouched: Mapped[bool] = mapped_column(default=False)
