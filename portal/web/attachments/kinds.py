"""What pages say of the kinds and sizes of files."""

from portal.files.enums import FileKind
from portal.files.kinds import IMAGES, KINDS
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.translation import ngettext, page_language

LABELS = {
    FileKind.JPEG: _l("JPEG-bild"),
    FileKind.PNG: _l("PNG-bild"),
    FileKind.WEBP: _l("WebP-bild"),
    FileKind.PDF: _l("pdf"),
    FileKind.TEXT: _l("textfil"),
    FileKind.DOCX: _l("Word-dokument"),
    FileKind.XLSX: _l("Excel-dokument"),
    FileKind.PPTX: _l("PowerPoint-presentation"),
    FileKind.ODT: _l("OpenDocument-text"),
    FileKind.ODS: _l("OpenDocument-kalkylark"),
    FileKind.ODP: _l("OpenDocument-presentation"),
}


def accept() -> str:
    """The `accept` of a file field: media types first, so that a telephone offers its camera and photos."""
    types = [spec.mimetype.partition(";")[0] for spec in KINDS.values()]
    endings = [f".{ending}" for spec in KINDS.values() for ending in spec.extensions]
    return ",".join([*types, *endings])


def is_picture(kind: FileKind) -> bool:
    """Whether a kind is a picture, which may be described for those who do not see it."""
    return kind in IMAGES


def details(kind: FileKind, size: int, pages: int | None = None) -> str:
    """Kind, pages and size: "pdf, 3 sidor, 1,2 MB"."""
    counted = ngettext("%(num)s sida", "%(num)s sidor", pages) if pages else ""
    return ", ".join(filter(None, [str(LABELS[kind]), counted, size_text(size)]))


def size_text(size: int) -> str:
    """A size in bytes, kB or MB."""
    if size < 1000:
        return _("%(size)s byte", size=size)
    if size < 1_000_000:
        return f"{round(size / 1000)}\N{NO-BREAK SPACE}kB"
    point = "," if page_language() == "sv" else "."
    return f"{size / 1_000_000:.1f}".replace(".", point) + "\N{NO-BREAK SPACE}MB"
