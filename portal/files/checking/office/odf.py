"""Files of OpenDocument (ISO/IEC 26300)."""

import zipfile
from collections.abc import Mapping

from portal.files.checking.office import xml
from portal.files.checking.office.archive import Archive
from portal.files.checking.outcome import Unacceptable
from portal.files.enums import FileKind, Refusal
from portal.files.kinds import KINDS
from portal.files.rules import MEGABYTE

MIMETYPE = "mimetype"
MANIFEST = "META-INF/manifest.xml"
KINDS_OF_ODF = {KINDS[kind].mimetype.encode(): kind for kind in (FileKind.ODT, FileKind.ODS, FileKind.ODP)}
MACROS = ("basic/", "scripts/", "dialogs/")
# A macro that an event starts.
LISTENERS = frozenset({"event-listener", "script"})
# They are clicked by a reader; what any other element links to is fetched when the file is opened.
CLICKED = frozenset({"a"})
MAX_XML = 20 * MEGABYTE
MAX_MIMETYPE = 100


def kind_of(opened: Archive) -> FileKind:
    """The kind of the archive. Raises Unacceptable."""
    first = opened.entries[0]
    if first.filename != MIMETYPE or first.compress_type != zipfile.ZIP_STORED:
        raise Unacceptable(Refusal.UNKNOWN_KIND)
    kind = KINDS_OF_ODF.get(opened.read(MIMETYPE, MAX_MIMETYPE))
    if kind is None:
        raise Unacceptable(Refusal.UNKNOWN_KIND)
    _check_manifest(opened)
    for name in opened.names:
        if name.lower().startswith(MACROS):
            raise Unacceptable(Refusal.MACROS)
        if name.endswith(("content.xml", "styles.xml")):
            _check_xml(opened.read(name, MAX_XML))
    return kind


def _check_manifest(opened: Archive) -> None:
    for element, _ in xml.attributes(opened.read(MANIFEST, MAX_XML)):
        if element == "encryption-data":
            raise Unacceptable(Refusal.ENCRYPTED)


def _check_xml(content: bytes) -> None:
    for element, named in xml.attributes(content):
        if element in LISTENERS:
            raise Unacceptable(Refusal.MACROS)
        if element not in CLICKED and _leads_out(named):
            raise Unacceptable(Refusal.LINKED)


def _leads_out(named: Mapping[str, str]) -> bool:
    target = named.get("href", "").strip()
    # Within the archive: a relative path, or a part of the document.
    return ":" in target or target.startswith(("/", "\\", ".."))
