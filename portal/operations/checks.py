"""Checks of an installation, run by `flask check`. They send and write nothing.

A check returns the problem that it finds, or an empty string.
"""

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from portal import crypto, db
from portal.cases.ownership import queries as ownership
from portal.cases.ownership import units
from portal.config import settings
from portal.config_variables import unknown_variables
from portal.db import session
from portal.files import maintenance as files
from portal.identity.models import Person
from portal.identity.oidc import client as oidc_client
from portal.identity.oidc import providers as identity_providers
from portal.notifications import delivery_words
from portal.notifications.channels import DeliveryFailure, email
from portal.notifications.delivery import dispatch
from portal.notifications.inbound import mailbox, registry
from portal.notifications.models import OutboxMessage, State
from portal.notifications.sent import overview
from portal.notifications.sent.overview import Backlog
from portal.operations import budget_checks, health, jobs, key_rotation
from portal.organisation import consistency
from portal.organisation import queries as organisation
from portal.words import dates

# Rows read from each end of a table: the first are under the oldest keys, the last under the newest.
SAMPLE = 100
MAX_WAITING = 10_000
LOOKED_AT = (State.QUEUED, State.SENDING, State.HELD, State.UNREADABLE)
NO_OFFICER = "the profile names no data protection officer: add one under [privacy] (GDPR article 37)"


def database() -> str:
    """Check that the database answers, can be written and is migrated."""
    return ", ".join(health.problems())


def outbox() -> str:
    """Check that no message has waited for long, and say why if it did."""
    return ", ".join(_late(backlog) for backlog in overview.backlogs() if backlog.is_late)


def _late(backlog: Backlog) -> str:
    reason = delivery_words.problem_text(backlog.problem, backlog.reply_code) or "is the worker running?"
    since = dates.breakable(dates.full_moment(backlog.oldest))
    return f"{backlog.messages} {backlog.medium} messages wait, the oldest since {since}: {reason}"


def worker_jobs() -> str:
    """Check that no job of the worker failed or is overdue."""
    return ", ".join(jobs.problems())


def profile() -> str:
    """Check that the profile file is the version applied last, and in production names an officer."""
    if settings().env == "production" and consistency.lacks_officer(organisation.profile()):
        return NO_OFFICER
    fingerprint = crypto.fingerprint("profile", organisation.profile().text)
    is_applied = organisation.profile_version().fingerprint == fingerprint
    return "" if is_applied else "the file has changed since it was applied: run `db upgrade`"


def keys() -> str:
    """Check that the keys decrypt the first and the last rows and all that waits, and find people."""
    unreadable = list(_unreadable_rows())
    if unreadable:
        lacking = "PORTAL_DATA_KEYS lacks a key that something in the database was encrypted with"
        return f"{lacking}: {', '.join(unreadable)}"
    query = sa.select(Person).where(Person.identity_number_index.is_not(None)).limit(SAMPLE)
    for order in (Person.id.asc(), Person.id.desc()):
        if not all(map(_is_indexed, session().scalars(query.order_by(order)))):
            return "PORTAL_INDEX_KEYS lacks the key that people were indexed with"
    return ""


def _unreadable_rows() -> Iterator[str]:
    for table in key_rotation.encrypted_tables():
        ids = set(key_rotation.unreadable(table, sa.true(), SAMPLE))
        if table.name == OutboxMessage.__tablename__:
            # One that waits would be seen only when it is its turn, and one that was set aside stays so.
            ids.update(key_rotation.unreadable(table, table.c.state.in_(LOOKED_AT), MAX_WAITING))
        if ids:
            yield f"{table.name} {key_rotation.describe(sorted(ids))}"


def _is_indexed(person: Person) -> bool:
    indexes = crypto.blind_indexes("identity-number", person.identity_number or "")
    return person.identity_number_index in indexes


def mail() -> str:
    """Check that the mail server accepts an encrypted connection and our login."""
    if not settings().mail_server:
        return ""
    try:
        email.verify_connection(dispatch.mail_settings(settings()))
    except DeliveryFailure as failure:
        return delivery_words.problem_text(failure.problem, failure.code)
    return ""


def inbound_mail() -> str:
    """Check that the mailbox can be opened, and that no letter of the last week is left to a person."""
    if not settings().imap_server:
        return ""
    if problem := mailbox.verify():
        return f"the mailbox cannot be read: {problem}"
    count = registry.left_count()
    return f"{count} letters are marked in the mailbox for a person to read" if count else ""


def providers() -> str:
    """Check that each identity provider has usable metadata (OpenID Connect Discovery)."""
    failing = []
    for provider in identity_providers.all_providers():
        if not oidc_client.Client(provider).is_available():
            failing.append(provider.name)
    return f"no answer that can be used from {', '.join(failing)}" if failing else ""


def limits() -> str:
    """Check that rate limits are counted once for all processes, and senders one by one."""
    using = settings()
    problems = [*budget_checks.setting_problems(using, using.processes), *budget_checks.proxy_problems()]
    return ", ".join([*problems, *budget_checks.redis_problems(using.redis_url)])


def setting_names() -> str:
    """Check that each PORTAL_ variable of the environment is a setting, and SQLite's files are our own."""
    return ", ".join([*unknown_variables(), *db.readable_files()])


def stored_files() -> str:
    """Check that files can be stored and, where the setting names a scanner, scanned."""
    return ", ".join(files.problems())


def file_notes() -> list[str]:
    """The infected files, which are kept until a decision lets them be disposed of."""
    count = files.infected()
    return [f"{count} infected files are in quarantine"] if count else []


def owners() -> str:
    """Check that no open case lacks both a handler and a person who may place it."""
    count = ownership.count_without_placer()
    return (
        f"{count} open cases have no handler and nobody who may place them: add a registrar" if count else ""
    )


def owner_notes() -> list[str]:
    """The open cases without a handler, and the units that topics and open cases lead to and lack one."""
    count = ownership.count_without_handler()
    cases = [f"{count} open cases have no handler, see Utan handläggare in the queue"] if count else []
    names = ", ".join(units.without_handlers())
    return [*cases, f"No handler in: {names}"] if names else cases


# The database comes first: see run_checks().
CHECKS: Mapping[str, Callable[[], str]] = {
    "Database": database,
    "Outbox": outbox,
    "Jobs": worker_jobs,
    "Settings": setting_names,
    "Profile": profile,
    "Keys": keys,
    "Mail server": mail,
    "Mailbox": inbound_mail,
    "Identity providers": providers,
    "Limits": limits,
    "Files": stored_files,
    "Owners": owners,
}


def run_checks() -> dict[str, str]:
    """Run the checks; returns the problem by name of check, empty if there is none."""
    problems = {}
    for name, check in CHECKS.items():
        problems[name] = check()
        # The others read the database, and would fail without saying why.
        if problems["Database"]:
            break
    return problems
