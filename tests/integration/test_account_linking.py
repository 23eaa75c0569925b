"""Who it is that signs in: one person for one human, and never one for two."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.identity import commands as identity
from portal.identity.models import Login, Person
from portal.identity.oidc.identified import Identified
from portal.identity.oidc.providers import CITIZENS
from tests import factories

ANNA, SAMIR = factories.NUMBERS["anna"], factories.NUMBERS["samir"]
COORDINATION, OTHER_COORDINATION = "191401682396", "191403702390"
PRID = "NO:test-000001"


def sign_in(subject: str = "anna", number: str | None = ANNA, issuer: str = "one", **more: Any) -> int:
    """Somebody signs in; gives the id of the person that they are."""
    who = Identified(f"https://{issuer}.example", subject, more.pop("name", "Anna"), number, **more)
    with db.transaction() as session:
        identity.sign_in(CITIZENS, who)
        found = session.scalars(
            sa.select(Login.person_id).where(Login.issuer == who.issuer, Login.subject == subject)
        )
        return found.one()


def person(person_id: int) -> Person:
    db.close_read_session()
    return db.session().get_one(Person, person_id)


def test_the_same_subject_is_the_same_person(inside: Flask) -> None:
    assert sign_in() == sign_in()
    assert sign_in(number=None) == sign_in()


def test_the_same_number_at_another_provider_is_the_same_person(inside: Flask) -> None:
    assert sign_in() == sign_in("a-9", issuer="other")
    assert sign_in("a-9", issuer="one") != sign_in("a-9", SAMIR, issuer="third")


def test_the_same_subject_at_another_provider_is_somebody_else(inside: Flask) -> None:
    assert sign_in(number=None) != sign_in(number=None, issuer="other")


def test_a_subject_with_another_number_is_another_person_and_sees_nothing_of_the_first(inside: Flask) -> None:
    first = sign_in()
    second = sign_in(number=SAMIR, name="Samir")
    assert first != second
    assert (person(first).identity_number, person(second).identity_number) == (ANNA, SAMIR)
    assert person(first).name == "Anna"
    assert sign_in() == first


def test_somebody_without_a_number_keeps_their_person_when_the_number_comes(
    inside: Flask,
) -> None:
    first = sign_in("nils", None)
    assert person(first).identity_number is None
    assert sign_in("nils", SAMIR) == first
    assert person(first).identity_number == SAMIR


def test_a_number_that_is_known_wins_over_a_person_without_one(inside: Flask) -> None:
    with_number, without = sign_in("anna"), sign_in("other", None)
    assert with_number != without
    assert sign_in("other", ANNA) == with_number


def test_a_samordningsnummer_keeps_its_level_until_there_is_a_personnummer(inside: Flask) -> None:
    first = sign_in("kim", COORDINATION, level="probable")
    assert person(first).coordination_level == "probable"
    assert sign_in("kim", COORDINATION, level="confirmed") == first
    assert person(first).coordination_level == "confirmed"
    assert sign_in("kim", None) == first
    assert person(first).coordination_level == "confirmed"
    assert sign_in("kim", SAMIR, previous_number=COORDINATION) == first
    assert (person(first).identity_number, person(first).coordination_level) == (SAMIR, None)


def test_a_number_that_replaces_a_samordningsnummer_is_the_same_person_elsewhere_too(inside: Flask) -> None:
    first = sign_in("kim", COORDINATION)
    assert sign_in("k-1", OTHER_COORDINATION, issuer="other", previous_number=COORDINATION) == first
    assert sign_in("k-2", SAMIR, issuer="third", previous_number=OTHER_COORDINATION) == first
    assert sign_in("k-3", COORDINATION, issuer="fourth") != first


def test_an_eidas_person_is_known_by_prid_at_every_provider(inside: Flask) -> None:
    first = sign_in("ola", None, prid=PRID)
    assert sign_in("o-1", None, issuer="other", prid=PRID) == first
    assert sign_in("o-2", None, issuer="other", prid="NO:test-000002") != first
    assert sign_in("o-1", SAMIR, issuer="other", prid=PRID) == first
    assert sign_in("o-3", ANNA, issuer="third", prid=PRID) != first


def test_neither_number_nor_prid_can_be_read_in_the_database(inside: Flask) -> None:
    sign_in("kim", COORDINATION, prid=PRID)
    db.close_read_session()
    with db.engine().connect() as connection:
        stored = repr(connection.exec_driver_sql("SELECT * FROM person").all())
    assert COORDINATION not in stored
    assert PRID not in stored


@pytest.mark.parametrize(("number", "prid"), [(ANNA, None), (None, PRID), (None, None)])
def test_one_human_who_signs_in_many_times_at_once_is_one_person(
    inside: Flask, number: str | None, prid: str | None
) -> None:
    subjects = ["same"] * 4 if number is None and prid is None else ["a", "b", "c", "d"]
    found = factories.at_once(inside, 4, lambda place: sign_in(subjects[place], number, prid=prid))
    assert len(set(found)) == 1


def test_a_name_that_is_not_told_stays(inside: Flask) -> None:
    first = sign_in(name="Anna Lindqvist")
    assert sign_in(name="") == first
    assert person(first).name == "Anna Lindqvist"
