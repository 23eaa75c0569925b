"""What Exif and colour profiles tell of the maker of an image. Pure."""

import struct
from collections.abc import Iterator

ORIENTATION = 0x0112
# Size, compression, orientation, resolution and how colours are stored; and where more of Exif is.
HARMLESS = frozenset({0x0100, 0x0101, 0x0103, 0x0106, ORIENTATION, 0x011A, 0x011B, 0x0128, 0x0213})
MORE = 0x8769
# Versions, components, colour space and size.
MORE_HARMLESS = frozenset({0x9000, 0x9101, 0xA000, 0xA001, 0xA002, 0xA003})
ENTRY = 12
MAX_ENTRIES = 1000
# The profiles that all telephones and programs of a kind have; one of a screen is named after it.
COMMON_PROFILES = (b"sRGB", b"Display P3", b"Adobe RGB", b"Dot Gain", b"Generic")


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
    (first,) = struct.unpack_from(f"{order}I", exif, 4)
    for tag, value in _entries(exif, order, first):
        if tag == MORE:
            if any(inner not in MORE_HARMLESS for inner, _ in _entries(exif, order, value)):
                return True
        elif tag not in HARMLESS:
            return True
    # A second directory describes an embedded thumbnail.
    return _next_directory(exif, order, first) != 0


def _entries(exif: bytes, order: str, offset: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(f"{order}H", exif, offset)
    for index in range(min(count, MAX_ENTRIES)):
        position = offset + 2 + index * ENTRY
        (tag,) = struct.unpack_from(f"{order}H", exif, position)
        (value,) = struct.unpack_from(f"{order}I", exif, position + 8)
        yield tag, value


def _next_directory(exif: bytes, order: str, offset: int) -> int:
    (count,) = struct.unpack_from(f"{order}H", exif, offset)
    end = offset + 2 + count * ENTRY
    return int(struct.unpack_from(f"{order}I", exif, end)[0]) if len(exif) >= end + 4 else 0


def is_common_profile(profile: bytes) -> bool:
    """Whether a colour profile is described as one that many have. It may be cut after its first part."""
    # The text is in ASCII or in UTF-16.
    plain = profile.replace(b"\0", b"")
    return any(name in plain for name in COMMON_PROFILES)
