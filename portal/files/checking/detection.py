"""The kind of a file by its first bytes. Pure."""

import codecs
import re

from portal.files.checking.outcome import Unacceptable
from portal.files.enums import FileKind, Refusal
from portal.files.kinds import KINDS

# How far into a file some readers look for the header of a PDF.
PDF_HEADER_WITHIN = 1024
APPLE_IMAGES = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An office file with a password: an OLE file with this entry.
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# Of all kinds that may hold them, control characters are in none of a text.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
# Text that a browser would run or draw.
MARKUP = re.compile(r"\s*<(?:!doctype|\?xml|html|head|body|svg|script|!--)", re.IGNORECASE)
# Looked up now, since the child can import nothing later.
WITH_MARK = (codecs.getdecoder("utf-16"),)
WITHOUT_MARK = (codecs.getdecoder("utf-8-sig"), codecs.getdecoder("cp1252"))
# The archive may be any of the office kinds: its entries tell.
ARCHIVE = b"PK\x03\x04"


def is_archive(data: bytes) -> bool:
    """Whether a file begins as a zip file."""
    return data.startswith(ARCHIVE)


def binary_kind(data: bytes) -> FileKind | None:
    """The kind of an image or a PDF; None of anything else. Raises Unacceptable for some."""
    if data.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return FileKind.WEBP
    if data.startswith(b"%PDF-"):
        return FileKind.PDF
    _refuse_known(data)
    return None


def _refuse_known(data: bytes) -> None:
    if data[4:8] == b"ftyp" and data[8:12] in APPLE_IMAGES:
        raise Unacceptable(Refusal.HEIC)
    if data.startswith(OLE) and ENCRYPTED_PACKAGE in data:
        raise Unacceptable(Refusal.ENCRYPTED)
    # A reader that looks further would take it for a PDF, and others for what it begins with.
    if b"%PDF-" in data[:PDF_HEADER_WITHIN]:
        raise Unacceptable(Refusal.UNKNOWN_KIND)


def text_of(data: bytes, extension: str) -> str:
    """The text of a text file, whose name has no extension or that of one. Raises Unacceptable."""
    if extension and extension not in KINDS[FileKind.TEXT].extensions:
        raise Unacceptable(Refusal.UNKNOWN_KIND)
    text = _decoded(data)
    if CONTROL.search(text) or MARKUP.match(text):
        raise Unacceptable(Refusal.UNKNOWN_KIND)
    return text


def _decoded(data: bytes) -> str:
    has_mark = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for decode in WITH_MARK if has_mark else WITHOUT_MARK:
        try:
            return decode(data)[0]
        except UnicodeDecodeError:
            continue
    raise Unacceptable(Refusal.UNKNOWN_KIND)
