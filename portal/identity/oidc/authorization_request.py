"""What a provider is asked when somebody signs in: the request, and the secrets that the answer must fit."""

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


def parameters(provider: Provider, pending: Pending, language: str) -> dict[str, str]:
    """What we ask beside what OAuth does: a nonce, acr as an essential claim, a sign-in of its own."""
    wishes = {"nonce": pending.nonce, "claims": json.dumps(_claims(provider)), "prompt": "login"}
    aged = {} if provider.max_age is None else {"max_age": str(provider.max_age)}
    return wishes | aged | {"ui_locales": language}


def _claims(provider: Provider) -> dict[str, Any]:
    essential = {"acr": {"essential": True, "values": list(provider.acr)}, "auth_time": {"essential": True}}
    organisation = (ORG_NUMBER, ORG_NAME) if provider.audience == CITIZENS else ()
    told = dict.fromkeys(filter(None, (*WISHES, *organisation, provider.protected_claim)))
    return {"id_token": essential | WISHES, "userinfo": told}


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
