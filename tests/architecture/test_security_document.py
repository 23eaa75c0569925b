"""docs/security.md names a test for each section of ASVS 5.0, or the gap; each test is there."""

import re

from tests.architecture import documents
from tests.architecture.test_identity_document import NAMED, defined
from tests.architecture.tree import ROOT

CHAPTERS = 17


def rows() -> list[tuple[str, ...]]:
    return documents.rows_of((documents.DOCS / "security.md").read_text(encoding="utf-8"), "section")


def test_every_chapter_has_a_row() -> None:
    chapters = {int(number) for section, _shown in rows() for number in re.findall(r"V(\d+)", section)}
    assert chapters == set(range(1, CHAPTERS + 1))


def test_every_row_names_a_test_that_exists_a_document_or_a_gap() -> None:
    tests = defined()
    for section, shown in rows():
        named = NAMED.findall(shown)
        assert set(named) <= tests, section
        reasoned = "**gap**" in shown or shown.startswith("not applicable") or "docs/" in shown
        assert named or reasoned or "providers" in shown, section


def test_the_policy_says_how_to_report_and_what_is_supported() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for words in ("/.well-known/security.txt", "Supported versions", "No personal data"):
        assert words in policy
