"""Kind pages for what goes wrong. They need no database and tell nothing of what is inside."""

import logging
from typing import Any

from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from portal.config import Settings

log = logging.getLogger(__name__)
MAX_DRAIN = 64 * 1024 * 1024


def _words(code: int) -> tuple[str, str]:
    match code:
        case 404:
            return _("Sidan finns inte"), _("Adressen kan vara fel, eller så är sidan borttagen.")
        case 405:
            return _("Det går inte att göra så"), _("Börja om från startsidan.")
        case 413:
            return _("Det du skickade är för stort"), _("Skicka en kortare text.")
        case 429:
            return _("Det blev många försök"), _("Vänta tio minuter och försök igen.")
        case code if code < 500:
            return _("Det gick inte att läsa det du skickade"), _("Gå tillbaka och försök igen.")
        case _other:
            return _("Något gick fel hos oss"), _(
                "Vänta en stund och försök igen. Det du skrev kan finnas kvar om du går tillbaka."
            )


def page(code: int) -> ResponseReturnValue:
    """The error page of a status code."""
    heading, text = _words(code)
    links = [(_("Till start"), "/"), (_("Följ ditt ärende"), "/folj")]
    return render_template("errors/error.html", heading=heading, text=text, links=links), code


def install(app: Flask, _settings: Settings) -> None:
    """Answer every HTTP error, and every exception that nobody caught, with such a page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(InternalServerError, _broken)
    # Flask's own line names the path, and the path of a one-time link is its token.
    app.log_exception = _log  # type: ignore[method-assign,assignment]


def _log(error: Any) -> None:
    log.error("Exception in %s", request.endpoint, exc_info=error)


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if error.code == 413:
        _drain()
    answer = make_response(page(error.code))
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _drain() -> None:
    """Read on past the limit for a while, or the browser shows a broken connection instead of the page."""
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, MAX_DRAIN)
    while left > 0 and (read := len(stream.read(min(left, 65536)))):
        left -= read


def _broken(_error: InternalServerError) -> ResponseReturnValue:
    return page(500)
