"""Office files: which kind an archive is, and that it holds no macros, links or passwords."""

from portal.files.checking.office import archive, odf, ooxml
from portal.files.checking.office.archive import Archive
from portal.files.checking.outcome import Checked, Unacceptable
from portal.files.enums import FileKind, Refusal


def check(data: bytes) -> Checked:
    """The kind of an office file, which is shown as it is. Raises Unacceptable."""
    with archive.opened(data) as opened:
        return Checked(_kind(opened))


def _kind(opened: Archive) -> FileKind:
    if ooxml.CONTENT_TYPES in opened.names:
        return ooxml.kind_of(opened)
    if odf.MIMETYPE in opened.names:
        return odf.kind_of(opened)
    raise Unacceptable(Refusal.UNKNOWN_KIND)
