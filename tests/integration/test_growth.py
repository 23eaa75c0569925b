"""A database with many cases: the filler's rows are those of the portal, and no page grows with them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import create_app, db, hash_chain
from portal.audit import trail
from portal.audit.models import TrailEntry
from portal.cases import clocks
from portal.cases.models import Case
from portal.cases.search import index
from portal.cases.search.models import SearchCase, SearchText
from tests import migrated, postgres
from tests.bench import cluster, inside, scenarios, subjects
from tests.bench.filling import fill, sqlite_copy
from tests.bench.plans import Plan
from tests.conftest import settings

FEW, MANY = 300, 100_000
MOST_BUFFERS = 2_000


@pytest.fixture(scope="module")
def filled_url(worker_id: str) -> str:
    """A PostgreSQL database with a few cases."""
    url = migrated.postgres_url(f"kontakt_test_filled_{worker_id}", worker_id)
    fill.prepare(url)
    fill.fill(url, FEW, lambda _line: None, workers=1)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, filled_url: str, worker_id: str, tmp_path: Path
) -> Iterator[Flask]:
    """The portal on a filled database of each kind, a copy of its own."""
    name = f"kontakt_test_filled_{worker_id}"
    url = postgres.fresh_database(f"{name}_copy", template=name)
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/filled.db"
        sqlite_copy.fill_from(url, filled_url, lambda _line: None)
    yield create_app(settings(url))
    db.close_read_session()
    db.engine().dispose()


def test_every_page_of_the_benchmark_is_drawn_from_filled_rows(filled: Flask) -> None:
    known = subjects.find(partial(inside.exchange, filled))
    known = replace(known, waiting=subjects.waiting())
    for scenario in scenarios.scenarios(known):
        assert inside.statements(filled, scenario.unit(1)) or scenario.name == "start"


def test_filled_rows_are_what_the_portal_would_have_written(filled: Flask) -> None:
    with db.transaction() as session:
        for case in session.scalars(sa.select(Case)).all():
            entries = sa.select(TrailEntry).where(TrailEntry.case_id == case.id)
            chain = session.scalars(entries.order_by(TrailEntry.sequence)).all()
            assert hash_chain.is_intact(chain, trail.seal)
            assert not clocks.count(case)
            if case.id % 10 == 0:
                assert indexed(case) == reindexed(case)


def indexed(case: Case) -> tuple[str, list[tuple[str, int, str]]]:
    query = sa.select(SearchText.piece, SearchText.message_id, SearchText.stems)
    rows = db.session().execute(query.where(SearchText.case_id == case.id))
    found = db.session().get_one(SearchCase, case.id, populate_existing=True).lexemes
    return found, sorted((piece, message or 0, stems) for piece, message, stems in rows)


def reindexed(case: Case) -> tuple[str, list[tuple[str, int, str]]]:
    db.session().execute(sa.delete(SearchCase).where(SearchCase.case_id == case.id))
    db.session().execute(sa.delete(SearchText).where(SearchText.case_id == case.id))
    index.reindex(case)
    return indexed(case)


@pytest.fixture
def many() -> Iterator[Flask]:
    """The portal on a PostgreSQL with many cases, kept from one run to the next (docs/performance.md)."""
    try:
        postgres._programs()
    except postgres.Unavailable as reason:
        pytest.skip(str(reason))
    with cluster.running():
        url = cluster.copy(fill.ensure(MANY, lambda _line: None), "kontakt_test_many")
        try:
            app = create_app(settings(url))
            # A slow statement is to be named, not ended.
            db.lift_time_limits()
            yield app
        finally:
            db.close_read_session()
            db.engine().dispose()
            cluster.drop("kontakt_test_many")


@pytest.mark.full
def test_no_page_reads_a_table_that_grows_from_end_to_end(many: Flask) -> None:
    found = plans_of_pages(many)
    whole = {f"{name}: {' '.join(plan.scans)}" for name, plan in found if plan.scans}
    large = {f"{name}: {plan.buffers} buffers" for name, plan in found if plan.buffers > MOST_BUFFERS}
    assert not sorted(whole | large), json.dumps(sorted(whole | large), indent=1)


def plans_of_pages(app: Flask) -> list[tuple[str, Plan]]:
    known = subjects.find(partial(inside.exchange, app))
    known = replace(known, waiting=subjects.waiting())
    found = []
    for scenario in scenarios.scenarios(known):
        # The first fills what a process keeps.
        inside.statements(app, scenario.unit(0))
        for plan in inside.explained(inside.statements(app, scenario.unit(1))):
            found.append((scenario.name, plan))
    return found
