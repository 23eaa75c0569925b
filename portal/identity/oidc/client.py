"""The OpenID Connect client: sends people away to sign in, and believes only what is right in every part."""

from collections.abc import Mapping
from typing import Any

from portal import clock
from portal.config import Settings
from portal.identity.oidc import authorization_request, client_keys, providers
from portal.identity.oidc import http as oidc_http
from portal.identity.oidc.authorization_request import Pending
from portal.identity.oidc.claims import (
    ABOUT_PEOPLE,
    ALIKE,
    ID_TOKEN,
    LOGOUT_TOKEN,
    SIGNED_USERINFO,
    TOLD,
    Expected,
    wrong,
)
from portal.identity.oidc.discovery import Remote, json_object
from portal.identity.oidc.errors import Reason, SignInFailed, from_provider
from portal.identity.oidc.http import Unreachable
from portal.identity.oidc.identified import Identified, identified, protected
from portal.identity.oidc.jwt import Claims, Untrusted, header_of, read
from portal.identity.oidc.oauth import Protocol
from portal.identity.oidc.providers import CITIZENS, STAFF, Provider

__all__ = ["CITIZENS", "STAFF", "Client", "Pending", "SignInFailed", "client", "install"]

MAX_CODE = MAX_HINT = 4096
UNUSABLE = (Unreachable, Untrusted, client_keys.NoSuchKey)


class Client:
    """What we do with one provider. Every failure of a sign-in is a SignInFailed."""

    def __init__(self, provider: Provider) -> None:
        self.provider, self.remote = provider, Remote(provider)

    def start(self, state: str, pending: Pending, language: str, message: str = "") -> str:
        """The address where the person signs in, with state, nonce and PKCE."""
        try:
            metadata = self.remote.metadata()
        except UNUSABLE as error:
            raise SignInFailed(str(error)) from error
        asked = authorization_request.parameters(self.provider, pending, language)
        asked |= authorization_request.user_message(metadata, message, language)
        endpoint = metadata["authorization_endpoint"]
        return Protocol(self.provider).address(endpoint, pending.callback, state, pending.verifier, asked)

    def finish(self, answered: Mapping[str, str], pending: Pending) -> Identified:
        """Who came back, with every claim checked."""
        try:
            self._from_whom(answered)
            if "error" in answered:
                raise from_provider(answered)
            if not 0 < len(answered.get("code", "")) <= MAX_CODE:
                raise SignInFailed("the callback carries no code that can be one")
            return self._identified(self._tokens(answered["code"], pending), pending)
        except UNUSABLE as error:
            raise SignInFailed(str(error)) from error

    def _from_whom(self, answered: Mapping[str, str]) -> None:
        """The issuer in the callback (RFC 9207), before the code is spent."""
        required = self.remote.metadata().get("authorization_response_iss_parameter_supported") is True
        if answered.get("iss", None if required else self.provider.issuer) != self.provider.issuer:
            raise SignInFailed("the callback names another issuer")

    def _tokens(self, code: str, pending: Pending) -> dict[str, Any]:
        endpoint, protocol = self.remote.metadata()["token_endpoint"], Protocol(self.provider)
        return _object(protocol.exchange(endpoint, pending.callback, code, pending.verifier), "our code")

    def _identified(self, tokens: Claims, pending: Pending) -> Identified:
        access_token, id_token = tokens.get("access_token"), tokens.get("id_token")
        if not isinstance(access_token, str) or not access_token:
            raise SignInFailed("no access token")
        claims = self._id_token(id_token, access_token, pending)
        info = self._userinfo(access_token, claims["sub"])
        if any(claims.get(name, told) != told for name, told in info.items() if name in ALIKE):
            raise SignInFailed("the ID Token and userinfo name two people")
        self._refuse(wrong(claims | info, self._expected(), ABOUT_PEOPLE))
        hidden = protected(self.provider, claims, info)
        return identified(self.provider, claims | info, str(id_token), hidden)

    def _id_token(self, token: Any, access_token: str, pending: Pending) -> Claims:
        allowed = self.provider.algorithms
        header = header_of(token, allowed)
        claims = read(token, allowed, self.remote.keys)
        hashed = {"access_token": access_token, "algorithm": header["alg"]}
        expected = self._expected(nonce=pending.nonce, started=pending.started, **hashed)
        self._refuse(wrong(claims, expected, ID_TOKEN))
        return claims

    def _userinfo(self, access_token: str, subject: str) -> Claims:
        """What more is told about the same person; signed (then verified) or plain."""
        endpoint = self.remote.metadata().get("userinfo_endpoint")
        if endpoint is None:
            return {}
        answer = oidc_http.call("GET", endpoint, headers={"Authorization": f"Bearer {access_token}"})
        signed = answer.status == 200 and answer.content_type == "application/jwt"
        info = self._signed(answer.body) if signed else _object(answer, "our question about the person")
        if info.get("sub") != subject:
            raise SignInFailed("userinfo is about somebody else")
        told = (*TOLD, self.provider.protected_claim)
        return {name: info[name] for name in told if info.get(name) is not None}

    def _signed(self, body: bytes) -> Claims:
        info = read(body.decode("ascii", "replace").strip(), self.provider.algorithms, self.remote.keys)
        self._refuse(wrong(info, self._expected(), SIGNED_USERINFO))
        return info

    def _expected(self, **more: Any) -> Expected:
        ours, now = self.provider, clock.now().timestamp()
        rules: dict[str, Any] = ours.model_dump(include={"acr", "max_age", "auth_time_required"})
        return Expected(ours.issuer, ours.client_id, now, **rules, **more)

    @staticmethod
    def _refuse(names: list[str]) -> None:
        if names:
            reason = Reason.TOO_LOW if names == ["level of assurance"] else Reason.FAILED
            raise SignInFailed("wrong " + ", ".join(names), reason)

    def logout_token(self, token: Any) -> Claims:
        """What a logout token says (Back-Channel Logout 1.0). Raises Unreachable, Untrusted."""
        claims = read(token, self.provider.algorithms, self.remote.keys)
        if names := wrong(claims, self._expected(), LOGOUT_TOKEN):
            raise Untrusted("wrong " + ", ".join(names))
        return claims

    def end(self, id_token: str | None, back: str) -> str | None:
        """Where to send the browser so that the provider's session ends too (RP-Initiated Logout 1.0)."""
        try:
            address = self.remote.metadata().get("end_session_endpoint")
        except UNUSABLE:
            return None
        hint = {"id_token_hint": id_token} if id_token and len(id_token) <= MAX_HINT else {}
        given = hint | {"client_id": self.provider.client_id, "post_logout_redirect_uri": back}
        return authorization_request.with_parameters(address, given) if address else None

    def answers(self) -> bool:
        """Whether it tells about itself, under the issuer that we expect, and has keys."""
        try:
            return bool(self.remote.keys())
        except UNUSABLE:
            return False


def _object(answer: oidc_http.Answer, to: str) -> dict[str, Any]:
    if answer.status != 200:
        raise Unreachable(f"the provider answered {answer.status} to {to}")
    return json_object(answer.body)


_clients: dict[str, Client] = {}


def install(settings: Settings) -> None:
    """Use the providers of these settings from now on. Raises BadSetting."""
    providers.use(providers.read(settings))
    client_keys.own()
    _clients.clear()
    _clients.update({each.name: Client(each) for each in providers.every()})


def client(name: str) -> Client | None:
    """What we do with the provider of this name, or None."""
    return _clients.get(name)
