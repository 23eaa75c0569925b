"""The OpenID Connect client: builds the authorization request, and verifies every part of the response."""

from collections.abc import Mapping
from typing import Any

from portal import clock
from portal.config import Settings
from portal.identity.oidc import authorization_request, client_keys, providers
from portal.identity.oidc import http as oidc_http
from portal.identity.oidc.authorization_request import Pending
from portal.identity.oidc.claims import (
    ID_TOKEN_CHECKS,
    IDENTIFYING_CLAIMS,
    LOGOUT_TOKEN_CHECKS,
    PERSON_CHECKS,
    SIGNED_USERINFO_CHECKS,
    USERINFO_CLAIMS,
    Expected,
    failed_checks,
)
from portal.identity.oidc.discovery import Discovery, json_object
from portal.identity.oidc.errors import Reason, SignInFailed, from_provider
from portal.identity.oidc.http import Unreachable
from portal.identity.oidc.identified import Identified, identified, protected
from portal.identity.oidc.jwt import Claims, Untrusted, read, read_header
from portal.identity.oidc.oauth import OAuthClient
from portal.identity.oidc.providers import CITIZENS, STAFF, Provider

__all__ = ["CITIZENS", "STAFF", "Client", "Pending", "SignInFailed", "client_for", "install"]

MAX_CODE = 4096
UNUSABLE = (Unreachable, Untrusted, client_keys.NoSuchKey)


class Client:
    """The client of one provider. Every failure of a sign-in is raised as SignInFailed."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.discovery = Discovery(provider)

    def authorization_url(self, state: str, pending: Pending, language: str, message: str = "") -> str:
        """Return the address to send the browser to, with state, nonce and PKCE challenge."""
        try:
            metadata = self.discovery.metadata()
        except UNUSABLE as error:
            raise SignInFailed(str(error)) from error
        parameters = authorization_request.parameters(self.provider, pending, language)
        parameters |= authorization_request.user_message(metadata, message, language)
        oauth = OAuthClient(self.provider)
        endpoint = metadata["authorization_endpoint"]
        return oauth.authorization_url(endpoint, pending.callback, state, pending.verifier, parameters)

    def finish(self, callback: Mapping[str, str], pending: Pending) -> Identified:
        """Exchange the code of the callback parameters; returns the identified person, fully verified."""
        try:
            # Before the code is sent anywhere: it may come from another provider (mix-up attack).
            self._check_callback_issuer(callback)
            if "error" in callback:
                raise from_provider(callback)
            if not 0 < len(callback.get("code", "")) <= MAX_CODE:
                raise SignInFailed("the callback carries no code that can be one")
            return self._identified(self._tokens(callback["code"], pending), pending)
        except UNUSABLE as error:
            raise SignInFailed(str(error)) from error

    def _check_callback_issuer(self, callback: Mapping[str, str]) -> None:
        """Raise SignInFailed if iss (RFC 9207) is another issuer, or is missing although it is promised."""
        required = self.discovery.metadata().get("authorization_response_iss_parameter_supported") is True
        if callback.get("iss", None if required else self.provider.issuer) != self.provider.issuer:
            raise SignInFailed("the callback names another issuer")

    def _tokens(self, code: str, pending: Pending) -> dict[str, Any]:
        oauth = OAuthClient(self.provider)
        endpoint = self.discovery.metadata()["token_endpoint"]
        return _object(oauth.exchange(endpoint, pending.callback, code, pending.verifier), "our code")

    def _identified(self, tokens: Claims, pending: Pending) -> Identified:
        access_token = tokens.get("access_token")
        id_token = tokens.get("id_token")
        if not isinstance(access_token, str) or not access_token:
            raise SignInFailed("no access token")
        claims = self._id_token(id_token, access_token, pending)
        userinfo = self._userinfo(access_token, claims["sub"])
        for name in IDENTIFYING_CLAIMS:
            if name in claims and name in userinfo and claims[name] != userinfo[name]:
                raise SignInFailed("the ID Token and userinfo name two people")
        # Checked together: neither source may add the second of two numbers.
        self._refuse(failed_checks(claims | userinfo, self._expected(), PERSON_CHECKS))
        is_protected = protected(self.provider, claims, userinfo)
        return identified(self.provider, claims | userinfo, is_protected)

    def _id_token(self, token: Any, access_token: str, pending: Pending) -> Claims:
        allowed = self.provider.algorithms
        header = read_header(token, allowed)
        claims = read(token, allowed, self.discovery.keys)
        expected = self._expected(
            nonce=pending.nonce,
            started=pending.started,
            access_token=access_token,
            algorithm=header["alg"],
            **({"max_age": None} if pending.fresh else {}),
        )
        self._refuse(failed_checks(claims, expected, ID_TOKEN_CHECKS))
        return claims

    def _userinfo(self, access_token: str, subject: str) -> Claims:
        """Return the accepted claims of userinfo, signed or plain; empty if the provider has no endpoint."""
        endpoint = self.discovery.metadata().get("userinfo_endpoint")
        if endpoint is None:
            return {}
        answer = oidc_http.request("GET", endpoint, headers={"Authorization": f"Bearer {access_token}"})
        signed = answer.status == 200 and answer.content_type == "application/jwt"
        info = self._signed(answer.body) if signed else _object(answer, "our question about the person")
        # OpenID Connect Core 1.0, 5.3.2: otherwise a substituted access token would change the person.
        if info.get("sub") != subject:
            raise SignInFailed("userinfo is about somebody else")
        accepted = (*USERINFO_CLAIMS, self.provider.protected_claim)
        return {name: info[name] for name in accepted if info.get(name) is not None}

    def _signed(self, body: bytes) -> Claims:
        token = body.decode("ascii", "replace").strip()
        info = read(token, self.provider.algorithms, self.discovery.keys)
        self._refuse(failed_checks(info, self._expected(), SIGNED_USERINFO_CHECKS))
        return info

    def _expected(self, **values: Any) -> Expected:
        provider = self.provider
        rules: dict[str, Any] = provider.model_dump(include={"acr", "max_age", "auth_time_required"})
        return Expected(provider.issuer, provider.client_id, clock.now().timestamp(), **(rules | values))

    @staticmethod
    def _refuse(failed: list[str]) -> None:
        if failed:
            # The level alone is the person's to mend, with another e-legitimation; the page says so.
            reason = Reason.TOO_LOW if failed == ["level of assurance"] else Reason.FAILED
            raise SignInFailed("wrong " + ", ".join(failed), reason)

    def verify_logout_token(self, token: Any) -> Claims:
        """Return the claims of a logout token (Back-Channel Logout 1.0). Raises Unreachable, Untrusted."""
        claims = read(token, self.provider.algorithms, self.discovery.keys)
        if failed := failed_checks(claims, self._expected(), LOGOUT_TOKEN_CHECKS):
            raise Untrusted("wrong " + ", ".join(failed))
        return claims

    def end_session_url(self, return_url: str) -> str | None:
        """Return the address that ends the provider's session (RP-Initiated Logout 1.0).

        None if the provider has none, or cannot be reached.
        """
        try:
            address = self.discovery.metadata().get("end_session_endpoint")
        except UNUSABLE:
            # The person is signed out here already, so an error page would only confuse.
            return None
        parameters = {"client_id": self.provider.client_id, "post_logout_redirect_uri": return_url}
        # No id_token_hint: the ID Token holds a personnummer, and the address ends up in logs and histories.
        return authorization_request.with_parameters(address, parameters) if address else None

    def is_available(self) -> bool:
        """Whether the provider's metadata and keys can be read and are valid."""
        try:
            return bool(self.discovery.keys())
        except UNUSABLE:
            return False


def _object(answer: oidc_http.Answer, request: str) -> dict[str, Any]:
    if answer.status != 200:
        raise Unreachable(f"the provider answered {answer.status} to {request}")
    return json_object(answer.body)


_clients: dict[str, Client] = {}


def install(settings: Settings) -> None:
    """Configure the providers of this process. Raises BadSetting."""
    providers.register(providers.read(settings))
    # Read now, so that a broken key file stops the start instead of the first sign-in.
    client_keys.load()
    _clients.clear()
    for provider in providers.all_providers():
        _clients[provider.name] = Client(provider)


def client_for(name: str) -> Client | None:
    """Return the client of the provider with this name."""
    return _clients.get(name)
