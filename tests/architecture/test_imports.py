"""A web process imports what it needs for a page, and nothing else: each of its copies has all in memory."""

import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT

# Migrations, the client of a Redis that is not set up, and documents, which are made in a child or seldom.
SPARED = (
    "alembic",
    "redis",
    "weasyprint",
    "pydyf",
    "PIL",
    "pikepdf",
    "xlsxwriter",
    "portal.testlegitimering",
)
SHOW = """
import gc, sys
from wsgi import app
print(gc.get_freeze_count() > 100_000, gc.isenabled())
from portal.web import pdf
app.test_client().get("/readyz")
app.test_client().get("/")
with app.app_context():
    print(pdf.available())
print("|".join(sys.modules))
"""


def lines_of_a_web_process(folder: Path) -> list[str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    own = {"PORTAL_ENV": "development", "PORTAL_DATABASE_URL": f"sqlite:///{folder}/k.db"}
    command = [sys.executable, "-c", SHOW]
    run = subprocess.run(
        command, cwd=ROOT, env=mine | own, capture_output=True, text=True, check=True, timeout=60
    )
    return run.stdout.strip().rsplit("\n", 3)[-3:]


def test_a_web_process_is_spared_what_no_page_needs(tmp_path: Path) -> None:
    collected, can_make_pdfs, modules = lines_of_a_web_process(tmp_path)
    # What was imported is left out of every collection, and all else is collected.
    assert collected == "True True"
    assert can_make_pdfs == "True"
    loaded = set(modules.split("|"))
    assert "portal.web.backoffice.case.views" in loaded
    assert sorted(loaded & set(SPARED)) == []
