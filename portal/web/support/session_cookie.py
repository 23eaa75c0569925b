"""Flask's session in a cookie that the browser can neither read nor change, gone when the browser closes."""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SessionInterface

from portal import crypto
from portal.config import Settings

TTL = 24 * 3600


class EncryptedCookie(SessionInterface):
    """Holds a few random tokens: of the session, of a form, of a sign-in under way."""

    def __init__(self, box: Fernet) -> None:
        self.box = box

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie says; an old, foreign or broken one says nothing."""
        sealed = request.cookies.get(self.get_cookie_name(app), "")
        try:
            return SecureCookieSession(json.loads(self.box.decrypt(sealed, ttl=TTL)))
        except (InvalidToken, ValueError):
            return SecureCookieSession()

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Set the cookie when something in it has changed."""
        if not session.modified:
            return
        name, path = self.get_cookie_name(app), self.get_cookie_path(app)
        value = self.box.encrypt(json.dumps(dict(session)).encode()).decode()
        response.set_cookie(
            name, value, httponly=True, path=path, secure=self.get_cookie_secure(app), samesite="Lax"
        )
        response.vary.add("Cookie")


def install(app: Flask, settings: Settings) -> None:
    """Use it. In production the name binds it to this host over TLS (RFC 6265bis, __Host-)."""
    app.session_interface = EncryptedCookie(crypto.cookie_box("session"))
    app.config["SESSION_COOKIE_SECURE"] = not settings.development
    app.config["SESSION_COOKIE_NAME"] = "kontakt" if settings.development else "__Host-kontakt"
