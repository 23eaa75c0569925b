"""The url_for() of templates: an address that never changes is built once in the life of a process."""

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request

from portal.config import Settings
from portal.web.operations import static_files

# More than there are routes and static files. Bounded, since the path of the site comes with the request.
MAX_ADDRESSES = 1024


def install(app: Flask, _settings: Settings) -> None:
    """Replace Flask's own, of which a page calls some thirty."""

    @lru_cache(MAX_ADDRESSES)
    def page(endpoint: str, _site: str) -> str:
        return app.url_for(endpoint)

    @lru_cache(MAX_ADDRESSES)
    def static(filename: str, _version: str, _site: str) -> str:
        return app.url_for("static", filename=filename)

    def url_for(endpoint: str, **values: Any) -> str:
        if not has_request_context():
            return app.url_for(endpoint, **values)
        if endpoint == "static" and len(values) == 1:
            filename = values["filename"]
            return static(filename, static_files.version(app, filename), request.script_root)
        if values or _depends_on_request(app, endpoint):
            return app.url_for(endpoint, **values)
        return page(endpoint, request.script_root)

    app.jinja_env.globals["url_for"] = url_for


def _depends_on_request(app: Flask, endpoint: str) -> bool:
    """Whether an endpoint is relative to that of the page, or of a blueprint that adds values of its own."""
    blueprint = endpoint.rpartition(".")[0]
    return not blueprint or blueprint in app.url_default_functions
