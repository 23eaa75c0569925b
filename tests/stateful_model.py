"""A municipality in which anybody does anything in any order, and the table of access as an oracle."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal import db
from portal.cases.actions import closing, extensions, handling, merging, protection, relations, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import MeasureState
from portal.cases.lifecycle import Action
from portal.cases.measures import actions as measures
from portal.cases.models import Case, Message, SearchText
from portal.identity import commands as identity
from portal.identity.actors import Actor, Role, Staff
from portal.identity.commands import MembershipScope
from portal.organisation import queries as organisation
from tests import factories

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


def seen(case: Case) -> Seen:
    """That of a case as it is now."""
    units = case.responsible_unit, case.handling_unit
    return Seen(
        frozenset(unit.key for unit in units),
        frozenset(unit.board.key for unit in units),
        frozenset(unit.administration.key for unit in units),
        bool(case.category and case.category.secrecy_default),
        case.party.person_id if case.party else None,
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


def holders(word: str) -> set[int]:
    """The cases in which somebody has said a word, as it stands in their texts."""
    said = {
        each.id: f"{each.public_subject} {each.internal_subject}"
        for each in db.session().scalars(select(Case))
    }
    for message in db.session().scalars(select(Message)):
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


def _day(given: Given) -> Any:
    return factories.clock.today() + timedelta(days=given.days)


def _with_another(command: Callable[..., object], *more: Callable[[Given], object]) -> Do:
    def do(actor: Actor, case: Case, given: Given) -> object:
        if given.other is None:
            raise merging.WrongCase
        return command(actor, case, given.other, *(each(given) for each in more))

    return do


def _settle(to: MeasureState) -> Do:
    """The first proposals of the municipality, whosever they are."""
    return lambda who, case, it: measures.settle(who, case, it.days % 4, to, it.version)


BY_STAFF: dict[Action, Do] = {
    Action.TAKE: lambda who, case, it: handling.take(who, case, it.version),
    Action.ASSIGN: lambda who, case, it: handling.assign(who, case, it.member, it.version),
    Action.NOTE: lambda who, case, it: handling.note(who, case, it.text),
    Action.ANSWER: lambda who, case, it: handling.answer(who, case, it.text, it.version),
    Action.ANSWER_AND_CLOSE: lambda who, case, it: handling.answer(who, case, it.text, it.version, True),
    Action.ANSWER_ORALLY: lambda who, case, it: handling.answer_orally(who, case, it.text, it.version),
    Action.CLOSE: lambda who, case, it: handling.close(who, case, it.version),
    Action.REQUEST_SUPPLEMENT: lambda who, case, it: handling.request_supplement(
        who, case, it.text, it.version, _day(it)
    ),
    Action.RESUME: lambda who, case, it: handling.resume(who, case, it.version),
    Action.MESSAGE_SENDER: lambda who, case, it: handling.message_sender(who, case, it.text, it.version),
    Action.RECORD_CALL: lambda who, case, it: handling.record_call(who, case, it.text),
    Action.MEASURE: lambda who, case, it: measures.note_measure(who, case, it.text),
    Action.PROPOSE: lambda who, case, it: measures.propose(who, case, it.text),
    Action.DECIDE: _settle(MeasureState.DECIDED),
    Action.CARRY_OUT: _settle(MeasureState.DONE),
    Action.REJECT: _settle(MeasureState.REJECTED),
    Action.REOPEN: lambda who, case, it: handling.reopen(who, case, it.version),
    Action.EXTEND: lambda who, case, it: extensions.extend(who, case, _day(it), it.text, it.version),
    Action.NAME_CONTACT: lambda who, case, it: routing.name_contact(who, case, it.member, it.version),
    Action.FLAG_RECORD: lambda who, case, it: routing.flag_record(who, case, it.yes, it.version),
    Action.PROTECT: lambda who, case, it: protection.protect(who, case, it.version),
    Action.UNPROTECT: lambda who, case, it: protection.unprotect(who, case, it.text, it.version),
    Action.SPLIT: lambda who, case, it: relations.split(who, case, it.text, it.version),
    Action.HAND_OVER: lambda who, case, it: routing.hand_over(who, case, _place(it.unit), it.yes, it.version),
    Action.TRANSFER: lambda who, case, it: closing.close_as_transferred(
        who, case, "Lifecare", it.text, it.version
    ),
    Action.REDIRECT: lambda who, case, it: closing.redirect(who, case, it.text, it.text, it.version),
    Action.MERGE: _with_another(merging.merge, lambda it: it.text, lambda it: it.version),
    Action.UNMERGE: lambda who, case, it: merging.unmerge(who, case, it.version),
    Action.RELATE: _with_another(relations.relate),
    Action.UNRELATE: _with_another(relations.unrelate),
}
BY_SENDER: dict[Action, Do] = {
    Action.REPLY: lambda who, case, it: sender_actions.reply(who, case, it.text),
    Action.WITHDRAW: lambda who, case, _given: sender_actions.withdraw(who, case),
    Action.NOT_SATISFIED: lambda who, case, it: sender_actions.not_satisfied(who, case, it.text),
}
PLACES = ("park", "gata", "aldre", "parker", "gator")


def _place(key: str) -> Any:
    return organisation.unit(key) or organisation.category(key)
