"""An office file is of one format: no reader opens it as another, which was not checked."""

import pytest

from portal.files.checking import content
from portal.files.checking.outcome import Unacceptable
from portal.files.enums import FileKind, Refusal
from tests import files


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Basic__Standard__Module1.xml", Refusal.MACROS),
        ("Scripts__python__a.py", Refusal.MACROS),
        ("Dialogs__Standard__dialog.xlb", Refusal.MACROS),
        ("mimetype", Refusal.UNKNOWN_KIND),
        ("META-INF__manifest.xml", Refusal.UNKNOWN_KIND),
    ],
)
def test_a_word_document_with_parts_of_opendocument_is_refused(name: str, reason: Refusal) -> None:
    with pytest.raises(Unacceptable) as refused:
        content.check(files.docx(**{name: "<x/>"}), "docx")
    assert refused.value.reason is reason


def test_an_opendocument_text_with_parts_of_word_is_refused() -> None:
    parts = {"[Content_Types].xml": files.TYPES.format(more=""), "word__document.xml": "<document/>"}
    with pytest.raises(Unacceptable):
        content.check(files.odt(**parts), "odt")


def test_each_format_by_itself_is_accepted() -> None:
    assert content.check(files.docx(), "docx").kind is FileKind.DOCX
    assert content.check(files.odt(), "odt").kind is FileKind.ODT
