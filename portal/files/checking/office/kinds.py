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
    _require_one_format(opened)
    if ooxml.CONTENT_TYPES in opened.names:
        return ooxml.kind_of(opened)
    if odf.MIMETYPE in opened.names:
        return odf.kind_of(opened)
    raise Unacceptable(Refusal.UNKNOWN_KIND)


def _require_one_format(opened: Archive) -> None:
    """Some readers would open one with the parts of both as the format that was not checked."""
    if ooxml.CONTENT_TYPES not in opened.names:
        return
    if any(name.lower().startswith(odf.MACROS) for name in opened.names):
        raise Unacceptable(Refusal.MACROS)
    if any(name.lower() in (odf.MIMETYPE, odf.MANIFEST.lower()) for name in opened.names):
        raise Unacceptable(Refusal.UNKNOWN_KIND)
