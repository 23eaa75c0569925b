"""PDFs by WeasyPrint, which is optional: without it, or its system libraries, `available()` is False."""

import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore, Lock

import structlog
from flask import Response, current_app, send_file

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# A case with 21 messages of 20 000 characters takes about 10 s.
MAX_SECONDS = 20
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
# A PDF takes a core: more at a time would only make all of them, and the pages, slower.
MAX_AT_A_TIME = 2
MAX_WAIT_SECONDS = 5
# Where the child finds the package.
FOLDER = Path(__file__).parents[2]

# One thread checks, and the others wait for its answer.
_check = Lock()
_places = BoundedSemaphore(MAX_AT_A_TIME)


class PdfFailed(Exception):
    """A PDF that could not be made within its limits."""


def available() -> bool:
    """Whether this installation can make PDFs."""
    with _check:
        try:
            return _imports()
        except subprocess.TimeoutExpired:
            return False


@cache
def _imports() -> bool:
    """Whether the library and its system libraries can be loaded."""
    if find_spec("weasyprint") is None:
        return False
    # Asked of a child: here it would stay, with 30 MB in every web process, and each PDF has a child anyway.
    command = [sys.executable, "-c", "import weasyprint"]
    # It fails where Pango is not installed.
    return _run(command).returncode == 0


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
        done = _run(command, html)
    except subprocess.TimeoutExpired:
        raise _failed("timeout") from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise _failed("crashed")
    return done.stdout


def _run(command: list[str], text: str = "") -> "subprocess.CompletedProcess[bytes]":
    """Run a child to its end. Raises subprocess.TimeoutExpired, when it has been killed."""
    return subprocess.run(  # noqa: S603
        command,
        input=text.encode(),
        stdout=subprocess.PIPE,
        # WeasyPrint's warnings quote the page.
        stderr=subprocess.DEVNULL,
        cwd=FOLDER,
        # None of the portal's settings: the child reads a stranger's text and needs no key.
        env={"LANG": "C.UTF-8"},
        timeout=MAX_SECONDS,
        check=False,
    )


def _failed(reason: str) -> PdfFailed:
    log.warning("pdf.failed", reason=reason)
    return PdfFailed(reason)
