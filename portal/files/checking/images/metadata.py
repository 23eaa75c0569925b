"""What Exif and colour profiles tell of the maker of an image. Pure."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

ORIENTATION = 0x0112
# Size, compression, orientation, resolution and how colours are stored; and where more of Exif is.
HARMLESS = frozenset({0x0100, 0x0101, 0x0103, 0x0106, ORIENTATION, 0x011A, 0x011B, 0x0128, 0x0213})
MORE = 0x8769
# Versions, components, colour space and size.
MORE_HARMLESS = frozenset({0x9000, 0x9101, 0xA000, 0xA001, 0xA002, 0xA003})
ENTRY = 12
MAX_ENTRIES = 1000
HEADER = 8
# The bytes of a value by its type. One of at most INLINE bytes is in its entry; what is harmless is short.
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
INLINE, MAX_VALUE = 4, 16
# The profiles that all telephones and programs of a kind have; one of a screen is named after it.
COMMON_PROFILES = (b"sRGB", b"Display P3", b"Adobe RGB", b"Dot Gain", b"Generic")


class Entry(NamedTuple):
    """An entry of a directory: `value` is where its value is, or the value itself."""

    tag: int
    size: int
    value: int


def exif_has_traces(exif: bytes) -> bool:
    """Whether Exif holds anything but how to draw the image; also where it cannot be read."""
    try:
        return _has_traces(exif)
    except struct.error:
        return True


def _has_traces(exif: bytes) -> bool:
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return True
    # What no directory names may be what another program left of it.
    left = bytearray(exif)
    left[:HEADER] = bytes(HEADER)
    (first,) = struct.unpack_from(f"{order}I", exif, 4)
    for entry in _entries(exif, order, first, left):
        if entry.tag == MORE:
            inner = _entries(exif, order, entry.value, left)
            if any(more.tag not in MORE_HARMLESS or more.size > MAX_VALUE for more in inner):
                return True
        elif entry.tag not in HARMLESS or entry.size > MAX_VALUE:
            return True
    # A second directory describes an embedded thumbnail.
    return _next_directory(exif, order, first) != 0 or any(left)


def _entries(exif: bytes, order: str, offset: int, left: bytearray) -> Iterator[Entry]:
    """The entries of a directory, which is blanked in `left` with their values."""
    (count,) = struct.unpack_from(f"{order}H", exif, offset)
    end = offset + 2 + count * ENTRY + 4
    left[offset:end] = bytes(len(left[offset:end]))
    for index in range(min(count, MAX_ENTRIES)):
        position = offset + 2 + index * ENTRY
        tag, kind, number, value = struct.unpack_from(f"{order}HHII", exif, position)
        size = SIZES.get(kind, MAX_VALUE + 1) * number
        if INLINE < size <= MAX_VALUE:
            left[value : value + size] = bytes(len(left[value : value + size]))
        yield Entry(tag, size, value)


def _next_directory(exif: bytes, order: str, offset: int) -> int:
    (count,) = struct.unpack_from(f"{order}H", exif, offset)
    end = offset + 2 + count * ENTRY
    return int(struct.unpack_from(f"{order}I", exif, end)[0]) if len(exif) >= end + 4 else 0


def is_common_profile(profile: bytes) -> bool:
    """Whether a colour profile is described as one that many have. It may be cut after its first part."""
    # The text is in ASCII or in UTF-16.
    plain = profile.replace(b"\0", b"")
    return any(name in plain for name in COMMON_PROFILES)
