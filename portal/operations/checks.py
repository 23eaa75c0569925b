"""What `check` looks at before an installation is trusted. Nothing is sent and nothing is written."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from portal import crypto
from portal.config import settings
from portal.db import session
from portal.identity.models import Person
from portal.identity.oidc import client as oidc_client
from portal.identity.oidc import providers as known
from portal.notifications import dispatch
from portal.notifications.channels import DeliveryFailure, email
from portal.operations import health
from portal.organisation import queries as organisation

SAMPLE = 100


def database() -> str:
    """Whether it answers, stands at the newest migration and has nothing left lying in the outbox."""
    return ", ".join(health.problems())


def profile() -> str:
    """Whether the file can be read and is the one that was applied."""
    stored, file = organisation.profile_version(), organisation.profile()
    same = stored.fingerprint == crypto.fingerprint("profile", file.text)
    return "" if same else "the file has changed since it was applied: run `db upgrade`"


def keys() -> str:
    """Whether the keys open what is stored: the oldest and the newest."""
    query = sa.select(Person).where(Person.identity_number_index.is_not(None)).limit(SAMPLE)
    try:
        for order in (Person.id.asc(), Person.id.desc()):
            found = session().scalars(query.order_by(order)).all()
            if not all(map(_can_be_found, found)):
                return "PORTAL_INDEX_KEYS lacks the key that people were indexed with"
    except InvalidToken:
        return "PORTAL_DATA_KEYS lacks a key that something in the database was encrypted with"
    return ""


def _can_be_found(person: Person) -> bool:
    indexes = crypto.blind_indexes("identity-number", person.identity_number or "")
    return person.identity_number_index in indexes


def mail() -> str:
    """Whether the mail server can be reached safely and takes our login."""
    if not settings().mail_server:
        return ""
    try:
        email.try_out(dispatch.mail_settings(settings()))
    except DeliveryFailure as failure:
        return failure.reason
    return ""


def providers() -> str:
    """Whether each identity provider tells about itself under its own name."""
    wrong = [each.name for each in known.every() if not oidc_client.Client(each).answers()]
    return f"no answer that can be used from {', '.join(wrong)}" if wrong else ""


CHECKS: Mapping[str, Callable[[], str]] = {
    "Database": database,
    "Profile": profile,
    "Keys": keys,
    "Mail server": mail,
    "Identity providers": providers,
}


def found() -> dict[str, str]:
    """Each check and what is wrong; empty where all is well. Without a database the rest is not asked."""
    first = database()
    rest = {} if first else {name: look() for name, look in CHECKS.items() if name != "Database"}
    return {"Database": first} | rest
