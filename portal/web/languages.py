"""Which language a page speaks: Swedish until its reader chooses another. Staff pages are Swedish."""

from flask import has_request_context, request
from werkzeug.wrappers import Response

from portal.config import settings

NAMES = {"sv": "Svenska", "en": "English"}
COOKIE, YEAR = "sprak", 365 * 24 * 3600
STAFF = "/handlaggning/"


def chosen() -> str:
    """The language of this request; outside one, Swedish."""
    if not has_request_context() or request.path.startswith(STAFF):
        return "sv"
    asked = request.cookies.get(COOKIE, "sv")
    return asked if asked in NAMES else "sv"


def remember(answer: Response, language: str) -> None:
    """Speak this language in this browser from now on: a cookie that says that and nothing else."""
    secure = not settings().development
    answer.set_cookie(COOKIE, language, max_age=YEAR, httponly=True, secure=secure, samesite="Lax")


def others() -> list[tuple[str, str]]:
    """The languages that can be changed to, each with its own name for itself; none among staff."""
    if request.path.startswith(STAFF):
        return []
    return [(code, name) for code, name in NAMES.items() if code != chosen()]
