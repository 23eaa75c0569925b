"""The cookies that the portal sets: their names, and how sign-out ends them."""

from flask import current_app, url_for
from werkzeug.wrappers import Response

from portal.config import settings
from portal.web import languages

RECEIPT = "kvitto"


def end_all(response: Response) -> None:
    """End every cookie of the portal in this browser, and no other of the domain."""
    end(response, current_app.config["SESSION_COOKIE_NAME"])
    end(response, languages.COOKIE)
    # Its path: a cookie is ended only under the path that it was set for.
    end(response, RECEIPT, url_for("public.receipt"))


def end(response: Response, name: str, path: str = "/") -> None:
    """End a cookie."""
    # With the attributes of the cookie itself: a browser refuses a __Host- cookie without Secure.
    secure = not settings().development
    response.delete_cookie(name, path=path, secure=secure, httponly=True, samesite="Lax")
