"""PDFs: opened and rewritten without anything that runs, opens, embeds or tells of the maker."""

import io
import re

import pikepdf

from portal.files import rules
from portal.files.checking.outcome import Checked, Derivative, Unacceptable
from portal.files.checking.pdf import objects
from portal.files.enums import FileKind, Refusal

# One that is linearized ends twice.
END = b"%%EOF"
ENDS = {True: 2, False: 1}
# Comments, the rest of whose line is text; the second line of most files is one of other characters.
FIRST_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
AFTER_OBJECT = re.compile(rb"endobj\s*%([^\r\n]*)")
AFTER_TRAILER = re.compile(rb"(?:>>|startxref\s+\d+)\s*%([^\r\n]*)")
WORD = re.compile(rb"[A-Za-z]{4}")
BROKEN = (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, TypeError, LookupError, RuntimeError)


def check(data: bytes) -> Checked:
    """Open a PDF and make its derivative. Raises Unacceptable."""
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            return _check(pdf, data)
    except pikepdf.PasswordError:
        raise Unacceptable(Refusal.ENCRYPTED) from None
    except BROKEN as error:
        raise Unacceptable(Refusal.DAMAGED) from error


def _check(pdf: pikepdf.Pdf, data: bytes) -> Checked:
    if pdf.is_encrypted:
        raise Unacceptable(Refusal.ENCRYPTED)
    pages = len(pdf.pages)
    if pages > rules.MAX_PAGES:
        raise Unacceptable(Refusal.TOO_MANY_PAGES, str(rules.MAX_PAGES))
    if not pages:
        raise Unacceptable(Refusal.DAMAGED)
    has_more = _has_more(data, ENDS[pdf.is_linearized])
    has_traces = objects.clean(pdf)
    return Checked(FileKind.PDF, pages, has_traces or has_more, Derivative(FileKind.PDF, _saved(pdf)))


def _has_more(data: bytes, ends: int) -> bool:
    """Whether an earlier version is still in the file, something comes after it, or a comment is in it."""
    return data.count(END) > ends or not data.rstrip().endswith(END) or _has_comments(data)


def _has_comments(data: bytes) -> bool:
    """Whether words are beside the objects: some programs write there what they were called with."""
    first = FIRST_OBJECT.search(data)
    header = data[: first.start() if first else 0].splitlines()[1:]
    trailer = AFTER_TRAILER.findall(data, max(data.rfind(b"trailer"), 0))
    return any(map(WORD.search, [*header, *trailer, *AFTER_OBJECT.findall(data)]))


def _saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    # Of its content, not of the time.
    pdf.save(buffer, deterministic_id=True, fix_metadata_version=False)
    return buffer.getvalue()
