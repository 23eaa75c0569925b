"""The state of the provider, in memory: clients, people, keys, pending requests and tokens."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app
from joserfc.jwk import KeySet

from portal.testlegitimering.oidc.authorization import Authorization
from portal.testlegitimering.oidc.clients import Client
from portal.testlegitimering.oidc.keys import SigningKeys
from portal.testlegitimering.oidc.tokens import LIFETIME, Grant, challenge, id_token
from portal.testlegitimering.people import Person, require_unique
from portal.testlegitimering.sign_in.orders import APP_SECONDS, Order
from portal.testlegitimering.store import Store
from portal.testlegitimering.switches import USUAL, Switches

# Lifetimes. A code is exchanged at once; RFC 6749, 4.1.2 recommends ten minutes at most.
PENDING_SECONDS = 600
CODE_SECONDS = 60
SESSION_SECONDS = 12 * 3600


@dataclass
class Pending:
    """An authorization request that waits for a person, in one browser.

    `order` is its QR code. In the testapp, `serves` is the order of the device that shows the code.
    """

    authorization: Authorization
    browser: str
    switches: Switches = USUAL
    order: Order | None = None
    serves: Order | None = None
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class Provider:
    """One issuer with its state, which is lost when the process ends."""

    def __init__(self, issuer: str, clients: Iterable[Client], people: Iterable[Person]) -> None:
        self.issuer = issuer
        self.clients = {client.client_id: client for client in clients}
        self.people = {person.identifier: person for person in require_unique(people)}
        self.keys = SigningKeys()
        self.client_keys: dict[str, KeySet] = {}
        self.pendings: Store[Pending] = Store(PENDING_SECONDS)
        self.orders: Store[Order] = Store(PENDING_SECONDS + APP_SECONDS)
        self.codes: Store[Grant] = Store(CODE_SECONDS)
        self.tokens: Store[Grant] = Store(LIFETIME)
        self.sessions: Store[Grant] = Store(SESSION_SECONDS)
        self.assertions: Store[str] = Store(PENDING_SECONDS)
        self._spent: Store[str] = Store(LIFETIME)

    def add_pending(self, pending: Pending) -> Pending:
        """Store a pending request; returns it."""
        self.pendings.put(pending, pending.key)
        return pending

    def grant(self, pending: Pending, person: Person) -> str:
        """Create a grant for a person who has just confirmed; returns its code."""
        grant = Grant(
            authorization=pending.authorization,
            person=person,
            auth_time=int(time.time()),
            sid=secrets.token_urlsafe(16),
            switches=pending.switches,
            browser=pending.browser,
        )
        return self.codes.put(grant)

    def redeem(self, client: Client, code: str, redirect_uri: str, verifier: str) -> Grant | None:
        """Return the grant of a code, once; None if client, redirect URI or PKCE verifier do not match."""
        grant = self.codes.take(code)
        if grant is None:
            self._revoke(code)
            return None
        authorization = grant.authorization
        same_client = authorization.client == client and authorization.redirect_uri == redirect_uri
        return grant if same_client and authorization.challenge == challenge(verifier) else None

    def tokens_for(self, grant: Grant, code: str) -> dict[str, Any]:
        """Start the session of a grant; returns the token response."""
        access_token = self.tokens.put(grant)
        self._spent.put(access_token, code)
        self.sessions.put(grant, grant.sid)
        response = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": " ".join(sorted(grant.authorization.scopes)),
        }
        if grant.switches.fault != "missing":
            response["id_token"] = id_token(self.issuer, self.keys, grant, access_token)
        return response

    def end(self, sid: str) -> Grant | None:
        """End a session and its tokens; returns its grant."""
        self.tokens.discard(lambda grant: grant.sid == sid)
        return self.sessions.take(sid)

    def sessions_of(self, browser: str) -> list[Grant]:
        """Return the sessions of a browser."""
        if not browser:
            return []
        return [grant for grant in self.sessions.values() if grant.browser == browser]

    def _revoke(self, code: str) -> None:
        # RFC 6749, 4.1.2: a code that is used twice may be stolen, so its tokens are revoked.
        self.tokens.take(self._spent.take(code) or "")


def provider() -> Provider:
    """Return the provider of the current application."""
    return cast(Provider, current_app.extensions["testlegitimering"])
