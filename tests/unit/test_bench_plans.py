"""Which statements the benchmark finds to read a whole table."""

from typing import Any

import pytest

from tests.bench import plans
from tests.bench.plans import Statement

SCAN: dict[str, Any] = {"Node Type": "Seq Scan", "Relation Name": "case", "Actual Rows": 3}


def explained(**inner: Any) -> plans.Plan:
    top = {"Node Type": "Limit", "Shared Hit Blocks": 40, "Shared Read Blocks": 2, "Plans": [SCAN | inner]}
    return plans._plan(Statement("SELECT 1", {}), {"Plan": top, "Planning Time": 1.5, "Execution Time": 2.0})


def test_the_plan_has_its_time_and_buffers() -> None:
    plan = explained()
    assert (plan.milliseconds, plan.buffers) == (3.5, 42)


@pytest.mark.parametrize("name", ["Actual Rows", "Rows Removed by Filter"])
def test_a_table_that_is_read_whole_is_named(name: str) -> None:
    assert explained(**{name: 5_000}).scans == ("case",)


@pytest.mark.parametrize("inner", [{}, {"Relation Name": "unit", "Actual Rows": 5_000}])
def test_few_rows_and_tables_that_do_not_grow_may_be_read(inner: dict[str, Any]) -> None:
    assert explained(**inner).scans == ()


def test_an_index_is_no_scan_of_the_table() -> None:
    assert explained(**{"Node Type": "Index Scan", "Actual Rows": 5_000}).scans == ()
