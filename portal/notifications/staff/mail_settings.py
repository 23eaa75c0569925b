"""The work address of a member of staff, and how they want their notices by e-mail."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import StaffKey
from portal.identity.oidc import providers
from portal.identity.oidc.identified import KeyKind
from portal.notifications.staff.models import StaffMail
from portal.notifications.staff.rules import MailChoice


@dataclass(frozen=True)
class MailSettings:
    """A work address, which may be missing, and a choice."""

    address: str
    choice: MailChoice


def mail_settings(actor: Staff) -> MailSettings:
    """What the actor has chosen; before that a daily digest, to the address that they sign in with."""
    return settings_of(actor.person)


def settings_of(person: int) -> MailSettings:
    """The same of a person."""
    row = session().scalar(select(StaffMail).filter_by(person_id=person))
    if row:
        return MailSettings(row.address or "", row.choice)
    key = select(StaffKey.value).filter_by(person_id=person, kind=KeyKind.EMAIL)
    return MailSettings(session().scalar(key.order_by(StaffKey.id.desc()).limit(1)) or "", MailChoice.DIGEST)


def save_mail_settings(actor: Staff, chosen: MailSettings) -> None:
    """Store the actor's work address and choice."""
    row = session().scalar(select(StaffMail).filter_by(person_id=actor.person).with_for_update())
    if row is None:
        row = StaffMail(person_id=actor.person)
        session().add(row)
    row.address = chosen.address or None
    row.choice = chosen.choice


def address_domains() -> frozenset[str]:
    """The domains that a work address must be in: those that staff sign in from. Empty: any domain."""
    staff = [provider for provider in providers.all_providers() if provider.audience == providers.STAFF]
    return frozenset(domain for provider in staff for domain in provider.email_domains)
