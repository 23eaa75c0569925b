"""What a service may ask for, and how it is refused. Pure rules: no Flask."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.datastructures import MultiDict

from portal.testlegitimering import messages
from portal.testlegitimering.claims import ACR_VALUES, SCOPES
from portal.testlegitimering.clients import Client

PROMPTS = ("none", "login", "select_account")

Parameters = MultiDict[str, str]
Claims = dict[str, dict[str, Any]]


class Unanswerable(Exception):
    """The request names no service or address that we know, so it is answered here and never sent on."""

    def __init__(self, text: str, heading: str = "Det går inte att logga in") -> None:
        super().__init__(text)
        self.heading = heading


class Refused(Exception):
    """The service gets an error back, by its own redirect address."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True)
class Authorization:
    """A request that may be granted."""

    client: Client
    redirect_uri: str
    state: str
    nonce: str
    scopes: frozenset[str]
    claims: Claims
    levels: tuple[str, ...]
    only_these: bool
    challenge: str
    message: str

    def level(self, available: Sequence[str]) -> str | None:
        """The level of assurance to state about somebody who has these; None when none of them will do."""
        found = next((acr for acr in self.levels if acr in available), None)
        return found or (None if self.only_these else available[0])


def sender(parameters: Parameters, clients: Mapping[str, Client]) -> tuple[Client, str]:
    """The service that asks and where it wants the answer; both must be registered, exactly."""
    client = clients.get(_only(parameters, "client_id"))
    if client is None:
        raise Unanswerable("Tjänsten som skickade dig hit finns inte i Testlegitimering.", "Okänd tjänst")
    redirect_uri = _only(parameters, "redirect_uri")
    if redirect_uri not in client.redirect_uris:
        text = f"{client.name} vill ha svaret till en adress som inte finns i Testlegitimering."
        raise Unanswerable(text, "Fel adress tillbaka")
    return client, redirect_uri


def read(parameters: Parameters, client: Client, redirect_uri: str) -> Authorization:
    """The whole request, when nothing in it must be refused."""
    for error, description, applies in REFUSALS:
        if applies(parameters):
            raise Refused(error, description)
    claims = _claims(parameters.get("claims", "{}"))
    levels, only_these = _levels(claims["id_token"].get("acr") or {}, _words(parameters, "acr_values"))
    return Authorization(
        client=client,
        redirect_uri=redirect_uri,
        state=parameters.get("state", ""),
        nonce=parameters.get("nonce", ""),
        scopes=frozenset(_words(parameters, "scope")) & SCOPES.keys(),
        claims=claims,
        levels=levels,
        only_these=only_these,
        challenge=parameters["code_challenge"],
        message=_message(parameters.get(messages.PARAMETER, "")),
    )


def address(target: str, **parameters: str) -> str:
    """An address with parameters added; empty ones are left out."""
    parts = urlsplit(target)
    added = urlencode({key: value for key, value in parameters.items() if value})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


def _only(parameters: Parameters, name: str) -> str:
    values = parameters.getlist(name)
    return values[0] if len(values) == 1 else ""


def _words(parameters: Parameters, name: str) -> list[str]:
    return parameters.get(name, "").split()


def _has_pkce(parameters: Parameters) -> bool:
    challenge = parameters.get("code_challenge", "")
    method = parameters.get("code_challenge_method")
    return method == "S256" and re.fullmatch(r"[A-Za-z0-9_-]{43}", challenge) is not None


def _has_bad_prompt(parameters: Parameters) -> bool:
    prompts = _words(parameters, "prompt")
    return not set(prompts) <= set(PROMPTS) or ("none" in prompts and len(prompts) > 1)


REFUSALS: tuple[tuple[str, str, Callable[[Parameters], bool]], ...] = (
    ("invalid_request", "a parameter is given twice", lambda p: any(len(v) > 1 for v in p.listvalues())),
    ("request_not_supported", "no request objects", lambda p: "request" in p),
    ("request_uri_not_supported", "no request objects", lambda p: "request_uri" in p),
    ("registration_not_supported", "no registration", lambda p: "registration" in p),
    ("invalid_request", "response_type is missing", lambda p: not p.get("response_type")),
    ("unsupported_response_type", "code is the only one", lambda p: p["response_type"] != "code"),
    (
        "invalid_request",
        "query is the only response_mode",
        lambda p: p.get("response_mode") not in (None, "query"),
    ),
    ("invalid_scope", "openid is missing", lambda p: "openid" not in _words(p, "scope")),
    ("invalid_request", "PKCE with S256 is required", lambda p: not _has_pkce(p)),
    ("invalid_request", "prompt is not understood", _has_bad_prompt),
    ("login_required", "nobody is signed in here beforehand", lambda p: "none" in _words(p, "prompt")),
)


def _claims(text: str) -> Claims:
    """The claims parameter, as two dictionaries of what is asked for by name."""
    try:
        asked = json.loads(text)
        claims = {place: dict(asked.get(place) or {}) for place in ("id_token", "userinfo")}
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise Refused("invalid_request", "claims is not understood") from problem
    if not all(isinstance(one, dict | None) for place in claims.values() for one in place.values()):
        raise Refused("invalid_request", "claims is not understood")
    return claims


def _levels(asked: dict[str, Any], preferred: list[str]) -> tuple[tuple[str, ...], bool]:
    """The levels of assurance that were asked for and that we have, and whether no other will do."""
    values = asked.get("values", [asked["value"]] if "value" in asked else preferred)
    wanted = values if isinstance(values, list) else []
    found = tuple(acr for acr in wanted if acr in ACR_VALUES)
    only_these = bool(wanted) and asked.get("essential") is True
    if only_these and not found:
        raise Refused("unmet_authentication_requirements", "none of those levels of assurance is here")
    return found or ACR_VALUES, only_these


def _message(text: str) -> str:
    try:
        return messages.read(text)
    except messages.NotUnderstood as problem:
        raise Refused("invalid_request", str(problem)) from problem
