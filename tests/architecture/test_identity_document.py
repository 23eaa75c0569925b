"""docs/identity.md names a test for each rule; each of them is there."""

import re

from tests.architecture import documents
from tests.architecture.tree import ROOT, python_files

NAMED = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^def (test_\w+)\(", re.MULTILINE)


def defined() -> set[str]:
    """Every test that there is."""
    texts = (file.read_text(encoding="utf-8") for file in python_files(ROOT / "tests"))
    return {name for text in texts for name in DEFINED.findall(text)}


def test_every_rule_of_the_profile_has_a_test_that_exists_or_says_that_it_is_not_done() -> None:
    rows = documents.rows_of((documents.DOCS / "identity.md").read_text(encoding="utf-8"), "rule")
    assert len(rows) > 30
    tests = defined()
    for rule, shown in rows:
        named = NAMED.findall(shown)
        assert named or shown.startswith("not done"), rule
        assert set(named) <= tests, rule
