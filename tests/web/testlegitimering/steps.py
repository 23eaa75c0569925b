"""What a service and a browser do at Testlegitimering."""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

ISSUER = "http://127.0.0.1:8001"
HOME = "http://localhost:8000/logga-in/medborgare/aterkomst"
STAFF_HOME = "http://localhost:8000/logga-in/personal/aterkomst"
SECRET = "test-secret-medborgare"
NUMBER = "https://id.oidc.se/claim/personalIdentityNumber"
SCOPE = "openid https://id.oidc.se/scope/naturalPersonInfo https://id.oidc.se/scope/naturalPersonNumber"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASK = {
    "client_id": "kontakt-medborgare",
    "redirect_uri": HOME,
    "response_type": "code",
    "scope": SCOPE,
    "state": "the-state",
    "nonce": "the-nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
ANNA = "198704202392"
MARIA = "198406092380"


def soup(page: TestResponse | requests.Response) -> BeautifulSoup:
    return BeautifulSoup(page.text, "html.parser")


def form_of(page: TestResponse | requests.Response, button: str = "") -> tuple[str, dict[str, str]]:
    """Where the page's form goes and what it sends, by its first button or by the one of a name."""
    form = soup(page).form
    assert form
    fields: list[Tag] = form.find_all("input")
    pressed = form.find("button", attrs={"name": button} if button else {})
    assert isinstance(pressed, Tag)
    sent = {str(one["name"]): str(one["value"]) for one in [*fields, pressed] if one.get("name")}
    return str(form["action"]), sent


def submit(browser: FlaskClient, page: TestResponse, button: str = "", **changes: str) -> TestResponse:
    action, sent = form_of(page, button)
    return browser.post(action, data=sent | changes)


def answer(response: TestResponse) -> dict[str, str]:
    assert response.status_code == 303
    assert response.location.startswith(f"{HOME}?")
    return {key: values[0] for key, values in parse_qs(urlsplit(response.location).query).items()}


def ask(browser: FlaskClient, **changes: str) -> TestResponse:
    return browser.get("/authorize?" + urlencode(ASK | changes))


def code(browser: FlaskClient, person: str = MARIA, **changes: str) -> str:
    confirm = submit(browser, ask(browser, **changes), person=person)
    return answer(submit(browser, confirm))["code"]


def redeem(browser: FlaskClient, given: str, secret: str = SECRET, **changes: str) -> TestResponse:
    usual = {"grant_type": "authorization_code", "redirect_uri": HOME, "code_verifier": VERIFIER}
    return browser.post("/token", data=usual | {"code": given} | changes, auth=("kontakt-medborgare", secret))


def claims(browser: FlaskClient, tokens: TestResponse) -> dict[str, object]:
    keys = KeySet.import_key_set(browser.get("/jwks").get_json())
    return jwt.decode(tokens.get_json()["id_token"], keys, algorithms=["RS256"]).claims


def information(browser: FlaskClient, access_token: str) -> TestResponse:
    return browser.get("/userinfo", headers={"Authorization": f"Bearer {access_token}"})
