"""House rules of the Python source. Each rule is also shown a sample that breaks it."""

from pathlib import Path
from statistics import median

import pytest

from tests.architecture import source
from tests.architecture.tree import PORTAL, python_files

MEDIAN_LINES = 6


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A folder for a file that breaks a rule."""
    return tmp_path


def write(folder: Path, text: str, name: str = "bad.py") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def function(lines: int, decorator: str = "") -> str:
    return f"{decorator}\ndef long():\n    '''Long.'''\n" + "    x = 1\n\n    # why\n" * (lines - 1)


def test_half_of_all_functions_have_at_most_six_lines_and_nine_of_ten_at_most_fourteen() -> None:
    lines = sorted(lines for _, _, lines in source.functions(PORTAL))
    assert median(lines) <= MEDIAN_LINES
    assert lines[int(len(lines) * 0.9)] <= 14


def test_no_function_is_too_long() -> None:
    assert source.too_long(PORTAL) == []


@pytest.mark.parametrize(
    ("most", "decorator"),
    [(40, ""), (40, "@contextmanager"), (30, '@blueprint.get("/folj")'), (30, '@app.route("/")')],
)
def test_the_length_of_a_function_counts_code_alone(sample: Path, most: int, decorator: str) -> None:
    assert source.too_long(write(sample, function(most, decorator))) == []
    assert source.too_long(write(sample, function(most + 1, decorator))) == [
        f"bad.py:2 long: {most + 1} lines, at most {most}"
    ]


def test_the_signature_and_every_line_of_a_text_count(sample: Path) -> None:
    write(sample, 'def f(\n    a,\n):\n    """Doc\n    string."""\n    return """one\n\n    three"""\n')
    assert [lines for _, _, lines in source.functions(sample)] == [6]


def test_no_file_is_too_long() -> None:
    assert source.long_files(PORTAL) == []


def test_a_file_has_at_most_300_lines(sample: Path) -> None:
    assert source.long_files(write(sample, "\n" * 300)) == []
    assert source.long_files(write(sample, "\n" * 301)) == ["bad.py: 301 lines"]


def test_no_module_gives_a_name_twice() -> None:
    assert source.repeated_names(PORTAL) == []


@pytest.mark.parametrize(
    "text", ["A = 1\nB = 2\nA = 3\n", "A, B = 1, 2\nB: int = 3\n", "class C:\n    a = 1\n    a = 2\n"]
)
def test_a_name_that_is_given_twice_is_found(sample: Path, text: str) -> None:
    write(sample, text)
    assert len(source.repeated_names(sample)) == 1


def test_only_the_clock_tells_the_time() -> None:
    # Testlegitimering imports nothing of the portal, so it reads a clock of its own.
    allowed = ("clock.py:", "testlegitimering/")
    assert [use for use in source.time_tellers(PORTAL) if not use.startswith(allowed)] == []


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import datetime\nx = datetime.now()",
        "from datetime import datetime as dt\nx = dt.utcnow()",
        "import datetime\nx = datetime.date.today()",
        "import datetime as d\nfield(default_factory=d.datetime.utcnow)",
        "import time\nx = time.time()",
        "from time import time as seconds\nx = seconds()",
        "import sqlalchemy as sa\nsa.Column(server_default=sa.func.now())",
        "from sqlalchemy import func\nx = func.current_timestamp()",
    ],
)
def test_another_clock_is_found_under_any_name(sample: Path, line: str) -> None:
    assert len(source.time_tellers(write(sample, line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "from portal import clock\nx = clock.now()",
        "from portal.clock import now, today\nx = now(), today()",
        "import time\nx = time.monotonic()",
        "from datetime import datetime\nx = datetime.combine(a, b)",
    ],
)
def test_the_clock_of_the_house_and_arithmetic_are_no_other_clock(sample: Path, line: str) -> None:
    assert source.time_tellers(write(sample, line)) == []


def test_nothing_but_the_database_module_ends_a_transaction() -> None:
    assert [use for use in source.transaction_enders(PORTAL) if not use.startswith("db.py:")] == []


def test_a_commit_and_a_rollback_are_found_wherever_they_stand(sample: Path) -> None:
    write(sample, "def f(session):\n    session.commit()\n    db.session.rollback()\n    commit(session)\n")
    assert source.transaction_enders(sample) == ["bad.py:2 commit()", "bad.py:3 rollback()"]


def test_all_that_is_public_has_a_docstring() -> None:
    assert source.undocumented(PORTAL) == []


def test_a_missing_docstring_is_found_in_functions_classes_and_methods(sample: Path) -> None:
    write(
        sample,
        """
class Thing:
    def method(self): ...
    def _own(self): ...
    def __init__(self): ...
    @property
    def size(self):
        '''How big.'''
    @size.setter
    def size(self, value): ...
async def run():
    def nested(): ...
@overload
def twice(x: int) -> int: ...
def twice(x):
    '''Two of it.'''
class _Own:
    def method(self): ...
""",
    )
    found = [line.split()[1] for line in source.undocumented(sample)]
    assert found == ["Thing", "method", "run"]


def test_what_is_installed_beside_the_tests_is_not_read(sample: Path) -> None:
    write(sample, "A = 1\n")
    installed = sample / ".venv" / "lib"
    installed.mkdir(parents=True)
    write(installed, "A = 1\nA = 2\n", "theirs.py")
    assert [file.name for file in python_files(sample)] == ["bad.py"]
