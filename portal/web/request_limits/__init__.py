"""Bounds of a request, checked before anything is parsed, looked up or computed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, TypeVar
from urllib.parse import parse_qsl

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    HTTPException,
    RequestEntityTooLarge,
    RequestURITooLarge,
    UnsupportedMediaType,
)
from werkzeug.formparser import FormDataParser

from portal.config import Settings
from portal.web.request_limits.multipart import MultipartReader

View = TypeVar("View", bound=Callable[..., Any])

# The longest honest form: 20 000 emojis of 12 bytes each once they are percent-encoded.
MAX_POST = 256 * 1024
MAX_FIELDS = 1000
# Bytes of a refused body that are read and thrown away, because a browser that is still sending shows a
# broken connection instead of the page.
MAX_DISCARDED = 2 * 1024 * 1024
# Ten files of 25 MB together, with the texts of the form and what separates the parts.
MAX_WITH_FILES = 30 * 1024 * 1024
MAX_DISCARDED_FILES = 64 * 1024 * 1024
# Below gunicorn's limit of the request line, so that the page is seen.
MAX_QUERY = 6 * 1024
MAX_PARAMETERS = 100
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True)
class PostLimit:
    """What a view accepts in a body: at most so many bytes, and whether files are among them."""

    max_bytes: int = MAX_POST
    files: bool = False


def accepts_post(max_bytes: int, files: bool = False) -> Callable[[View], View]:
    """Decorator: set the limit of a view's body. Without it: a form of MAX_POST bytes and no files."""

    def decorate(view: View) -> View:
        view.post_limit = PostLimit(max_bytes, files)  # type: ignore[attr-defined]
        return view

    return decorate


def accepts_files(view: View) -> View:
    """Decorator: the view takes a form with files, of MAX_WITH_FILES bytes."""
    return accepts_post(MAX_WITH_FILES, files=True)(view)


class FormReader(FormDataParser):
    """Decode invalid UTF-8 as U+FFFD, which PrintableText refuses; Werkzeug would drop the bytes silently."""

    max_form_memory_size: int

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Any = None
    ) -> tuple[IO[bytes], Any, Any]:
        """Return the stream, the fields and the files. Raises RequestEntityTooLarge."""
        if mimetype == MULTIPART:
            reader = MultipartReader(
                (options or {}).get("boundary", ""), self.max_form_memory_size, MAX_FIELDS
            )
            return stream, *self._parts(reader, stream)
        if mimetype != URLENCODED:
            return super().parse(stream, mimetype, content_length, options)
        body = stream.read()
        if len(body) > self.max_form_memory_size or body.count(b"&") >= MAX_FIELDS:
            raise RequestEntityTooLarge
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, errors="replace")
        return stream, self.cls(pairs), self.cls()

    def _parts(self, reader: MultipartReader, stream: IO[bytes]) -> tuple[Any, Any]:
        try:
            reader.read(stream)
        except HTTPException:
            reader.close()
            # It ends where the body does.
            _discard(stream, MAX_DISCARDED_FILES)
            raise
        return self.cls(reader.fields), self.cls(reader.files)


class FormRequest(Request):
    """A request whose form is parsed by FormReader."""

    form_data_parser_class = FormReader
    max_form_parts = MAX_FIELDS


def install(app: Flask, _settings: Settings) -> None:
    """Check each request before any other hook: this has to be installed first."""
    app.request_class = FormRequest
    app.config.update(MAX_CONTENT_LENGTH=MAX_POST, MAX_FORM_MEMORY_SIZE=MAX_POST)
    app.before_request(_check)


def _check() -> None:
    _check_query(request.query_string)
    try:
        _check_body(_limit())
    except HTTPException:
        _discard_body(MAX_DISCARDED_FILES if is_with_files() else MAX_DISCARDED)
        raise


def _check_query(query: bytes) -> None:
    problem: HTTPException
    if len(query) > MAX_QUERY or query.count(b"&") >= MAX_PARAMETERS:
        problem = RequestURITooLarge()
    # Werkzeug decodes the query strictly, whenever it is first read.
    elif not query.isascii():
        problem = BadRequest()
    else:
        return
    # The error page is drawn with the address of the request.
    request.query_string = b""
    raise problem


def _limit() -> PostLimit:
    view = current_app.view_functions.get(request.endpoint or "")
    limit: PostLimit = getattr(view, "post_limit", PostLimit())
    return limit


def is_with_files() -> bool:
    """Whether the body of this request may have files: its view takes them, and it is of that type."""
    return request.mimetype == MULTIPART and _limit().files


def _check_body(limit: PostLimit) -> None:
    """Refuse a body by its size and type, and read the form."""
    with_files = is_with_files()
    max_bytes = limit.max_bytes if with_files else min(limit.max_bytes, MAX_POST)
    if (request.content_length or 0) > max_bytes:
        raise RequestEntityTooLarge
    # One more than the limit, since a stream that ends at its limit is not known to be longer.
    request.max_content_length = max_bytes + 1
    request.max_form_memory_size = min(max_bytes, MAX_POST)
    # Files are not read before the rate limits have let the request through.
    if with_files:
        return
    if request.mimetype not in ("", URLENCODED):
        raise UnsupportedMediaType
    # Now, so that a body without a length is measured too, and what is too long reaches no view.
    _ = request.form


def _discard_body(most: int) -> None:
    stream = request.environ["wsgi.input"]
    left = request.content_length
    if left is None:
        # Without a length and a server that ends the stream, a read could wait for ever.
        left = most if request.environ.get("wsgi.input_terminated") else 0
    if left > most:
        return
    _discard(stream, left)


def _discard(stream: IO[bytes], left: int) -> None:
    with suppress(OSError, HTTPException):
        while left > 0 and (read := len(stream.read(min(left, CHUNK_BYTES)))):
            left -= read
