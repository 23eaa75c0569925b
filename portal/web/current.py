"""The actor of the current request, and the functions by which views read a case."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, abort, g, request, session
from flask_login import LoginManager, UserMixin, current_user

from portal import clock, db
from portal.audit import read_log
from portal.audit.dossier import Dossier, dossier_for
from portal.audit.models import Read
from portal.audit.transferred import TransferredCase, transferred_case
from portal.cases import queries, reference_numbers
from portal.cases.desk.rules import SIGN_IN_TTL
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
from portal.notifications.staff import notices
from portal.organisation import queries as organisation

# They answer without a user, and so without the database and its pool.
NO_DATABASE = {"static", "public.theme", "operations.alive", "operations.ready"}
# When this browser was last used, in the cookie alone: a row with this time would name a person.
LAST_SEEN = "last_seen"
# It is noted at most this often: two pages that load at once would overwrite each other's cookie.
SEEN_STEP = timedelta(minutes=1)
# When its person was identified, for the same reason: Unix time, and 0 if the provider does not say.
IDENTIFIED = "identified"
# What a browser holds of the visit at the desk whose number was typed in it, and when a sign-in for it ends.
DESK = "desk"
DESK_UNTIL = "desk_until"
# Pages that may belong to a case sent anonymously, though the browser is signed in.
ANONYMOUS_PAGES = frozenset(
    {
        "messages.survey",
        "public.latest_receipt",
        "public.receipt",
        "public.receipt_pdf",
        "public.receipt_calendar",
        "public.follow_start",
        "public.lost_code",
        "public.new_code",
        "public.new_code_link",
    }
)


class SignedIn(UserMixin):
    """The user object of flask-login for an open session."""

    def __init__(self, token: str, opened: OpenSession) -> None:
        sign_in = opened.sign_in
        # The token of the session, not the id of the person: an ended session must sign the browser out.
        self.id = token
        self.person = sign_in.person_id
        self.name = sign_in.person.name
        self.provider = sign_in.provider
        self.last_seen_at = sign_in.last_seen_at
        self.memberships = opened.memberships
        self.emergency_open = opened.emergency
        self.membership = sign_in.membership_id
        self.session = sign_in.id
        self.created_at = sign_in.created_at
        self.audience = providers.audience_of(sign_in.provider)
        # Emergency access is opened by a code from the command line, without an identity provider.
        self.emergency = sign_in.provider == providers.NO_PROVIDER
        self.closes_at = sign_in.membership.ended_at if self.emergency and sign_in.membership else None
        name = sign_in.organisation_name
        self.organisation = Organisation(name, sign_in.organisation_number) if name else None
        self.staff: Staff | None = None


def load(token: str) -> SignedIn | None:
    """The user of an open session; None if the session has ended."""
    opened = people.open_session(token)
    return SignedIn(token, opened) if opened else None


def install(app: Flask, _settings: Settings) -> None:
    """Set up flask-login, without its identification of browsers."""
    # An error page must not load the user: the database may be unavailable.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None
    # flask-login's own identifier is a hash of IP address and user agent, which we do not store.
    manager._session_identifier_generator = lambda: ""
    manager.user_loader(_load_unless_idle)
    app.before_request(_keep_alive)


def _load_unless_idle(token: str) -> SignedIn | None:
    seen = session.get(LAST_SEEN)
    idle = seen is not None and seen <= (clock.now() - sessions.IDLE).timestamp()
    until = _desk_sign_in_ends()
    opened = None if idle or (until and until <= clock.now()) else load(token)
    if opened and until:
        opened.closes_at = until
    return opened


def _desk_sign_in_ends() -> datetime | None:
    """When the sign-in of a visitor at the screen of the desk ends; None for any other."""
    until = session.get(DESK_UNTIL)
    return clock.at_timestamp(until) if until else None


def _keep_alive() -> None:
    if request.endpoint in NO_DATABASE or not current_user.is_authenticated:
        return
    now = clock.now()
    if session.get(LAST_SEEN, 0) <= (now - SEEN_STEP).timestamp():
        mark_seen()
    if current_user.last_seen_at < clock.to_hour(now) and not _is_anonymous_request():
        with db.transaction():
            identity.touch_session(current_user.id)


def mark_identified(moment: datetime) -> None:
    """Note in the browser's cookie when its person was identified."""
    session[IDENTIFIED] = int(moment.timestamp())


def limit_to_visit() -> None:
    """End a citizen's sign-in soon if it was made for a visit at the desk: others use that screen."""
    if DESK in session:
        session[DESK_UNTIL] = (clock.now() + SIGN_IN_TTL).timestamp()


def mark_seen() -> None:
    """Note in the browser's cookie that its session is in use now."""
    session[LAST_SEEN] = int(clock.now().timestamp())


def _is_anonymous_request() -> bool:
    """Whether the request may send or show a case whose sender is not to be known."""
    if request.blueprint == "follow" or request.endpoint in ANONYMOUS_PAGES:
        return True
    return request.blueprint == "public" and request.method != "GET"


def user() -> Any:
    """The signed-in user; None without a session."""
    if request.endpoint in NO_DATABASE:
        return None
    return current_user._get_current_object() if current_user.is_authenticated else None


def staff() -> Staff | None:
    """The user as staff: signed in through the staff provider, or by emergency access."""
    signed_in = user()
    # Kept on the user object, since every page asks several times.
    if signed_in and signed_in.staff is None:
        signed_in.staff = _staff(signed_in)
    return signed_in.staff if signed_in else None


def _staff(signed_in: SignedIn) -> Staff | None:
    if signed_in.emergency:
        current_memberships = memberships()
        return people.as_staff(current_memberships[0]) if current_memberships else None
    # An officer who signs in as a citizen must not act as staff in that session.
    if signed_in.audience != providers.STAFF:
        return None
    return people.staff_with(signed_in.person, signed_in.memberships, signed_in.membership)


def memberships() -> Sequence[Membership]:
    """The memberships that the user may act as in this session."""
    signed_in = user()
    if not signed_in:
        return []
    all_memberships: Sequence[Membership] = signed_in.memberships
    if signed_in.emergency:
        # Emergency access is granted for one membership, not for all that the person has.
        return [row for row in all_memberships if row.id == signed_in.membership]
    return all_memberships


def citizen() -> Citizen | None:
    """The user as a citizen: signed in through the citizen provider."""
    signed_in = user()
    return Citizen(signed_in.person) if signed_in and signed_in.audience == providers.CITIZENS else None


def vouched_organisation() -> Organisation | None:
    """The organisation that the citizen provider states the user represents."""
    return user().organisation if citizen() else None


def the_citizen() -> Citizen:
    """citizen() for views that require one. Aborts with 404 otherwise."""
    return citizen() or abort(404)


def the_staff() -> Staff:
    """staff() for views that require it. Aborts with 404 otherwise."""
    return staff() or abort(404)


def case(actor: Actor, reference: str) -> Case:
    """The case with this reference, locked inside a transaction. Aborts with 404 if the actor cannot read it.

    Nothing is logged: a page that shows the case's text to staff uses open_case() instead.
    """
    return other_case(actor, reference) or abort(404)


def open_case(actor: Staff, reference: str, how: Read = Read.CASE) -> Dossier:
    """All of a case for a page that shows it, which is logged. Aborts with 404 as case() does."""
    dossier = _dossier(actor, reference)
    unseen = notices.unseen(actor, dossier.case.id)
    # What happened in the case is on the page that it opens.
    marked = notices.seen_in(actor, dossier.case) if unseen.in_case else None
    read_log.log_display(actor, [dossier.case], how, also=marked)
    # For the head of the page: the session that it is read by may not see the mark.
    g.unseen_notices = unseen.elsewhere
    return dossier


def open_transferred(actor: Staff, reference: str) -> TransferredCase | None:
    """A case that the actor's board has handed to another authority, which is logged; None for any other."""
    known = transferred(actor, reference)
    if known:
        read_log.log_display(actor, [known.handover.case], Read.CASE)
    return known


def transferred(actor: Staff, reference: str) -> TransferredCase | None:
    """As open_transferred(), for what is opened from its page; nothing is logged."""
    parts = year_and_number(reference)
    return transferred_case(actor, *parts) if parts else None


def redisplay_case(actor: Staff, reference: str) -> Dossier:
    """As open_case(), for the page that answers a refused POST."""
    dossier = _dossier(actor, reference)
    # Part of the same reading as the page that the form was posted from, so the log does not count it twice.
    read_log.log_redisplay(actor, dossier.case, dossier.opened)
    return dossier


def _dossier(actor: Staff, reference: str) -> Dossier:
    parts = year_and_number(reference)
    return (parts and dossier_for(actor, *parts)) or abort(404)


def year_and_number(reference: str) -> tuple[int, int] | None:
    """The year and number of a reference in an address; None if it is none."""
    return reference_numbers.parse(organisation.profile().number_prefix, reference)


def other_case(actor: Actor, reference: str) -> Case | None:
    """The case with this reference; None if the actor cannot read it. Nothing is logged."""
    parts = year_and_number(reference)
    return queries.case_for(actor, *parts) if parts else None


def case_by_number(actor: Actor, written: str) -> Case | None:
    """The case whose reference, or number of this year alone, a person wrote; None if it cannot be read."""
    profile = organisation.profile()
    parts = reference_numbers.parse(profile.number_prefix, written, clock.today().year)
    return queries.case_for(actor, *parts) if parts else None


def case_held(holder: CodeHolder) -> Case:
    """The case of a code holder. Aborts with 404 if it no longer exists."""
    return queries.case_by_id(holder, holder.case) or abort(404)
