"""Providers on loopback for the tests of signing in: Testlegitimering itself, and one that lies on demand."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests
from bs4 import BeautifulSoup
from joserfc import jwt
from joserfc.jwk import RSAKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.serving import make_server

from portal import testlegitimering
from tests.page import Document, Page
from tests.running import free_port

PORTAL = "http://localhost:8000"
CALLBACK = f"{PORTAL}/logga-in/personal/aterkomst"
HOMES = {"personal": "/handlaggning/", "medborgare": "/mina-sidor"}
LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
NUMBER = "https://id.oidc.se/claim/personalIdentityNumber"


KEY = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)


@contextmanager
def serving_testlegitimering(portal: str = PORTAL, backchannel: str = "") -> Iterator[str]:
    """Testlegitimering on a free port; gives its issuer."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    app = testlegitimering.create_app(
        issuer, testlegitimering.development_clients(portal, backchannel=backchannel)
    )
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def begin(page: Page, nasta: str = "/handlaggning/", door: str = "personal") -> str:
    """Start to sign in; gives the address at the provider."""
    return page.get(f"/logga-in/{door}", 302, query_string={"nasta": nasta}).location


def at_testlegitimering(address: str, person: str = "", cancel: bool = False) -> str:
    """What a person does there; gives the address that leads back."""
    with requests.Session() as browser:
        shown = browser.get(address, timeout=10)
        if cancel:
            return _press(browser, shown, cancel="1").headers["Location"]
        confirm = _press(browser, shown, person=person)
        return _press(browser, confirm).headers["Location"]


def _press(browser: requests.Session, shown: requests.Response, **pressed: str) -> requests.Response:
    form = BeautifulSoup(shown.text, "html.parser").find("form")
    assert form
    fields = {str(tag["name"]): str(tag.get("value", "")) for tag in form.find_all("input")}
    action = urljoin(shown.url, str(form["action"]))
    return browser.post(action, data=fields | pressed, allow_redirects=False, timeout=10)


def sign_in(page: Page, person: str, nasta: str = "/handlaggning/", door: str = "personal") -> Document:
    """The whole way, to the answer of the callback."""
    return page.get(at_testlegitimering(begin(page, nasta, door), person), 303)


@dataclass
class Liar:
    """A provider that tells the truth, until a test changes a part of it."""

    server: HTTPServer
    door: str = "personal"
    client: str = ""
    key: Any = field(default_factory=lambda: KEY)
    signer: Any = None
    algorithm: str = "RS256"
    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    information: dict[str, Any] = field(default_factory=dict)
    signed_information: bool = False
    answers: dict[str, Response] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    nonce: str = ""

    def __post_init__(self) -> None:
        self.client = self.client or f"kontakt-{self.door}"
        for path in ("/.well-known/openid-configuration", "/jwks", "/token", "/userinfo"):
            self.server.expect_request(path).respond_with_handler(self._answer)

    @property
    def issuer(self) -> str:
        """As it names itself."""
        return self.server.url_for("").rstrip("/")

    @property
    def callback(self) -> str:
        """Where it sends people back to."""
        return f"{PORTAL}/logga-in/{self.door}/aterkomst"

    @property
    def home(self) -> str:
        """Where people come who had nowhere to go."""
        return HOMES[self.door]

    def honest(self) -> None:
        """Tell the truth from now on."""
        self.header, self.claims, self.metadata, self.information, self.answers = {}, {}, {}, {}, {}
        self.key, self.signer, self.algorithm, self.signed_information = KEY, None, "RS256", False

    def asked_for(self, name: str) -> int:
        """How often something was asked for."""
        return [request.path.rsplit("/", 1)[-1] for request in self.asked].count(name)

    def _answer(self, request: Request) -> Response:
        request.get_data(cache=True, parse_form_data=False)
        self.asked.append(request)
        name = request.path.rsplit("/", 1)[-1]
        usual = {"openid-configuration": self._discovery, "jwks": self._keys, "token": self._token}
        if name not in self.answers and name == "userinfo" and self.signed_information:
            told = self._userinfo({"iss": self.issuer, "aud": self.client})
            return Response(self.sign(told), 200, content_type="application/jwt")
        return self.answers.get(name) or as_json(usual.get(name, self._userinfo)())

    def _discovery(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        ends |= {"userinfo_endpoint": "userinfo"}
        usual = {name: f"{self.issuer}/{path}" for name, path in ends.items()} | {"issuer": self.issuer}
        told = usual | {"authorization_response_iss_parameter_supported": True} | self.metadata
        return {name: value for name, value in told.items() if value is not None}

    def _keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def _token(self) -> dict[str, Any]:
        signed = self._signed()
        return {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def _signed(self) -> str:
        now, half = int(time.time()), hashlib.sha256(b"access").digest()[:16]
        usual = {"iss": self.issuer, "sub": "anna", "aud": self.client, "iat": now, "exp": now + 300}
        usual |= {"nonce": self.nonce, "acr": LOA3, "sid": "sid", "auth_time": now, NUMBER: "198704202392"}
        usual["at_hash"] = base64.urlsafe_b64encode(half).rstrip(b"=").decode()
        return self.sign({name: value for name, value in (usual | self.claims).items() if value is not None})

    def sign(self, told: dict[str, Any]) -> str:
        """A token that says this, as the test wants it signed."""
        if self.algorithm == "none":
            return ".".join([part({"alg": "none"}), part(told), ""])
        header = {"alg": self.algorithm, "kid": self.key.kid} | self.header
        shown = {name: value for name, value in header.items() if value is not None}
        if isinstance(self.signer, bytes):
            signed = f"{part(shown)}.{part(told)}"
            return f"{signed}.{part(hmac.digest(self.signer, signed.encode(), 'sha256'))}"
        return jwt.encode(shown, told, self.signer or self.key, algorithms=[self.algorithm])

    def _userinfo(self, signed: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
        told = {"sub": "anna", "name": "Anna Lindqvist", **signed} | self.information
        return {name: value for name, value in told.items() if value is not None}

    def begin(self, page: Page) -> dict[str, str]:
        """Start to sign in; gives what the portal asks for."""
        started = page.get(f"/logga-in/{self.door}", 302).location
        asked = {name: values[0] for name, values in parse_qs(urlsplit(started).query).items()}
        self.nonce = asked["nonce"]
        return asked

    def come_back(self, page: Page, status: int, /, **changes: str | None) -> Document:
        """Start to sign in and come straight back with a code."""
        return page.get(self.way_back(self.begin(page)["state"], **changes), status)

    def way_back(self, state: str, /, **changes: str | None) -> str:
        """Where the browser is sent with a code."""
        usual: dict[str, str | None] = {"code": "code", "state": state, "iss": self.issuer}
        told = {name: value for name, value in (usual | changes).items() if value is not None}
        return f"{self.callback}?{urlencode(told)}"


def as_json(body: Any, status: int = 200) -> Response:
    """An answer as a provider gives it."""
    return Response(json.dumps(body), status, content_type="application/json")


def part(value: Any) -> str:
    """A part of a token: bytes as they are, all else as JSON."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
