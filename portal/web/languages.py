"""Which language a page speaks: Swedish until its reader chooses another. Staff pages are Swedish."""

from flask import has_request_context, request, session

NAMES = {"sv": "Svenska", "en": "English"}
KEY = "language"
STAFF = "/handlaggning/"


def chosen() -> str:
    """The language of this request; outside one, Swedish."""
    if not has_request_context() or request.path.startswith(STAFF):
        return "sv"
    asked = session.get(KEY, "sv")
    return asked if asked in NAMES else "sv"


def choose(language: str) -> None:
    """Speak this language from now on; one that we do not have changes nothing."""
    if language in NAMES:
        session[KEY] = language


def others() -> list[tuple[str, str]]:
    """The languages that can be changed to, each with its own name for itself; none among staff."""
    if request.path.startswith(STAFF):
        return []
    return [(code, name) for code, name in NAMES.items() if code != chosen()]
