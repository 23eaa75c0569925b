"""make bench: fill, measure, and write docs/performance.md with its figures and its chart.

make bench             1 000, 100 000 and 1 000 000 cases, and SQLite with 100 000
make bench N=1000      one size, quickly: a second for each scenario in each round
make bench SQLITE=1    SQLite alone
SECONDS=5              seconds for each scenario in each of three rounds
WRITE=1                write the document of a part too; 0 writes nothing

A part prints its tables and leaves the document, whose figures are of one commit.
"""

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal import ROOT, clock
from tests.bench import cluster
from tests.bench.figures import Run
from tests.bench.filling import fill, sqlite_copy
from tests.bench.measure import measure
from tests.bench.reporting import chart, report, targets

SIZES = (1_000, 100_000, 1_000_000)
SQLITE_CASES = 100_000
DOCUMENT = ROOT / "docs/performance.md"
DATA, CHART = ROOT / "docs/performance.json", ROOT / "docs/performance.svg"
_began = time.monotonic()


def say(line: str) -> None:
    """Show how far it has come."""
    minutes, seconds = divmod(int(time.monotonic() - _began), 60)
    sys.stdout.write(f"{minutes:02d}:{seconds:02d} {line}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure what the environment asks for."""
    # Both end what was started; a shell ignores the first for what it runs in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))
    chosen = os.environ.get("N", "")
    sizes = tuple(int(size) for size in chosen.split(",")) if chosen else SIZES
    with_sqlite = os.environ.get("SQLITE") == "1"
    seconds = float(os.environ.get("SECONDS") or (1 if sizes == (1_000,) else 5))
    runs: list[Run] = []
    with cluster.running():
        if not (with_sqlite and not chosen):
            runs += [_postgresql(size, seconds) for size in sizes]
        if with_sqlite or not chosen:
            runs.append(_sqlite(SQLITE_CASES, seconds))
    is_whole = not chosen and not with_sqlite
    _tell(runs, seconds, write=os.environ.get("WRITE", "1" if is_whole else "0") == "1")


def _postgresql(cases: int, seconds: float) -> Run:
    say(f"PostgreSQL, {cases} cases")
    name = f"bench_{cases}"
    address = cluster.copy(fill.ensure(cases, say), name)
    try:
        return measure(address, cases, seconds, say)
    finally:
        cluster.drop(name)


def _sqlite(cases: int, seconds: float) -> Run:
    say(f"SQLite, {cases} cases")
    with _folder() as folder:
        address = f"sqlite:///{folder}/kontakt.db"
        sqlite_copy.fill_from(address, cluster.url(fill.ensure(cases, say)), say)
        return measure(address, cases, seconds, say)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kontakt-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tell(runs: list[Run], seconds: float, write: bool) -> None:
    about = {**_about(), "duration": f"{seconds:g} s for each scenario in each of three rounds"}
    missed = targets.misses(runs)
    say("misses: none" if not missed else f"{len(missed)} misses")
    if missed:
        sys.stdout.write(report.plain(missed) + "\n")
    if not write:
        sys.stdout.write(report.written(about, runs) + "\n")
        return
    content = {**about, "runs": [run.as_json() for run in runs]}
    DATA.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    CHART.write_text(chart.drawn(runs))
    document = DOCUMENT.read_text()
    DOCUMENT.write_text(report.replaced(document, report.written(about, runs)))
    say(f"written: {DOCUMENT.relative_to(ROOT)}, {DATA.name}, {CHART.name}")


def _about() -> dict[str, str]:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    return {
        "date": clock.today().isoformat(),
        "commit": commit.stdout.strip() or "unknown",
        "machine": _machine(),
        "software": f"Python {platform.python_version()}, {cluster.version()}",
    }


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model or platform.machine()}), {memory:.0f} GB"


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
