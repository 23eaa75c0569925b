"""The shares of the floor as SVG: a row for each scenario, a bar for each number of cases. Pure."""

from collections.abc import Iterator, Sequence
from html import escape

from tests.bench.figures import Run
from tests.bench.reporting.report import grouped

WIDTH, LEFT, RIGHT, TOP = 860, 190, 60, 60
BAR, GAP = 9, 10
# Readable on white and on black, and apart from each other without colour by their lightness.
COLOURS = ("#7fb3d5", "#2e86c1", "#1b4f72", "#ca6f1e")
TARGET = "#c0392b"


def drawn(runs: Sequence[Run]) -> str:
    """The chart of these runs."""
    names = [figure.name for figure in runs[0].figures if figure.floor] if runs else []
    height = TOP + len(names) * (len(runs) * BAR + GAP) + 40
    body = "\n".join([*_legend(runs), *_axis(height), *_rows(runs, names)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="sans-serif" font-size="12">\n'
        "<title>Requests a second as a share of the floor</title>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _scale(share: float) -> float:
    return LEFT + min(share, 1.0) * (WIDTH - LEFT - RIGHT)


def _legend(runs: Sequence[Run]) -> Iterator[str]:
    for place, run in enumerate(runs):
        x = LEFT + place * 165
        yield f'<rect x="{x}" y="14" width="10" height="10" fill="{COLOURS[place % len(COLOURS)]}"/>'
        yield f'<text x="{x + 15}" y="23">{run.database}, {grouped(run.cases)}</text>'


def _axis(height: int) -> Iterator[str]:
    for tenths in range(0, 11, 2):
        x = _scale(tenths / 10)
        yield f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{height - 30}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{TOP - 14}" text-anchor="middle" fill="#555">{tenths / 10:.1f}</text>'
    told = "Share of the floor; the mark is the figure to reach."
    yield f'<text x="{LEFT}" y="{height - 10}" fill="#555">{told}</text>'


def _rows(runs: Sequence[Run], names: Sequence[str]) -> Iterator[str]:
    step = len(runs) * BAR + GAP
    for place, name in enumerate(names):
        y = TOP + place * step
        middle = y + len(runs) * BAR / 2 + 4
        yield f'<text x="{LEFT - 8}" y="{middle:.1f}" text-anchor="end">{escape(name)}</text>'
        yield from _bars(runs, name, y)


def _bars(runs: Sequence[Run], name: str, y: int) -> Iterator[str]:
    least = 0.0
    for place, run in enumerate(runs):
        figure = next((figure for figure in run.figures if figure.name == name), None)
        if figure is None:
            continue
        least = figure.least
        width, top = _scale(figure.ratio) - LEFT, y + place * BAR
        colour = COLOURS[place % len(COLOURS)]
        yield f'<rect x="{LEFT}" y="{top}" width="{width:.1f}" height="{BAR - 1}" fill="{colour}"/>'
        yield f'<text x="{LEFT + width + 4:.1f}" y="{top + BAR - 1}" font-size="9">{figure.ratio:.2f}</text>'
    if least:
        x = _scale(least)
        bottom = y + len(runs) * BAR
        ends = f'x1="{x:.1f}" y1="{y - 2}" x2="{x:.1f}" y2="{bottom}"'
        yield f'<line {ends} stroke="{TARGET}" stroke-width="2"/>'
