"""Static files: addressed by their content, so that browsers keep them for good, and sent compressed."""

import gzip
import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask, abort, current_app, request, send_file
from flask.typing import ResponseReturnValue

from portal.config import Settings

# The query parameter that holds the fingerprint of a file's content.
VERSION = "v"
FILES = "static_files"
YEAR = 365 * 24 * 3600
# Fonts are compressed already.
COMPRESSED = frozenset({".css", ".js", ".svg", ".txt", ".json"})


def install(app: Flask, _settings: Settings) -> None:
    """Serve the static files of the application, and name each by its content in every address."""
    files = app.extensions[FILES] = _files(Path(app.static_folder or ""))
    app.view_functions["static"] = lambda filename: serve(files.get(filename) or abort(404))

    @app.url_defaults
    def _add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and (known := version(app, values["filename"])):
            values[VERSION] = known


def version(app: Flask, filename: str) -> str:
    """The fingerprint of a static file; empty if there is no such file."""
    file = app.extensions[FILES].get(filename)
    return fingerprint(file) if file else ""


def _files(folder: Path) -> dict[str, Path]:
    # Known from the start: no address is ever joined to a path.
    return {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}


def serve(file: Path) -> ResponseReturnValue:
    """A static file; immutable under the address that names its content."""
    known = fingerprint(file)
    zips = file.suffix in COMPRESSED
    zipped = zips and request.accept_encodings["gzip"] > 0
    content = _compressed(file, known) if zipped else file.read_bytes()
    etag = f"{known}-gzip" if zipped else known
    answer = send_file(BytesIO(content), download_name=file.name, etag=etag, conditional=True)
    answer.cache_control.public = True
    answer.cache_control.no_cache = None
    answer.cache_control.max_age = current_app.get_send_file_max_age(file.name)
    if request.args.get(VERSION) == known:
        answer.cache_control.max_age = YEAR
        answer.cache_control.immutable = True
    if zips:
        answer.vary.add("Accept-Encoding")
    if zipped:
        answer.content_encoding = "gzip"
    return answer


def fingerprint(file: Path) -> str:
    """The beginning of the SHA-256 of a file's content."""
    # By the time of its change as well: in development a file changes while the process runs.
    return _fingerprint(file, file.stat().st_mtime_ns)


@cache
def _fingerprint(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


@cache
def _compressed(file: Path, _fingerprint: str) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)
