"""The segments of a JPEG: which of them tell of its maker, and the image without those. Pure."""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from portal.files.checking.images import metadata
from portal.files.checking.outcome import Unacceptable
from portal.files.enums import Refusal

APP0, APP1, APP2, APP14, APP15, COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
JFIF_BYTES = 14
START, SCAN, END = 0xD8, 0xDA, 0xD9
# Between the data of a scan: no stuffed zero, no restart and no filling.
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
ICC, ICC_FIRST = b"ICC_PROFILE\0", b"ICC_PROFILE\0\x01"


class Segment(NamedTuple):
    """A segment and where it is, with its marker; `content` comes after its length."""

    marker: int
    start: int
    end: int
    content: bytes


def segments(data: bytes) -> Iterator[Segment]:
    """The segments up to the end of the image. Raises Unacceptable if there is none."""
    position = 0
    while marker := NEXT_MARKER.search(data, position):
        start = marker.start()
        code = data[start + 1]
        if code in (START, END):
            position = start + 2
            yield Segment(code, start, position, b"")
            if code == END:
                return
            continue
        position = start + 2 + _length(data, start + 2)
        if position > len(data):
            break
        yield Segment(code, start, position, data[start + 4 : position])
    # It ends before the image does.
    raise Unacceptable(Refusal.DAMAGED)


def _length(data: bytes, position: int) -> int:
    try:
        return max(2, int(struct.unpack_from(">H", data, position)[0]))
    except struct.error:
        raise Unacceptable(Refusal.DAMAGED) from None


def without_traces(data: bytes) -> tuple[bytes, bool]:
    """The image up to its end without the segments that tell of its maker, and whether there were any."""
    kept = []
    last = 0
    traces = False
    for segment in segments(data):
        if is_trace(segment):
            kept.append(data[last : segment.start])
            last = segment.end
            traces = True
        if segment.marker == END:
            kept.append(data[last : segment.end])
            traces = traces or segment.end < len(data)
    return b"".join(kept), traces


def is_trace(segment: Segment) -> bool:
    """Whether a segment may tell who made the image, where or with what."""
    marker, content = segment.marker, segment.content
    if marker == APP1:
        return not content.startswith(b"Exif\0") or metadata.exif_has_traces(content[6:])
    if marker == APP2 and content.startswith(ICC):
        # The description is in the first part of a profile.
        return content.startswith(ICC_FIRST) and not metadata.is_common_profile(content[len(ICC) + 2 :])
    if marker == APP0:
        # JFXX, and what is longer, hold a thumbnail: of the image before it was cropped.
        return not content.startswith(b"JFIF\0") or len(content) > JFIF_BYTES
    if marker == APP14:
        return not content.startswith(b"Adobe")
    return marker == COMMENT or APP0 < marker <= APP15
