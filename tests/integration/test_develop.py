"""What make run starts, and in which order: here with small programs in the place of the real ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import PATIENCE, ROOT

LIMITED = """
import pathlib, signal, sys
log = pathlib.Path(sys.argv[1])
def end(*_arguments):
    log.open("a").write("limited worker ends\\n")
    sys.exit()
signal.signal(signal.SIGTERM, end)
log.open("a").write("limited worker\\n")
while True:
    signal.pause()
"""
YEAR = """
import pathlib, sys, time
log = pathlib.Path(sys.argv[1])
until = time.monotonic() + 30
while "limited worker" not in log.read_text() and time.monotonic() < until:
    time.sleep(0.02)
log.open("a").write("year\\n")
"""
WORKER = "import pathlib, sys; pathlib.Path(sys.argv[1]).open('a').write('worker\\n')"
SERVER = "import signal; signal.pause()"
RUN = "import json, sys; from portal.cli import develop; sys.exit(develop._run(*json.loads(sys.argv[1])))"


def run(log: Path, *, with_year: bool) -> list[str]:
    log.touch()
    server, limited, year, worker = (
        [sys.executable, "-c", program, str(log)] for program in (SERVER, LIMITED, YEAR, WORKER)
    )
    arguments = json.dumps([[server], worker, [year, limited] if with_year else None])
    ended = subprocess.run(
        [sys.executable, "-c", RUN, arguments], cwd=ROOT, timeout=PATIENCE, check=False, capture_output=True
    )
    # The worker of the test ends at once, which make run takes for a failure.
    assert ended.returncode == 1, ended.stderr
    return log.read_text().splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_letters_are_sent_while_the_year_is_made_and_months_counted_after_it(tmp_path: Path) -> None:
    assert run(tmp_path / "year", with_year=True) == [
        "limited worker",
        "year",
        "limited worker ends",
        "worker",
    ]
    assert run(tmp_path / "none", with_year=False) == ["worker"]
