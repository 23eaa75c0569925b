"""The figures to reach, and those that were missed. Pure."""

from collections.abc import Iterator, Sequence

from tests.bench.figures import Figure, Run

MOST_P99 = 5.0
MOST_GROWTH = 1.25
MOST_BUFFERS = 2_000
MOST_MILLISECONDS = 20.0
MOST_MEMORY = 120.0
MOST_START_UP = 2.0
LEAST_OF_POSTGRESQL = 0.5
Miss = tuple[str, str, str, str]


def misses(runs: Sequence[Run]) -> list[Miss]:
    """Of each figure that was missed: the database, the scenario, the figure with its limit, what it was."""
    found: list[Miss] = []
    for run in runs:
        where = f"{run.database}, {run.cases}"
        small = _smallest(runs, run)
        for scenario, wanted, was in _of_run(run, small):
            found.append((where, scenario, wanted, was))
    found += _of_sqlite(runs)
    return found


def _smallest(runs: Sequence[Run], run: Run) -> Run | None:
    smaller = [one for one in runs if one.database == run.database and one.cases < run.cases]
    return min(smaller, key=lambda one: one.cases, default=None)


def _of_run(run: Run, small: Run | None) -> Iterator[tuple[str, str, str]]:
    if run.memory > MOST_MEMORY:
        yield "memory of a worker", f"≤ {MOST_MEMORY:.0f} MB", f"{run.memory:.0f} MB"
    if run.start_up > MOST_START_UP:
        yield "start-up", f"≤ {MOST_START_UP:.0f} s", f"{run.start_up:.1f} s"
    before = {figure.name: figure for figure in small.figures} if small else {}
    for figure in run.figures:
        if figure.floor:
            for wanted, was in _of_figure(figure, before.get(figure.name)):
                yield figure.name, wanted, was


def _of_figure(figure: Figure, small: Figure | None) -> Iterator[tuple[str, str]]:
    if figure.refused:
        yield "an answer", figure.refused
        return
    if figure.ratio < figure.least:
        yield f"≥ {figure.least:.2f} of {figure.floor}", f"{figure.ratio:.2f}"
    if figure.p50 and figure.p99 > MOST_P99 * figure.p50:
        yield f"p99 ≤ {MOST_P99:.0f} × p50", f"{figure.p99 / figure.p50:.1f} ×"
    if small and figure.ratio and small.ratio / figure.ratio > MOST_GROWTH:
        yield f"within {MOST_GROWTH} × of the fewest cases", f"{small.ratio / figure.ratio:.2f} ×"
    if figure.slowest > MOST_MILLISECONDS:
        yield f"no statement above {MOST_MILLISECONDS:.0f} ms", f"{figure.slowest:.0f} ms"
    if figure.most_buffers > MOST_BUFFERS:
        yield f"no statement above {MOST_BUFFERS} buffers", f"{figure.most_buffers}"


def _of_sqlite(runs: Sequence[Run]) -> Iterator[Miss]:
    """SQLite reads at least half as fast as PostgreSQL with as many cases."""
    postgres = {run.cases: run for run in runs if run.database == "PostgreSQL"}
    for run in runs:
        if run.database == "PostgreSQL" or run.cases not in postgres:
            continue
        rates = {figure.name: figure.rate for figure in postgres[run.cases].figures}
        for figure in run.figures:
            share = figure.rate / rates[figure.name] if rates.get(figure.name) else 1.0
            if share < LEAST_OF_POSTGRESQL:
                where = f"{run.database}, {run.cases}"
                yield where, figure.name, f"≥ {LEAST_OF_POSTGRESQL} of PostgreSQL", f"{share:.2f}"
