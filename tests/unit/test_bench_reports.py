"""The client, the tables, the chart and the figures to reach of the benchmark."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.bench.figures import Figure, Run
from tests.bench.reporting import chart, report, targets
from tests.bench.serving import load

GOOD = Figure("queue", "floor: select", 0.35, 200.0, 10.0, 20.0, 30.0, 4.0, 40_000, 0.4, 5, 200, 100, 3.0)
FLOOR = Figure("floor: select", "", 0.0, 500.0, 4.0, 6.0, 8.0, 1.0, 10_000)
SMALL = Run("PostgreSQL", 1_000, 1.5, 100.0, 80.0, (FLOOR, GOOD))


def with_figure(figure: Figure, cases: int = 100_000) -> Run:
    return replace(SMALL, cases=cases, figures=(FLOOR, figure))


def whats(runs: list[Run]) -> list[tuple[str, str]]:
    return [(scenario, measured) for _where, scenario, _wanted, measured in targets.misses(runs)]


def test_nothing_is_missed_where_every_figure_is_reached() -> None:
    assert whats([SMALL, with_figure(GOOD)]) == []


@pytest.mark.parametrize(
    ("change", "measured"),
    [
        ({"ratio": 0.349}, "0.35"),
        ({"p99": 51.0}, "5.1 ×"),
        ({"slowest": 21.0}, "21 ms"),
        ({"most_buffers": 2_001}, "2001"),
        ({"refused": "HTTP/1.1 503 SERVICE UNAVAILABLE"}, "HTTP/1.1 503 SERVICE UNAVAILABLE"),
    ],
)
def test_a_figure_that_is_not_reached_is_a_miss(change: dict[str, Any], measured: str) -> None:
    assert whats([with_figure(replace(GOOD, **change))]) == [("queue", measured)]


def test_what_slows_down_with_the_cases_is_a_miss() -> None:
    slower = replace(GOOD, ratio=0.36)
    assert whats([replace(SMALL, figures=(replace(GOOD, ratio=0.46),)), with_figure(slower)]) == [
        ("queue", "1.28 ×")
    ]
    assert whats([with_figure(slower), with_figure(replace(GOOD, ratio=0.35), cases=1_000_000)]) == []


def test_memory_and_start_up_are_missed_too() -> None:
    heavy = replace(SMALL, memory=120.6, start_up=2.1)
    assert whats([heavy]) == [("memory of a worker", "121 MB"), ("start-up", "2.1 s")]


def test_sqlite_reads_at_least_half_as_fast() -> None:
    sqlite = replace(SMALL, database="SQLite", figures=(replace(GOOD, rate=99.0),))
    assert whats([SMALL, sqlite]) == [("queue", "0.49")]
    assert whats([SMALL, replace(sqlite, figures=(replace(GOOD, rate=100.0),))]) == []


def test_only_what_is_between_the_markers_is_replaced() -> None:
    document = f"# Text\n{report.BEGIN}\nold\n{report.END}\nby hand\n"
    assert report.replaced(document, "new") == f"# Text\n{report.BEGIN}\n\nnew\n\n{report.END}\nby hand\n"
    with pytest.raises(ValueError, match="lacks"):
        report.replaced("# Text", "new")


def test_the_tables_say_what_was_measured() -> None:
    told = report.written({"date": "2026-11-29"}, [SMALL])
    assert "- date: 2026-11-29" in told
    assert "### PostgreSQL, 1\N{NO-BREAK SPACE}000 cases" in told
    assert "| queue | 200.0 | 0.40 | 10.0 ms | 20.0 ms | 30.0 ms | 4.0 ms | 5 | 200 | 3.0 ms | 40.0 |" in told
    assert "| floor: select | 500.0 |  | 4.0 ms | 6.0 ms | 8.0 ms | 1.0 ms |  |  |  | 10.0 |" in told
    assert told.endswith("### Misses\n\nNone.")


def test_runs_survive_json() -> None:
    assert report.runs_of({"runs": [SMALL.as_json()]}) == [SMALL]


def test_the_chart_has_a_bar_for_each_scenario_and_size() -> None:
    drawn = ElementTree.fromstring(chart.drawn([SMALL, with_figure(replace(GOOD, ratio=0.2))]))
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "queue" in texts
    assert "floor: select" not in texts
    assert {"0.40", "0.20"} <= set(texts)


def test_an_answer_that_is_not_the_page_is_refused() -> None:
    load.check(b"HTTP/1.1 200 OK\r\n\r\nHej", 200, b"Hej")
    with pytest.raises(load.Refused, match="503"):
        load.check(b"HTTP/1.1 503 Gone\r\n\r\nHej", 200, b"Hej")
    with pytest.raises(load.Refused, match="inte"):
        load.check(b"HTTP/1.1 200 OK\r\n\r\ninte", 200, b"Hej")


def test_percentiles_are_in_milliseconds() -> None:
    result = load.Result(seconds=2.0, times=[number / 1_000 for number in range(1, 101)])
    assert result.rate == 50
    assert result.percentile(50) == pytest.approx(50.5)
    assert result.percentile(99) == pytest.approx(99.01)
    assert load.Result(seconds=1.0, times=[0.25]).percentile(99) == 250


def test_requests_are_what_a_proxy_sends() -> None:
    assert load.get("/x", "a=b") == (
        b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: a=b\r\n\r\n"
    )
    sent = load.post("/x", "body=1")
    assert sent.endswith(b"Content-Length: 6\r\n\r\nbody=1")
