"""flask member add, remove, list: who is a member of staff, and as what."""

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal import db
from portal.identity import queries
from portal.identity.actors import Role, Staff
from portal.identity.models import Membership, Person
from portal.organisation import queries as organisation
from tests import factories

ANNA, SAMIR = factories.NUMBERS["anna"], factories.NUMBERS["samir"]


def run(app: Flask, *words: str) -> Result:
    """What a command answers."""
    return app.test_cli_runner().invoke(args=["member", *words])


def memberships() -> list[Membership]:
    db.close_read_session()
    return list(db.session().scalars(sa.select(Membership).order_by(Membership.id)))


def staff(name: str) -> Staff:
    db.close_read_session()
    (found,) = [row.id for row in db.session().scalars(sa.select(Person)) if row.name == name]
    return queries.staff(found)


def test_somebody_is_given_a_role_in_a_unit(inside: Flask) -> None:
    result = run(inside, "add", ANNA, "officer", "--name", "Anna Berg", "--unit", "park")
    assert (result.exit_code, result.stdout) == (0, "Membership 1: Anna Berg, officer\n")
    park = organisation.unit("park")
    assert park
    found = staff("Anna Berg")
    assert (found.role, found.unit, found.board, found.administration) == (Role.OFFICER, park.id, None, None)


def test_somebody_is_given_a_role_in_an_administration(inside: Flask) -> None:
    words = ("add", SAMIR, "head_of_administration", "--name", "Samir", "--administration", "samhallsbyggnad")
    assert run(inside, *words).exit_code == 0
    found = organisation.administration("samhallsbyggnad")
    assert found
    assert staff("Samir").administration == found.id


def test_somebody_is_given_a_role_for_all(inside: Flask) -> None:
    assert run(inside, "add", ANNA, "registrar", "--name", "Anna").exit_code == 0
    assert staff("Anna") == Staff(1, 1, Role.REGISTRAR)


def test_a_records_officer_keeps_the_register_of_a_board(inside: Flask) -> None:
    words = ("add", ANNA, "records_officer", "--name", "Anna Berg", "--board", "tekniska")
    assert run(inside, *words).exit_code == 0
    found = organisation.board("tekniska")
    assert found
    assert staff("Anna Berg") == Staff(1, 1, Role.RECORDS_OFFICER, board=found.id)
    assert "Tekniska nämnden" in run(inside, "list").stdout


def test_a_records_officer_of_every_board_needs_a_common_registry(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("add", ANNA, "records_officer", "--name", "Anna", "--everywhere")
    own = organisation.profile().model_copy(update={"common_registry": False})
    with monkeypatch.context() as patched:
        patched.setattr(organisation, "profile", lambda: own)
        result = run(inside, *words)
        assert (result.exit_code, memberships()) == (2, [])
        assert "the profile has no common_registry: records_officer takes --board" in result.output
    assert run(inside, *words).exit_code == 0
    assert staff("Anna").common_registry


def test_the_same_role_twice_is_one_membership(inside: Flask) -> None:
    for _each in range(2):
        result = run(inside, "add", ANNA, "officer", "--name", "Anna", "--unit", "park")
        assert result.stdout == "Membership 1: Anna, officer\n"
    assert len(memberships()) == 1


def test_one_person_may_have_two_roles_and_wears_the_first(inside: Flask) -> None:
    run(inside, "add", ANNA, "officer", "--name", "Anna", "--unit", "park")
    run(inside, "add", ANNA, "registrar", "--name", "Anna")
    assert [each.person_id for each in memberships()] == [1, 1]
    assert staff("Anna").role is Role.OFFICER


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((ANNA[:-1] + "0", "officer", "--name", "Anna"), "not a personnummer of 12 digits"),
        ((ANNA[2:], "officer", "--name", "Anna"), "not a personnummer of 12 digits"),
        (("anna", "officer", "--name", "Anna"), "not a personnummer of 12 digits"),
        ((ANNA, "officer", "--name", "Anna", "--unit", "finns-inte"), "no open unit 'finns-inte'"),
        ((ANNA, "officer", "--name", "Anna", "--board", "x"), "no open board 'x'"),
        ((ANNA, "officer", "--name", "Anna", "--administration", "social"), "officer takes --board"),
        ((ANNA, "officer", "--name", "Anna"), "officer takes --board or --everywhere or --unit"),
        (
            (ANNA, "head_of_administration", "--name", "Anna", "--administration", "x"),
            "no open administration",
        ),
        ((ANNA, "registrar", "--name", "Anna", "--unit", "park"), "registrar takes no place at all"),
        ((ANNA, "records_officer", "--name", "Anna"), "records_officer takes --board or --everywhere"),
        ((ANNA, "chef", "--name", "Anna"), "one of officer, head_of_unit"),
        ((ANNA, "officer"), "Missing option '--name'"),
        ((), "Missing argument '[NUMBER] ROLE'"),
        ((ANNA, "--name", "Anna"), "after an optional number, one of officer"),
        ((ANNA, SAMIR, "officer", "--name", "A"), "after an optional number, one of officer"),
        (("officer", "--name", "Anna", "--everywhere"), "name somebody by NUMBER, --subject, --affiliation"),
        (("registrar", "--name", "A", "--provider", "medborgare", "--subject", "a"), "no provider of staff"),
        (("registrar", "--name", "A", "--email", "anna@fel.example"), "personal has no such domain"),
        (("registrar", "--name", "A", "--affiliation", " "), "cannot be one"),
    ],
)
def test_bad_input_is_named_and_nothing_is_stored(inside: Flask, words: tuple[str, ...], told: str) -> None:
    result = run(inside, "add", *words)
    assert result.exit_code == 2
    assert told in result.output
    assert memberships() == []
    assert db.session().scalars(sa.select(Person)).all() == []


def test_a_number_is_not_repeated_on_the_screen_right_or_wrong(inside: Flask) -> None:
    wrong = ANNA[:-1] + "0"
    assert wrong not in run(inside, "add", wrong, "officer", "--name", "Anna").output
    assert ANNA not in run(inside, "add", ANNA, "--name", "Anna").output


def test_a_membership_ends_and_the_person_stays(inside: Flask) -> None:
    run(inside, "add", ANNA, "officer", "--name", "Anna", "--unit", "park")
    result = run(inside, "remove", "1")
    ended = "Was the last handler of: Parkenheten.\nMembership 1 has ended.\n"
    assert (result.exit_code, result.stdout) == (0, ended)
    assert staff("Anna") == Staff(1)
    assert memberships()[0].ended_at


def test_what_has_ended_or_never_was_cannot_be_removed(inside: Flask) -> None:
    run(inside, "add", ANNA, "officer", "--name", "Anna", "--unit", "park")
    run(inside, "remove", "1")
    for number in ("1", "4711"):
        result = run(inside, "remove", number)
        assert (result.exit_code, result.output) == (1, f"Error: no membership {number} that runs\n")
    assert run(inside, "remove", "anna").exit_code == 2


def test_a_role_that_ended_can_be_given_again_as_a_new_one(inside: Flask) -> None:
    for step in (("add", ANNA, "officer", "--name", "Anna", "--unit", "park"), ("remove", "1")):
        run(inside, *step)
    assert run(inside, "add", ANNA, "officer", "--name", "Anna", "--unit", "park").exit_code == 0
    assert [bool(each.ended_at) for each in memberships()] == [True, False]


def test_the_list_shows_who_where_and_as_what_and_no_whole_number(inside: Flask) -> None:
    run(inside, "add", ANNA, "officer", "--name", "Anna Berg", "--unit", "park")
    run(inside, "add", SAMIR, "registrar", "--name", "Samir Ali")
    run(inside, "add", SAMIR, "head_of_administration", "--name", "S", "--administration", "social")
    run(inside, "add", factories.NUMBERS["eva"], "analyst", "--name", "Eva")
    run(inside, "remove", "4")
    lines = [line.split() for line in run(inside, "list").stdout.splitlines()]
    assert lines == [
        ["1", "Handläggare", "Anna", "Berg", "Parkenheten", "number", "19870420****"],
        ["2", "Medborgarservice", "Samir", "Ali", "all", "number", "19790726****"],
        ["3", "Förvaltningschef", "Samir", "Ali", "administration", "number", "19790726****"],
    ]
    assert ANNA not in run(inside, "list").output


def test_an_empty_list_is_empty(inside: Flask) -> None:
    result = run(inside, "list")
    assert (result.exit_code, result.stdout) == (0, "")


def test_the_number_is_unreadable_in_the_database(inside: Flask) -> None:
    run(inside, "add", ANNA, "officer", "--name", "Anna", "--unit", "park")
    db.close_read_session()
    row = db.session().execute(sa.text("SELECT identity_number, identity_number_index FROM person")).one()
    assert not any(ANNA.encode() in bytes(cell) for cell in row)
    assert db.session().scalars(sa.select(Person.identity_number)).one() == ANNA


def test_the_database_command_says_whether_the_profile_was_new(inside: Flask) -> None:
    result = inside.test_cli_runner().invoke(args=["db", "upgrade"])
    assert (result.exit_code, result.stdout) == (0, "Database is current.\nProfile unchanged.\n")
