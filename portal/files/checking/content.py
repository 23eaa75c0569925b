"""The check of a file: its kind, that it can be opened, what it must not hold, and its derivative."""

from portal.files.checking import images, office, pdf
from portal.files.checking.detection import binary_kind, is_archive, text_of
from portal.files.checking.outcome import Checked, Derivative, Unacceptable
from portal.files.enums import FileKind, Refusal

__all__ = ["Unacceptable", "check"]


def check(data: bytes, extension: str) -> Checked:
    """The kind and derivative of a file. Raises Unacceptable."""
    if not data:
        raise Unacceptable(Refusal.EMPTY)
    kind = binary_kind(data)
    try:
        if kind is FileKind.PDF:
            return pdf.check(data)
        if kind:
            return images.check(data, kind)
        if is_archive(data):
            return Checked(office.kind_of(data))
        return _text(text_of(data, extension))
    except MemoryError:
        raise Unacceptable(Refusal.TOO_DEMANDING) from None


def _text(text: str) -> Checked:
    return Checked(FileKind.TEXT, shown=Derivative(FileKind.TEXT, text.encode()))
