"""How senders are notified after the migration that made it a choice of its own."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal import crypto, db
from portal.cases.enums import NotifyBy
from portal.cases.models import Case
from portal.cases.search.models import SearchPending
from portal.identity.models import Person
from portal.operations import migrations
from tests.integration.test_migrated_dates import COMMON, NO_DAYS, units
from tests.integration.test_migrations import NOW, insert, nothing

__all__ = ["nothing"]
EMAIL, PHONE = "maria@exempel.se", "+46701740605"
# What each person had chosen, and what they choose by it now.
PEOPLE: dict[int, tuple[str | None, str | None]] = {
    1: ("email", "email"),
    2: ("sms", "sms"),
    3: ("portal", "none"),
    4: (None, None),
}
# Where the case is read, the person, and what it becomes.
CASES: dict[int, tuple[str, int | None, tuple[NotifyBy, str | None, str | None]]] = {
    1: ("portal", 1, (NotifyBy.EMAIL, EMAIL, None)),
    2: ("portal", 2, (NotifyBy.SMS, None, PHONE)),
    3: ("portal", 3, (NotifyBy.NONE, None, None)),
    4: ("portal", 4, (NotifyBy.NONE, None, None)),
    5: ("email", 2, (NotifyBy.EMAIL, "egen@exempel.se", None)),
    6: ("code", None, (NotifyBy.NONE, None, None)),
}


@pytest.fixture
def earlier(nothing: None) -> None:
    """A database in which where to read and how to be notified were one choice."""
    migrations.upgrade("0041")
    with db.engine().begin() as writer:
        units(writer)
        for number, (before, _after) in PEOPLE.items():
            addresses = {"email": crypto.encrypt(EMAIL), "phone": crypto.encrypt(PHONE)}
            row = {"name": crypto.encrypt("Maria Ek"), "protected": False, "created_at": NOW}
            insert(writer, "person", id=number, reply_by=before, **row, **addresses)
        for number, (reply_by, person, _after) in CASES.items():
            party: dict[str, Any] = (
                {"email": crypto.encrypt("egen@exempel.se")} if reply_by == "email" else {}
            )
            if person:
                insert(writer, "party", id=number, person_id=person, protected=False, **party)
            own = {"reply_by": reply_by, "promise": NO_DAYS, "party_id": number if person else None}
            insert(writer, "case", **COMMON | own, id=number, number=number)
    migrations.upgrade()


def test_a_case_on_mina_sidor_is_told_as_its_person_has_chosen(earlier: None) -> None:
    found = {}
    for case in db.session().scalars(sa.select(Case)):
        party = case.party
        found[case.id] = (case.notify_by, party.email if party else None, party.phone if party else None)
    assert found == {number: after for number, (_where, _person, after) in CASES.items()}
    chosen = dict(db.session().execute(sa.select(Person.id, Person.notify_by)).all())
    assert chosen == {number: after for number, (_before, after) in PEOPLE.items()}
    # Staff find them by the address from then on.
    assert set(db.session().scalars(sa.select(SearchPending.case_id))) == {1, 2}
