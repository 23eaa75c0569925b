"""An own count of the figures in SQL: what portal/statistics/figures counts in Python, group by group."""

from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal.organisation import queries as organisation
from portal.organisation.calendar import closed

FATE = """CASE
WHEN close_reason IN ('transferred', 'outside', 'withdrawn', 'duplicate', 'no_answer') THEN close_reason
WHEN merged_into_id IS NOT NULL THEN 'duplicate'
WHEN status IN ('answered', 'closed') THEN 'answered' ELSE 'open' END"""
OWED = "fate IN ('answered', 'duplicate', 'open')"
OPINION = "kind IN ('complaint', 'praise', 'suggestion')"
CONTACTED_FIRST = "contacted_at IS NOT NULL AND (answered_at IS NULL OR contacted_at <> answered_at)"
# The key, the table, and the condition. {day} of a column is its day, {today} the day of the count.
COUNTS = (
    ("cases", "c", "1 = 1"),
    ("parts", "c", "split_from_id IS NOT NULL"),
    ("cases.reopened", "c", "reopened"),
    ("cases.answered", "c", f"{OWED} AND answered IS NOT NULL"),
    ("closed.summer", "c", "closable AND in_summer"),
    (
        "closed.total",
        "c",
        "closable AND NOT in_summer",
    ),
    ("closed.in_time", "c", "closable AND extended_to IS NULL AND closed_on <= due_answer"),
    ("solved.waiting", "c", f"{OWED} AND answered IS NULL"),
    ("first.total", "c", "asked"),
    ("first.solved", "c", "asked AND first_contact"),
    ("reach.total", "c", "reachable"),
    ("reach.reached", "c", "reachable AND reached_on <= reach_by"),
    ("promises", "p", "1 = 1"),
    ("promises.reopened", "p", "again"),
    ("promises.unsatisfied", "p", "unsatisfied"),
    ("promises.extended", "p", "extended_to IS NOT NULL"),
    ("promises.extended_for_summer", "p", "extended_for_summer"),
    ("answer.undated", "p", "due_answer IS NULL"),
    ("answer.undue", "p", "due_answer IS NOT NULL AND NOT passed"),
    (
        "answer.summer",
        "p",
        "due_answer IS NOT NULL AND passed AND extended_for_summer AND answered <= due_answer",
    ),
    ("answer.total", "p", "late_or_kept"),
    ("answer.cases", "p", "late_or_kept AND NOT again"),
    ("answer.in_time", "p", "late_or_kept AND extended_to IS NULL AND answered <= due_answer"),
    ("answer.extended", "p", "late_or_kept AND extended_to IS NOT NULL"),
    ("answer.waiting", "p", "late_or_kept AND answered IS NULL"),
    ("times.cases", "p", "passed AND NOT again"),
    ("times.waiting", "p", "passed AND answered IS NULL"),
    ("contact.undated", "p", "due_contact IS NULL"),
    ("contact.undue", "p", "due_contact >= {today}"),
    ("contact.total", "p", "due_contact < {today}"),
    ("contact.cases", "p", "due_contact < {today} AND NOT again"),
    ("contact.in_time", "p", "due_contact < {today} AND contacted <= due_contact"),
    ("policy.named.total", "p", f"contact_named IS NOT NULL AND {CONTACTED_FIRST}"),
    ("policy.named.followed", "p", f"contact_named AND {CONTACTED_FIRST}"),
    ("policy.thanks.total", "p", f"answer_thanks IS NOT NULL AND {OPINION}"),
    ("policy.thanks.followed", "p", f"answer_thanks AND {OPINION}"),
    ("policy.regret.total", "p", "answer_regrets IS NOT NULL AND kind = 'complaint'"),
    ("policy.regret.followed", "p", "answer_regrets AND kind = 'complaint'"),
    ("policy.plain.total", "p", "answer_lix IS NOT NULL"),
    ("policy.plain.followed", "p", "answer_lix <= 39"),
)
# Those of closed.total that are of different cases: every one.
SAME = {"closed.cases": "closed.total"}
BASE = """SELECT *, {fate} AS fate, {arrived} AS arrived, {answered} AS answered, {closed} AS closed_on,
{contacted} AS contacted, coalesce({first_contacted}, {contacted}) AS reached_on,
EXISTS (SELECT 1 FROM past_clock e WHERE e.case_id = "case".id AND e.answered_at IS NOT NULL)
    AS answered_before
FROM "case" WHERE number >= {first_number}"""
FIRST_CONTACT = '(SELECT min(contacted_at) FROM past_clock e WHERE e.case_id = "case".id)'
CASES = """SELECT *, {month} AS month,
{owed} AND NOT reopened AND (due_answer < {today} AND paused_on IS NULL OR broken) AS closable,
extended_for_summer AND closed_on IS NOT NULL AND closed_on <= due_answer AS in_summer,
first_line_unit_id IS NOT NULL AND first_contact IS NOT NULL AND (answered IS NOT NULL OR answered_before)
    AS asked,
{owed} AND split_from_id IS NULL AND answer_wanted AND CAST(promise ->> 'contact' AS INTEGER) = 2
    AND reach_by < {today} AS reachable
FROM (SELECT *, extended_to IS NOT NULL AND NOT extended_for_summer AS broken,
    (SELECT day FROM open_day WHERE day > arrived ORDER BY day LIMIT 1 OFFSET 1) AS reach_by
    FROM base) dated
WHERE arrived BETWEEN {first} AND {last}"""
POLICIES = "contact_named, answer_thanks, answer_regrets, answer_lix, contacted_at, answered_at"
ROUND = f"due_contact, contacted, extended_to, extended_for_summer, unsatisfied, {POLICIES}"
CURRENT = """SELECT {place}, handling_unit_id, clock_started_on AS started_on, due_answer, answered, {round},
paused_on, answered_before AS again FROM base WHERE close_reason IS NULL OR close_reason = 'answered'"""
PAST = """SELECT {place}, coalesce(p.handling_unit_id, base.handling_unit_id), p.started_on, p.due_answer,
{answered}, p.due_contact, {contacted}, p.extended_to, p.extended_for_summer, p.unsatisfied, p.contact_named,
p.answer_thanks, p.answer_regrets, p.answer_lix, p.contacted_at, p.answered_at, NULL,
EXISTS (SELECT 1 FROM past_clock e WHERE e.case_id = p.case_id AND e.id < p.id AND e.answered_at IS NOT NULL)
FROM past_clock p JOIN base ON base.id = p.case_id WHERE p.answered_at IS NOT NULL"""
PROMISES = """SELECT *, {month} AS month, passed AND due_answer IS NOT NULL AND NOT in_summer AS late_or_kept
FROM (SELECT *, (paused_on IS NULL AND (due_answer IS NULL OR due_answer < {today}))
    OR (extended_to IS NOT NULL AND NOT extended_for_summer) AS passed,
    due_answer IS NOT NULL AND extended_for_summer AND answered IS NOT NULL AND answered <= due_answer
        AS in_summer
    FROM ({current} UNION ALL {past}) rounds) dated
WHERE started_on BETWEEN {first} AND {last}"""
PLACE = """kind, responsible_board_id, responsible_administration_id, category_id, channel, level, language"""
OPEN_DAYS = "(SELECT count(*) FROM open_day WHERE day > {start} AND day <= {end})"


class Oracle:
    """The cases of the database as they are on a day, in the two views `c` (cases) and `p` (promises)."""

    def __init__(self, writer: Any, today: date, first: date, last: date, first_number: int) -> None:
        self.writer = writer
        self.is_sqlite = writer.get_bind().dialect.name == "sqlite"
        self.values = {"today": self.literal(today), "first": self.literal(first), "last": self.literal(last)}
        self._make_days(first - timedelta(days=400), today + timedelta(days=100))
        self._make_views(first_number)

    def literal(self, day: date) -> str:
        """A day in the SQL of the database."""
        return f"'{day}'" if self.is_sqlite else f"DATE '{day}'"

    def day(self, column: str) -> str:
        """The day of a moment: those of the made cases are at ten o'clock, so that no time zone matters."""
        return f"date({column})" if self.is_sqlite else f"CAST({column} AT TIME ZONE 'UTC' AS DATE)"

    def month(self, column: str) -> str:
        """The first day of the month of a day."""
        if self.is_sqlite:
            return f"strftime('%Y-%m-01', {column})"
        return f"CAST(date_trunc('month', {column}) AS DATE)"

    def _make_days(self, first: date, last: date) -> None:
        own = organisation.closed_days()
        days = [first + timedelta(days=number) for number in range((last - first).days)]
        opened = [{"day": day} for day in days if closed(day, own) is None]
        table = sa.Table("open_day", sa.MetaData(), sa.Column("day", sa.Date), prefixes=["TEMPORARY"])
        table.create(self.writer.connection())
        self.writer.execute(sa.insert(table), opened)

    def _make_views(self, first_number: int) -> None:
        moments = {"arrived": "received_at", "answered": "answered_at", "closed": "closed_at"}
        moments |= {"contacted": "contacted_at", "first_contacted": FIRST_CONTACT}
        days = {name: self.day(column) for name, column in moments.items()}
        self.view("base", BASE.format(fate=FATE, first_number=first_number, **days))
        self.view("c", CASES.format(month=self.month("arrived"), owed=OWED, **self.values))
        then = {"answered": self.day("p.answered_at"), "contacted": self.day("p.contacted_at")}
        current = CURRENT.format(place=PLACE, round=ROUND)
        past = PAST.format(place=PLACE, **then)
        month = self.month("started_on")
        self.view("p", PROMISES.format(month=month, current=current, past=past, **self.values))

    def view(self, name: str, query: str) -> None:
        """Make a table of a query, so that it is computed once."""
        self.writer.execute(sa.text(f"CREATE TEMPORARY TABLE {name} AS {query}"))

    def sums(self, column: str) -> dict[Hashable, Counter[str]]:
        """Every figure, in the groups of a column."""
        groups: dict[Hashable, Counter[str]] = {}
        for key, table, condition in COUNTS:
            query = (
                f"SELECT {column}, count(*) FROM {table} WHERE {condition.format(**self.values)} GROUP BY 1"
            )
            self._add(groups, key, query)
        fates = f"SELECT {column}, fate, count(*) FROM c GROUP BY 1, 2"
        solved = self._days("arrived", "answered", f"c WHERE {OWED} AND answered IS NOT NULL", column)
        answers = self._days("started_on", "answered", "p WHERE passed AND answered IS NOT NULL", column)
        for prefix, query in (("fate.", fates), ("solved:", solved), ("days:", answers)):
            for group, key, count in self.writer.execute(sa.text(query)):
                groups.setdefault(group, Counter())[f"{prefix}{key}"] += count
        for counted in groups.values():
            for key, other in SAME.items():
                counted[key] = counted[other]
        return {group: +counted for group, counted in groups.items()}

    def _days(self, start: str, end: str, table: str, column: str) -> str:
        days = OPEN_DAYS.format(start=start, end=end)
        numbers = f"SELECT {column}, {days} AS days FROM {table}"
        return f"SELECT {column}, days, count(*) FROM ({numbers}) d GROUP BY 1, 2"

    def _add(self, groups: dict[Hashable, Counter[str]], key: str, query: str) -> None:
        rows: Sequence[Any] = self.writer.execute(sa.text(query)).all()
        for group, count in rows:
            groups.setdefault(group, Counter())[key] += count
