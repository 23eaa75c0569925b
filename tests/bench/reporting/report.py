"""The tables of docs/performance.md, between its markers: what people wrote around them stays. Pure."""

from collections.abc import Sequence
from typing import Any

from tests.bench.figures import Figure, Run
from tests.bench.reporting import targets

BEGIN = "<!-- measured: begin (make bench writes this part) -->"
END = "<!-- measured: end -->"
HEAD = ("", "a second", "of its floor", "p50", "p95", "p99", "CPU", "statements", "buffers", "slowest", "kB")


def replaced(document: str, measured: str) -> str:
    """The document with the part between the markers replaced. Raises ValueError if they are not there."""
    before, begin, rest = document.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"docs/performance.md lacks {BEGIN} or {END}")
    return f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}"


def written(about: dict[str, str], runs: Sequence[Run]) -> str:
    """The measured part: when, what and where, a table for each database, and what was missed."""
    parts = ["\n".join(f"- {name}: {value}" for name, value in about.items())]
    parts += [_section(run) for run in runs]
    parts.append(_misses(runs))
    return "\n\n".join(parts)


def _section(run: Run) -> str:
    lines = [f"### {run.database}, {grouped(run.cases)} cases", ""]
    lines.append(f"Start-up {run.start_up:.1f} s; a worker has {run.memory:.0f} MB.")
    if run.messages:
        lines.append(f"The worker delivers {run.messages:.0f} messages a second.")
    rows = [_row(figure) for figure in run.figures]
    return "\n".join([*lines, "", *table(HEAD, rows)])


def _row(figure: Figure) -> tuple[str, ...]:
    asked = (str(figure.statements), grouped(figure.buffers), f"{figure.slowest:.1f} ms")
    return (
        figure.name,
        figure.refused or f"{figure.rate:.1f}",
        f"{figure.ratio:.2f}" if figure.floor else "",
        f"{figure.p50:.1f} ms",
        f"{figure.p95:.1f} ms",
        f"{figure.p99:.1f} ms",
        f"{figure.cpu:.1f} ms",
        *(asked if figure.floor else ("", "", "")),
        f"{figure.size / 1000:.1f}",
    )


def _misses(runs: Sequence[Run]) -> str:
    rows = targets.misses(runs)
    if not rows:
        return "### Misses\n\nNone."
    return "\n".join(
        ["### Misses", "", *table(("where", "what", "figure to reach", "measured"), rows, right=False)]
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: bool = True) -> list[str]:
    """A table in Markdown: the first column to the left, figures to the right."""
    bars = ["---", *["---:" if right else "---"] * (len(head) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (head, bars, *rows)]


def plain(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned text, for a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def grouped(number: int) -> str:
    """1 000 000, with spaces that do not break."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def runs_of(stored: dict[str, Any]) -> list[Run]:
    """The runs that JSON holds."""
    runs = []
    for run in stored["runs"]:
        figures = tuple(Figure(**figure | {"scans": tuple(figure["scans"])}) for figure in run["figures"])
        runs.append(Run(**run | {"figures": figures}))
    return runs
