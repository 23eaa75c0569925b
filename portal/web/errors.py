"""Error pages. They work without a database and reveal nothing about the error."""

from typing import Any

import structlog
from flask import Flask, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from portal.config import Settings

log: structlog.stdlib.BoundLogger = structlog.get_logger()
REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415})
# Bytes read from a refused upload before the connection is closed on it.
MAX_DRAIN = 64 * 1024 * 1024


def _texts(code: int) -> tuple[str, str]:
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
            text = _("Vänta en stund och försök igen. Det du skrev kan finnas kvar om du går tillbaka.")
            return _("Något gick fel hos oss"), text


def error_page(code: int) -> ResponseReturnValue:
    """The error page of a status code."""
    heading, text = _texts(code)
    links = [
        (_("Till start"), url_for("public.start")),
        (_("Följ ditt ärende"), url_for("public.follow_start")),
    ]
    return render_template("errors/error.html", heading=heading, text=text, links=links), code


def install(app: Flask, _settings: Settings) -> None:
    """Register the error page for every HTTP error and every uncaught exception."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _internal_error)
    # Flask's own log line holds the path, and the path of a one-time link holds its token.
    app.log_exception = _log_exception  # type: ignore[method-assign,assignment]
    app.after_request(_log_refusal)


def _log_exception(error: Any) -> None:
    log.error("request.failed", endpoint=request.endpoint, exc_info=error)


def _log_refusal(response: Response) -> Response:
    # Not 422, a form to correct, nor 429, which the limit itself logs.
    if response.status_code in REFUSALS:
        log.info("request.refused", endpoint=request.endpoint, status=response.status_code)
    return response


def _http_error(error: HTTPException) -> Any:
    # Redirects are exceptions too in werkzeug.
    if error.code is None or error.code < 400:
        return error
    if error.code == 413:
        _drain()
    answer = make_response(error_page(error.code))
    # RFC 9110, section 15.5.6: a 405 must carry Allow.
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _drain() -> None:
    # A browser still uploading shows a broken connection instead of the page.
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or 0, MAX_DRAIN)
    while left > 0 and (read := len(stream.read(min(left, 65536)))):
        left -= read


def _internal_error(_error: InternalServerError) -> ResponseReturnValue:
    return error_page(500)
