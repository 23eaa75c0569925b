"""The parts of an image file: what is needed for its pixels, and whether others tell of its maker. Pure."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from portal.files.checking.images import jpeg, metadata
from portal.files.checking.outcome import Unacceptable
from portal.files.enums import FileKind, Refusal

PNG_HEADER = 8
# What decides the pixels of a PNG; all else is left out before it is decoded.
PNG_PIXELS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT"})
# Background, resolution, histogram, suggested colours, and the later frames of an animation.
PNG_HARMLESS = frozenset({b"bKGD", b"pHYs", b"hIST", b"sPLT", b"acTL", b"fcTL", b"fdAT", b"cICP"})
WEBP_PIXELS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"})
MAX_NAME = 79


class Parts(NamedTuple):
    """`pixels` is the file without what it can be drawn without; `exif` is raw, for the orientation."""

    pixels: bytes
    has_traces: bool


class Chunk(NamedTuple):
    """A chunk of a PNG or WebP, and the bytes that it has in the file."""

    name: bytes
    content: bytes
    whole: bytes


def split(data: bytes, kind: FileKind) -> Parts:
    """The parts of an image. Raises Unacceptable if it ends before its end."""
    if kind is FileKind.JPEG:
        _, traces = jpeg.without_traces(data)
        return Parts(data, traces)
    try:
        return _png(data) if kind is FileKind.PNG else _webp(data)
    except struct.error:
        raise Unacceptable(Refusal.DAMAGED) from None


def _png(data: bytes) -> Parts:
    kept = [data[:PNG_HEADER]]
    length = PNG_HEADER
    traces = False
    for chunk in _png_chunks(data):
        length += len(chunk.whole)
        if chunk.name in PNG_PIXELS:
            kept.append(chunk.whole)
        traces = traces or _is_png_trace(chunk)
    return Parts(b"".join(kept), traces or length < len(data))


def _png_chunks(data: bytes) -> Iterator[Chunk]:
    position = PNG_HEADER
    name = b""
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + size
        if end > len(data):
            raise Unacceptable(Refusal.DAMAGED)
        yield Chunk(name, data[position + 8 : end - 4], data[position:end])
        position = end


def _is_png_trace(chunk: Chunk) -> bool:
    if chunk.name == b"eXIf":
        return metadata.exif_has_traces(chunk.content)
    if chunk.name == b"iCCP":
        # The name comes before the profile, which is compressed.
        return not metadata.is_common_profile(chunk.content[:MAX_NAME])
    return chunk.name not in PNG_PIXELS | PNG_HARMLESS


def _webp(data: bytes) -> Parts:
    (size,) = struct.unpack_from("<I", data, 4)
    end = 8 + size
    if end > len(data):
        raise Unacceptable(Refusal.DAMAGED)
    traces = any(_is_webp_trace(chunk) for chunk in _webp_chunks(data[:end]))
    return Parts(data[:end], traces or end < len(data))


def _webp_chunks(data: bytes) -> Iterator[Chunk]:
    position = 12
    while position + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, position)
        # Each begins at an even byte.
        end = position + 8 + size + size % 2
        yield Chunk(name, data[position + 8 : position + 8 + size], data[position:end])
        position = end


def _is_webp_trace(chunk: Chunk) -> bool:
    if chunk.name == b"EXIF":
        return metadata.exif_has_traces(chunk.content.removeprefix(b"Exif\0\0"))
    if chunk.name == b"ICCP":
        return not metadata.is_common_profile(chunk.content)
    return chunk.name not in WEBP_PIXELS
