"""PDFs by WeasyPrint, which is optional: without it, or its system libraries, `available()` is False."""

import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import structlog
from flask import Response, current_app, send_file

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# A case with 21 messages of 20 000 characters takes about 10 s.
MAX_SECONDS = 20
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
# A PDF takes a core: more at a time would only make all of them, and the pages, slower.
MAX_AT_A_TIME = 2
MAX_WAIT_SECONDS = 5

_places = BoundedSemaphore(MAX_AT_A_TIME)


class PdfFailed(Exception):
    """A PDF that could not be made within its limits."""


@cache
def _weasyprint() -> Any:
    """The library; None if it or its system libraries are missing."""
    try:
        import weasyprint
    # cffi raises OSError if Pango is not installed.
    except (ImportError, OSError):
        return None
    return weasyprint


def available() -> bool:
    """Whether this installation can make PDFs."""
    return _weasyprint() is not None


def render_pdf(html: str) -> bytes:
    """A page as a PDF, made in a child process with limits of time and memory. Raises PdfFailed."""
    if not _places.acquire(timeout=MAX_WAIT_SECONDS):
        raise _failed("busy")
    try:
        return _run_child(html)
    finally:
        _places.release()


def attachment(html: str, reference: str) -> Response:
    """A page as a PDF to download, named by the number of its case. Raises PdfFailed."""
    content = BytesIO(render_pdf(html))
    response = send_file(content, "application/pdf", as_attachment=True, download_name=f"{reference}.pdf")
    # send_file allows caching, but a case is personal data.
    response.headers["Cache-Control"] = "no-store"
    return response


def _run_child(html: str) -> bytes:
    limits = [str(MAX_MEMORY_BYTES), str(MAX_SECONDS)]
    command = [sys.executable, "-m", "portal.operations.pdf_child", str(current_app.static_folder), *limits]
    try:
        # run() kills the child when the time is out.
        done = subprocess.run(  # noqa: S603
            command,
            input=html.encode(),
            stdout=subprocess.PIPE,
            # WeasyPrint's warnings quote the page.
            stderr=subprocess.DEVNULL,
            cwd=Path(current_app.root_path).parent,
            # None of the portal's settings: the child reads a stranger's text and needs no key.
            env={"LANG": "C.UTF-8"},
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failed("timeout") from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise _failed("crashed")
    return done.stdout


def _failed(reason: str) -> PdfFailed:
    log.warning("pdf.failed", reason=reason)
    return PdfFailed(reason)
