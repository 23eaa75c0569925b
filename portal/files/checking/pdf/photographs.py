"""Images within a PDF: a photograph may hold there all that it held as a file."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf

from portal.files.checking.images import jpeg, jpeg2000
from portal.files.checking.outcome import Unacceptable
from portal.files.enums import Refusal

Cleaner = Callable[[bytes], tuple[bytes, bool]]
JPEG, JPEG2000 = "/DCTDecode", "/JPXDecode"
CLEANERS: Mapping[str, Cleaner] = {JPEG: jpeg.without_traces, JPEG2000: jpeg2000.without_traces}
SHORT = {"/DCT": JPEG}
# A photograph among the operators of a page (ISO 32000-1, 8.9.7), with its filter.
INLINE = re.compile(rb"(?<![^\s\]>)/])BI\s")
INLINE_DATA = re.compile(rb"\sID\s")
INLINE_FILTER = re.compile(rb"/(?:DCT|JPX)")
MAX_INLINE = 64 * 1024


def clean(stream: Any) -> bool:
    """Remove what a photograph tells of its maker; returns whether it told anything. Raises Unacceptable."""
    filters = _filters(stream)
    if not CLEANERS.keys() & set(filters):
        _refuse_inline(stream)
        return False
    cleaner = CLEANERS.get(filters[-1])
    if cleaner is None:
        raise Unacceptable(Refusal.DAMAGED)
    image, traces = cleaner(_plain(stream, filters[:-1]))
    if traces or len(filters) > 1:
        stream.write(image, filter=pikepdf.Name(filters[-1]), decode_parms=_parameters(stream)[-1])
    return traces


def _filters(stream: Any) -> list[str]:
    value = stream.get("/Filter")
    names = list(value) if isinstance(value, pikepdf.Array) else [value]
    return [SHORT.get(str(name), str(name)) for name in names if isinstance(name, pikepdf.Name)]


def _parameters(stream: Any) -> list[Any]:
    value = stream.get("/DecodeParms")
    return list(value) if isinstance(value, pikepdf.Array) and len(value) else [value]


def _plain(stream: Any, filters: list[str]) -> bytes:
    """The bytes of the photograph, of which `filters` made those in the file."""
    data = bytes(stream.read_raw_bytes())
    if not filters:
        return data
    with pikepdf.new() as other:
        packed = pikepdf.Stream(other, data)
        packed["/Filter"] = pikepdf.Array([pikepdf.Name(name) for name in filters])
        parameters = _parameters(stream)[: len(filters)]
        if any(isinstance(own, pikepdf.Dictionary) and own.keys() for own in parameters):
            raise Unacceptable(Refusal.TOO_DEMANDING)
        return bytes(packed.read_bytes(pikepdf.StreamDecodeLevel.generalized))


def _refuse_inline(stream: Any) -> None:
    """A photograph among the operators of a page can be drawn, but not be cleaned."""
    if str(stream.get("/Subtype")) == "/Image" or "/Length1" in stream:
        return
    try:
        content = bytes(stream.read_bytes(pikepdf.StreamDecodeLevel.generalized))
    except pikepdf.PdfError:
        # What cannot be unpacked cannot be drawn.
        return
    for begin in INLINE.finditer(content):
        data = INLINE_DATA.search(content, begin.end() - 1, begin.end() + MAX_INLINE)
        if data and INLINE_FILTER.search(content, begin.end(), data.start()):
            raise Unacceptable(Refusal.TOO_DEMANDING)
