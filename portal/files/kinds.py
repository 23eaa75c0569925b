"""The table of kinds: label, extension and media type of each. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.files.enums import FileKind

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"


class KindSpec(NamedTuple):
    """A kind. `extensions` are those that a name may have; the first is given to a name without one."""

    label: str
    extensions: tuple[str, ...]
    mimetype: str

    @property
    def extension(self) -> str:
        """The extension of a file that is downloaded, without the dot."""
        return self.extensions[0]


KINDS: Mapping[FileKind, KindSpec] = {
    FileKind.JPEG: KindSpec("JPEG-bild", ("jpg", "jpeg", "jfif", "jpe"), "image/jpeg"),
    FileKind.PNG: KindSpec("PNG-bild", ("png",), "image/png"),
    FileKind.WEBP: KindSpec("WebP-bild", ("webp",), "image/webp"),
    FileKind.PDF: KindSpec("PDF", ("pdf",), "application/pdf"),
    FileKind.TEXT: KindSpec("Textfil", ("txt", "text", "csv", "log", "md"), "text/plain; charset=utf-8"),
    FileKind.DOCX: KindSpec("Word-dokument", ("docx",), f"{OOXML}.wordprocessingml.document"),
    FileKind.XLSX: KindSpec("Excel-dokument", ("xlsx",), f"{OOXML}.spreadsheetml.sheet"),
    FileKind.PPTX: KindSpec("PowerPoint-presentation", ("pptx",), f"{OOXML}.presentationml.presentation"),
    FileKind.ODT: KindSpec("OpenDocument-text", ("odt",), f"{ODF}.text"),
    FileKind.ODS: KindSpec("OpenDocument-kalkylark", ("ods",), f"{ODF}.spreadsheet"),
    FileKind.ODP: KindSpec("OpenDocument-presentation", ("odp",), f"{ODF}.presentation"),
}
IMAGES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP})
OFFICE = frozenset({FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, FileKind.ODT, FileKind.ODS, FileKind.ODP})
