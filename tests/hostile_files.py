"""Hostile files, each with what must become of it: python -m tests.hostile_files DIR writes them all."""

import io
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from portal.files.enums import Refusal
from tests import files

SCRIPT = b"<script>alert(document.domain)</script>"
MARK = b"HOSTILE-PAYLOAD"


class Hostile(NamedTuple):
    """A file and why it is refused; None: it is accepted, and `MARK` is nowhere in what is shown."""

    name: str
    make: Callable[[], bytes]
    refusal: Refusal | None = None


def zip_with(content: bytes) -> bytes:
    return files.archive({"a.txt": content})


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that says it is so large, of a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + END


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


END = chunk(b"IEND", b"")


def png_with_text() -> bytes:
    """A PNG with 10 MB of packed text."""
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(MARK + b"a" * 10_000_000))
    return files.picture("PNG").removesuffix(END) + text + END


def jpeg_of_size(width: int, height: int) -> bytes:
    """A JPEG whose frame says it is so large."""
    plain = files.picture()
    at = plain.index(b"\xff\xc0") + 5
    return plain[:at] + struct.pack(">HH", height, width) + plain[at + 4 :]


def animation() -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], duration=50)
    return buffer.getvalue()


def gif_script() -> bytes:
    return b"GIF89a/*" + b"\0" * 30 + b"*/=1;alert(1)//"


def active_pdf() -> bytes:
    """A PDF that runs, opens, fetches and embeds."""
    document = pikepdf.new()
    page = document.add_blank_page()
    script = Dictionary(Type=Name.Action, S=Name.JavaScript, JS=MARK.decode() + "app.alert(1)")
    uri = Dictionary(S=Name.URI, URI="https://" + MARK.decode() + ".example", Next=script)
    launch = Dictionary(S=Name.Launch, F=MARK.decode() + ".exe")
    remote = Dictionary(S=Name.GoToR, F=MARK.decode() + ".pdf", D=Array([0, Name.Fit]))
    form = Dictionary(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=MARK.decode()))
    file = document.make_indirect(Stream(document, b"MZ" + MARK))
    spec = document.make_indirect(Dictionary(Type=Name.Filespec, F="a.exe", EF=Dictionary(F=file)))
    document.Root.OpenAction = script
    document.Root.AA = Dictionary(WC=launch)
    document.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array(["a", script])),
        EmbeddedFiles=Dictionary(Names=Array(["a.exe", spec])),
    )
    document.Root.AF = Array([spec])
    document.Root.AcroForm = Dictionary(XFA=Stream(document, b"<xdp>" + MARK + b"</xdp>"), Fields=Array())
    page.obj.AA = Dictionary(O=launch)
    page.obj.Annots = Array([link(action) for action in (uri, launch, remote, form)] + [embedded(spec)])
    return files.saved(document)


def link(action: Dictionary) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 99, 99]), A=action)


def embedded(spec: Dictionary) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=spec)


def encrypted_pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    return files.saved(document, encryption=pikepdf.Encryption(user="a", owner="b"))


def locked_pdf() -> bytes:
    """One that opens without a password, and may not be changed."""
    document = pikepdf.new()
    document.add_blank_page()
    return files.saved(document, encryption=pikepdf.Encryption(user="", owner="b"))


def pdf_with_html() -> bytes:
    plain = files.pdf()
    return plain + b"<html>" + MARK + SCRIPT


def bomb() -> bytes:
    return files.docx(word__media__big=b"\0" * 60_000_000)


def prefixed_zip() -> bytes:
    return MARK + files.docx()


def traversal() -> bytes:
    return files.docx(**{"..__..__etc__passwd": b"x"})


def encrypted_zip() -> bytes:
    """The entries say that they are encrypted."""
    plain = bytearray(files.docx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = plain.find(signature)
        while position >= 0:
            plain[position + offset] |= 1
            position = plain.find(signature, position + 1)
    return bytes(plain)


RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"
 Target="https://example.org/a.dotm" TargetMode="External"/></Relationships>"""
MACRO_TYPE = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
XXE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
LISTENER = '<a xmlns:s="urn:s"><s:event-listener s:event-name="dom:load"/></a>'
LINKED_IMAGE = '<a xmlns:x="urn:x"><image x:href="https://example.org/a.png"/></a>'
JPEG, PDF, PNG, DOCX = files.picture, files.pdf, lambda: files.picture("PNG"), files.docx
HOSTILE: tuple[Hostile, ...] = (
    Hostile("empty.txt", lambda: b"", Refusal.EMPTY),
    Hostile("jpeg-and-zip.jpg", lambda: JPEG() + zip_with(MARK)),
    Hostile("jpeg-and-html.jpg", lambda: files.picture(comment=MARK + SCRIPT)),
    Hostile("jpeg-and-pdf.jpg", lambda: JPEG() + MARK + PDF()),
    Hostile("png-and-zip.png", lambda: PNG() + zip_with(MARK)),
    Hostile("gif-and-script.gif", gif_script, Refusal.UNKNOWN_KIND),
    Hostile("gif-and-script.jpg", gif_script, Refusal.UNKNOWN_KIND),
    Hostile("pdf-and-html.pdf", pdf_with_html),
    Hostile("pdf-not-first.pdf", lambda: b"#!/bin/sh\n" + PDF(), Refusal.UNKNOWN_KIND),
    Hostile("pdf-in-text.txt", lambda: b"Hej\n%PDF-1.7\n", Refusal.UNKNOWN_KIND),
    Hostile("pdf-active.pdf", active_pdf),
    Hostile("pdf-10000-pages.pdf", lambda: files.pdf(10_000), Refusal.TOO_MANY_PAGES),
    Hostile("pdf-encrypted.pdf", encrypted_pdf, Refusal.ENCRYPTED),
    Hostile("pdf-locked.pdf", locked_pdf, Refusal.ENCRYPTED),
    Hostile("pdf-truncated.pdf", lambda: PDF()[:-200], Refusal.DAMAGED),
    Hostile("pdf-author.pdf", lambda: files.pdf(Author=MARK.decode())),
    Hostile("svg.png", lambda: b"<svg onload='alert(1)'/>", Refusal.UNKNOWN_KIND),
    Hostile("svg.svg", lambda: b'<?xml version="1.0"?><svg>' + SCRIPT, Refusal.UNKNOWN_KIND),
    Hostile("html.txt", lambda: b"\n <!DOCTYPE html>" + SCRIPT, Refusal.UNKNOWN_KIND),
    Hostile("html-utf16.txt", lambda: "<html>".encode("utf-16"), Refusal.UNKNOWN_KIND),
    Hostile("program.txt", lambda: b"\x7fELF\x02\x01\x01" + b"\0" * 40, Refusal.UNKNOWN_KIND),
    Hostile("program.pdf", lambda: b"MZ\x90\0" + MARK, Refusal.UNKNOWN_KIND),
    Hostile("binary-in-text.txt", lambda: b"Hej\n\0\x01\x02", Refusal.UNKNOWN_KIND),
    Hostile("huge.png", lambda: png_of_size(60_000, 60_000), Refusal.TOO_MANY_PIXELS),
    Hostile("huge.jpg", lambda: jpeg_of_size(60_000, 60_000), Refusal.TOO_MANY_PIXELS),
    Hostile("larger-than-its-data.png", lambda: png_of_size(5_000, 5_000), Refusal.DAMAGED),
    Hostile("text-bomb.png", png_with_text),
    Hostile("truncated.jpg", lambda: JPEG()[:-300], Refusal.DAMAGED),
    Hostile("truncated.png", lambda: PNG()[:-20], Refusal.DAMAGED),
    Hostile("truncated.webp", lambda: files.picture("WEBP")[:-20], Refusal.DAMAGED),
    Hostile("cut-in-the-head.jpg", lambda: JPEG()[:12], Refusal.DAMAGED),
    Hostile("animation.webp", animation),
    Hostile("place.jpg", lambda: files.photograph().replace(b"Agda Hemlig", MARK[:11])),
    Hostile("telephone.heic", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 40, Refusal.HEIC),
    Hostile("bomb.docx", bomb, Refusal.UNPACKS_TOO_LARGE),
    Hostile("archive.zip", lambda: zip_with(MARK), Refusal.UNKNOWN_KIND),
    Hostile("archive.docx", lambda: zip_with(MARK), Refusal.UNKNOWN_KIND),
    Hostile("nested.docx", lambda: DOCX(word__embeddings__a=zip_with(zip_with(MARK))), Refusal.LINKED),
    Hostile("object.docx", lambda: DOCX(word__embeddings__oleObject1=b"\xd0\xcf\x11\xe0"), Refusal.LINKED),
    Hostile("program.docx", lambda: DOCX(**{"word__a.exe": b"MZ"}), Refusal.LINKED),
    Hostile("macros-renamed.docx", lambda: DOCX(**{"word__vbaProject.bin": b"x"}), Refusal.MACROS),
    Hostile("macro-type.docx", lambda: DOCX(MACRO_TYPE), Refusal.MACROS),
    Hostile("activex.docx", lambda: DOCX(**{"word__activeX__a.xml": b"<a/>"}), Refusal.MACROS),
    Hostile(
        "template.docx",
        lambda: DOCX(**{"word___rels__settings.xml.rels": RELATIONS.format("attachedTemplate")}),
        Refusal.LINKED,
    ),
    Hostile("entity.docx", lambda: DOCX(**{"word___rels__a.rels": XXE}), Refusal.DAMAGED),
    Hostile("leaves.docx", traversal, Refusal.DAMAGED),
    Hostile("prefixed.docx", prefixed_zip, Refusal.UNKNOWN_KIND),
    Hostile("followed.docx", lambda: DOCX() + MARK, Refusal.DAMAGED),
    Hostile("encrypted.docx", encrypted_zip, Refusal.ENCRYPTED),
    Hostile(
        "password.docx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        Refusal.ENCRYPTED,
    ),
    Hostile("macros.odt", lambda: files.odt(**{"Basic__Standard__a.xml": "<a/>"}), Refusal.MACROS),
    Hostile("listener.odt", lambda: files.odt(LISTENER), Refusal.MACROS),
    Hostile("linked.odt", lambda: files.odt(LINKED_IMAGE), Refusal.LINKED),
    Hostile(
        "password.odt", lambda: files.odt(manifest='<m:encryption-data xmlns:m="urn:m"/>'), Refusal.ENCRYPTED
    ),
)
# A name, and what it is shown and downloaded as.
HOSTILE_NAMES: tuple[tuple[str, str], ...] = (
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\agda\\karta.pdf", "karta.pdf"),
    ("faktura\u202egnp.exe", "fakturagnp.exe"),
    ("a\0b.txt", "ab.txt"),
    ("rad\r\nSet-Cookie: a=b.txt", "rad Set-Cookie_ a=b.txt"),
    ('<img src=x onerror="a">.png', "_img src=x onerror=_a__.png"),
    ("å" * 300 + ".jpeg", "å" * 95 + ".jpeg"),
    ("...", "fil"),
    ("\u200b\u2060", "fil"),
    ("CON.txt", "_CON.txt"),
    (".htaccess", "htaccess"),
    ("z" + "\u0301" * 50 + ".txt", "ź\u0301\u0301.txt"),
)


def main() -> None:
    """Write the corpus into a folder, with its table."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for hostile in HOSTILE:
        (folder / hostile.name).write_bytes(hostile.make())
    lines = [f"{each.name}\t{each.refusal.value if each.refusal else 'defused'}\n" for each in HOSTILE]
    (folder / "expected.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
