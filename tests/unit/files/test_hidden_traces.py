"""Traces where few programs put them: behind other filters, in thumbnails, between directories, in layers."""

import base64
import io
import struct
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, features

from portal.files.checking import content
from portal.files.checking.images import jpeg2000
from portal.files.checking.outcome import Checked, Unacceptable
from portal.files.enums import Refusal
from tests import files

OWNER = b"Agda Hemlig"
PHOTOGRAPH = files.photograph()


def with_image(data: bytes, filters: pikepdf.Object) -> bytes:
    """A PDF with a picture."""
    document = pikepdf.new()
    page = document.add_blank_page()
    image = Stream(document, data)
    described = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=640, Height=480, BitsPerComponent=8)
    image.stream_dict.update(described)
    image.stream_dict.update(Dictionary(ColorSpace=Name.DeviceRGB, Filter=filters))
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
    return files.saved(document)


def drawn(found: Checked) -> pikepdf.Object:
    """The picture of what is shown."""
    assert found.shown
    with pikepdf.open(io.BytesIO(found.shown.content)) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert pikepdf.PdfImage(image).as_pil_image().size == (640, 480)
        return image.read_raw_bytes()


@pytest.mark.parametrize(
    ("data", "filters"),
    [
        (base64.a85encode(PHOTOGRAPH) + b"~>", ["/ASCII85Decode", "/DCTDecode"]),
        (PHOTOGRAPH.hex().encode() + b">", ["/ASCIIHexDecode", "/DCTDecode"]),
        (zlib.compress(PHOTOGRAPH), ["/FlateDecode", "/DCTDecode"]),
        (zlib.compress(zlib.compress(PHOTOGRAPH)), ["/FlateDecode", "/FlateDecode", "/DCTDecode"]),
        (PHOTOGRAPH, ["/DCT"]),
    ],
    ids=["ascii85", "hexadecimal", "compressed", "compressed twice", "short"],
)
def test_a_photograph_within_a_pdf_loses_its_traces_behind_every_filter(
    data: bytes, filters: list[str]
) -> None:
    found = content.check(with_image(data, Array([Name(name) for name in filters])), "")
    assert found.has_traces
    assert OWNER not in drawn(found)


def test_a_plain_photograph_behind_a_filter_is_no_trace() -> None:
    plain = zlib.compress(files.picture())
    assert not content.check(with_image(plain, Array([Name.FlateDecode, Name.DCTDecode])), "").has_traces


def test_a_photograph_whose_filter_is_not_the_last_is_refused() -> None:
    data = with_image(zlib.compress(PHOTOGRAPH), Array([Name.DCTDecode, Name.FlateDecode]))
    with pytest.raises(Unacceptable) as refused:
        content.check(data, "")
    assert refused.value.reason is Refusal.DAMAGED


@pytest.mark.parametrize("name", [b"/F /DCT", b"/Filter[/A85/DCTDecode]", b"/F /JPX"])
def test_a_photograph_among_the_operators_of_a_page_is_refused(name: bytes) -> None:
    document = pikepdf.new()
    page = document.add_blank_page()
    operators = b"q BI /W 640 /H 480 /CS /RGB /BPC 8 " + name + b" ID " + PHOTOGRAPH + b"\nEI Q"
    page.obj.Contents = Stream(document, operators)
    with pytest.raises(Unacceptable) as refused:
        content.check(files.saved(document), "")
    assert refused.value.reason is Refusal.TOO_DEMANDING


def test_a_small_picture_among_the_operators_of_a_page_is_accepted() -> None:
    document = pikepdf.new()
    page = document.add_blank_page()
    page.obj.Contents = Stream(document, b"q BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f\nEI Q")
    assert not content.check(files.saved(document), "").has_traces


def box(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(data), name) + data


@pytest.mark.skipif(not features.check("jpg_2000"), reason="Pillow without JPEG 2000")
def test_jpeg_2000_loses_its_boxes_and_comments_and_is_the_same_picture() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 30, 30)).save(buffer, "JPEG2000", comment="Agda Hemlig")
    data = buffer.getvalue() + box(b"xml ", b"<a>Agda Hemlig</a>")
    assert data.count(OWNER) == 2
    found = content.check(with_image(data, Name.JPXDecode), "")
    assert found.has_traces
    assert OWNER not in drawn(found)
    cleaned, traces = jpeg2000.without_traces(jpeg2000.without_traces(data)[0])
    assert not traces
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(cleaned)) as after:
        assert before.tobytes() == after.tobytes()
    codestream = data[data.index(jpeg2000.CODESTREAM) : data.index(b"\xff\xd9") + 2]
    assert OWNER not in jpeg2000.without_traces(codestream)[0]


@pytest.mark.parametrize("data", [b"", b"jP", b"\xff\x4f", b"\xff\x4f\xff\x64\0\1", b"\0\0\0\1jp2c\0"])
def test_broken_jpeg_2000_is_refused_or_empty(data: bytes) -> None:
    if data:
        with pytest.raises(Unacceptable):
            jpeg2000.without_traces(data)
    assert jpeg2000.without_traces(b"") == (b"", False)


def with_segment(marker: bytes, segment: bytes) -> bytes:
    data = files.picture()
    return data[:2] + b"\xff" + marker + struct.pack(">H", len(segment) + 2) + segment + data[2:]


def directory(*entries: tuple[int, int, int, int]) -> bytes:
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + packed + bytes(4)


@pytest.mark.parametrize(
    "data",
    [
        with_segment(b"\xe0", b"JFXX\0\x13" + OWNER),
        with_segment(b"\xe0", b"JFIF\0\1\2\0\0\1\0\1\1\1" + OWNER),
        with_segment(b"\xe1", directory((0x0112, 3, 1, 1)) + OWNER),
        with_segment(b"\xe1", directory((0x0112, 2, len(OWNER) * 9, 26)) + OWNER * 9),
    ],
    ids=["extension", "thumbnail", "after the directory", "within a harmless value"],
)
def test_what_is_left_over_in_a_jpeg_is_a_trace(data: bytes) -> None:
    assert content.check(data, "").has_traces


def test_padding_after_the_directory_of_exif_is_none() -> None:
    assert not content.check(with_segment(b"\xe1", directory((0x0112, 3, 1, 1)) + bytes(9)), "").has_traces


def test_the_layers_of_a_pdf_do_not_tell_who_made_them() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    usage = Dictionary(
        CreatorInfo=Dictionary(Creator="Agda Hemlig", Subtype=Name.Technical),
        User=Dictionary(Type=Name.Ind, Name="Agda Hemlig"),
    )
    layer = document.make_indirect(Dictionary(Type=Name.OCG, Name="Lager", Usage=usage))
    shown_first = Dictionary(Creator="Agda Hemlig", Order=Array([layer]))
    document.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=shown_first)
    found = content.check(files.saved(document), "")
    assert found.has_traces
    assert found.shown
    with pikepdf.open(io.BytesIO(found.shown.content)) as pdf:
        assert OWNER not in files.saved(pdf, qdf=True)
        assert str(pdf.Root.OCProperties.OCGs[0].Name) == "Lager"
