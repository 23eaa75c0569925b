"""Validation of authorization requests. Pure: no Flask."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.datastructures import MultiDict

from portal.testlegitimering.oidc import messages
from portal.testlegitimering.oidc.claims import ACR_VALUES, SCOPES
from portal.testlegitimering.oidc.clients import Client

PROMPTS = ("none", "login", "select_account")

Parameters = MultiDict[str, str]
Claims = dict[str, dict[str, Any]]


class Unanswerable(Exception):
    """An unknown client or redirect URI: an error page, without a redirect (RFC 6749, 4.1.2.1)."""

    def __init__(self, text: str, heading: str = "Det går inte att logga in") -> None:
        super().__init__(text)
        self.heading = heading


class Refused(Exception):
    """An error that is returned to the client, by its redirect URI."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True)
class Authorization:
    """A valid authorization request."""

    client: Client
    redirect_uri: str
    state: str
    nonce: str
    scopes: frozenset[str]
    claims: Claims
    levels: tuple[str, ...]
    levels_required: bool
    challenge: str
    message: str

    def level(self, available: Sequence[str]) -> str | None:
        """Return the acr for a person with these levels; None if none of them is accepted."""
        for acr in self.levels:
            if acr in available:
                return acr
        return None if self.levels_required else available[0]


def sender(parameters: Parameters, clients: Mapping[str, Client]) -> tuple[Client, str]:
    """Return the client and its redirect URI, compared exactly. Raises Unanswerable."""
    client = clients.get(_single(parameters, "client_id"))
    if client is None:
        raise Unanswerable("Tjänsten som skickade dig hit finns inte i Testlegitimering.", "Okänd tjänst")
    redirect_uri = _single(parameters, "redirect_uri")
    if redirect_uri not in client.redirect_uris:
        text = f"{client.name} vill ha svaret till en adress som inte finns i Testlegitimering."
        raise Unanswerable(text, "Fel adress tillbaka")
    return client, redirect_uri


def read(parameters: Parameters, client: Client, redirect_uri: str) -> Authorization:
    """Parse and validate a request. Raises Refused."""
    for error, description, applies in REFUSALS:
        if applies(parameters):
            raise Refused(error, description)
    claims = _claims(parameters.get("claims", "{}"))
    levels, levels_required = _levels(claims["id_token"].get("acr") or {}, _words(parameters, "acr_values"))
    return Authorization(
        client=client,
        redirect_uri=redirect_uri,
        state=parameters.get("state", ""),
        nonce=parameters.get("nonce", ""),
        scopes=frozenset(_words(parameters, "scope")) & SCOPES.keys(),
        claims=claims,
        levels=levels,
        levels_required=levels_required,
        challenge=parameters["code_challenge"],
        message=_message(parameters.get(messages.PARAMETER, "")),
    )


def address(target: str, **parameters: str) -> str:
    """Return an address with the non-empty parameters appended to its query."""
    parts = urlsplit(target)
    added = urlencode({key: value for key, value in parameters.items() if value})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


def _single(parameters: Parameters, name: str) -> str:
    values = parameters.getlist(name)
    return values[0] if len(values) == 1 else ""


def _words(parameters: Parameters, name: str) -> list[str]:
    return parameters.get(name, "").split()


def _has_duplicate(parameters: Parameters) -> bool:
    return any(len(values) > 1 for values in parameters.listvalues())


def _has_pkce(parameters: Parameters) -> bool:
    # A SHA-256 in base64url has 43 characters (RFC 7636, 4.2).
    challenge = parameters.get("code_challenge", "")
    method = parameters.get("code_challenge_method")
    return method == "S256" and re.fullmatch(r"[A-Za-z0-9_-]{43}", challenge) is not None


def _has_bad_prompt(parameters: Parameters) -> bool:
    prompts = _words(parameters, "prompt")
    return not set(prompts) <= set(PROMPTS) or ("none" in prompts and len(prompts) > 1)


def _has_bad_max_age(parameters: Parameters) -> bool:
    # Any number is met: a person confirms at each request, and auth_time is that moment.
    return re.fullmatch(r"[0-9]{1,9}", parameters.get("max_age", "0")) is None


# In this order: a later check relies on the parameters that an earlier one has required.
REFUSALS: tuple[tuple[str, str, Callable[[Parameters], bool]], ...] = (
    ("invalid_request", "a parameter is given twice", _has_duplicate),
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
    ("invalid_request", "max_age is not a number of seconds", _has_bad_max_age),
    ("login_required", "nobody is signed in here beforehand", lambda p: "none" in _words(p, "prompt")),
)


def _claims(text: str) -> Claims:
    """Parse the claims parameter (OpenID Connect Core 1.0, 5.5). Raises Refused."""
    try:
        requested = json.loads(text)
        id_token = dict(requested.get("id_token") or {})
        userinfo = dict(requested.get("userinfo") or {})
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise Refused("invalid_request", "claims is not understood") from problem
    if not all(isinstance(options, dict | None) for options in (*id_token.values(), *userinfo.values())):
        raise Refused("invalid_request", "claims is not understood")
    return {"id_token": id_token, "userinfo": userinfo}


def _levels(acr: dict[str, Any], preferred: list[str]) -> tuple[tuple[str, ...], bool]:
    """Return the accepted acr values, and whether any other must be refused.

    `acr` is that claim's entry in the claims parameter, `preferred` the acr_values parameter.
    """
    values = acr.get("values", [acr["value"]] if "value" in acr else preferred)
    requested = values if isinstance(values, list) else []
    supported = tuple(acr for acr in requested if acr in ACR_VALUES)
    levels_required = bool(requested) and acr.get("essential") is True
    if levels_required and not supported:
        raise Refused("unmet_authentication_requirements", "none of those levels of assurance is here")
    return supported or ACR_VALUES, levels_required


def _message(text: str) -> str:
    try:
        return messages.read(text)
    except messages.NotUnderstood as problem:
        raise Refused("invalid_request", str(problem)) from problem
