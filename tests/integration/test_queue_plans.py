"""How PostgreSQL reads the queue: by the indexes in its own orders, however many closed cases there are."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal import clock, create_app, db
from portal.cases.enums import BarKind, Direction, Piece
from portal.cases.lifecycle import Status
from portal.cases.models import Case, CaseBar, Message, Task
from portal.cases.ownership import queries as ownership
from portal.cases.queue import conditions, counts, listing
from portal.cases.queue.filter_options import filter_options
from portal.cases.queue.filters import Filters, Sort, View
from portal.cases.search.criteria import readable
from portal.cases.search.models import SearchText
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.statistics.figures.dimensions import Dimension
from portal.statistics.figures.queries import figures
from tests import bulk_cases, factories
from tests.clean_database import empty
from tests.conftest import settings

# Enough that a look at every case is dearer than an index, and few enough to be there at once.
CLOSED, MANY = 20_000, 400
# Blocks of 8 kB: a look at every case takes more than a thousand of them.
MOST = 400
READERS = (Role.OFFICER, Role.REGISTRAR, Role.RECORDS_OFFICER)


@pytest.fixture
def filled(postgres_url: str) -> Iterator[None]:
    """A database with many closed cases and a few open ones; emptied as the next test begins."""
    empty(postgres_url)
    with create_app(settings(postgres_url)).app_context():
        # One officer with a membership in each unit: cases of a unit without handlers are listed elsewhere.
        factories.more_memberships(factories.member("samir", unit="park"), len(organisation.units()) - 1)
        bulk_cases.cases(CLOSED, status=Status.CLOSED, answered_at=clock.now(), record_request=False)
        with db.transaction() as writer:
            writer.execute(sa.update(Task).values(done_at=clock.now()))
        _add_bars()
        bulk_cases.cases(MANY)
        vacuumed = db.engine().execution_options(isolation_level="AUTOCOMMIT")
        with vacuumed.connect() as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
        yield
    db.close_read_session()
    empty(postgres_url)


def _add_bars() -> None:
    """Of closed cases, with which they grow."""
    values = (factories.citizen().person, BarKind.CONCERNED.value, clock.now())
    bars = sa.select(Case.id, *map(sa.literal, values)).where(Case.number % 10 == 0)
    with db.transaction() as writer:
        writer.execute(sa.insert(CaseBar).from_select(["case_id", "person_id", "kind", "at"], bars))


def add_hidden_messages() -> None:
    """More of them than PostgreSQL expects: it samples rows, and they are few among all."""
    hidden = {
        "direction": Direction.IN.value,
        "language": "sv",
        "body": "Under sekretess",
        "arrived_at": clock.now(),
        "registered_at": clock.now(),
        "secrecy_provision": "26 kap. 1 §",
    }
    messages = sa.select(Case.id, Case.responsible_board_id, *map(sa.literal, hidden.values()))
    words = sa.literal(Piece.MESSAGE.value), sa.literal(" wunder wsekretess 0 ")
    rows = sa.select(Message.case_id, Message.id, *words)
    with db.transaction() as writer:
        public = messages.where(Case.number % 2 == 0)
        public = public.with_only_columns(*list(public.selected_columns)[:-1], sa.null())
        columns = ["case_id", "board_id", *hidden]
        writer.execute(sa.insert(Message).from_select(columns, public))
        writer.execute(sa.text("ANALYZE message"))
        writer.execute(sa.insert(Message).from_select(columns, messages.where(Case.number % 10 == 1)))
        columns = ["case_id", "message_id", "piece", "stems"]
        writer.execute(sa.insert(SearchText).from_select(columns, rows))
        writer.execute(sa.text("ANALYZE search_text"))


def actor(role: Role) -> Staff:
    return factories.member("anna", role, "park" if role is Role.OFFICER else None)


def plans(read: Callable[[], Any]) -> list[dict[str, Any]]:
    """The plan of each statement that is executed meanwhile, with the blocks that it reads."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        found.append((statement, parameters))

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        read()
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)
    return [_explained(*each) for each in found]


def _explained(statement: str, parameters: Any) -> dict[str, Any]:
    explain = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}"
    rows = db.session().connection().exec_driver_sql(explain, parameters)
    found = rows.scalar_one()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def scans(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Every node of a plan."""
    found = [node]
    for part in node.get("Plans", ()):
        found += scans(part)
    return found


def read_all(plan: dict[str, Any]) -> set[str]:
    """The tables that a plan reads from end to end."""
    return {node["Relation Name"] for node in scans(plan) if node["Node Type"] == "Seq Scan"}


def test_no_list_and_no_count_of_the_queue_reads_every_case(filled: None) -> None:
    readers = {role: actor(role) for role in READERS}
    the_narrow_indexes_are_enough(readers[Role.REGISTRAR])
    for staff in readers.values():
        every_list_reads_little(staff)
    figures_read_their_own_cases(factories.member("eva", Role.HEAD_OF_UNIT))


def every_list_reads_little(staff: Staff) -> None:
    at = conditions.days()
    menu = {view.value: Filters(view) for view in View if view is not View.NEWEST}
    lists = [Filters(view, sort=sort) for view in (View.OPEN, View.OVERDUE) for sort in Sort]
    lists += [Filters(View.NEWEST, sort=sort) for sort in (Sort.NEWEST, Sort.OLDEST, Sort.DUE)]
    lists += [Filters(view) for view in View]
    asked: dict[str, Callable[[], Any]] = {
        "options": lambda: filter_options(staff),
        "counts": lambda: counts.counts(staff, menu, at),
        "placeable": lambda: ownership.count_placeable(staff),
    }
    for filters in lists:
        asked[str(filters)] = lambda filters=filters: listing.list_cases(staff, filters, at)
    for name, read in asked.items():
        for plan in plans(read):
            assert "case" not in read_all(plan), (staff.role, name)
            assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= MOST, (staff.role, name)


def the_narrow_indexes_are_enough(registrar: Staff) -> None:
    """Those of unclosed cases for what has no handler, and of open cases for what is counted."""
    without_handler = plans(lambda: ownership.count_placeable(registrar))[0]
    assert ("Index Only Scan", "ix_case_unclosed") in indexes(without_handler)
    menu = {view.value: Filters(view) for view in View if view not in conditions.UNBOUNDED}
    counted = plans(lambda: counts.counts(registrar, menu, conditions.days()))[0]
    assert ("Index Only Scan", "ix_case_open") in indexes(counted)


def figures_read_their_own_cases(head: Staff) -> None:
    """The cases of a unit that came in, and the promises that began in a period, each from its index."""
    first = clock.today() - timedelta(days=60)
    (plan,) = plans(
        lambda: figures(head, first, first + timedelta(days=30), Dimension.MONTH, max_cases=CLOSED)
    )
    assert "case" not in read_all(plan)
    conditions = [
        scan["Index Cond"] for scan in scans(plan) if scan.get("Index Name") == "ix_case_handling_unit"
    ]
    assert any("clock_started_on" in condition for condition in conditions), conditions


def indexes(plan: dict[str, Any]) -> set[tuple[str, str | None]]:
    return {(scan["Node Type"], scan.get("Index Name")) for scan in scans(plan)}


def test_the_words_of_few_cases_do_not_read_the_hidden_messages_of_all(filled: None) -> None:
    add_hidden_messages()
    few = list(db.session().scalars(sa.select(SearchText.case_id).order_by(SearchText.id.desc()).limit(25)))
    for role in READERS:
        query = sa.select(SearchText.case_id).join(Case, Case.id == SearchText.case_id)
        query = query.where(SearchText.case_id.in_(few), readable(actor(role)))
        plan = plans(lambda query=query: db.session().execute(query).all())[0]
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= MOST, role
