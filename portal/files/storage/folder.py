"""The storage folder: contents are written once, read in chunks, and removed; nothing is changed in place."""

import base64
import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from portal import clock
from portal.config import settings
from portal.files.storage.encryption import BadContent, decrypted, encrypted, new_key

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# 2000-01-01: the time of a file must not say when its sender was here.
FIXED_TIME = 946_684_800
OTHERS = 0o077
# Names that are looked up at a time.
BATCH = 500


class NoRoom(Exception):
    """The disk is full."""


@dataclass(frozen=True)
class Content:
    """A content that has been written: where, under which key, and what its row holds."""

    name: str
    key: str
    size: int
    digest: str


def folder() -> Path:
    """The folder of PORTAL_STORAGE; it is created, for our eyes only."""
    path = Path(settings().storage)
    path.mkdir(0o700, parents=True, exist_ok=True)
    return path


def path_of(name: str) -> Path:
    """Where a content is, in one of 256 folders."""
    return Path(settings().storage, name[:2], name[2:])


def write(pieces: Iterable[bytes]) -> Content:
    """Encrypt and store a content, which is on the disk when this returns. Raises NoRoom.

    Whatever it raises, nothing is left behind.
    """
    folder()
    name, key = unused()
    path = path_of(name)
    try:
        return _written(path, name, key, pieces)
    except OSError as error:
        _unlink(path)
        if error.errno in NO_ROOM:
            raise NoRoom from error
        raise
    except BaseException:
        _unlink(path)
        raise


def unused() -> tuple[str, str]:
    """A name and a key for a content."""
    return secrets.token_hex(16), base64.b64encode(new_key()).decode()


def _written(path: Path, name: str, key: str, pieces: Iterable[bytes]) -> Content:
    tally = _Tally()
    _make_folder(path.parent)
    with open(path, "xb", opener=_private) as file:
        for chunk in encrypted(base64.b64decode(key), tally.counted(pieces)):
            file.write(chunk)
        file.flush()
        os.utime(file.fileno(), (FIXED_TIME, FIXED_TIME))
        os.fsync(file.fileno())
    _sync_folder(path.parent)
    return Content(name, key, tally.size, tally.sha256.hexdigest())


class _Tally:
    """Counts and hashes what passes through."""

    def __init__(self) -> None:
        self.size = 0
        self.sha256 = hashlib.sha256()

    def counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.size += len(piece)
            self.sha256.update(piece)
            yield piece


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _unnoticed(path: str, flags: int) -> int:
    # The time of the last reading would be that of the check, and so of the upload.
    try:
        return os.open(path, flags | os.O_NOATIME)
    except PermissionError:
        # It is for the owner of a file alone, who is another after some restores.
        return os.open(path, flags)


def _make_folder(path: Path) -> None:
    if not path.is_dir():
        path.mkdir(0o700, exist_ok=True)
        _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    # Without it the name of a new file may be lost when the power fails, though its bytes are there.
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(name: str, key: str) -> Iterator[bytes]:
    """The content in chunks of 64 kB. Raises BadContent if it is missing, at once, or has been changed."""
    path = path_of(name)
    if not path.is_file():
        raise BadContent("the stored bytes are missing")
    return _chunks(path, base64.b64decode(key))


def _chunks(path: Path, key: bytes) -> Iterator[bytes]:
    # Opened by the first chunk: chunks that are never asked for leave no file open.
    with open(path, "rb", opener=_unnoticed) as file:
        yield from decrypted(key, file)


def remove(name: str) -> None:
    """Remove a content. Where that fails, the sweep tries again."""
    with suppress(OSError):
        _unlink(path_of(name))


def _unlink(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()


def names_older_than(seconds: int) -> Iterator[str]:
    """The names of the contents that were written longer ago than this."""
    # By the time of the inode, since FIXED_TIME is that of the file.
    limit = clock.now().timestamp() - seconds
    for path in folder().glob("??/*"):
        with suppress(FileNotFoundError):
            if path.stat().st_ctime < limit:
                yield path.parent.name + path.name


def sweep(seconds: int, used: Callable[[list[str]], set[str]]) -> int:
    """Remove the contents older than this that no row names; returns their number."""
    names = names_older_than(seconds)
    removed = 0
    while batch := list(islice(names, BATCH)):
        for orphan in set(batch) - used(batch):
            remove(orphan)
            removed += 1
    return removed


def free_bytes() -> int:
    """What may still be written to the disk of the folder."""
    disk = os.statvfs(folder())
    return disk.f_bavail * disk.f_frsize


def is_in_use() -> bool:
    """Whether the folder holds any content, and is not empty in place of the disk that should be there."""
    return any(Path(settings().storage).glob("??/*"))


def is_missing(name: str) -> bool:
    """Whether the bytes of a content are gone."""
    return not path_of(name).is_file()


def problem() -> str:
    """Why the folder cannot be used as it is; empty if it can."""
    path = Path(settings().storage)
    if settings().development and not path.exists():
        # The first file creates it.
        return ""
    if not path.is_dir():
        return f"{path} is no folder"
    if path.stat().st_mode & OTHERS:
        return f"{path} can be read by other users: chmod 700"
    if not os.access(path, os.W_OK | os.X_OK):
        return f"{path} cannot be written"
    return ""
