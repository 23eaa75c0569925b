"""What a service may ask for, and how it is refused. Pure rules: no Flask."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from werkzeug.datastructures import MultiDict

from portal.testlegitimering.clients import Client

NUMBER = "https://id.oidc.se/claim/personalIdentityNumber"
NAMES = ("name", "given_name", "family_name", "birthdate")
SCOPES = {
    "openid": (),
    "profile": NAMES,
    "https://id.oidc.se/scope/naturalPersonInfo": NAMES,
    "https://id.oidc.se/scope/naturalPersonNumber": (NUMBER,),
}
ACR_VALUES = (
    "http://id.elegnamnden.se/loa/1.0/loa3",
    "http://id.elegnamnden.se/loa/1.0/loa4",
    "http://id.swedenconnect.se/loa/1.0/uncertified-loa3",
)
PROMPTS = ("none", "login", "select_account")

Parameters = MultiDict[str, str]
Claims = dict[str, dict[str, Any]]


class Unanswerable(Exception):
    """The request names no service or address that we know, so it is answered here and never sent on."""


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
    acr: str
    challenge: str


def sender(parameters: Parameters, clients: Mapping[str, Client]) -> tuple[Client, str]:
    """The service that asks and where it wants the answer; both must be registered, exactly."""
    client = clients.get(_only(parameters, "client_id"))
    if client is None:
        raise Unanswerable("Tjänsten som skickade dig hit finns inte i Testlegitimering.")
    redirect_uri = _only(parameters, "redirect_uri")
    if redirect_uri not in client.redirect_uris:
        raise Unanswerable(f"{client.name} vill ha svaret till en adress som inte finns i Testlegitimering.")
    return client, redirect_uri


def read(parameters: Parameters, client: Client, redirect_uri: str) -> Authorization:
    """The whole request, when nothing in it must be refused."""
    for error, description, applies in REFUSALS:
        if applies(parameters):
            raise Refused(error, description)
    claims = _claims(parameters.get("claims", "{}"))
    return Authorization(
        client=client,
        redirect_uri=redirect_uri,
        state=parameters.get("state", ""),
        nonce=parameters.get("nonce", ""),
        scopes=frozenset(_words(parameters, "scope")) & SCOPES.keys(),
        claims=claims,
        acr=_acr(claims["id_token"].get("acr") or {}, _words(parameters, "acr_values")),
        challenge=parameters["code_challenge"],
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


def _acr(asked: dict[str, Any], preferred: list[str]) -> str:
    """The level of assurance to state: the first one asked for that we have."""
    values = asked.get("values", [asked["value"]] if "value" in asked else preferred)
    wanted = values if isinstance(values, list) else []
    found = next((acr for acr in wanted if acr in ACR_VALUES), "")
    if wanted and not found and asked.get("essential") is True:
        raise Refused("unmet_authentication_requirements", "none of those levels of assurance is here")
    return found or ACR_VALUES[0]
