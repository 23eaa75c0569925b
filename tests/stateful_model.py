"""A municipality in which anybody does anything in any order, and the table of access as an oracle."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal import db
from portal.cases.actions import subjects
from portal.cases.enums import HandoverGround, Kind, KnownBy, LegalMatter, VerifiedReader, Via
from portal.cases.groups import merging
from portal.cases.lifecycle import Action
from portal.cases.locations.rules import Location
from portal.cases.models import Case, Message
from portal.cases.search.models import SearchText
from portal.identity import commands as identity
from portal.identity.actors import Actor, Role, Staff
from portal.identity.commands import MembershipScope
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import COMMANDS, SENDER_COMMANDS, STAFF_COMMANDS, parameters, required
from tests.stateful_law import Law, administration_of

EXPECTED = Path(__file__).parent / "expected" / "test-personnummer.txt"
OFFICIAL = [line for line in EXPECTED.read_text().splitlines() if line.isdigit()]


# The table of docs/architecture.md once more, in other words: role, where, and which cases there are for it.
STAFF: dict[str, tuple[Role, str, Callable[[Law], bool]]] = {
    "parker": (Role.OFFICER, "unit park", lambda law: "park" in law.units),
    "gator": (Role.OFFICER, "unit gata", lambda law: "gata" in law.units),
    "omsorg": (Role.OFFICER, "unit aldre", lambda law: "aldre" in law.units),
    "chef": (Role.HEAD_OF_UNIT, "unit park", lambda law: "park" in law.units),
    "nämnd": (Role.OFFICER, "board park", lambda law: not law.secret and "tekniska" in law.boards),
    "förvaltning": (
        Role.HEAD_OF_ADMINISTRATION,
        "administration park",
        lambda law: not law.secret and administration_of("park") in law.administrations,
    ),
    "medborgarservice": (Role.REGISTRAR, "", lambda law: not law.secret),
    "registrator": (Role.RECORDS_OFFICER, "", lambda _law: True),
    "tekniskt arkiv": (Role.RECORDS_OFFICER, "board park", lambda law: law.board == "tekniska"),
    "socialt arkiv": (Role.RECORDS_OFFICER, "board aldre", lambda law: law.board == "social"),
    "analytiker": (Role.ANALYST, "", lambda _law: False),
}
# Who keeps the register of which board.
REGISTERS = {"tekniskt arkiv": "tekniska", "socialt arkiv": "social"}
# Who handles what they see; a registrar does so in the first line.
OFFICERS = {"parker", "gator", "omsorg", "chef", "nämnd"}
# Members who may place a case without a handler never leave, so that one is always present.
STAYS = {"medborgarservice", "registrator", "förvaltning"}
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


def readable(case: Case, law: Law, name: str) -> set[int]:
    """The messages that an actor who sees the case may read."""
    if name.startswith("@"):
        return {message.id for message in case.messages if message.direction != "internal"}
    return law.readable([message.id for message in case.messages], close=name not in WITHOUT_MARKED)


def holders(word: str, laws: Mapping[int, Law], name: str) -> set[int]:
    """The cases with a word in a text that the actor may read."""
    holding = set()
    for case in db.session().scalars(select(Case)):
        texts = [case.public_subject, case.internal_subject]
        may_read = readable(case, laws[case.id], name)
        texts += [message.body for message in case.messages if message.id in may_read]
        if word in re.findall(r"\w+", " ".join(texts).casefold()):
            holding.add(case.id)
    return holding


def directions(case: int) -> dict[int, str]:
    """The messages of a case by id, with their directions."""
    query = select(Message.id, Message.direction).where(Message.case_id == case)
    return {row.id: str(row.direction) for row in db.session().execute(query)}


@dataclass(frozen=True)
class Given:
    """What somebody wrote or chose in a form, whatever the form."""

    text: str
    other: Case | None
    member: Any
    unit: str
    ground: HandoverGround | None
    days: int
    yes: bool
    version: int | None

    @property
    def topic(self) -> str | None:
        """A topic, or none; that of the care of the elderly has secrecy."""
        return ("parker", "gator", "aldre", None)[self.days % 4]

    def message(self, case: Case) -> int:
        """One of the messages of a case."""
        return case.messages[self.days % len(case.messages)].id


Do = Callable[[Any, Case, Given], object]
# A whistleblower's report gets secrecy by another command: tests/integration/test_legal_matters.py.
MATTERS = (None, LegalMatter.APPEAL, LegalMatter.CHILD_CONCERN)


def _values(given: Given, case: Case) -> dict[str, Any]:
    """What it is for each parameter of a command, by its name. The measure is one of the first, whosever."""
    texts = dict.fromkeys(
        ("body", "reason", "subject", "number", "way", "public_subject", "internal_subject"), given.text
    )
    return texts | {
        "system": "Lifecare",
        "officer": given.member,
        "to": _place(given.unit),
        "ground": given.ground,
        "note": given.text if given.yes else "",
        "until": factories.clock.today() + timedelta(days=given.days),
        "confirmed": given.yes,
        "classification": replace(
            subjects.classification_of(case),
            kind=Kind.QUESTION if given.yes else Kind.COMPLAINT,
            topic=given.topic,
            level=given.days % 7 or None,
        ),
        "record": given.yes,
        "via": (Via.PHONE, Via.LETTER, Via.DESK)[given.days % 3],
        "known": KnownBy.STAFF if given.yes else KnownBy.UNVERIFIED,
        "at": None,
        "seen": given.version,
        "matter": MATTERS[given.days % len(MATTERS)],
        "recipient": "Förvaltningsrätten",
        "day": factories.clock.today() + timedelta(days=min(given.days, 0)),
        "measure": given.days % 4,
        "improvement": given.days % 4,
        "location": Location(given.text) if given.yes else None,
        "provision": "halsa" if given.days % 2 else "socialtjanst",
        "message": given.message(case),
        "reader": VerifiedReader.CODE,
        "submission": given.text,
        "into": given.other,
        "other": given.other,
        "version": given.version,
    }


def _with_what_is_given(action: Action) -> Do:
    def do(actor: Actor, case: Case, given: Given) -> object:
        values = _values(given, case)
        if action is Action.HAND_OVER:
            values["provision"] = "nodvandigt" if given.ground is HandoverGround.PROVISION else None
        if action is Action.FLAG_MATTER:
            values["officer"] = None
        if action is Action.SET_NEXT_STEP:
            values |= {"next_step": values["until"], "tell": given.yes}
        wanted = [name for name in parameters(action) if name in values or name in required(action)]
        if given.other is None and {"into", "other"} & {*wanted}:
            raise merging.WrongCase
        return COMMANDS[action](actor, case, **{name: values[name] for name in wanted})

    return do


BY_STAFF: dict[Action, Do] = {action: _with_what_is_given(action) for action in STAFF_COMMANDS}
BY_SENDER: dict[Action, Do] = {action: _with_what_is_given(action) for action in SENDER_COMMANDS}
# The unit of the school has no members.
PLACES = ("park", "gata", "aldre", "parker", "gator", "skola")


def _place(key: str) -> Any:
    return organisation.unit(key) or organisation.category(key)
