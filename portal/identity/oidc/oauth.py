"""OAuth 2.0 through Authlib: authorization request with PKCE, client authentication, code exchange."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.auth import ClientAuth, encode_client_secret_basic
from authlib.oauth2.rfc7523 import PrivateKeyJWT

from portal.identity.oidc import client_keys
from portal.identity.oidc import http as oidc_http
from portal.identity.oidc.providers import Provider

Parameters = Mapping[str, str]


class OAuthClient(OAuth2Session):  # type: ignore[misc]
    """Authlib's session for one provider, with our own HTTP limits and without its token parsing."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(
            provider.client_id,
            provider.client_secret,
            provider.auth,
            scope=provider.scope,
            code_challenge_method="S256",
        )
        self.provider = provider
        self.register_client_auth_method(("client_secret_basic", _basic))

    def authorization_url(
        self, endpoint: str, callback: str, state: str, verifier: str, parameters: Parameters
    ) -> str:
        """Return the address of the authorization request."""
        values = {"redirect_uri": callback, "state": state, "code_verifier": verifier}
        url: str = self.create_authorization_url(endpoint, **values, **parameters)[0]
        return url

    def exchange(self, endpoint: str, callback: str, code: str, verifier: str) -> oidc_http.Answer:
        """Exchange a code at the token endpoint; returns its response. Raises Unreachable, NoSuchKey."""
        values = {"code": code, "code_verifier": verifier, "redirect_uri": callback}
        if self.provider.auth == "private_key_jwt":
            values["client_id"] = self.provider.client_id
            to_issuer = self.provider.assertion_audience == "issuer"
            self.register_client_auth_method(_ClientKey(self.provider.issuer if to_issuer else endpoint))
        answer: oidc_http.Answer = self.fetch_token(endpoint, grant_type="authorization_code", **values)
        return answer

    def request(self, method: str, url: str, **options: Any) -> oidc_http.Answer:
        """Send a request with the limits of oidc/http.py."""
        # An option of Authlib's own session, unknown to requests.
        options.pop("withhold_token", None)
        # Session.post passes unset options, such as json, as None.
        used = {name: value for name, value in options.items() if value is not None}
        return oidc_http.request(method, url, **used)

    def parse_response_token(self, resp: oidc_http.Answer) -> oidc_http.Answer:
        """Return the response unparsed: the client verifies it with the rest of the sign-in."""
        return resp


class _ClientKey(PrivateKeyJWT):  # type: ignore[misc]
    """private_key_jwt, signed with the first of the client's keys."""

    def sign(self, auth: ClientAuth, token_endpoint: str) -> str:
        """Return a client assertion for this request."""
        return client_keys.assertion(auth.client_id, token_endpoint)


def _basic(client: ClientAuth, *request: Any) -> Any:
    # Authlib joins id and secret as they are, but RFC 6749, 2.3.1 form-encodes them first.
    encoded = ClientAuth(quote_plus(client.client_id), quote_plus(client.client_secret))
    return encode_client_secret_basic(encoded, *request)
