"""Zip files: opened with bounds, and each entry read to its end."""

import codecs
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from portal.files.checking.outcome import Unacceptable
from portal.files.enums import Refusal
from portal.files.rules import MEGABYTE

MAX_ENTRIES = 5000
MAX_UNPACKED = 200 * MEGABYTE
# Text of a document is packed to a tenth; a bomb to a thousandth.
MAX_RATIO, RATIO_FROM = 250, 5 * MEGABYTE
END = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
IS_ENCRYPTED = 0x1
PIECE = 64 * 1024
# The names of old archives. Looked up now, since the child can import nothing later.
codecs.lookup("cp437")
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


class Archive:
    """An open zip file whose entries are known to be whole."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.entries = file.infolist()
        self.names = [entry.filename for entry in self.entries]

    def read(self, name: str, limit: int) -> bytes:
        """The bytes of an entry. Raises Unacceptable if it is missing or larger than the limit."""
        if name not in self.names:
            raise Unacceptable(Refusal.DAMAGED)
        if self._file.getinfo(name).file_size > limit:
            raise Unacceptable(Refusal.UNPACKS_TOO_LARGE)
        return self._file.read(name)

    def require_whole(self) -> None:
        """Read all of it. Raises Unacceptable."""
        _require_bounded(self.entries)
        for entry in self.entries:
            with self._file.open(entry) as file:
                while file.read(PIECE):
                    pass


@contextmanager
def opened(data: bytes) -> Iterator[Archive]:
    """A zip file without anything before or after it. Raises Unacceptable."""
    _require_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            archive = Archive(file)
            archive.require_whole()
            yield archive
    except BROKEN as error:
        raise Unacceptable(Refusal.DAMAGED) from error


def _require_end(data: bytes) -> None:
    """Neither a comment nor another file after the directory, which begins where it says."""
    if len(data) < END.size:
        raise Unacceptable(Refusal.DAMAGED)
    signature, *numbers = END.unpack(data[-END.size :])
    size, offset, comment = numbers[4:]
    if signature != END_SIGNATURE or comment or offset + size != len(data) - END.size:
        raise Unacceptable(Refusal.DAMAGED)


def _require_bounded(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Unacceptable(Refusal.UNPACKS_TOO_LARGE)
    names = set()
    for entry in entries:
        if entry.flag_bits & IS_ENCRYPTED:
            raise Unacceptable(Refusal.ENCRYPTED)
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Unacceptable(Refusal.UNPACKS_TOO_LARGE)
        if entry.compress_type not in METHODS or entry.filename in names or _leaves(entry.filename):
            raise Unacceptable(Refusal.DAMAGED)
        names.add(entry.filename)


def _leaves(name: str) -> bool:
    """Whether a name leads out of the folder that an archive is unpacked in."""
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name
