"""Measure one filled database: each scenario in turn with the floors, and the median of the rounds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from flask import Flask

from portal import config, create_app, db, install
from tests.bench import inside, scenarios, subjects
from tests.bench.figures import Figure, Run
from tests.bench.filling import fill
from tests.bench.scenarios import Scenario
from tests.bench.serving import delivery, floor, load, server
from tests.bench.serving.server import Server

Say = Callable[[str], None]
ROUNDS = 3
WARM_SECONDS = 0.3


def measure(address: str, cases: int, seconds: float, say: Say) -> Run:
    """Measure a database, which is changed by it."""
    install(config.load(**fill.SETTINGS, database_url=address))
    floor.fill()
    is_sqlite = address.startswith("sqlite")
    with server.running(address, "wsgi:app") as plain:
        start_up = plain.start_up
    with server.running(address, "tests.bench.serving.wsgi:app") as running:
        known = subjects.find(partial(load.exchange, running.port))
        reading = [*scenarios.floors(), *[one for one in scenarios.scenarios(known) if not one.writes]]
        figures = _rounds(running, lambda: reading, seconds, say)
        memory = running.memory()
        # A slow statement is to be named, not ended.
        db.lift_time_limits()
        app = create_app(config.settings())
        # Before the changes, which make thousands of cases new again.
        figures = _with_statements(figures, known, app, say)
        if not is_sqlite:
            changing = _changing(running, known, figures, seconds, say)
            ready = replace(known, waiting=subjects.waiting())
            figures.update(_with_statements(changing, ready, app, say))
    messages = 0.0 if is_sqlite else delivery.messages_a_second(address)
    say(f"  {messages:.0f} messages a second, {memory:.0f} MB a worker, {start_up:.1f} s to start")
    db.engine().dispose()
    kind = "SQLite" if is_sqlite else "PostgreSQL"
    return Run(kind, cases, start_up, memory, messages, tuple(figures.values()))


def _changing(
    running: Server, known: subjects.Subjects, read: dict[str, Figure], seconds: float, say: Say
) -> dict[str, Figure]:
    """What changes cases comes last, with its own measurement of the floors that it is compared with."""

    def choose() -> list[Scenario]:
        # Opened again for each round: with few cases none is left after the first.
        again = replace(known, waiting=subjects.waiting())
        chosen = [one for one in scenarios.scenarios(again) if one.writes]
        wanted = {one.floor for one in chosen}
        return [*[one for one in scenarios.floors() if one.name in wanted], *chosen]

    figures = _rounds(running, choose, seconds, say)
    return {name: figure for name, figure in figures.items() if name not in read}


def _rounds(
    running: Server, choose: Callable[[], Sequence[Scenario]], seconds: float, say: Say
) -> dict[str, Figure]:
    """Every scenario once in each round, so that a slow minute of the machine touches all of them."""
    chosen = choose()
    runs: dict[str, list[Figure]] = {one.name: [] for one in chosen}
    for one in chosen:
        # What changes cases is not done for nothing: there are only so many of them.
        warm = None if one.writes else _once(running, one, WARM_SECONDS)
        if warm and warm.refused:
            runs[one.name].append(warm)
            say(f"  {one.name}: {warm.refused}")
    for turn in range(1, ROUNDS + 1):
        for one in chosen if turn == 1 else choose():
            if any(figure.refused for figure in runs[one.name]):
                continue
            figure = _once(running, one, seconds)
            runs[one.name].append(figure)
            told = f"{figure.rate:8.1f}/s {figure.p50:8.1f} ms {figure.refused}"
            say(f"  {turn}/{ROUNDS} {one.name:<24} {told}")
    medians = {name: _median(figures) for name, figures in runs.items()}
    return {name: _compared(figure, medians) for name, figure in medians.items()}


def _once(running: Server, one: Scenario, seconds: float) -> Figure:
    before = running.cpu()
    try:
        result = load.run(running.port, one.unit, seconds)
    except load.Refused as refused:
        return Figure(one.name, one.floor, one.least, 0, 0, 0, 0, 0, 0, refused=str(refused).split("\r")[0])
    used = running.cpu() - before
    return Figure(
        name=one.name,
        floor=one.floor,
        least=one.least,
        rate=result.rate,
        p50=result.percentile(50),
        p95=result.percentile(95),
        p99=result.percentile(99),
        cpu=1000 * used / max(1, result.requests),
        size=result.received // max(1, result.requests),
    )


def _median(figures: list[Figure]) -> Figure:
    refused = [figure for figure in figures if figure.refused]
    return refused[0] if refused else sorted(figures, key=lambda figure: figure.rate)[len(figures) // 2]


def _compared(figure: Figure, medians: dict[str, Figure]) -> Figure:
    under = medians.get(figure.floor)
    return replace(figure, ratio=figure.rate / under.rate) if under and under.rate else figure


def _with_statements(
    figures: dict[str, Figure], known: subjects.Subjects, app: Flask, say: Say
) -> dict[str, Figure]:
    """The figures with what each scenario asks of the database."""
    say("  statements")
    for one in scenarios.scenarios(known):
        if one.name in figures:
            figures[one.name] = _asked(figures[one.name], one, app)
    return figures


def _asked(figure: Figure, one: Scenario, app: Flask) -> Figure:
    if figure.refused:
        return figure
    # The first fills what a process keeps; the second is what a page asks each time.
    inside.statements(app, one.unit(0))
    found = inside.statements(app, one.unit(1))
    figure = replace(figure, statements=len(found))
    if db.engine().dialect.name != "postgresql":
        return figure
    plans = inside.explained(found)
    return replace(
        figure,
        buffers=sum(plan.buffers for plan in plans),
        most_buffers=max((plan.buffers for plan in plans), default=0),
        slowest=max((plan.milliseconds for plan in plans), default=0.0),
        scans=tuple(sorted({name for plan in plans for name in plan.scans})),
    )
