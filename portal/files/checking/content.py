"""The check of a file: its kind, that it can be opened, what it must not hold, and its derivative."""

from collections.abc import Callable

from portal.files.checking.detection import binary_kind, is_archive, text_of
from portal.files.checking.outcome import Checked, Derivative, Unacceptable
from portal.files.enums import FileKind, Refusal

Check = Callable[[bytes], Checked]


def check(data: bytes, extension: str) -> Checked:
    """The kind and derivative of a file. Raises Unacceptable."""
    return check_for(data, extension)(data)


def check_for(data: bytes, extension: str) -> Check:
    """What will check a file, by its first bytes, with all that it imports. Raises Unacceptable."""
    if not data:
        raise Unacceptable(Refusal.EMPTY)
    kind = binary_kind(data)
    # Each library takes longer to import than most files to check, and only one is needed.
    if kind is FileKind.PDF:
        from portal.files.checking.pdf import document

        return document.check
    if kind:
        from portal.files.checking.images import derivatives

        return derivatives.check_for(kind)
    if is_archive(data):
        from portal.files.checking.office import kinds

        return kinds.check
    return lambda text: _check_text(text, extension)


def _check_text(data: bytes, extension: str) -> Checked:
    text = text_of(data, extension)
    return Checked(FileKind.TEXT, shown=Derivative(FileKind.TEXT, text.encode()))
