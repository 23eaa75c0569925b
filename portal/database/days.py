"""Days and months of what the database stores, as SQL of both databases: people count in those of Sweden."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portal import clock

FUNCTION = "stockholm_day"


class StockholmDay(FunctionElement[date]):
    """The day of a moment in Sweden: clock.stockholm(moment).date() as SQL."""

    inherit_cache = True
    type = Date()


@compiles(StockholmDay, "postgresql")
def _day_postgresql(element: StockholmDay, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(timezone('{clock.STOCKHOLM.key}', {compiler.process(element.clauses, **options)}) AS DATE)"


@compiles(StockholmDay, "sqlite")
def _day_sqlite(element: StockholmDay, compiler: SQLCompiler, **options: Any) -> str:
    return f"{FUNCTION}({compiler.process(element.clauses, **options)})"


class FirstOfMonth(FunctionElement[date]):
    """The first day of the month of a day."""

    inherit_cache = True
    type = Date()


@compiles(FirstOfMonth, "postgresql")
def _month_postgresql(element: FirstOfMonth, compiler: SQLCompiler, **options: Any) -> str:
    day = compiler.process(element.clauses, **options)
    return f"({day} - CAST(EXTRACT(DAY FROM {day}) AS INTEGER) + 1)"


@compiles(FirstOfMonth, "sqlite")
def _month_sqlite(element: FirstOfMonth, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, 'start of month')"


def register(connection: Any) -> None:
    """Give a connection to SQLite, which knows no time zones, the function of StockholmDay."""
    connection.create_function(FUNCTION, 1, _stockholm_day, deterministic=True)


def _stockholm_day(moment: str | None) -> str | None:
    # Stored in UTC, without a zone.
    if moment is None:
        return None
    return clock.stockholm(datetime.fromisoformat(moment).replace(tzinfo=UTC)).date().isoformat()
