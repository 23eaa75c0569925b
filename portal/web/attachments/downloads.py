"""Files sent to a browser: as downloads, never as pages; thumbnails as pictures."""

import unicodedata
from collections import deque
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response, abort, request

from portal.files.queries import Download

# No script, no style and no frame of a file runs, should a browser draw it all the same.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def download(file: Download | None) -> Response:
    """A file to save. Aborts with 404 without one."""
    return _response(file or abort(404), "attachment")


def picture(file: Download | None) -> Response:
    """A thumbnail to show in a page. Aborts with 404 without one."""
    return _response(file or abort(404), "inline")


def _chunks(file: Download) -> Iterable[bytes]:
    if request.method == "HEAD":
        # Read to its end, so that the stored bytes are closed.
        deque(file.chunks, maxlen=0)
        return ()
    return file.chunks


def _names(name: str) -> dict[str, str]:
    """The parameters of Content-Disposition (RFC 6266): with a simpler name for one that is not in ASCII."""
    if name.isascii():
        return {"filename": name}
    simple = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return {"filename": simple, "filename*": f"UTF-8''{quote(name, safe='')}"}


def _response(file: Download, disposition: str) -> Response:
    # No ranges: the chunks are encrypted in their order.
    response = Response(_chunks(file), mimetype=file.mimetype.partition(";")[0], direct_passthrough=True)
    response.headers["Content-Type"] = file.mimetype
    response.headers["Content-Length"] = str(file.bytes)
    response.headers.set("Content-Disposition", disposition, **_names(file.name))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Accept-Ranges"] = "none"
    return response
