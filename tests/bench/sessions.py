"""Sessions made directly, as a row and a cookie: signing in is not what is measured."""

import json
from dataclasses import dataclass

from itsdangerous import URLSafeTimedSerializer

from portal import clock, config, crypto, db
from portal.identity import sessions
from portal.identity.models import SignIn
from portal.identity.oidc import client
from portal.web import current

COOKIE = "kontakt"
# Any value: a browser keeps the one that its first form gave it.
CSRF = "benchmark" * 4


@dataclass(frozen=True)
class User:
    """A person with an open session."""

    person: int
    token: str

    @property
    def cookie(self) -> str:
        """The cookie of a session that is in use now, as a browser sends it."""
        return cookie(self.token)


def begin(person: int, staff: bool, membership: int | None = None) -> User:
    """Open a session of a person in the database of this process."""
    provider = client.STAFF if staff else client.CITIZENS
    with db.transaction():
        row = SignIn(provider=provider, issuer="http://issuer.test", sid=None)
        row.person_id, row.membership_id = person, membership
        return User(person, sessions.begin(row))


def cookie(token: str = "") -> str:
    """The cookie of a browser that has seen a form; with the id of a session, signed in."""
    now = int(clock.now().timestamp())
    signed_in = {"_user_id": token, current.IDENTIFIED: now, current.LAST_SEEN: now} if token else {}
    content = json.dumps({"csrf_token": CSRF, **signed_in})
    return f"{COOKIE}={crypto.cookie_cipher('session').encrypt(content.encode()).decode()}"


def form_token() -> str:
    """The token that a form of this browser carries, as Flask-WTF signs it."""
    token = URLSafeTimedSerializer(config.settings().secret_key, salt="wtf-csrf-token").dumps(CSRF)
    return str(token)
