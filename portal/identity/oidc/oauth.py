"""OAuth 2.0 as Authlib carries it out: the request with PKCE, the proof of who we are, the code."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.auth import ClientAuth, encode_client_secret_basic
from authlib.oauth2.rfc7523 import PrivateKeyJWT

from portal.identity.oidc import client_keys
from portal.identity.oidc import http as oidc_http
from portal.identity.oidc.providers import Provider

Asked = Mapping[str, str]


class Protocol(OAuth2Session):  # type: ignore[misc]
    """Authlib's client of one provider, whose calls end and whose answers are read by us."""

    def __init__(self, provider: Provider) -> None:
        ours, method = provider, provider.auth
        super().__init__(
            ours.client_id, ours.client_secret, method, scope=ours.scope, code_challenge_method="S256"
        )
        self.provider = provider
        self.register_client_auth_method(("client_secret_basic", _basic))

    def address(self, endpoint: str, callback: str, state: str, verifier: str, asked: Asked) -> str:
        """Where the person signs in."""
        more = {"redirect_uri": callback, "state": state, "code_verifier": verifier}
        address: str = self.create_authorization_url(endpoint, **more, **asked)[0]
        return address

    def exchange(self, endpoint: str, callback: str, code: str, verifier: str) -> oidc_http.Answer:
        """What the token endpoint answers to a code. Raises Unreachable, NoSuchKey."""
        sent = {"code": code, "code_verifier": verifier, "redirect_uri": callback}
        if self.provider.auth == "private_key_jwt":
            sent["client_id"] = self.provider.client_id
            issuer = self.provider.assertion_audience == "issuer"
            self.register_client_auth_method(_OurKey(self.provider.issuer if issuer else endpoint))
        answer: oidc_http.Answer = self.fetch_token(endpoint, grant_type="authorization_code", **sent)
        return answer

    def request(self, method: str, url: str, **given: Any) -> oidc_http.Answer:
        """One call, which ends."""
        kept = {
            name: value for name, value in given.items() if value is not None and name != "withhold_token"
        }
        return oidc_http.call(method, url, **kept)

    def parse_response_token(self, resp: oidc_http.Answer) -> oidc_http.Answer:
        """As it came: what it says is checked like all else."""
        return resp


class _OurKey(PrivateKeyJWT):  # type: ignore[misc]
    """Signed by the first of our own keys."""

    def sign(self, auth: ClientAuth, token_endpoint: str) -> str:
        """A statement for this one call."""
        return client_keys.assertion(auth.client_id, token_endpoint)


def _basic(client: ClientAuth, *request: Any) -> Any:
    """Authlib joins id and secret as they are; they are form-encoded first (RFC 6749, 2.3.1)."""
    encoded = ClientAuth(quote_plus(client.client_id), quote_plus(client.client_secret))
    return encode_client_secret_basic(encoded, *request)
