"""Error handling: every exception becomes a page that reveals nothing about it."""

from typing import Any

import structlog
from flask import Flask, Response, make_response, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from portal.config import Settings
from portal.database.errors import DatabaseUnavailable
from portal.web.errors import outages, refusals
from portal.web.errors.pages import error_page

log: structlog.stdlib.BoundLogger = structlog.get_logger()
REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 414, 415})
__all__ = ["error_page", "install"]


def install(app: Flask, _settings: Settings) -> None:
    """Register the page of every HTTP error, every exception of the domain and every uncaught exception."""
    app.before_request(outages.remember_start)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DatabaseUnavailable, outages.unavailable)
    for kind in refusals.STATUS:
        app.register_error_handler(kind, refusals.refused)
    app.register_error_handler(InternalServerError, _internal_error)
    # Flask's own log line holds the path, and the path of a one-time link holds its token.
    app.log_exception = _log_exception  # type: ignore[method-assign,assignment]
    app.after_request(_log_refusal)


def _log_exception(error: Any) -> None:
    # An outage has a line of its own.
    if not isinstance(error[1], DatabaseUnavailable):
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
    answer = make_response(error_page(error.code))
    # RFC 9110, section 15.5.6: a 405 must carry Allow.
    if isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _internal_error(error: InternalServerError) -> Any:
    # Another handler met the outage, such as a page for 404 that shows who is signed in.
    if isinstance(error.original_exception, DatabaseUnavailable):
        return outages.unavailable(error.original_exception)
    return error_page(500)
