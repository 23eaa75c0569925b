"""The authorization request of OpenID Connect, and the secrets that its response must match."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from portal import clock
from portal.identity.oidc.claims import LEVEL, ORG_NAME, ORG_NUMBER, PREVIOUS, PRID
from portal.identity.oidc.providers import CITIZENS, Provider

MESSAGE = "https://id.oidc.se/param/userMessage"
MESSAGE_SUPPORTED = "https://id.oidc.se/disco/userMessageSupported"
# Claims that no scope of the Swedish profile includes; None requests them as voluntary.
VOLUNTARY: dict[str, None] = dict.fromkeys((LEVEL, PREVIOUS, PRID))


@dataclass(frozen=True)
class Pending:
    """A pending sign-in of one browser, stored in its session. `started` is a Unix time in seconds.

    `fresh` asks the provider to identify the person again, whatever age its settings accept.
    """

    nonce: str
    verifier: str
    callback: str
    started: float
    fresh: bool = False

    @classmethod
    def new(cls, callback: str, fresh: bool = False) -> "Pending":
        """Create a pending sign-in with a nonce of 256 bits and a PKCE verifier of 384."""
        # 48 bytes make 64 characters: RFC 7636, 4.1 asks for 43 to 128.
        now = clock.now().timestamp()
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(48), callback, now, fresh)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as the session stores them."""
        return asdict(self)


def parameters(provider: Provider, pending: Pending, language: str) -> dict[str, str]:
    """Return the parameters that OpenID Connect adds to the OAuth request."""
    # prompt=login: a session at the provider must not sign in the next user of a shared computer.
    values = {"nonce": pending.nonce, "claims": json.dumps(_claims(provider)), "prompt": "login"}
    max_age = 0 if pending.fresh else provider.max_age
    if max_age is not None:
        values["max_age"] = str(max_age)
    return values | {"ui_locales": language}


def _claims(provider: Provider) -> dict[str, Any]:
    # An essential acr, because acr_values alone is only a preference (OpenID Connect Core 1.0, 5.5.1.1).
    essential = {"acr": {"essential": True, "values": list(provider.acr)}, "auth_time": {"essential": True}}
    userinfo = dict(VOLUNTARY)
    if provider.audience == CITIZENS:
        userinfo |= dict.fromkeys((ORG_NUMBER, ORG_NAME))
    if provider.protected_claim:
        userinfo[provider.protected_claim] = None
    return {"id_token": essential | VOLUNTARY, "userinfo": userinfo}


def user_message(metadata: Mapping[str, Any], text: str, language: str) -> dict[str, str]:
    """Return the userMessage parameter of the Swedish profile; empty if the provider does not support it."""
    if not text or metadata.get(MESSAGE_SUPPORTED) is not True:
        return {}
    encoded = base64.b64encode(text.encode()).decode()
    message = {"message": encoded, f"message#{language}": encoded, "mime_type": "text/plain"}
    return {MESSAGE: json.dumps(message)}


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """Return the address with the parameters appended to its query, and without a fragment."""
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode(parameters))))
    return urlunsplit(parts._replace(query=query, fragment=""))
