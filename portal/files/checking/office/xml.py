"""XML of office files, read without a document type: no entity can grow or fetch anything."""

from collections.abc import Iterator
from xml.etree import ElementTree  # nosec B405

from portal.files.checking.outcome import Unacceptable
from portal.files.enums import Refusal


def attributes(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """The elements with their attributes, both without name spaces. Raises Unacceptable."""
    for element in _parsed(content).iter():
        named = {_local(name): value for name, value in element.attrib.items()}
        yield _local(str(element.tag)), named


def _parsed(content: bytes) -> ElementTree.Element:
    # In another encoding, the document type below could not be seen.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content:
        raise Unacceptable(Refusal.DAMAGED)
    try:
        content.decode()
        return ElementTree.fromstring(content)  # noqa: S314  # nosec B314
    except (UnicodeDecodeError, ElementTree.ParseError, ValueError, LookupError):
        raise Unacceptable(Refusal.DAMAGED) from None


def _local(name: str) -> str:
    return name.rpartition("}")[2]
