"""Only one module reads who a sender is: whoever shows a sender asks it, and shows what may be shown."""

import re

from tests.architecture.tree import PORTAL, TEMPLATES, python_files

DETAILS = re.compile(r"\bparty\.(name|email|phone|address|identity_number)\b|representation\.name")
# Who reads the details, who compares a second click with what is stored, and who makes them.
READERS = {"cases/parties.py", "cases/intake/submission.py"}


def test_nobody_else_reads_the_details_of_a_sender() -> None:
    files = {file.relative_to(PORTAL).as_posix(): file.read_text() for file in python_files(PORTAL)}
    assert {name for name, text in files.items() if DETAILS.search(text)} == READERS
    assert [file.name for file in TEMPLATES.rglob("*.*") if DETAILS.search(file.read_text())] == []


def test_a_reader_is_found() -> None:
    assert DETAILS.search("case.party.name or ''")
    assert not DETAILS.search("case.party.person_id")
