"""Flask's session in an encrypted cookie that ends with the browser, where Flask's own is only signed."""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SessionInterface

from portal import crypto
from portal.config import Settings
from portal.web.support import own_cookies

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
            own_cookies.end(response, self.get_cookie_name(app), self.get_cookie_path(app))
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
    # The __Host- prefix binds the cookie to this host over TLS (RFC 6265bis, section 4.1.3.2).
    app.config["SESSION_COOKIE_NAME"] = "kontakt" if settings.development else "__Host-kontakt"
