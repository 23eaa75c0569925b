"""What tells who made a file: it is seen, and nothing of it is in what is shown."""

import io
import re

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from portal.files.checking import content
from portal.files.checking.images import jpeg
from portal.files.enums import FileKind, FileState, Refusal, Sender
from portal.files.names import name_of_kind
from portal.files.rules import MAX_BYTES, Candidate, refusal
from tests import files

OWNER = b"Agda Hemlig"


def shown(data: bytes) -> bytes:
    found = content.check(data, "")
    assert found.shown
    return found.shown.content


def exif(**tags: object) -> Image.Exif:
    made = Image.Exif()
    for name, value in tags.items():
        made[int(name[1:], 16)] = value
    return made


def png_info(**texts: str) -> dict[str, object]:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    return {"pnginfo": info}


def plain_pdf() -> bytes:
    return files.pdf()


def pdf_with_comment(comment: bytes) -> bytes:
    """A PDF with a comment after its last object."""
    before, table, after = plain_pdf().partition(b"xref\n0")
    moved = after.replace(str(len(before)).encode(), str(len(before) + len(comment)).encode())
    return before + comment + table + moved


def test_a_photograph_is_shown_upright_without_its_owner_camera_time_and_place() -> None:
    data = files.photograph()
    found = content.check(data, "jpg")
    assert found.has_traces
    assert found.shown
    assert OWNER in data
    for secret in (OWNER, b"Kamera", b"2026:03", b"Exif", b"Agda"):
        assert secret not in found.shown.content
    with Image.open(io.BytesIO(found.shown.content)) as image:
        assert image.size == (480, 640)
        assert image.getexif() == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        # The green corner was at the top left before the quarter turn to the right.
        _red, green, _blue = image.getpixel((400, 50))  # type: ignore[misc]
        assert green > 120


def test_a_large_picture_is_scaled_and_has_a_thumbnail() -> None:
    found = content.check(files.picture(size=(4000, 1000)), "jpg")
    assert found.shown
    assert found.thumbnail
    with Image.open(io.BytesIO(found.shown.content)) as image:
        assert image.size == (2560, 640)
    with Image.open(io.BytesIO(found.thumbnail.content)) as image:
        assert image.size == (480, 120)


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        ("JPEG", "L", FileKind.JPEG),
        ("JPEG", "CMYK", FileKind.JPEG),
        ("PNG", "P", FileKind.JPEG),
        ("PNG", "1", FileKind.JPEG),
        ("PNG", "LA", FileKind.PNG),
        ("PNG", "RGBA", FileKind.PNG),
        ("WEBP", "RGB", FileKind.JPEG),
    ],
)
def test_every_mode_is_shown(kind: str, mode: str, becomes: FileKind) -> None:
    found = content.check(files.picture(kind, mode=mode), "")
    assert found.shown
    assert found.shown.kind is becomes
    assert not found.has_traces


@pytest.mark.parametrize(
    "data",
    [
        files.picture(exif=exif(x0132="2026:03:01 07:31:12")),
        files.picture(comment=b"Agda"),
        files.picture() + b"more",
        files.picture("PNG", **png_info(Author="Agda")),
        files.picture("PNG", exif=exif(x010F="Kamera")),
        files.picture("PNG") + b"more",
        files.picture("WEBP", exif=exif(x010F="Kamera")),
        files.picture("WEBP", xmp=b"<x:xmpmeta>Agda</x:xmpmeta>"),
        files.picture(icc_profile=b"\0" * 128 + b"Agdas skarm" + b"\0" * 300),
        files.pdf(Author="Agda"),
        files.pdf(CreationDate="D:20260301073112+01'00'"),
        files.pdf(Producer="Agdas program"),
        plain_pdf() + b"\n%\n1 0 obj\nnull\nendobj\n",
        plain_pdf().replace(b"%%EOF", b"% gjord av Agda\n%%EOF"),
        plain_pdf().replace(b"%\xbf\xf7\xa2\xfe", b"%Agda"),
        pdf_with_comment(b"% gjord av Agda\n"),
    ],
)
def test_traces_are_seen(data: bytes) -> None:
    assert content.check(data, "").has_traces


@pytest.mark.parametrize(
    "data",
    [
        files.picture(),
        files.picture(exif=exif(x0112=6, x0128=2)),
        files.picture("PNG", dpi=(72, 72)),
        files.picture("WEBP"),
        files.picture(progressive=True),
        plain_pdf(),
        b"Hej",
    ],
)
def test_what_only_says_how_to_draw_is_no_trace(data: bytes) -> None:
    assert not content.check(data, "").has_traces


def test_a_photograph_within_a_pdf_loses_its_traces_too() -> None:
    document = pikepdf.new()
    page = document.add_blank_page()
    image = Stream(document, files.photograph())
    image.stream_dict.update(
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=640,
            Height=480,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
    )
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
    data = files.saved(document)
    assert OWNER in data
    found = content.check(data, "")
    assert found.has_traces
    assert found.shown
    assert OWNER not in found.shown.content
    with pikepdf.open(io.BytesIO(found.shown.content)) as pdf:
        (drawn,) = pdf.pages[0].get_images().values()
        assert pikepdf.PdfImage(drawn).as_pil_image().size == (640, 480)


def test_notes_signatures_and_metadata_of_a_pdf_tell_nothing() -> None:
    document = pikepdf.new()
    page = document.add_blank_page()
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents="Hej")
    note.update(Dictionary(T="Agda Hemlig", M="D:20260301073112+01'00'", NM="agda-1"))
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([0, 0, 9, 9]), T="namn", FT=Name.Sig)
    field.V = Dictionary(Type=Name.Sig, Name="Agda Hemlig", M="D:20260301", Contents=b"agda")
    shared = document.make_indirect(field)
    page.obj.Annots = Array([note, shared])
    document.Root.AcroForm = Dictionary(Fields=Array([shared]))
    page.obj.PieceInfo = Dictionary(Program=Dictionary(LastModified="D:20260301", Private="Agda Hemlig"))
    document.Root.Metadata = Stream(document, b"<x:xmpmeta>Agda Hemlig</x:xmpmeta>")
    found = content.check(files.saved(document, object_stream_mode=pikepdf.ObjectStreamMode.disable), "")
    assert found.has_traces
    assert found.shown
    with pikepdf.open(io.BytesIO(found.shown.content)) as pdf:
        text = files.saved(pdf, qdf=True)
        assert not re.search(rb"(?i)agda|D:2026|xmpmeta", text)
        assert str(pdf.pages[0].obj.Annots[0].Contents) == "Hej"
        assert str(pdf.pages[0].obj.Annots[1].T) == "namn"


def test_the_same_pdf_is_shown_by_the_same_bytes_whenever_it_is_made() -> None:
    data = files.pdf(Author="Agda")
    assert shown(data) == shown(data)


def test_a_jpeg_is_the_same_picture_without_its_traces() -> None:
    data = files.photograph()
    stripped, traces = jpeg.without_traces(data)
    assert traces
    assert OWNER not in stripped
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(stripped)) as after:
        assert before.tobytes() == after.tobytes()


def candidate(kind: FileKind = FileKind.JPEG, size: int = 1, traces: bool = False) -> Candidate:
    return Candidate("bild", kind, size, traces, FileState.READY)


@pytest.mark.parametrize(
    ("file", "sender", "may_strip", "reason"),
    [
        (candidate(traces=True), Sender.KNOWN, False, None),
        (candidate(traces=True), Sender.ANONYMOUS, True, None),
        (candidate(traces=True), Sender.ANONYMOUS, False, Refusal.HAS_TRACES),
        (candidate(), Sender.ANONYMOUS, False, None),
        (candidate(FileKind.DOCX), Sender.ANONYMOUS, True, Refusal.NOT_AS_ANONYMOUS),
        (candidate(FileKind.DOCX), Sender.STAFF, False, None),
        (candidate(size=MAX_BYTES + 1), Sender.KNOWN, False, Refusal.TOO_LARGE_TOGETHER),
    ],
)
def test_what_is_accepted_depends_on_who_sends(
    file: Candidate, sender: Sender, may_strip: bool, reason: Refusal | None
) -> None:
    found = refusal([file], sender, may_strip)
    assert (found.reason if found else None) is reason


def test_a_name_has_the_extension_of_what_it_is() -> None:
    assert name_of_kind("bild.png", FileKind.JPEG) == "bild.jpg"
    assert name_of_kind("Bild.JPEG", FileKind.JPEG) == "Bild.JPEG"
    assert name_of_kind("bild", FileKind.PDF) == "bild.pdf"
    assert name_of_kind("faktura.2026-03-01", FileKind.PDF) == "faktura.2026-03-01.pdf"
    assert name_of_kind("", FileKind.PDF) == "fil.pdf"
    assert len(name_of_kind("x" * 300, FileKind.PDF)) == 100


def test_text_is_shown_in_utf_8() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert shown("Åsa – 5 €\r\n".encode(encoding)) == "Åsa – 5 €\r\n".encode()
