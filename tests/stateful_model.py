"""A municipality in which anybody does anything in any order, and the table of access as an oracle."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal import db
from portal.cases.actions import merging
from portal.cases.enums import VerifiedReader
from portal.cases.lifecycle import Action
from portal.cases.models import Case, CaseBar, Message
from portal.cases.search.models import SearchText
from portal.identity import commands as identity
from portal.identity.actors import Actor, Role, Staff
from portal.identity.commands import MembershipScope
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import COMMANDS, SENDER_COMMANDS, STAFF_COMMANDS, parameters, required

EXPECTED = Path(__file__).parent / "expected" / "test-personnummer.txt"
OFFICIAL = [line for line in EXPECTED.read_text().splitlines() if line.isdigit()]


@dataclass(frozen=True)
class Seen:
    """What decides who sees a case, by the keys of the profile."""

    units: frozenset[str]
    boards: frozenset[str]
    administrations: frozenset[str]
    secret: bool
    sender: int | None
    barred: frozenset[int]


def seen(case: Case) -> Seen:
    """That of a case as it is now."""
    units = case.responsible_unit, case.handling_unit
    return Seen(
        frozenset(unit.key for unit in units),
        frozenset(unit.board.key for unit in units),
        frozenset(unit.administration.key for unit in units),
        case.secrecy is not None,
        case.party.person_id if case.party else None,
        frozenset(db.session().scalars(select(CaseBar.person_id).filter_by(case_id=case.id))),
    )


# The table of docs/architecture.md once more, in other words: role, where, and which cases there are for it.
STAFF: dict[str, tuple[Role, str, Callable[[Seen], bool]]] = {
    "parker": (Role.OFFICER, "unit park", lambda case: "park" in case.units),
    "gator": (Role.OFFICER, "unit gata", lambda case: "gata" in case.units),
    "omsorg": (Role.OFFICER, "unit aldre", lambda case: "aldre" in case.units),
    "chef": (Role.HEAD_OF_UNIT, "unit park", lambda case: "park" in case.units),
    "nämnd": (
        Role.OFFICER,
        "board park",
        lambda case: not case.secret and organisation.unit("park").board.key in case.boards,  # type: ignore[union-attr]
    ),
    "förvaltning": (
        Role.HEAD_OF_ADMINISTRATION,
        "administration park",
        lambda case: (
            not case.secret and organisation.unit("park").administration.key in case.administrations  # type: ignore[union-attr]
        ),
    ),
    "medborgarservice": (Role.REGISTRAR, "", lambda case: not case.secret),
    "registrator": (Role.RECORDS_OFFICER, "", lambda _case: True),
    "analytiker": (Role.ANALYST, "", lambda _case: False),
}
NUMBERS = dict(zip(STAFF, OFFICIAL[100:], strict=False))
# One of them is an officer too, so that nobody handles their own case.
SENDERS = {"maria": OFFICIAL[300], "yusuf": OFFICIAL[301], "parker": NUMBERS["parker"]}


def employ(name: str) -> Staff:
    """Give the person their membership."""
    role, where, _sees = STAFF[name]
    place, _space, key = where.partition(" ")
    unit = organisation.unit(key) if key else None
    ids = {"unit": unit and unit.id, "board": unit and unit.board_id}
    ids["administration"] = unit and unit.administration_id
    with db.transaction():
        scope = MembershipScope(**({place: ids[place]} if place else {}))
        found = identity.add_member(name.capitalize(), NUMBERS[name], role, scope)
        return factories.people.as_staff(found)


def index() -> list[tuple[str, ...]]:
    """All that is in the index of words."""
    db.close_read_session()
    columns = SearchText.case_id, SearchText.piece, SearchText.message_id, SearchText.stems
    return sorted(tuple(map(str, row)) for row in db.session().execute(select(*columns)))


# Who sees a case without being of its unit, and so nothing of it that is marked.
WITHOUT_MARKED = {"nämnd", "förvaltning", "medborgarservice"}


def readable(case: Case, name: str) -> set[int]:
    """The messages of a case that somebody who sees it may read."""
    if name.startswith("@"):
        return {message.id for message in case.messages if message.direction != "internal"}
    marked = {message.id for message in case.messages if message.secrecy_provision}
    return {message.id for message in case.messages} - (marked if name in WITHOUT_MARKED else set())


def holders(word: str, name: str) -> set[int]:
    """The cases in which somebody has said a word, as it stands in the texts that one may read."""
    said = {
        each.id: f"{each.public_subject} {each.internal_subject}"
        for each in db.session().scalars(select(Case))
    }
    for message in db.session().scalars(select(Message)):
        if not (message.secrecy_provision and name in WITHOUT_MARKED):
            said[message.case_id] += f" {message.body}"
    return {case for case, text in said.items() if word in re.findall(r"\w+", text.casefold())}


@dataclass(frozen=True)
class Given:
    """What somebody wrote or chose in a form, whatever the form."""

    text: str
    other: Case | None
    member: Any
    unit: str
    days: int
    yes: bool
    version: int | None


Do = Callable[[Any, Case, Given], object]


def _values(given: Given, case: Case) -> dict[str, Any]:
    """What it is for each parameter of a command, by its name. The measure is one of the first, whosever."""
    texts = dict.fromkeys(
        ("body", "reason", "subject", "number", "way", "public_subject", "internal_subject"), given.text
    )
    return texts | {
        "system": "Lifecare",
        "officer": given.member,
        "to": _place(given.unit),
        "until": factories.clock.today() + timedelta(days=given.days),
        "confirmed": given.yes,
        "record": given.yes,
        "measure": given.days % 4,
        "provision": "halsa" if given.days % 2 else "socialtjanst",
        "message": case.messages[given.days % len(case.messages)].id,
        "reader": VerifiedReader.CODE,
        "submission": given.text,
        "into": given.other,
        "other": given.other,
        "version": given.version,
    }


def _with_what_is_given(action: Action) -> Do:
    def do(actor: Actor, case: Case, given: Given) -> object:
        values = _values(given, case)
        wanted = [name for name in parameters(action) if name in values or name in required(action)]
        if given.other is None and {"into", "other"} & {*wanted}:
            raise merging.WrongCase
        return COMMANDS[action](actor, case, **{name: values[name] for name in wanted})

    return do


BY_STAFF: dict[Action, Do] = {action: _with_what_is_given(action) for action in STAFF_COMMANDS}
BY_SENDER: dict[Action, Do] = {action: _with_what_is_given(action) for action in SENDER_COMMANDS}
PLACES = ("park", "gata", "aldre", "parker", "gator")


def _place(key: str) -> Any:
    return organisation.unit(key) or organisation.category(key)
