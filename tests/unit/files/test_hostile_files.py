"""Each file of the hostile corpus is refused with its reason, or shown without what it brought."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from portal.files.checking import content
from portal.files.checking.outcome import Checked, Unacceptable
from portal.files.checking.process import MAX_CPU_SECONDS, MAX_MEMORY_BYTES, ROOT
from portal.files.enums import FileKind, Refusal
from portal.files.names import clean_name, extension_of
from tests import files, hostile_files
from tests.hostile_files import HOSTILE, HOSTILE_NAMES, MARK, Hostile


def checked(data: bytes, name: str) -> Checked:
    return content.check(data, extension_of(clean_name(name)))


REFUSED = [hostile for hostile in HOSTILE if hostile.refusal]
DEFUSED = [hostile for hostile in HOSTILE if not hostile.refusal]
# Keys and values that act, and those that embed.
ACTIVE = b"/JavaScript /Launch /URI /SubmitForm /GoToR /OpenAction /AA /XFA /EmbeddedFiles /EF MZ".split()


@pytest.mark.parametrize("hostile", REFUSED, ids=lambda each: each.name)
def test_it_is_refused_with_its_reason(hostile: Hostile) -> None:
    with pytest.raises(Unacceptable) as refused:
        checked(hostile.make(), hostile.name)
    assert refused.value.reason is hostile.refusal


@pytest.mark.parametrize(
    "hostile", [each for each in HOSTILE if not each.refusal], ids=lambda each: each.name
)
def test_it_is_shown_without_what_it_brought(hostile: Hostile) -> None:
    data = hostile.make()
    found = checked(data, hostile.name)
    assert found.shown
    assert MARK in data or found.kind in (FileKind.WEBP, FileKind.PNG, FileKind.JPEG, FileKind.PDF)
    for part in (found.shown, found.thumbnail):
        if part:
            assert MARK not in unpacked(part.kind, part.content)
            assert b"<script" not in part.content
            assert b"PK\x03\x04" not in part.content


def unpacked(kind: FileKind, data: bytes) -> bytes:
    if kind is not FileKind.PDF:
        return data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return files.saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False)


def test_an_active_pdf_keeps_nothing_that_acts() -> None:
    found = checked(hostile_files.active_pdf(), "a.pdf")
    assert found.shown
    text = unpacked(FileKind.PDF, found.shown.content)
    assert [word for word in ACTIVE if word in text] == []
    with pikepdf.open(io.BytesIO(found.shown.content)) as pdf:
        assert len(pdf.pages) == 1
        assert len(pdf.pages[0].obj.Annots) == 4


def test_an_animation_is_shown_as_its_first_frame() -> None:
    found = checked(hostile_files.animation(), "a.webp")
    assert found.shown
    with Image.open(io.BytesIO(found.shown.content)) as image:
        assert getattr(image, "n_frames", 1) == 1
        red, green, _blue = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert red > 200 > green


@pytest.mark.parametrize(("name", "shown"), HOSTILE_NAMES)
def test_a_hostile_name_becomes_a_safe_one(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@pytest.mark.slow
def test_the_child_answers_as_the_check_does(tmp_path: Path) -> None:
    # One of each library, since what a library imports late the child could not open.
    names = ("place.jpg", "text-bomb.png", "animation.webp", "pdf-active.pdf", "bomb.docx", "empty.txt")
    for hostile in (each for each in HOSTILE if each.name in names):
        answer = child(hostile.make(), extension_of(hostile.name))
        assert answer.get("refusal") == hostile.refusal
    assert child(files.odt(), "odt")["kind"] == "odt"
    assert child("Å".encode("cp1252"), "txt")["kind"] == "text"


def child(data: bytes, extension: str) -> dict[str, object]:
    limits = [str(MAX_MEMORY_BYTES), str(MAX_CPU_SECONDS)]
    command = [sys.executable, "-m", "portal.files.checking.child", *limits, extension]
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, cwd=ROOT, check=True, timeout=60)
    answer: dict[str, object] = json.loads(done.stdout.partition(b"\n")[0])
    return answer


def test_the_corpus_is_written_by_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["hostile_files", str(tmp_path / "corpus")])
    monkeypatch.setattr(hostile_files, "HOSTILE", HOSTILE[:3])
    hostile_files.main()
    assert len(list((tmp_path / "corpus").iterdir())) == 4
    assert Refusal.EMPTY.value in (tmp_path / "corpus/expected.tsv").read_text(encoding="utf-8")
