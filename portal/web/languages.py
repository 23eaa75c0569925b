"""The language of a page: Swedish unless the reader has chosen another. Staff pages are always Swedish."""

from typing import Any

from flask import Flask, Response, g, has_request_context, request, url_for
from flask_babel import Babel
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.config import Settings, settings
from portal.translation import gettext, page_language
from portal.web.headers import cookie_name

NAMES = {"sv": "Svenska", "en": "English"}
COOKIE = "sprak"
# The name of a form's button that draws the page again in the language of its value, with what was written.
BUTTON = "sprak"
MAX_AGE = 365 * 24 * 3600


def is_staff_path() -> bool:
    """Whether the requested address is below the back office, also where it leads to no page."""
    return request.path.startswith(url_for("backoffice.queue"))


def current_language() -> str:
    """The language code of the current request; "sv" outside a request."""
    if not has_request_context() or is_staff_path():
        return "sv"
    if switched := g.get(BUTTON):
        return str(switched)
    return chosen() or "sv"


def chosen() -> str | None:
    """The language code that this browser has stored; None if its reader has not chosen."""
    code = request.cookies.get(cookie_name(COOKIE), "")
    return code if code in NAMES else None


def is_switched() -> bool:
    """Whether the form was posted by a language button: nothing is to be done but to draw it again."""
    return BUTTON in g


@pass_eval_context
def _translate(context: EvalContext, text: str, **values: Any) -> str:
    """gettext of templates, as Jinja's own for newstyle_gettext, which takes twice as long."""
    translation = gettext(text)
    # The text is our own, of a template or a catalogue; the values are escaped.
    return (Markup(translation) if context.autoescape else translation) % values  # noqa: S704


def install(app: Flask, _settings: Settings) -> None:
    """Translate pages, and let a button of any public form switch their language.

    Before the guards, whose pages have a language.
    """
    Babel(app, default_locale="sv", default_timezone="Europe/Stockholm", locale_selector=current_language)
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = _translate

    @app.before_request
    def _switch() -> None:
        chosen = request.form.get(BUTTON) if request.method == "POST" and not is_staff_path() else None
        if chosen in NAMES:
            g.sprak = chosen

    @app.after_request
    def _remember(response: Response) -> Response:
        if is_switched():
            set_language_cookie(response, g.sprak)
        return response


def set_language_cookie(response: Any, language: str) -> None:
    """Store the language in this browser for a year."""
    # A cookie of its own: sign-out clears the session, and a reader who only picks a language needs none.
    secure = not settings().development
    name = cookie_name(COOKIE)
    response.set_cookie(name, language, max_age=MAX_AGE, httponly=True, secure=secure, samesite="Lax")


def other_languages() -> list[tuple[str, str]]:
    """(code, name) of the languages to switch to; none on staff pages."""
    if is_staff_path():
        return []
    return [(code, name) for code, name in NAMES.items() if code != page_language()]
