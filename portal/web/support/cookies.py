"""The cookies that the portal sets: the encrypted session, and how sign-out ends it and the others."""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Request, Response, current_app, session, url_for
from flask.sessions import SecureCookieSession, SessionInterface
from werkzeug.wrappers import Response as WerkzeugResponse

from portal import config, crypto
from portal.config import Settings
from portal.web import languages
from portal.web.headers import cookie_name

# Seconds, as long as the form token whose other half it holds (docs/decisions/0004).
TTL = 24 * 3600


class EncryptedCookie(SessionInterface):
    """Stores the session as encrypted JSON: a few tokens of the sign-in, forms and grants."""

    def __init__(self, box: Fernet) -> None:
        self.box = box

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """The session of the cookie; empty if the cookie is expired, altered or under another key."""
        token = request.cookies.get(self.get_cookie_name(app), "")
        try:
            return SecureCookieSession(json.loads(self.box.decrypt(token, ttl=TTL)))
        except (InvalidToken, ValueError):
            return SecureCookieSession()

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Set the cookie if the session has changed; end it if nothing is left in the session."""
        if not session.modified:
            return
        if not session:
            end(response, self.get_cookie_name(app), self.get_cookie_path(app))
            return
        # Lax and not Strict: the provider's redirect back from a sign-in must bring the cookie.
        response.set_cookie(
            self.get_cookie_name(app),
            self.box.encrypt(json.dumps(dict(session)).encode()).decode(),
            httponly=True,
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            samesite="Lax",
        )
        response.vary.add("Cookie")


def install(app: Flask, settings: Settings) -> None:
    """Replace Flask's session interface."""
    app.session_interface = EncryptedCookie(crypto.cookie_cipher("session"))
    app.config["SESSION_COOKIE_SECURE"] = not settings.development
    app.config["SESSION_COOKIE_NAME"] = cookie_name("kontakt")


RECEIPT = "kvitto"
# Session keys: the handles of receipts and the names of the cookies of sign-ins in progress. The cookies go
# to other paths than the sign-out, which knows of them only by these lists.
RECEIPTS = "receipts"
REGISTERED = "registered"
SIGN_INS = "sign_ins"
# The page of the receipts of each list.
RECEIPT_PAGES = {RECEIPTS: "public.receipt", REGISTERED: "backoffice.case_receipt"}


def end_all(response: WerkzeugResponse) -> None:
    """End every cookie of the portal in this browser, and no other of the domain. Reads the session."""
    end(response, current_app.config["SESSION_COOKIE_NAME"])
    end(response, cookie_name(languages.COOKIE))
    for kind in RECEIPT_PAGES:
        for handle in session.get(kind, []):
            end_receipt(response, handle, kind)
    for name in session.get(SIGN_INS, []):
        end(response, name, url_for("sign_in.choose"))


def end_receipt(response: WerkzeugResponse, handle: str, kind: str) -> None:
    """End the cookie of a receipt, of one of the lists."""
    # Its path: a cookie is ended only under the path that it was set for.
    path = url_for(RECEIPT_PAGES[kind], handle=handle)
    end(response, cookie_name(RECEIPT, path), path)


def end(response: WerkzeugResponse, name: str, path: str = "/") -> None:
    """End a cookie."""
    # With the attributes of the cookie itself: a browser refuses a __Host- cookie without Secure.
    secure = not config.settings().development
    response.delete_cookie(name, path=path, secure=secure, httponly=True, samesite="Lax")
