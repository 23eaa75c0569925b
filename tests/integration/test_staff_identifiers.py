"""Keys of staff lead to whom they were given for, and never hand one human's things to another."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from structlog.testing import capture_logs

from portal import config, db
from portal.identity import commands as identity
from portal.identity import queries
from portal.identity.actors import Role
from portal.identity.models import Membership, Person, SignIn, StaffKey
from portal.identity.oidc import client as oidc_client
from portal.identity.oidc.identified import Identified
from portal.identity.oidc.providers import CITIZENS, STAFF
from tests import factories

ANNA, SAMIR = factories.NUMBERS["anna"], factories.NUMBERS["samir"]
ISSUER = "http://127.0.0.1:8001"
HSA, MAIL = "se9999999999-1a2b", "anna@kommun.example"


@pytest.fixture
def inside(inside: Flask) -> Iterator[Flask]:
    """Where the staff's provider is believed about one domain."""
    oidc_client.install(config.settings().model_copy(update={"oidc_staff_email_domains": "kommun.example"}))
    yield inside
    oidc_client.install(config.settings())


def member(app: Flask, *words: str) -> Result:
    """What a command answers."""
    db.close_read_session()
    return app.test_cli_runner().invoke(args=["member", *words])


def added(app: Flask, *words: str) -> None:
    result = member(app, "add", *words, "--name", "Anna")
    assert result.exit_code == 0, result.output


def sign_in(subject: str = "s-1", number: str | None = None, door: str = STAFF, **more: Any) -> int:
    """Somebody signs in; gives the id of the person that they are."""
    who = Identified(ISSUER, subject, "Anna", number, **more)
    with db.transaction() as session:
        token = identity.sign_in(door, who)
        return session.scalars(
            sa.select(SignIn.person_id).where(SignIn.token == identity.fingerprint(token))
        ).one()


def role(person: int) -> Role | None:
    db.close_read_session()
    return queries.staff(person).role


def number(person: int) -> str | None:
    db.close_read_session()
    return db.session().get_one(Person, person).identity_number


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--subject", "s-1"), {}),
        (("--affiliation", HSA.upper()), {"affiliation": HSA}),
        (("--email", "Anna@Kommun.example"), {"email": MAIL}),
    ],
)
def test_each_key_leads_a_sign_in_of_staff_to_its_membership_and_none_of_a_citizen(
    inside: Flask, words: tuple[str, ...], told: dict[str, str]
) -> None:
    added(inside, "registrar", *words)
    citizen = sign_in(door=CITIZENS, **told)
    assert role(citizen) is None
    assert role(sign_in("s-2", affiliation="x", email="x@kommun.example")) is None
    staff = sign_in(**told)
    assert (role(staff), staff != citizen) == (Role.REGISTRAR, True)
    assert sign_in(**told) == staff


def test_whoever_is_known_by_a_key_alone_keeps_the_number_that_comes_if_nobody_has_it(inside: Flask) -> None:
    added(inside, "registrar", "--affiliation", HSA)
    anna = sign_in(number=ANNA, affiliation=HSA)
    assert (role(anna), number(anna)) == (Role.REGISTRAR, ANNA)
    assert sign_in("s-9", ANNA) == anna


def test_a_key_that_names_somebody_else_than_the_number_is_passed_over_and_logged_without_who(
    inside: Flask,
) -> None:
    added(inside, "registrar", "--affiliation", HSA)
    maria = sign_in("m-1", SAMIR, door=CITIZENS)
    with capture_logs() as lines:
        assert sign_in("s-2", SAMIR, affiliation=HSA) == maria
    assert role(maria) is None
    assert lines == [
        {
            "event": "staff_identifier.ignored",
            "log_level": "warning",
            "reason": "the number is somebody else's",
        }
    ]


def test_a_key_of_somebody_with_another_number_leads_nowhere_though_nobody_has_the_new_one(
    inside: Flask,
) -> None:
    added(inside, ANNA, "registrar", "--email", MAIL)
    other = sign_in("s-2", SAMIR, email=MAIL)
    assert (role(other), number(other)) == (None, SAMIR)


def test_an_address_that_somebody_else_has_got_since_leads_to_nobody(
    inside: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    added(inside, ANNA, "registrar", "--email", MAIL)
    anna = sign_in("s-1", email=MAIL)
    assert role(anna) is Role.REGISTRAR
    stranger = sign_in("s-2", email=MAIL)
    assert (stranger != anna, role(stranger)) == (True, None)
    assert "its person came with another subject" in caplog.text
    added(inside, "registrar", "--email", MAIL, "--subject", "s-3")
    assert sign_in("s-3", email=MAIL) == anna


def test_two_keys_of_two_people_lead_to_neither(inside: Flask) -> None:
    added(inside, "registrar", "--affiliation", HSA)
    added(inside, "records_officer", "--everywhere", "--email", MAIL)
    assert role(sign_in(affiliation=HSA, email=MAIL)) is None


def test_a_subject_that_is_somebody_with_a_number_does_not_become_the_owner_of_a_key(inside: Flask) -> None:
    samir = sign_in("s-2", SAMIR)
    added(inside, "registrar", "--affiliation", HSA)
    assert sign_in("s-2", affiliation=HSA) == samir
    assert role(samir) is None


def test_who_signed_in_before_they_were_given_a_role_by_key_has_it_afterwards(inside: Flask) -> None:
    assert role(sign_in("s-1", affiliation=HSA)) is None
    added(inside, "registrar", "--affiliation", HSA)
    assert role(sign_in("s-1", affiliation=HSA)) is Role.REGISTRAR


def test_one_human_named_twice_by_different_keys_becomes_one(inside: Flask) -> None:
    anna = sign_in("a-1", ANNA, door=CITIZENS)
    added(inside, "registrar", "--affiliation", HSA)
    before = sign_in("s-1", affiliation=HSA)
    added(inside, ANNA, "officer", "--everywhere", "--affiliation", HSA, "--email", MAIL)
    assert sign_in("s-1", affiliation=HSA) == anna != before
    held = [each.role for each in queries.memberships_of(anna)]
    assert held == [Role.REGISTRAR, Role.OFFICER]
    assert queries.memberships_of(before) == []
    lines = member(inside, "list").output.splitlines()
    known = f"number 19870420****, affiliation {HSA}, email {MAIL}"
    assert [line.split("all ")[1].strip() for line in lines] == [known, known]


def test_two_people_with_a_number_each_are_never_joined(inside: Flask) -> None:
    added(inside, ANNA, "registrar", "--affiliation", HSA)
    added(inside, SAMIR, "registrar", "--email", MAIL)
    unknown = factories.NUMBERS["eva"]
    keys = ("--affiliation", HSA, "--email", MAIL)
    for words in ((SAMIR, *keys[:2]), (unknown, *keys[:2]), keys):
        result = member(inside, "add", *words, "registrar", "--name", "Anna")
        assert (result.exit_code, ANNA in result.output) == (1, False)
    db.close_read_session()
    assert db.session().scalar(sa.select(sa.func.count(Membership.id))) == 2


def test_who_works_here_no_more_leaves_affiliation_and_address_to_the_next(inside: Flask) -> None:
    added(inside, "registrar", "--email", MAIL, "--subject", "s-1")
    added(inside, "officer", "--everywhere", "--subject", "s-1")
    assert member(inside, "remove", "1").exit_code == 0
    kinds = sa.select(StaffKey.kind)
    assert len(db.session().scalars(kinds).all()) == 2
    assert member(inside, "remove", "2").exit_code == 0
    db.close_read_session()
    assert [str(kind) for kind in db.session().scalars(kinds)] == ["subject"]
    added(inside, "registrar", "--email", MAIL)
    assert role(sign_in("s-2", email=MAIL)) is Role.REGISTRAR
    assert role(sign_in("s-1")) is None


def test_the_first_two_who_come_with_one_address_at_once_are_not_both_its_owner(inside: Flask) -> None:
    added(inside, "registrar", "--email", MAIL)
    found = factories.at_once(inside, 3, lambda place: sign_in(f"s-{place}", email=MAIL))
    assert sorted(role(each) is Role.REGISTRAR for each in found) == [False, False, True]
