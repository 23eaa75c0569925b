"""Reads a posted form with files: the fields in memory within a limit, the files in temporary files."""

from collections.abc import Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from portal.files.rules import MAX_FILES

CHUNK_BYTES = 64 * 1024
# One more than may be sent, so that the form can say that there were too many. Of those after it only the
# name is kept.
MAX_STORED = MAX_FILES + 1
# Browsers send the parts of an empty file field too.
MAX_FILE_PARTS = 200


class PostedFile(FileStorage):
    """A posted file; `is_stored` is False if its bytes were thrown away, because the disk is full."""

    is_stored = True


class MultipartReader:
    """The fields and files of one body. A part counts as a file if it has a file name (RFC 7578, 4.2)."""

    def __init__(self, boundary: str, max_field_bytes: int, max_parts: int) -> None:
        """Raises BadRequest for a boundary that cannot be used."""
        if not boundary or not boundary.isascii() or len(boundary) > 200:
            raise BadRequest
        # What it holds at a time: the end of one chunk, and the next.
        held = max(max_field_bytes, 4 * CHUNK_BYTES)
        self._decoder = MultipartDecoder(boundary.encode(), held, max_parts=max_parts)
        self._delimiter = b"--" + boundary.encode()
        self._left = max_field_bytes
        self._part: Field | File | None = None
        self._text: list[bytes] = []
        self.fields: list[tuple[str, str]] = []
        self.files: list[tuple[str, PostedFile]] = []

    def read(self, stream: IO[bytes]) -> None:
        """Read the whole body. Raises RequestEntityTooLarge and, for a body that is cut off, BadRequest."""
        try:
            for event in self._events(stream):
                self._take(event)
        except ValueError:
            raise BadRequest from None

    def _events(self, stream: IO[bytes]) -> Iterator[Event]:
        for chunk in self._chunks(stream):
            # None tells the decoder that the body has ended: it raises ValueError if it was not complete.
            self._decoder.receive_data(chunk)
            event = self._decoder.next_event()
            while not isinstance(event, NeedData):
                yield event
                if isinstance(event, Epilogue):
                    return
                event = self._decoder.next_event()
        raise BadRequest

    def _chunks(self, stream: IO[bytes]) -> Iterator[bytes | None]:
        """The body in chunks, none of which ends within a delimiter, and None at its end.

        Werkzeug 3.1 adds a line break to the part before a delimiter whose line is cut.
        """
        held = b""
        while chunk := stream.read(CHUNK_BYTES):
            held += chunk
            cut = self._cut(held)
            if cut > 0:
                yield held[:cut]
                held = held[cut:]
        yield from (held, None)

    def _cut(self, data: bytes) -> int:
        """Where data may be cut: what follows may be the line of a delimiter, which is not read yet."""
        line = len(self._delimiter) + 8
        cut = len(data) - line
        begins = data.find(self._delimiter, max(0, cut - line))
        return min(cut, begins - 2) if begins >= 0 else cut

    def _take(self, event: Event) -> None:
        if isinstance(event, Field):
            self._part, self._text = event, []
        elif isinstance(event, File):
            self._part = event
            self._begin_file(event)
        elif isinstance(event, Data):
            if isinstance(self._part, File):
                self._write(event)
            elif self._part:
                self._add_text(self._part, event)

    def _add_text(self, field: Field, event: Data) -> None:
        self._left -= len(event.data)
        if self._left < 0:
            raise RequestEntityTooLarge
        self._text.append(event.data)
        if not event.more_data:
            # Invalid UTF-8 becomes U+FFFD, which PrintableText refuses.
            self.fields.append((field.name, b"".join(self._text).decode(errors="replace")))

    def _begin_file(self, part: File) -> None:
        if len(self.files) >= MAX_FILE_PARTS:
            raise RequestEntityTooLarge
        # In memory up to a chunk; then an unlinked file, which is gone when it is closed.
        stored: Any = SpooledTemporaryFile(max_size=CHUNK_BYTES)  # noqa: SIM115
        file = PostedFile(stored, part.filename, part.name, headers=part.headers)
        file.is_stored = len(self.files) < MAX_STORED
        self.files.append((part.name, file))

    def _write(self, event: Data) -> None:
        _name, file = self.files[-1]
        if file.is_stored:
            self._store(file, event.data)
        if not event.more_data:
            with suppress(OSError):
                file.stream.seek(0)

    def _store(self, file: PostedFile, data: bytes) -> None:
        try:
            file.stream.write(data)
        except OSError:
            # The texts of the form are still read, so that they can be given back.
            file.is_stored = False
            with suppress(OSError):
                file.stream.truncate(0)

    def close(self) -> None:
        """Remove the temporary files."""
        for _name, file in self.files:
            file.close()
