"""The provider's memory: who may ask, who can sign in, and what is under way."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app
from joserfc.jwk import KeySet

from portal.testlegitimering.authorization import Authorization
from portal.testlegitimering.clients import Client
from portal.testlegitimering.keys import SigningKeys
from portal.testlegitimering.orders import APP_SECONDS, Order
from portal.testlegitimering.people import Person, distinct
from portal.testlegitimering.store import Store
from portal.testlegitimering.switches import USUAL, Switches
from portal.testlegitimering.tokens import LIFETIME, Grant, challenge, id_token

PENDING_SECONDS = 600
CODE_SECONDS = 60
SESSION_SECONDS = 12 * 3600


@dataclass
class Pending:
    """A request that waits for a person, in one browser; in the testapp it serves the order of another."""

    authorization: Authorization
    browser: str
    switches: Switches = USUAL
    order: Order | None = None
    serves: Order | None = None
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class Provider:
    """One issuer and its memory; it forgets everything when it stops."""

    def __init__(self, issuer: str, clients: Iterable[Client], people: Iterable[Person]) -> None:
        self.issuer = issuer
        self.clients = {client.client_id: client for client in clients}
        self.people = {person.identifier: person for person in distinct(people)}
        self.keys = SigningKeys()
        self.client_keys: dict[str, KeySet] = {}
        self.pendings: Store[Pending] = Store(PENDING_SECONDS)
        self.orders: Store[Order] = Store(PENDING_SECONDS + APP_SECONDS)
        self.codes: Store[Grant] = Store(CODE_SECONDS)
        self.tokens: Store[Grant] = Store(LIFETIME)
        self.sessions: Store[Grant] = Store(SESSION_SECONDS)
        self.assertions: Store[str] = Store(PENDING_SECONDS)
        self._spent: Store[str] = Store(LIFETIME)

    def wait(self, pending: Pending) -> Pending:
        """Remember a request until somebody answers it."""
        self.pendings.put(pending, pending.key)
        return pending

    def grant(self, pending: Pending, person: Person) -> str:
        """A code for what the person has just confirmed."""
        sid, now = secrets.token_urlsafe(16), int(time.time())
        return self.codes.put(
            Grant(pending.authorization, person, now, sid, pending.switches, pending.browser)
        )

    def spend(self, client: Client, code: str, redirect_uri: str, verifier: str) -> Grant | None:
        """What a code was given for, once, to the service and browser that it was made for."""
        grant = self.codes.take(code)
        if grant is None:
            self._revoke(code)
            return None
        asked = grant.authorization
        mine = (asked.client, asked.redirect_uri, asked.challenge) == (
            client,
            redirect_uri,
            challenge(verifier),
        )
        return grant if mine else None

    def tokens_for(self, grant: Grant, code: str) -> dict[str, Any]:
        """The tokens of a sign-in, which lasts from now on."""
        access_token = self.tokens.put(grant)
        self._spent.put(access_token, code)
        self.sessions.put(grant, grant.sid)
        signed = id_token(self.issuer, self.keys, grant, access_token)
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": " ".join(sorted(grant.authorization.scopes)),
        } | ({"id_token": signed} if grant.switches.fault != "missing" else {})

    def end(self, sid: str) -> Grant | None:
        """Forget one sign-in and its tokens; gives what it was."""
        self.tokens.discard(lambda grant: grant.sid == sid)
        return self.sessions.take(sid)

    def sessions_of(self, browser: str) -> list[Grant]:
        """The sign-ins that one browser made."""
        return [grant for grant in self.sessions.values() if browser and grant.browser == browser]

    def _revoke(self, code: str) -> None:
        """A code that comes twice may be stolen, so what it once gave is taken back."""
        self.tokens.take(self._spent.take(code) or "")


def provider() -> Provider:
    """The provider of the app that serves this request."""
    return cast(Provider, current_app.extensions["testlegitimering"])
