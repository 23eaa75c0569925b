"""The import contracts of setup.cfg hold, and every one of them can be broken."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PORTAL, ROOT

pytestmark = pytest.mark.slow

# One line in one file breaks each contract.
VIOLATIONS = {
    "Packages import downwards only": ("organisation/bad.py", "import portal.cases"),
    "Inside cases imports go down": ("cases/search/bad.py", "import portal.cases.actions.handling"),
    "Inside identity imports go down": ("identity/oidc/bad.py", "import portal.identity.models"),
    "Inside the back office imports go down": (
        "web/backoffice/answers/bad.py",
        "import portal.web.backoffice.case.page",
    ),
    "No audience imports another": ("web/public/bad.py", "import portal.web.backoffice"),
    "Only the top floor imports the factory": ("words/bad.py", "import portal"),
    "Rules know neither web nor database": ("audit/rules.py", "def ask():\n    from portal import db"),
    "The web asks through queries and commands": ("web/sign_in/bad.py", "from sqlalchemy import select"),
    "Testlegitimering is an application of its own": ("testlegitimering/bad.py", "from portal import clock"),
}


def report(folder: Path) -> str:
    """What the linter says of the portal below a folder."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(program), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True).stdout


def verdicts(said: str) -> dict[str, str]:
    """KEPT or BROKEN for each contract, whose ignored imports may be counted after it."""
    return dict(re.findall(r"^(\S.*?)(?:,.*)? (KEPT|BROKEN)(?: \(.*\))?$", said, re.MULTILINE))


# The check of the style before the tests says the same.
@pytest.mark.full
def test_every_import_goes_down() -> None:
    said = report(ROOT)
    assert verdicts(said) == dict.fromkeys(VIOLATIONS, "KEPT"), said


def test_every_contract_can_be_broken(tmp_path: Path) -> None:
    shutil.copytree(PORTAL, tmp_path / "portal", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    for name, line in VIOLATIONS.values():
        (tmp_path / "portal" / name).write_text(f"{line}\n")
    said = report(tmp_path)
    assert verdicts(said) == dict.fromkeys(VIOLATIONS, "BROKEN"), said
