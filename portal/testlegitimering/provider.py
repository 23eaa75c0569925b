"""The provider's memory: who may ask, who can sign in, and what is under way."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from flask import current_app
from joserfc.jwk import KeySet

from portal.testlegitimering.authorization import Authorization
from portal.testlegitimering.clients import Client
from portal.testlegitimering.people import Person, distinct
from portal.testlegitimering.store import Store
from portal.testlegitimering.tokens import LIFETIME, Grant, challenge, id_token, new_key

PENDING_SECONDS = 600
CODE_SECONDS = 60


@dataclass(frozen=True)
class Pending:
    """A request that waits for a person, in one browser."""

    authorization: Authorization
    browser: str


class Provider:
    """One issuer and its memory; it forgets everything when it stops."""

    def __init__(self, issuer: str, clients: Iterable[Client], people: Iterable[Person]) -> None:
        self.issuer = issuer
        self.clients = {client.client_id: client for client in clients}
        self.people = {person.number: person for person in distinct(people)}
        self.key = new_key()
        self.jwks = KeySet([self.key]).as_dict(private=False)
        self.pendings: Store[Pending] = Store(PENDING_SECONDS)
        self.codes: Store[Grant] = Store(CODE_SECONDS)
        self.tokens: Store[Grant] = Store(LIFETIME)
        self._spent: Store[str] = Store(LIFETIME)

    def grant(self, authorization: Authorization, person: Person) -> str:
        """A code for what the person has just confirmed."""
        return self.codes.put(Grant(authorization, person, int(time.time()), secrets.token_urlsafe(16)))

    def redeem(
        self, client: Client, code: str, redirect_uri: str, verifier: str
    ) -> dict[str, str | int] | None:
        """The tokens for a code, once, to the service and browser that it was made for."""
        grant = self.codes.take(code)
        if grant is None:
            self._revoke(code)
            return None
        asked = grant.authorization
        if (asked.client, asked.redirect_uri, asked.challenge) != (client, redirect_uri, challenge(verifier)):
            return None
        access_token = self.tokens.put(grant)
        self._spent.put(access_token, code)
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": " ".join(sorted(asked.scopes)),
            "id_token": id_token(self.issuer, self.key, grant, access_token),
        }

    def end(self, sid: str) -> None:
        """Forget the tokens of one sign-in."""
        self.tokens.discard(lambda grant: grant.sid == sid)

    def _revoke(self, code: str) -> None:
        """A code that comes twice may be stolen, so what it once gave is taken back."""
        self.tokens.take(self._spent.take(code) or "")


def provider() -> Provider:
    """The provider of the app that serves this request."""
    return cast(Provider, current_app.extensions["testlegitimering"])
