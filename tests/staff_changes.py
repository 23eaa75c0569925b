"""What can change of a member of staff after they have written something: name, role, unit and board."""

from portal import db
from portal.identity import commands as identity
from portal.identity.actors import Role, Staff
from portal.identity.models import Membership, Person
from portal.organisation import queries as organisation
from portal.organisation.models import Unit


def rename_person(actor: Staff, name: str = "Anna Ek") -> None:
    with db.transaction() as session:
        session.get_one(Person, actor.person).name = name


def rename_unit(actor: Staff) -> None:
    with db.transaction() as session:
        session.get_one(Unit, actor.unit).name = "Park och natur"


def move_unit(actor: Staff) -> None:
    with db.transaction() as session:
        board = organisation.board("bygg")
        assert board
        session.get_one(Unit, actor.unit).board = board


def rename_board(actor: Staff) -> None:
    with db.transaction() as session:
        session.get_one(Unit, actor.unit).board.name = "Stadsmiljönämnden"


def move_member(actor: Staff) -> None:
    with db.transaction() as session:
        street = organisation.unit("gata")
        assert street
        session.get_one(Membership, actor.membership).unit_id = street.id


def promote(actor: Staff) -> None:
    with db.transaction() as session:
        session.get_one(Membership, actor.membership).role = Role.HEAD_OF_UNIT


def end(actor: Staff) -> None:
    with db.transaction():
        identity.end_membership(actor.membership or 0)


# What makes another snapshot of a membership.
CHANGES = [rename_person, rename_unit, move_unit, rename_board, move_member, promote]
