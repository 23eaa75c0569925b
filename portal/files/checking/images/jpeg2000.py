"""JPEG 2000 (ISO/IEC 15444-1), as PDFs hold it: what tells of its maker is blanked where it is. Pure."""

import struct
from collections.abc import Iterator

from portal.files.checking.outcome import Unacceptable
from portal.files.enums import Refusal

CODESTREAM = b"\xff\x4f"
COMMENT, TILE, DATA, END = 0xFF64, 0xFF90, 0xFF93, 0xFFD9
# The boxes that are needed for the pixels; the others may hold XML, Exif and names.
SIGNATURE, HEADER, IMAGE = b"jP  ", b"jp2h", b"jp2c"
PIXELS = frozenset({SIGNATURE, b"ftyp", HEADER, IMAGE, b"jpch", b"jplh"})
PIXELS |= {b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res ", b"opct", b"cgrp"}
# A box that readers skip.
FREE = b"free"
WITHIN = frozenset({HEADER, b"jpch", b"jplh", b"cgrp"})


def without_traces(data: bytes) -> tuple[bytes, bool]:
    """The image without what tells of its maker, and whether it had any. Raises Unacceptable."""
    image = bytearray(data)
    try:
        if data.startswith(CODESTREAM):
            _blank_comments(image, 0, len(image))
        else:
            _blank_boxes(image, 0, len(image))
    except struct.error:
        raise Unacceptable(Refusal.DAMAGED) from None
    return bytes(image), image != data


def _blank(image: bytearray, start: int, end: int) -> None:
    image[start:end] = bytes(end - start)


def _blank_boxes(image: bytearray, start: int, end: int) -> None:
    for name, begin, content, stop in _boxes(image, start, end):
        if name == IMAGE:
            _blank_comments(image, content, stop)
        elif name in WITHIN:
            _blank_boxes(image, content, stop)
        elif name not in PIXELS:
            image[begin + 4 : begin + 8] = FREE
            _blank(image, content, stop)


def _boxes(image: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """The name of each box, where it begins, where its content does, and where it ends."""
    while start < end:
        size, name = struct.unpack_from(">I4s", image, start)
        content = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", image, content)
            content += 8
        stop = start + size if size else end
        if not content <= stop <= end:
            raise Unacceptable(Refusal.DAMAGED)
        yield bytes(name), start, content, stop
        start = stop


def _blank_comments(image: bytearray, start: int, end: int) -> None:
    position = start + len(CODESTREAM)
    tile_end = end
    while True:
        (marker,) = struct.unpack_from(">H", image, position)
        if marker == END:
            # Nothing belongs to the image after its end.
            return _blank(image, position + 2, end)
        if marker == DATA:
            position = tile_end
            continue
        if marker == TILE:
            tile_end = _tile_end(image, position, end)
        (size,) = struct.unpack_from(">H", image, position + 2)
        stop = position + 2 + size
        if size < 2 or stop > end:
            raise Unacceptable(Refusal.DAMAGED)
        if marker == COMMENT:
            _blank(image, position + 6, stop)
        position = stop


def _tile_end(image: bytearray, position: int, end: int) -> int:
    (length,) = struct.unpack_from(">I", image, position + 6)
    # One without a length goes on to the end marker.
    stop = position + length if length else end - 2
    if not position + 12 < stop <= end:
        raise Unacceptable(Refusal.DAMAGED)
    return int(stop)
