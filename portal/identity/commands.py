"""Signing in and out, and who is a member of staff. Everything here is done inside a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from portal import clock
from portal.db import session
from portal.identity import account_linking, emergency_access, person_lookup, sessions, staff_identifiers
from portal.identity.actors import Role
from portal.identity.models import Membership, Person, SignIn
from portal.identity.oidc import providers
from portal.identity.oidc.identified import Identified, Key
from portal.identity.sessions import fingerprint


@dataclass(frozen=True)
class MembershipScope:
    """Where a membership holds; all None means everywhere."""

    unit: int | None = None
    board: int | None = None
    administration: int | None = None

    @property
    def columns(self) -> dict[str, int | None]:
        """As a membership has it."""
        return {"unit_id": self.unit, "board_id": self.board, "administration_id": self.administration}


def sign_in(provider: str, who: Identified) -> str:
    """Open a session for a person; gives its new random id, which only the cookie holds."""
    person = account_linking.person_for(who, staff=providers.audience(provider) == providers.STAFF)
    opened = SignIn(provider=provider, issuer=who.issuer, sid=who.sid, id_token=who.id_token)
    opened.person_id = person.id
    if who.organisation:
        opened.organisation_name, opened.organisation_number = who.organisation.name, who.organisation.number
    return sessions.begin(opened)


def sign_out(token: str) -> None:
    """End one session."""
    session().execute(delete(SignIn).where(SignIn.token == fingerprint(token)))


def seen(token: str) -> None:
    """Move a session's last-seen time forward."""
    found = session().scalar(select(SignIn).where(SignIn.token == fingerprint(token)))
    if found:
        found.last_seen_at = clock.now()


def find_or_add(name: str, identity_number: str | None, keys: Sequence[Key] = ()) -> Person:
    """The person with this number and these keys, or a new one. Raises naming.TwoPeople."""
    return person_lookup.person(name, identity_number, keys)


def add_member(
    name: str, identity_number: str | None, role: Role, scope: MembershipScope, keys: Sequence[Key] = ()
) -> Membership:
    """Give somebody a role. The same role in the same place twice is one membership. Raises TwoPeople."""
    person, wanted = find_or_add(name, identity_number, keys), scope.columns
    query = select(Membership).filter_by(person_id=person.id, role=role, ended_at=None, **wanted)
    found = session().scalar(query.where(Membership.substitute_for_id.is_(None)))
    return found or _begin(Membership(person_id=person.id, role=role, started_at=clock.now(), **wanted))


def add_substitute(
    absent: Membership, name: str, identity_number: str, start: datetime, end: datetime
) -> Membership:
    """Let somebody stand in for a member of staff, with a membership of their own for the time.

    Raises ValueError where the end comes first, or somebody would stand in for themselves.
    """
    person = find_or_add(name, identity_number)
    if end <= start or person.id == absent.person_id:
        raise ValueError("a substitute is somebody else, for a time")
    where = {
        "unit_id": absent.unit_id,
        "board_id": absent.board_id,
        "administration_id": absent.administration_id,
    }
    stand_in = Membership(person_id=person.id, role=absent.role, substitute_for_id=absent.id, **where)
    stand_in.started_at, stand_in.ended_at = start, end
    return _begin(stand_in)


def _begin(membership: Membership) -> Membership:
    session().add(membership)
    session().flush()
    return membership


def switch_membership(token: str, membership: Membership) -> None:
    """Work as one's other membership from now on, in this session. Raises ValueError for somebody else's."""
    opened = session().scalars(select(SignIn).where(SignIn.token == fingerprint(token))).one()
    if membership.person_id != opened.person_id:
        raise ValueError("a membership of somebody else")
    opened.membership_id = membership.id


def end_membership(membership_id: int) -> Membership | None:
    """End a membership; None if there is no such one that runs."""
    found = session().get(Membership, membership_id)
    if found is None or (found.ended_at and found.ended_at <= clock.now()):
        return None
    found.ended_at = clock.now()
    emergency_access.end(found)
    staff_identifiers.forget(found.person_id)
    return found


def open_emergency(
    person: Person, role: Role, scope: MembershipScope, reason: str, hours: int
) -> emergency_access.EmergencyGrant:
    """Give somebody a role for some hours, and a one-time code that opens a session without a provider."""
    return emergency_access.begin(Membership(person_id=person.id, role=role, **scope.columns), reason, hours)


def choose_contact(person_id: int, reply_by: str, email: str | None, phone: str | None) -> None:
    """How a person wants to hear from us from now on; cases already sent keep theirs."""
    person = session().get_one(Person, person_id)
    person.reply_by, person.email, person.phone = reply_by, email, phone
