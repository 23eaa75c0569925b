"""The OpenID Connect client: Authlib, and the checks that it leaves to us (docs/decisions/0005)."""

import json
import logging
import secrets
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, Response, request, session
from joserfc import jws
from joserfc.errors import JoseError
from requests import RequestException

from portal.config import Settings
from portal.identity.commands import Identified
from portal.identity.numbers import valid

log = logging.getLogger(__name__)
REGISTRY = "authlib.integrations.flask_client"
BEGUN = "_state_"  # how Authlib names each sign-in that is under way, in the session

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
SCOPES = "openid https://id.oidc.se/scope/naturalPersonInfo https://id.oidc.se/scope/naturalPersonNumber"
NUMBER = "https://id.oidc.se/claim/personalIdentityNumber"
COORDINATION_NUMBER = "https://id.oidc.se/claim/coordinationNumber"
TEXTS = ("sub", "sid", NUMBER, COORDINATION_NUMBER)
SECONDS, SKEW = 5, 60
CITIZENS, STAFF = "medborgare", "personal"
PROVIDERS = {CITIZENS: "oidc_citizen", STAFF: "oidc_staff"}
PARTS = ("issuer", "client_id", "client_secret", "acr")
BROKEN = (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, TypeError, RuntimeError)


class SignInFailed(Exception):
    """Nobody was signed in. `cancelled` tells whether the person chose so; the text is for the log alone."""

    def __init__(self, why: str, cancelled: bool = False) -> None:
        super().__init__(why)
        self.cancelled = cancelled


def install(app: Flask, settings: Settings) -> None:
    """Register the citizens' provider and the staff's, each known by its issuer."""
    oauth = OAuth(app)
    app.config["OIDC"] = {}
    for name, prefix in PROVIDERS.items():
        _register(
            app, oauth, name, settings.model_dump(include={f"{prefix}_{part}" for part in PARTS}), prefix
        )


def _register(app: Flask, oauth: OAuth, name: str, given: dict[str, str], prefix: str) -> None:
    issuer = given[f"{prefix}_issuer"]
    app.config["OIDC"][name] = issuer, given[f"{prefix}_acr"].split()
    oauth.register(
        name,
        overwrite=True,
        client_id=given[f"{prefix}_client_id"],
        client_secret=given[f"{prefix}_client_secret"],
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": SCOPES, "code_challenge_method": "S256", "default_timeout": SECONDS},
    )


def _make_room() -> None:
    """Keep the newest sign-in beside the one that begins: a browser refuses a cookie of more than 4 kB."""
    for begun in [name for name in session if name.startswith(BEGUN)][:-1]:
        session.pop(begun)


class Provider:
    """One provider as the sign-in views use it. Every failure is a SignInFailed."""

    def __init__(self, app: Flask, name: str) -> None:
        self.issuer, self.acr = app.config["OIDC"][name]
        self.client: Any = app.extensions[REGISTRY].create_client(name)

    def start(self, callback: str) -> Response:
        """Send the browser to the provider, with state, nonce and PKCE bound to its session."""
        wish = {"id_token": {"acr": {"essential": True, "values": self.acr}}}
        try:
            self._metadata()
            _make_room()
            answer: Response = self.client.authorize_redirect(
                callback,
                state=secrets.token_urlsafe(32),
                nonce=secrets.token_urlsafe(32),
                claims=json.dumps(wish),
                prompt="login",
                ui_locales="sv",
            )
        except BROKEN as error:
            raise SignInFailed(f"the provider could not be reached: {type(error).__name__}") from error
        return answer

    def finish(self) -> Identified:
        """Who came back, with every claim checked."""
        try:
            return self._finish()
        except AuthlibBaseError as error:
            raise SignInFailed(f"the provider said {error.error}", error.error == "access_denied") from error
        except BROKEN as error:
            self._forget()
            raise SignInFailed(f"the answer could not be used: {type(error).__name__}") from error

    def end(self, id_token: str | None, back: str) -> str | None:
        """Where to send the browser so that the provider's session ends too (RP-Initiated Logout 1.0)."""
        try:
            address = self._metadata().get("end_session_endpoint")
        except (*BROKEN, SignInFailed):
            return None
        from authlib.common.urls import add_params_to_uri

        hint = [("id_token_hint", id_token)] if id_token else []
        given = [*hint, ("client_id", self.client.client_id), ("post_logout_redirect_uri", back)]
        return add_params_to_uri(address, given) if address else None

    def answers(self) -> bool:
        """Whether discovery can be read and names the issuer that we expect."""
        try:
            return bool(self._metadata())
        except (*BROKEN, SignInFailed):
            return False

    def _metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = self.client.load_server_metadata()
        if metadata.get("issuer") != self.issuer:
            self._forget()
            raise SignInFailed("discovery names another issuer")
        return metadata

    def _forget(self) -> None:
        """Ask the provider anew next time: what it said while it was unwell must not last until a restart."""
        self.client.server_metadata = {}

    def _finish(self) -> Identified:
        self._from_whom(self._metadata())
        token = self.client.authorize_access_token(leeway=SKEW)
        claims = token.get("userinfo") or {}
        self._check(claims, token.get("id_token") or "")
        info = self.client.userinfo(token=token)
        if info.get("sub") != claims["sub"]:
            raise SignInFailed("userinfo is about somebody else")
        return self._identified(claims, info, token["id_token"])

    def _from_whom(self, metadata: dict[str, Any]) -> None:
        """The issuer in the callback (RFC 9207), before the code is spent."""
        required = metadata.get("authorization_response_iss_parameter_supported") is True
        if request.args.get("iss", None if required else self.issuer) != self.issuer:
            raise SignInFailed("the callback names another issuer")

    def _check(self, claims: dict[str, Any], id_token: str) -> None:
        """What Authlib does not compare."""
        audience = claims.get("aud")
        wrong = {
            "algorithm": jws.extract_compact(id_token.encode()).headers().get("alg") not in ALGORITHMS,
            "issuer": claims.get("iss") != self.issuer,
            "audience": audience not in (self.client.client_id, [self.client.client_id]),
            "authorised party": claims.get("azp", self.client.client_id) != self.client.client_id,
            "subject": not claims.get("sub"),
            "type": not all(isinstance(claims.get(name, ""), str) for name in TEXTS),
            "level of assurance": claims.get("acr") not in self.acr,
            "number": bool(claims.get(NUMBER)) and bool(claims.get(COORDINATION_NUMBER)),
        }
        if any(wrong.values()):
            raise SignInFailed("wrong " + ", ".join(name for name, is_wrong in wrong.items() if is_wrong))

    def _identified(self, claims: dict[str, Any], info: dict[str, Any], id_token: str) -> Identified:
        number = claims.get(NUMBER) or claims.get(COORDINATION_NUMBER)
        if number is not None and not valid(number):
            raise SignInFailed("a number that cannot be one")
        name = str(info.get("name") or claims.get("name") or "")
        return Identified(self.issuer, claims["sub"], name, number, claims.get("sid"), id_token)
