"""Emergency access (nödåtkomst): a role for some hours, a code that works once, and a record of all of it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import Result
from flask import Flask

from portal import clock, db
from portal.identity import commands as identity
from portal.identity import emergency_access, queries
from portal.identity.actors import Role
from portal.identity.models import BreakGlass, Membership, SignIn
from tests import factories

ANNA = factories.NUMBERS["anna"]
WHO = (ANNA, "registrar", "--name", "Anna Berg", "--reason", "Leverantören ligger nere")
MONDAY = "2026-05-04 08:00:00Z"


def member(app: Flask, *words: str) -> Result:
    """What a command answers."""
    db.close_read_session()
    return app.test_cli_runner().invoke(args=["member", *words])


def opened(app: Flask, *words: str) -> str:
    """The code of a new emergency access, as it stands on the screen."""
    result = member(app, "break-glass", *WHO, *words)
    assert result.exit_code == 0, result.output
    return re.findall(r"^(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}$", result.output, re.MULTILINE)[0].replace("-", "")


def enter(code: str) -> str | None:
    with db.transaction():
        return emergency_access.redeem_code(code)


def happened() -> list[str]:
    db.close_read_session()
    return [str(row.event) for row in emergency_access.log_entries()]


@time_machine.travel(MONDAY, tick=False)
def test_the_command_tells_where_until_when_and_how_to_end_it(inside: Flask) -> None:
    code = opened(inside, "--hours", "4")
    told = member(inside, "break-glass", *WHO).stdout.splitlines()
    assert told[0] == "Membership 2: Anna Berg, registrar, until 2026-05-04 11:00"
    assert told[1] == "Open http://localhost:8000/logga-in/nodatkomst within 15 minutes, and type:"
    assert told[3] == "To end it early: member remove 2"
    assert len(code) == 16
    lines = member(inside, "list").stdout.splitlines()
    assert [line.split("  ")[-1] for line in lines] == [
        *("BREAK-GLASS until 2026-05-04 14:00", "BREAK-GLASS until 2026-05-04 11:00")
    ]


def test_the_record_tells_when_as_what_why_and_that_it_was_used_and_ended(inside: Flask) -> None:
    with time_machine.travel(MONDAY, tick=False):
        assert enter(opened(inside))
        member(inside, "remove", "1")
    result = member(inside, "break-glass-record")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "2026-05-04 10:00  opened  membership 1, registrar  "
            "'Leverantören ligger nere', until 2026-05-04 11:00",
            "2026-05-04 10:00  used    membership 1, registrar",
            "2026-05-04 10:00  ended   membership 1, registrar",
        ],
    )
    assert ANNA not in result.output


@pytest.mark.parametrize(
    "change",
    [
        sa.update(BreakGlass).where(BreakGlass.id == 1).values(reason="En annan"),
        sa.update(BreakGlass).where(BreakGlass.id == 2).values(membership_id=1, role=Role.OFFICER),
        sa.delete(BreakGlass).where(BreakGlass.id == 1),
    ],
)
def test_a_record_that_somebody_changed_shows(inside: Flask, change: sa.Update | sa.Delete) -> None:
    enter(opened(inside))
    with db.transaction() as session:
        session.execute(change)
    assert member(inside, "break-glass-record").exit_code == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--hours", "25"), "25 is not in the range 1<=x<=24"),
        (("--hours", "0"), "0 is not in the range"),
        (("--reason", " "), "one line of 1 to 200 signs"),
        (("--reason", "x" * 201), "one line of 1 to 200 signs"),
        (("--reason", "rad\nrad"), "one line of 1 to 200 signs"),
        (("--unit", "park"), "registrar takes no place at all"),
    ],
)
def test_it_is_short_has_a_reason_and_holds_where_its_role_does(
    inside: Flask, words: tuple[str, ...], told: str
) -> None:
    result = member(inside, "break-glass", *WHO, *words)
    assert (result.exit_code, told in result.output) == (2, True)
    assert happened() == []


def test_without_somebody_named_a_reason_and_an_end_within_a_day_there_is_none(inside: Flask) -> None:
    with db.transaction():
        person = identity.find_or_add("Anna", ANNA)
        for reason, hours in ((" ", 1), ("Nere", 0), ("Nere", 25)):
            with pytest.raises(ValueError, match="has a reason"):
                identity.open_emergency(person, Role.REGISTRAR, identity.MembershipScope(), reason, hours)
    assert member(inside, "break-glass", *WHO[1:]).exit_code == 2


def test_somebody_known_is_not_made_twice_and_keeps_what_they_are(inside: Flask) -> None:
    anna = factories.member()
    opened(inside)
    held = queries.memberships_of(anna.person)
    assert [each.role for each in held] == [Role.OFFICER, Role.REGISTRAR]
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1)):
        db.close_read_session()
        assert [each.role for each in queries.memberships_of(anna.person)] == [Role.OFFICER]


def test_the_code_works_once_though_many_use_it_at_once(inside: Flask) -> None:
    code = opened(inside)
    tokens = factories.at_once(inside, 4, lambda _place: enter(code))
    assert sorted(token is None for token in tokens) == [False, True, True, True]
    assert happened() == ["opened", "used"]
    assert enter(code) is None


def test_the_code_can_be_read_nowhere(inside: Flask) -> None:
    code = opened(inside)
    db.close_read_session()
    with db.engine().connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM break_glass_code").all()
        rows += connection.exec_driver_sql("SELECT * FROM break_glass").all()
    assert len(rows) == 2
    assert code not in repr(rows)


def test_a_code_that_is_old_or_whose_access_has_ended_opens_nothing(inside: Flask) -> None:
    first, second, third = opened(inside), opened(inside), opened(inside)
    member(inside, "remove", "2")
    assert enter(second) is None
    with db.transaction() as session:
        session.execute(sa.update(Membership).where(Membership.id == 3).values(ended_at=clock.now()))
    assert enter(third) is None
    with time_machine.travel(clock.now() + timedelta(minutes=15)):
        assert enter(first) is None
        db.close_read_session()
        opened(inside)
        assert len(db.session().execute(sa.text("SELECT id FROM break_glass_code")).all()) == 1
    assert happened() == ["opened", "opened", "opened", "ended", "opened"]


def test_to_end_it_ends_its_session_and_no_other_of_the_person(inside: Flask) -> None:
    anna = factories.member()
    assert enter(opened(inside))
    with db.transaction() as session:
        session.add(_session_of_a_provider(anna.person, anna.membership or 0))
    member(inside, "remove", "2")
    db.close_read_session()
    assert [each.provider for each in db.session().scalars(sa.select(SignIn))] == ["personal"]
    assert [bool(each.ended_at) for each in db.session().scalars(sa.select(Membership))] == [False, True]


def _session_of_a_provider(person: int, membership: int) -> SignIn:
    now = clock.now()
    made = SignIn(provider="personal", issuer="x", token=b"x", person_id=person, membership_id=membership)
    made.created_at = made.last_seen_at = now
    return made
