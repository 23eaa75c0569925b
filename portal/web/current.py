"""Who is asking in this request, and the one way from a view to a case."""

from collections.abc import Sequence
from typing import Any

from flask import Flask, abort, session
from flask_login import LoginManager, UserMixin, current_user

from portal import clock, db
from portal.audit import read_log
from portal.audit.dossier import Dossier, dossier_for
from portal.audit.models import Read
from portal.cases import queries, reference_numbers
from portal.cases.models import Case
from portal.config import Settings
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity import sessions
from portal.identity.actors import Actor, Citizen, CodeHolder, Staff
from portal.identity.models import Membership
from portal.identity.oidc import providers
from portal.identity.oidc.identified import Organisation
from portal.identity.queries import OpenSession
from portal.organisation import queries as organisation

GRANT = "grant"


class SignedIn(UserMixin):
    """The person of an open session, as flask-login wants it; the id is the session's, never the person's."""

    def __init__(self, token: str, opened: OpenSession) -> None:
        sign_in = opened.sign_in
        self.id = token
        self.person = sign_in.person_id
        self.name = sign_in.person.name
        self.provider = sign_in.provider
        self.id_token = sign_in.id_token
        self.last_seen_at = sign_in.last_seen_at
        self.memberships = opened.memberships
        self.membership = sign_in.membership_id
        self.session = sign_in.id
        self.created_at = sign_in.created_at
        self.audience = providers.audience_of(sign_in.provider)
        # Opened by a code of the command line: no provider has vouched for anybody.
        self.emergency = sign_in.provider == providers.NO_PROVIDER
        self.closes_at = sign_in.membership.ended_at if self.emergency and sign_in.membership else None
        name = sign_in.organisation_name
        self.organisation = Organisation(name, sign_in.organisation_number) if name else None
        self.staff: Staff | None = None


def load(token: str) -> SignedIn | None:
    """The person of an open session, or None when it has ended."""
    opened = people.open_session(token)
    return SignedIn(token, opened) if opened else None


def install(app: Flask, _settings: Settings) -> None:
    """Sessions through flask-login, without anything that remembers the browser itself."""
    # No template asks for its current_user, and an error page must not: the database may be away.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None
    # flask-login's own identifier is made of address and user agent, which we do not keep.
    manager._session_identifier_generator = lambda: ""
    manager.user_loader(load)
    app.before_request(_keep_alive)


def _keep_alive() -> None:
    if current_user.is_authenticated and current_user.last_seen_at < clock.now() - sessions.LAST_SEEN_STEP:
        with db.transaction():
            identity.touch_session(current_user.id)


def user() -> Any:
    """The signed-in person, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def staff() -> Staff | None:
    """The person as staff: only through the staff's own provider, or in an emergency. Asked for once."""
    who = user()
    if who and who.staff is None:
        who.staff = _staff(who)
    return who.staff if who else None


def _staff(who: SignedIn) -> Staff | None:
    if who.emergency:
        return next(map(people.as_staff, memberships()), None)
    if who.audience != providers.STAFF:
        return None
    return people.staff_with(who.person, who.memberships, who.membership)


def memberships() -> Sequence[Membership]:
    """What the person may work as in this session."""
    who = user()
    mine: Sequence[Membership] = who.memberships if who else []
    return [each for each in mine if each.id == who.membership] if who and who.emergency else mine


def citizen() -> Citizen | None:
    """The person as a citizen: only through the citizens' own provider."""
    who = user()
    return Citizen(who.person) if who and who.audience == providers.CITIZENS else None


def vouched() -> Organisation | None:
    """For which company or association the citizens' provider has vouched in this session."""
    return user().organisation if citizen() else None


def the_citizen() -> Citizen:
    """As citizen(), where the guard has already seen to it."""
    return citizen() or abort(404)


def the_staff() -> Staff:
    """As staff(), where the guard has already seen to it."""
    return staff() or abort(404)


def code_holder() -> CodeHolder | None:
    """Whoever has opened a case by its code in this browser."""
    token = session.get(GRANT)
    return queries.code_holder_for_grant(token) if token else None


def case(actor: Actor, written: str) -> Case:
    """The case with this number, through the gate; for others there is none (404). Nothing is logged.

    Inside a transaction the case is locked. What shows its text to staff uses open_case() instead.
    """
    return other_case(actor, written) or abort(404)


def open_case(actor: Staff, written: str, how: Read = Read.CASE) -> Dossier:
    """All of a case for a page that shows it, written to the read log; for others there is none (404)."""
    dossier = _dossier(actor, written)
    read_log.log_display(actor, [dossier.case], how)
    return dossier


def redisplay_case(actor: Staff, written: str) -> Dossier:
    """The same for the page that answers a refused POST: it belongs to the opening that it was sent from."""
    dossier = _dossier(actor, written)
    read_log.log_redisplay(actor, dossier.case, dossier.opened)
    return dossier


def _dossier(actor: Staff, written: str) -> Dossier:
    place = reference_numbers.parse(organisation.profile().number_prefix, written)
    return (place and dossier_for(actor, *place)) or abort(404)


def other_case(actor: Actor, written: str) -> Case | None:
    """A case that is named on the page of another, through the gate; nobody opens it by that."""
    place = reference_numbers.parse(organisation.profile().number_prefix, written)
    return queries.case_for(actor, *place) if place else None


def case_held(holder: CodeHolder) -> Case:
    """The one case of a code holder."""
    return queries.case_by_id(holder, holder.case) or abort(404)
