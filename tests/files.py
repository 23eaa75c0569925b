"""Small files of the kinds that people send, made on the spot."""

import io
import zipfile

import pikepdf
from PIL import Image

RED, GREEN = (200, 30, 30), (30, 160, 60)


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **save: object
) -> bytes:
    """An image, red but for a green corner at the top left."""
    image = Image.new("RGB", size, RED)
    image.paste(GREEN, (0, 0, size[0] // 2, size[1] // 2))
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, kind, **save)
    return buffer.getvalue()


def photograph() -> bytes:
    """A JPEG as from a telephone: turned on its side, with owner, camera, time and place."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F], exif[0x0110] = "Kamerafabriken", "Modell 77"
    exif[0x013B] = "Agda Hemlig"
    exif[0x0132] = "2026:03:01 07:31:12"
    exif.get_ifd(0x8769)[0xA430] = "Agda Hemlig"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 38.0, 17.5), 3: "E", 4: (13.0, 4.0, 51.0)})
    return picture(exif=exif, comment=b"Agdas bild")


def pdf(pages: int = 1, **info: str) -> bytes:
    """A PDF of empty pages; `info` is of its document, such as Author."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    for name, value in info.items():
        document.docinfo[f"/{name}"] = value
    return saved(document)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    """The bytes of a document."""
    buffer = io.BytesIO()
    document.save(buffer, **options)
    return buffer.getvalue()


TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>{more}</Types>"""


def docx(more_types: str = "", **more: bytes | str) -> bytes:
    """A Word document; `more` are further entries, with __ for / in their names."""
    entries: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES.format(more=more_types),
        "word/document.xml": "<document>Hej</document>",
    }
    entries.update({name.replace("__", "/"): content for name, content in more.items()})
    return archive(entries)


MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</m:manifest>'


def odt(content: str = "<content/>", manifest: str = "", **more: bytes | str) -> bytes:
    """An OpenDocument text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", MANIFEST.format(manifest))
        for name, value in more.items():
            file.writestr(name.replace("__", "/"), value)
    return buffer.getvalue()


def archive(entries: dict[str, bytes | str]) -> bytes:
    """A zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return buffer.getvalue()
