"""Images within a PDF: a photograph may hold there all that it held as a file."""

import zlib
from typing import Any

import pikepdf

from portal.files.checking.images import jpeg
from portal.files.checking.outcome import Unacceptable
from portal.files.enums import Refusal

PHOTOGRAPH, COMPRESSED = "/DCTDecode", "/FlateDecode"
MAX_BYTES = 100 * 1024 * 1024


def clean(stream: Any) -> bool:
    """Remove what a JPEG tells of its maker; returns whether it told anything."""
    filters = _filters(stream)
    if not filters or filters[-1] != PHOTOGRAPH or filters[:-1] not in ([], [COMPRESSED]):
        return False
    try:
        image, traces = jpeg.without_traces(_plain(stream.read_raw_bytes(), filters))
    except Unacceptable:
        # A reader of the PDF has to make something of a broken image; we cannot.
        raise Unacceptable(Refusal.DAMAGED) from None
    if traces:
        parameters = stream.get("/DecodeParms")
        own = parameters[-1] if isinstance(parameters, pikepdf.Array) else parameters
        stream.write(image, filter=pikepdf.Name(PHOTOGRAPH), decode_parms=own)
    return traces


def _filters(stream: Any) -> list[str]:
    value = stream.get("/Filter")
    if isinstance(value, pikepdf.Array):
        return [str(name) for name in value]
    return [str(value)] if isinstance(value, pikepdf.Name) else []


def _plain(data: bytes, filters: list[str]) -> bytes:
    if filters[0] != COMPRESSED:
        return data
    try:
        return zlib.decompressobj().decompress(data, MAX_BYTES)
    except zlib.error:
        raise Unacceptable(Refusal.DAMAGED) from None
