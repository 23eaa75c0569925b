"""A web process imports what it needs for a page, and nothing else: each of its copies has all in memory."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT

# Migrations, the client of a Redis that is not set up, and documents, which are made in a child.
SPARED = ("alembic", "redis", "weasyprint", "pydyf", "PIL", "portal.testlegitimering")
SHOW = """
import sys
from portal import config, create_app
app = create_app(config.load(env="development", database_url="sqlite:///{folder}/k.db"))
app.test_client().get("/readyz")
app.test_client().get("/")
print("|".join(sys.modules))
"""


def loaded_by_a_web_process(folder: str) -> set[str]:
    code = SHOW.format(folder=folder)
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(run.stdout.strip().rsplit("\n")[-1].split("|"))


def test_a_web_process_is_spared_what_no_page_needs(tmp_path: Path) -> None:
    loaded = loaded_by_a_web_process(str(tmp_path))
    assert "portal.web.backoffice.case.views" in loaded
    assert sorted(loaded & set(SPARED)) == []
