"""What a provider is asked when somebody signs in: the request, and the secrets that the answer must fit."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from portal import clock
from portal.identity.claims import LEVEL, PREVIOUS, PRID
from portal.identity.providers import Provider

MESSAGE = "https://id.oidc.se/param/userMessage"
MESSAGE_SUPPORTED = "https://id.oidc.se/disco/userMessageSupported"
# What no scope gives.
WISHES: dict[str, None] = dict.fromkeys((LEVEL, PREVIOUS, PRID))


@dataclass(frozen=True)
class Pending:
    """A sign-in that is under way in one browser, as its session keeps it."""

    nonce: str
    verifier: str
    callback: str
    started: float

    @classmethod
    def new(cls, callback: str) -> "Pending":
        """With secrets of 256 bits and more."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(48), callback, clock.now().timestamp())

    def as_dict(self) -> dict[str, Any]:
        """For the session."""
        return asdict(self)


def parameters(provider: Provider, state: str, pending: Pending, language: str) -> dict[str, str]:
    """The authentication request: code flow, PKCE, and acr as an essential claim."""
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": pending.callback,
        "scope": provider.scope,
        "state": state,
        "nonce": pending.nonce,
        "code_challenge": _challenge(pending.verifier),
        "code_challenge_method": "S256",
        "claims": json.dumps(_claims(provider)),
        "prompt": "login",
        "ui_locales": language,
    }
    return asked | ({} if provider.max_age is None else {"max_age": str(provider.max_age)})


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _claims(provider: Provider) -> dict[str, Any]:
    essential = {"acr": {"essential": True, "values": list(provider.acr)}, "auth_time": {"essential": True}}
    return {"id_token": essential | WISHES, "userinfo": WISHES}


def user_message(metadata: Mapping[str, Any], text: str, language: str) -> dict[str, str]:
    """What the provider shall show beside the sign-in, where discovery says that it can."""
    if not text or metadata.get(MESSAGE_SUPPORTED) is not True:
        return {}
    encoded = base64.b64encode(text.encode()).decode()
    shown = {"message": encoded, f"message#{language}": encoded, "mime_type": "text/plain"}
    return {MESSAGE: json.dumps(shown)}


def with_parameters(address: str, given: Mapping[str, str]) -> str:
    """An address with these added to what stands in it already."""
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode(given))))
    return urlunsplit(parts._replace(query=query, fragment=""))
