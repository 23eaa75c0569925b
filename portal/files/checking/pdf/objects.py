"""The objects of a PDF: those that run, open or embed something, or tell of the maker, are removed."""

from collections.abc import Iterator
from typing import Any

import pikepdf

from portal.files.checking.pdf import photographs

# They run or open something, or fetch a content from elsewhere.
ACTIVE = frozenset(
    {"/OpenAction", "/AA", "/JS", "/JavaScript", "/XFA", "/Collection", "/URLS", "/Ref", "/OPI"}
)
# Embedded files, and what tells who made a thing, when and with what, or signed it.
TRACES = frozenset(
    {"/EmbeddedFiles", "/EF", "/AF", "/Metadata", "/PieceInfo", "/LastModified"}
    | {"/Threads", "/SpiderInfo", "/Perms", "/DSS"}
    # Of layers.
    | {"/CreatorInfo", "/User", "/Creator"}
)
# Of a stream: its bytes are in a file elsewhere.
EXTERNAL = frozenset({"/F", "/FFilter", "/FDecodeParms"})
# Actions that stay within the document; those that do not, also where they lack the type of one.
WITHIN = frozenset({"/GoTo", "/Named"})
ACTIONS = frozenset(
    {"/URI", "/Launch", "/SubmitForm", "/GoToR", "/GoToE", "/GoToDp", "/JavaScript", "/ImportData"}
    | {"/Thread", "/Rendition", "/RichMediaExecute", "/Sound", "/Movie", "/ResetForm", "/Hide"}
    | {"/SetOCGState", "/GoTo3DView"}
)
EMBEDDING = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/Sound", "/3D"})
# Of a note in the margin: its author, name and times.
NOTE_TRACES = frozenset({"/T", "/M", "/CreationDate", "/NM"})


def clean(pdf: pikepdf.Pdf) -> bool:
    """Remove what is named above; returns whether anything told of the maker."""
    traces = "/Info" in pdf.trailer
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    for container in _containers(pdf):
        if isinstance(container, pikepdf.Array):
            traces = _clean_array(container) or traces
        else:
            traces = _clean_dictionary(container) or traces
    return traces


def _containers(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """All dictionaries, streams and arrays, also those within others."""
    pending: list[Any] = [pdf.trailer, *pdf.objects]
    while pending:
        container = pending.pop()
        if isinstance(container, pikepdf.Dictionary | pikepdf.Stream):
            # What is removed of it needs no look.
            yield container
            pending.extend(_direct(container[key] for key in list(container.keys())))
        elif isinstance(container, pikepdf.Array):
            yield container
            pending.extend(_direct(list(container)))


def _direct(values: Any) -> Iterator[Any]:
    # An indirect object is among the objects of the PDF itself.
    kinds = pikepdf.Dictionary | pikepdf.Array
    return (value for value in values if isinstance(value, kinds) and not value.is_indirect)


def _clean_array(array: Any) -> bool:
    kept = [value for value in array if not _is_embedding(value)]
    if len(kept) == len(array):
        return False
    for index in reversed(range(len(array))):
        if _is_embedding(array[index]):
            del array[index]
    return True


def _is_embedding(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary) and _name(value, "/Subtype") in EMBEDDING


def _clean_dictionary(entries: Any) -> bool:
    if _is_action(entries):
        # Without a destination it goes nowhere.
        _remove(entries, set(entries.keys()) - {"/S"})
        entries["/S"] = pikepdf.Name("/GoTo")
        return False
    if _is_signature(entries):
        _remove(entries, set(entries.keys()))
        return True
    _remove(entries, ACTIVE)
    traces = _remove(entries, TRACES)
    if _is_note(entries):
        traces = _remove(entries, NOTE_TRACES) or traces
    if isinstance(entries, pikepdf.Stream):
        _remove(entries, EXTERNAL)
        traces = photographs.clean(entries) or traces
    return traces


def _remove(entries: Any, keys: Any) -> bool:
    present = [key for key in list(entries.keys()) if key in keys]
    for key in present:
        del entries[key]
    return bool(present)


def _is_action(entries: Any) -> bool:
    action = _name(entries, "/S")
    if _name(entries, "/Type") == "/Action":
        return action not in WITHIN
    # The role of a part of the text has such a name too.
    return action in ACTIONS and _name(entries, "/Type") != "/StructElem"


def _is_signature(entries: Any) -> bool:
    return "/ByteRange" in entries or _name(entries, "/Type") in ("/Sig", "/DocTimeStamp")


def _is_note(entries: Any) -> bool:
    """Whether it is an annotation, and no field of a form, whose /T is its name."""
    return "/Rect" in entries and _name(entries, "/Subtype") not in ("", "/Widget")


def _name(entries: Any, key: str) -> str:
    value = entries.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""
