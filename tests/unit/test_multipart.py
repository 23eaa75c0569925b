"""The reader of forms with files: however a body is cut, memory and answer stay bounded."""

from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from portal.files.rules import MAX_FILES
from portal.web.request_limits.multipart import MAX_FILE_PARTS, MAX_STORED, MultipartReader

BOUNDARY = "grns"
LIMIT = 2000
NAMES = st.text(st.characters(codec="utf-8", exclude_characters='"\\\r\n\0'), min_size=1, max_size=8)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40)
CONTENTS = st.binary(max_size=300).filter(lambda content: BOUNDARY.encode() not in content)


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    given = f'; filename="{filename}"' if filename is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{given}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


class Cut:
    """A stream that gives as little at a time as it likes."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self.content, self.sizes = BytesIO(content), sizes

    def read(self, most: int) -> bytes:
        size = self.sizes.pop() if self.sizes else most
        return self.content.read(min(size, most))


def read(content: bytes, sizes: list[int] | None = None, limit: int = LIMIT) -> MultipartReader:
    reader = MultipartReader(BOUNDARY, limit, 1000)
    stream: Any = Cut(content, sizes or [])
    try:
        reader.read(stream)
    except HTTPException:
        reader.close()
        raise
    return reader


def contents(reader: MultipartReader) -> list[tuple[str, bytes]]:
    return [(file.filename or "", file.stream.read()) for _name, file in reader.files]


@given(
    texts=st.lists(st.tuples(NAMES, TEXTS), max_size=5),
    posted=st.lists(CONTENTS, max_size=3),
    sizes=st.lists(st.integers(1, 40), max_size=60),
)
def test_a_body_is_read_the_same_however_it_is_cut(
    texts: list[tuple[str, str]], posted: list[bytes], sizes: list[int]
) -> None:
    parts = [part(name, text.encode()) for name, text in texts]
    parts += [part("attachments", content, "fil.bin") for content in posted]
    reader = read(body(*parts), sizes)
    assert reader.fields == texts
    assert contents(reader) == [("fil.bin", content) for content in posted]
    reader.close()


@given(content=CONTENTS, text=TEXTS, at=st.floats(0, 1, exclude_max=True), sizes=st.lists(st.integers(1, 40)))
def test_a_body_that_is_cut_off_is_refused(content: bytes, text: str, at: float, sizes: list[int]) -> None:
    whole = body(part("body", text.encode()), part("attachments", content, "fil.bin"))
    # Without the last line break it is complete already.
    cut = whole[: int(at * (len(whole) - len("--\r\n")))]
    reader = MultipartReader(BOUNDARY, LIMIT, 1000)
    stream: Any = Cut(cut, sizes)
    with pytest.raises(BadRequest):
        reader.read(stream)
    reader.close()


@given(content=st.binary(max_size=2000), sizes=st.lists(st.integers(1, 100), max_size=20))
def test_what_is_no_form_is_refused_or_read_and_nothing_else(content: bytes, sizes: list[int]) -> None:
    with suppress(BadRequest, RequestEntityTooLarge):
        read(content, sizes).close()


def test_the_texts_together_are_bounded_and_files_are_not() -> None:
    half = part("body", b"a" * (LIMIT // 2))
    read(body(half, half)).close()
    with pytest.raises(RequestEntityTooLarge):
        read(body(half, half, part("more", b"a")))
    reader = read(body(part("attachments", b"a" * LIMIT * 50, "stor.txt")))
    assert len(contents(reader)[0][1]) == LIMIT * 50
    reader.close()


def test_so_many_files_are_stored_and_of_the_others_only_the_names() -> None:
    reader = read(body(*(part("attachments", b"Hej", f"{number}.txt") for number in range(MAX_FILES + 3))))
    assert [file.is_stored for _name, file in reader.files] == [True] * MAX_STORED + [False] * 2
    assert [content for _name, content in contents(reader)] == [b"Hej"] * MAX_STORED + [b""] * 2
    reader.close()
    many = body(*(part("x", b"", f"{number}") for number in range(MAX_FILE_PARTS + 1)))
    with pytest.raises(RequestEntityTooLarge):
        read(many, limit=100_000)


def test_a_file_that_finds_no_room_is_marked_and_the_texts_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(BytesIO):
        def write(self, _data: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.web.request_limits.multipart.SpooledTemporaryFile", lambda **_options: Full())
    reader = read(body(part("attachments", b"Hej", "fil.txt"), part("body", b"Texten")))
    assert reader.fields == [("body", "Texten")]
    assert not reader.files[0][1].is_stored


def test_bytes_that_are_no_text_become_signs_that_a_form_refuses() -> None:
    assert read(body(part("body", b"a\xff"))).fields == [("body", "a\ufffd")]


@pytest.mark.parametrize("boundary", ["", "é", "x" * 201])
def test_a_boundary_that_is_none_is_refused(boundary: str) -> None:
    with pytest.raises(BadRequest):
        MultipartReader(boundary, LIMIT, 1000)
