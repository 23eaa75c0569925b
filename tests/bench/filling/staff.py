"""The staff of a filled database: the demo's people, and some sixty memberships in every unit and role."""

from portal import clock, db
from portal.cli import demo
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity import snapshots
from portal.identity.actors import Role
from portal.identity.commands import MembershipScope
from portal.organisation import queries as organisation
from portal.organisation.models import Administration, Board
from tests.bench.filling.pool import name_of

OFFICERS_OF_A_UNIT = 3
REGISTRARS = 3
# The serial numbers of the people that are invented here; citizens begin at another.
FIRST_OF_STAFF = 0
FIRST_CITIZEN = 1_000


def add() -> None:
    """Add the members of staff to an empty database with a profile."""
    with db.transaction() as writer, clock.at(clock.now() - demo.EMPLOYED * 10):
        demo.members()
        boards = writer.query(Board).order_by(Board.id).all()
        administrations = writer.query(Administration).order_by(Administration.id).all()
        number = FIRST_OF_STAFF
        for role, scope in _places(boards, administrations):
            identity.add_member(name_of(number), identity_number(number), role, scope)
            number += 1
        writer.flush()
        for membership in people.members():
            snapshots.snapshot_of(membership.id)


def _places(boards: list[Board], administrations: list[Administration]) -> list[tuple[Role, MembershipScope]]:
    places = []
    for unit in organisation.units():
        scope = MembershipScope(unit=unit.id)
        places += [(Role.OFFICER, scope)] * OFFICERS_OF_A_UNIT
        places.append((Role.HEAD_OF_UNIT, scope))
    places += [(Role.RECORDS_OFFICER, MembershipScope(board=board.id)) for board in boards]
    places += [
        (Role.HEAD_OF_ADMINISTRATION, MembershipScope(administration=row.id)) for row in administrations
    ]
    return [*places, *[(Role.REGISTRAR, MembershipScope())] * REGISTRARS]


def identity_number(serial: int) -> str:
    """An invented identity number of twelve digits with its check digit, another for each serial number."""
    year, rest = divmod(serial, 28 * 12 * 900)
    day, ordinal = divmod(rest, 900)
    month, day = divmod(day, 28)
    digits = f"{(40 + year) % 100:02d}{month + 1:02d}{day + 1:02d}{100 + ordinal:03d}"
    return f"19{digits}{_check_digit(digits)}"


def _check_digit(digits: str) -> int:
    total = 0
    for position, digit in enumerate(digits):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return -total % 10
