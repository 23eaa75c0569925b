"""The database that a test begins with has what the profile gave, whatever the test before changed."""

import sqlalchemy as sa

from portal import clock, db
from portal.organisation.models import Administration, Board, Category
from tests.clean_database import PROFILE_TABLES, empty


def content(connection: sa.Connection) -> dict[str, list[str]]:
    """The rows of the profile's tables, as text."""
    return {
        name: sorted(connection.scalars(sa.text(f'SELECT "{name}"::text FROM "{name}"')))
        for name in PROFILE_TABLES
    }


def test_rows_of_the_profile_are_restored(postgres_url: str) -> None:
    empty(postgres_url)
    now = clock.now()
    with db.bind(postgres_url).begin() as connection:
        before = content(connection)
        connection.execute(sa.update(Board).values(closed_at=now, name="Nämnden"))
        connection.execute(sa.update(Category).values(answer_by_email=False))
        connection.execute(sa.insert(Administration).values(key="ny", name="Ny", opened_at=now))
        changed = content(connection)
    assert [name for name in before if before[name] != changed[name]] == [
        "board",
        "administration",
        "category",
    ]
    empty(postgres_url)
    with db.engine().begin() as connection:
        assert content(connection) == before
