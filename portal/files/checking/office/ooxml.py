"""Files of Word, Excel and PowerPoint (ECMA-376)."""

from portal.files.checking import detection
from portal.files.checking.office import archive, xml
from portal.files.checking.office.archive import Archive
from portal.files.checking.outcome import Unacceptable
from portal.files.enums import FileKind, Refusal
from portal.files.kinds import KINDS
from portal.files.rules import MEGABYTE

CONTENT_TYPES = "[Content_Types].xml"
KINDS_OF_OOXML = (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX)
MACROS = ("vbaproject", "macroenabled", "activex", "macrosheet")
OBJECTS = (".bin", ".exe", ".dll", ".js", ".vbs", ".ps1", ".bat", ".cmd", ".hta", ".lnk", ".scr", ".jar")
EMBEDDED = "/embeddings/"
# Printer settings and the fonts of a presentation are no objects.
HARMLESS_BINARY = ("printersettings", "/fonts/", "customproperty", "customxml", "calcchain")
MAX_XML = 5 * MEGABYTE
HYPERLINK = "/hyperlink"


def kind_of(opened: Archive, embedded: bool = False) -> FileKind:
    """The kind of the archive. Raises Unacceptable."""
    types = _content_types(opened)
    _refuse_macros([*opened.names, *types])
    for name in opened.names:
        _check_entry(opened, name, embedded)
    for kind in KINDS_OF_OOXML:
        if f"{KINDS[kind].mimetype}.main+xml" in types:
            return kind
    raise Unacceptable(Refusal.UNKNOWN_KIND)


def _content_types(opened: Archive) -> list[str]:
    elements = xml.attributes(opened.read(CONTENT_TYPES, MAX_XML))
    return [named["ContentType"] for _, named in elements if "ContentType" in named]


def _refuse_macros(words: list[str]) -> None:
    if any(macro in word.lower() for word in words for macro in MACROS):
        raise Unacceptable(Refusal.MACROS)


def _check_entry(opened: Archive, name: str, embedded: bool) -> None:
    lower = name.lower()
    if lower.endswith(".rels"):
        _refuse_links(opened.read(name, MAX_XML))
    elif lower.endswith(OBJECTS) and not any(word in lower for word in HARMLESS_BINARY):
        raise Unacceptable(Refusal.LINKED)
    elif EMBEDDED in f"/{lower}" and not lower.endswith("/"):
        _check_embedded(opened, name, embedded)


def _refuse_links(content: bytes) -> None:
    """A hyperlink waits to be clicked; any other external target is fetched when the file is opened."""
    for _, named in xml.attributes(content):
        is_external = named.get("TargetMode", "").lower() == "external"
        if is_external and not named.get("Type", "").endswith(HYPERLINK):
            raise Unacceptable(Refusal.LINKED)


def _check_embedded(opened: Archive, name: str, embedded: bool) -> None:
    """The table behind a chart is an office file itself; it holds no further ones."""
    content = opened.read(name, archive.MAX_UNPACKED)
    if embedded or not detection.is_archive(content):
        raise Unacceptable(Refusal.LINKED)
    with archive.opened(content) as inner:
        if CONTENT_TYPES not in inner.names:
            raise Unacceptable(Refusal.LINKED)
        kind_of(inner, embedded=True)
