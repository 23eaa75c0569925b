"""Commands on people, sessions and memberships. The caller opens the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete, select, update

from portal import clock
from portal.db import session
from portal.events import publish
from portal.identity import account_linking, emergency_access, person_lookup, sessions, staff_identifiers
from portal.identity.absences.commands import end_absences
from portal.identity.actors import Role
from portal.identity.events import EmergencyOpened, MembershipAdded, MembershipEnded
from portal.identity.models import Membership, Person, SignIn
from portal.identity.oidc import providers
from portal.identity.oidc.identified import Identified, Key
from portal.identity.sessions import fingerprint

log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True)
class MembershipScope:
    """The unit, board or administration of a membership; all None means the whole municipality."""

    unit: int | None = None
    board: int | None = None
    administration: int | None = None

    @property
    def columns(self) -> dict[str, int | None]:
        """The scope as columns of Membership."""
        return {"unit_id": self.unit, "board_id": self.board, "administration_id": self.administration}


def sign_in(provider: str, who: Identified) -> str:
    """Open a session for the identified person; returns its id, for the cookie."""
    person = account_linking.person_for(who, staff=providers.audience_of(provider) == providers.STAFF)
    row = SignIn(provider=provider, issuer=who.issuer, sid=who.sid)
    row.person_id = person.id
    if who.organisation:
        row.organisation_name = who.organisation.name
        row.organisation_number = who.organisation.number
    return sessions.begin(row)


def sign_out(token: str) -> None:
    """End the session with this id."""
    session().execute(delete(SignIn).where(SignIn.token == fingerprint(token)))


def touch_session(token: str) -> None:
    """Set the last-seen time of a session to the current hour."""
    of_token = update(SignIn).where(SignIn.token == fingerprint(token))
    session().execute(of_token.values(last_seen_at=clock.to_hour(clock.now())))


def find_or_add(name: str, identity_number: str | None, keys: Sequence[Key] = ()) -> Person:
    """Return the person with this number and these keys, or a new one. Raises ConflictingIdentities."""
    return person_lookup.find_or_create(name, identity_number, keys)


def add_member(
    name: str, identity_number: str | None, role: Role, scope: MembershipScope, keys: Sequence[Key] = ()
) -> Membership:
    """Give a person a role; returns the membership, also when it exists. Raises ConflictingIdentities."""
    person = find_or_add(name, identity_number, keys)
    columns = {"person_id": person.id, "role": role, **scope.columns}
    # A substitute's membership ends with its period, so it is no reason to leave out a permanent one.
    permanent = Membership.substitute_for_id.is_(None)
    existing = session().scalar(select(Membership).filter_by(ended_at=None, **columns).where(permanent))
    return existing or _add_membership(Membership(started_at=clock.now(), **columns))


def add_substitute(
    absent: Membership, name: str, identity_number: str, start: datetime, end: datetime
) -> Membership:
    """Give a substitute a membership like the absent one, from start to end.

    Raises ValueError if the end is not after the start, or if both are the same person.
    """
    person = find_or_add(name, identity_number)
    if end <= start or person.id == absent.person_id:
        raise ValueError("a substitute is somebody else, for a time")
    substitute = Membership(
        person_id=person.id,
        role=absent.role,
        substitute_for_id=absent.id,
        unit_id=absent.unit_id,
        board_id=absent.board_id,
        administration_id=absent.administration_id,
        started_at=start,
        ended_at=end,
    )
    return _add_membership(substitute)


def _add_membership(membership: Membership) -> Membership:
    session().add(membership)
    session().flush()
    added = MembershipAdded(
        membership=membership.id,
        role=membership.role,
        unit=membership.unit_id,
        board=membership.board_id,
        administration=membership.administration_id,
        substitute_for=membership.substitute_for_id,
    )
    publish(added)
    log.info("membership.added", membership=membership.id, role=membership.role)
    return membership


def switch_membership(token: str, membership: Membership) -> None:
    """Select the active membership of a session. Raises ValueError if it is another person's."""
    row = session().scalars(select(SignIn).where(SignIn.token == fingerprint(token))).one()
    if membership.person_id != row.person_id:
        raise ValueError("the membership belongs to another person")
    row.membership_id = membership.id


def end_membership(membership_id: int) -> Membership | None:
    """End a membership; returns None if it does not exist or has ended."""
    membership = session().get(Membership, membership_id)
    if membership is None or (membership.ended_at and membership.ended_at <= clock.now()):
        return None
    membership.ended_at = clock.now()
    emergency_access.end(membership)
    end_absences(membership.id)
    staff_identifiers.remove_reassignable(membership.person_id)
    publish(MembershipEnded(membership=membership.id, role=membership.role))
    log.info("membership.ended", membership=membership.id, role=membership.role)
    return membership


def open_emergency(
    person: Person, role: Role, scope: MembershipScope, reason: str, hours: int
) -> emergency_access.EmergencyGrant:
    """Open emergency access: a role for some hours, and a one-time code to sign in with."""
    membership = Membership(person_id=person.id, role=role, **scope.columns)
    opened = emergency_access.begin(membership, reason, hours)
    publish(EmergencyOpened(membership=membership.id, role=role))
    log.warning("emergency.opened", membership=membership.id, role=role)
    return opened


def save_contact_choices(person_id: int, notify_by: str, email: str | None, phone: str | None) -> None:
    """Save how a person is notified about new cases; existing cases keep their own contact details."""
    person = session().get_one(Person, person_id)
    person.notify_by = notify_by
    person.email = email
    person.phone = phone
