"""The gate: what the rule says and what the database finds are the same, and nothing leaks beside it."""

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import select

from portal import clock, db
from portal.audit import read_log, trail
from portal.audit.company import recent_colleagues
from portal.audit.dossier import dossier_for
from portal.audit.models import Read
from portal.cases import parties, queries
from portal.cases.access import CaseScope, may_read, scope
from portal.cases.actions import handling as actions_handling
from portal.cases.authority.placement import place
from portal.cases.enums import Channel, Kind, ReplyBy, TaskKind
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Status
from portal.cases.models import Case, Party
from portal.cases.queue import conditions, listing
from portal.cases.queue import counts as counting
from portal.cases.queue.filters import Filters, View
from portal.cases.visibility import kind_of, parametrised, scope_values, visible_to
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Actor, Citizen, CodeHolder, Role, Staff, System
from portal.identity.models import Person
from portal.notifications import outbox
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit
from tests import factories

UNITS = ("park", "gata", "bygg", "grundskola", "aldre")
CATEGORIES = (None, "parker", "aldre")
SENDERS = ("nobody", "stranger", "one", "other")


class World(NamedTuple):
    """A case of every combination, and who and what there is to draw actors from."""

    facts: list[CaseScope]
    people: list[int]
    units: list[Unit]


@pytest.fixture
def world(inside: Flask) -> World:
    """Every pair of units, with and without secrecy, sent by nobody, a stranger, and each of two people."""
    with db.transaction() as writer:
        people = [Person(name=name, created_at=clock.now()) for name in ("one", "other")]
        writer.add_all(people)
        writer.flush()
        units = [unit for unit in writer.scalars(select(Unit)) if unit.key in UNITS]
        kinds = [organisation.category(key) if key else None for key in CATEGORIES]
        senders = [None, Party(), *(Party(person_id=person.id) for person in people)]
        cases = [_case(*each) for each in product(units, units, kinds, senders)]
        for number, case in enumerate(cases, 1):
            case.number = number
        writer.add_all(cases)
        writer.flush()
        return World([queries.case_scope(case) for case in cases], [person.id for person in people], units)


def _case(responsible: Unit, handling: Unit, category: Category | None, party: Party | None) -> Case:
    now = clock.now()
    case = Case(
        year=2026,
        kind=Kind.QUESTION,
        status=Status.RECEIVED,
        channel=Channel.WEB,
        reply_by=ReplyBy.CODE,
        language="sv",
        public_subject="Ämne",
        internal_subject="Ämne",
        party=party,
        profile_version=organisation.profile_version(),
        promise={},
        clock_started_on=clock.today(),
        received_at=now,
        updated_at=now,
    )
    place(case, category, responsible, handling)
    case.sender_person_id = party.person_id if party else None
    return case


@st.composite
def actors(draw: st.DrawFn, world: World) -> Actor:
    """Anybody at all, more often staff: with one scope or several, or none."""
    person = draw(st.sampled_from([*world.people, 4711]))
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return Citizen(person)
    if kind == 1:
        return CodeHolder(draw(st.sampled_from([facts.case for facts in world.facts] + [4711])))
    where = {
        "unit": draw(st.sampled_from([None, *(unit.id for unit in world.units)])),
        "board": draw(st.sampled_from([None, *(unit.board_id for unit in world.units)])),
        "administration": draw(st.sampled_from([None, *(unit.administration_id for unit in world.units)])),
    }
    common = draw(st.booleans())
    role = draw(st.sampled_from([None, *Role]))
    return System() if kind == 2 else Staff(person, 1, role, **where, common_registry=common)


def found_by(actor: Actor) -> set[int]:
    return set(db.session().scalars(select(Case.id).where(visible_to(actor))))


def found_by_kind(actor: Actor) -> set[int]:
    """What a statement finds that was built once for all actors of the kind."""
    query = select(Case.id).where(visible_to(parametrised(kind_of(actor))))
    return set(db.session().scalars(query, scope_values(actor)))


@hypothesis(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_database_finds_exactly_what_the_rule_allows(world: World, data: st.DataObject) -> None:
    actor = data.draw(actors(world))
    allowed = {facts.case for facts in world.facts if may_read(scope(actor), facts)}
    assert found_by(actor) == found_by_kind(actor) == allowed


def test_the_world_holds_a_case_for_every_answer(world: World) -> None:
    assert len(world.facts) == len(UNITS) ** 2 * len(CATEGORIES) * len(SENDERS)
    assert {facts.secret for facts in world.facts} == {True, False}
    assert {facts.sender for facts in world.facts} == {None, *world.people}
    assert (
        {len(facts.boards) for facts in world.facts} == {len(facts.units) for facts in world.facts} == {1, 2}
    )
    park = next(unit for unit in world.units if unit.key == "park")
    officer = Staff(world.people[0], 1, Role.OFFICER, unit=park.id)
    assert (
        0 < len(found_by(officer)) < len(found_by(Staff(4711, 1, Role.REGISTRAR))) < len(found_by(System()))
    )


def test_what_is_found_by_number_is_what_is_found_in_lists(world: World) -> None:
    park = next(unit for unit in world.units if unit.key == "park")
    officer = Staff(world.people[0], 1, Role.OFFICER, unit=park.id)
    single = [queries.case_for(officer, 2026, number) for number in range(1, len(world.facts) + 1)]
    assert {case.id for case in single if case} == found_by(officer)


SECRETS = ("Hemligt ämne", "Hemlig text", "Hemlig anteckning")


@pytest.fixture
def hidden(inside: Flask) -> Receipt:
    """A case of another unit with everything that could leak: text, note, task, trail, handler."""
    receipt = factories.send_in(category="gator", subject=SECRETS[0], body=SECRETS[1])
    officer = factories.member("samir", unit="gata")
    factories.act(actions_handling.take, officer, receipt)
    factories.act(actions_handling.note, officer, receipt, SECRETS[2])
    with db.transaction():
        outbox.add_task(receipt.case, TaskKind.UNDELIVERED)
    read_log.log_display(officer, [factories.case(receipt)], Read.CASE)
    return receipt


def outsiders(hidden: Receipt) -> list[Actor]:
    """Everybody who may not see it: another unit, no role, figures only, another case's code, a citizen."""
    park = factories.member()
    other = factories.send_in()
    roles = (Role.ANALYST, Role.PROCESS_OWNER, Role.ELECTED, Role.ADMINISTRATOR, None)
    return [
        park,
        replace(park, role=Role.HEAD_OF_UNIT),
        *(replace(park, role=role, unit=None) for role in roles),
        Staff(park.person),
        CodeHolder(other.case),
        Citizen(park.person),
    ]


def test_nothing_of_a_hidden_case_is_found(hidden: Receipt) -> None:
    case = factories.case(hidden)
    for actor in outsiders(hidden):
        assert queries.case_for(actor, hidden.year, hidden.number) is None, actor
        assert queries.case_by_id(actor, hidden.case) is None, actor
        assert queries.messages(actor, case) == [], actor
        assert trail.timeline(actor, case) == [], actor


def test_no_list_count_task_or_reader_of_a_hidden_case_is_found(hidden: Receipt) -> None:
    actors_ = outsiders(hidden)
    case = factories.case(hidden)
    for actor in actors_:
        if isinstance(actor, Staff):
            assert dossier_for(actor, hidden.year, hidden.number) is None, actor
            assert read_log.readings(actor, case) == [], actor
            assert recent_colleagues(actor, case) == [], actor
            at = conditions.days()
            listed = [each.id for view in View for each in listing.list_cases(actor, Filters(view), at).rows]
            assert hidden.case not in listed, actor
            counts = counting.counts(actor, {view: Filters(view) for view in View}, at)
            assert set(counts.values()) <= {0, 1}, actor


def test_who_may_see_it_finds_all_of_it(hidden: Receipt) -> None:
    officer, case = factories.member("samir", unit="gata"), factories.case(hidden)
    assert queries.case_for(officer, hidden.year, hidden.number)
    assert [each.body for each in queries.messages(officer, case)] == list(SECRETS[1:])
    assert [each.event for each in trail.timeline(officer, case)] == [
        "CaseReceived",
        "CaseTaken",
        "NoteAdded",
    ]
    dossier = dossier_for(officer, hidden.year, hidden.number)
    assert dossier
    assert len(dossier.tasks) == len(read_log.readings(officer, case)) == 1
    assert [row.body for row in dossier.messages] == list(SECRETS[1:])
    assert dossier.trail == trail.timeline(officer, case)


def test_a_code_holder_sees_neither_notes_nor_other_cases(hidden: Receipt) -> None:
    holder = factories.sender(hidden)
    factories.send_in()
    assert found_by(holder) == {hidden.case}
    assert [each.body for each in queries.messages(holder, factories.case(hidden))] == [SECRETS[1]]


def test_the_counts_are_those_of_the_lists(hidden: Receipt) -> None:
    officer = factories.member("samir", unit="gata")
    factories.send_in(category="gator")
    at = conditions.days()
    listed = {view: len(listing.list_cases(officer, Filters(view), at).rows) for view in View}
    assert counting.counts(officer, {view: Filters(view) for view in View}, at) == listed
    held = {view.value: count for view, count in listed.items() if count}
    assert held == {"open": 2, "newest": 2, "mine": 1, "unassigned": 1, "unit": 2, "undelivered": 1}


def test_a_membership_that_has_ended_reaches_nothing(hidden: Receipt) -> None:
    officer = factories.member("samir", unit="gata")
    assert officer.membership
    with db.transaction():
        identity.end_membership(officer.membership)
    db.close_read_session()
    ended = people.staff(officer.person)
    assert ended == Staff(officer.person)
    assert found_by(ended) == set()


def test_a_person_who_is_both_sender_and_staff_sees_their_own_case_only_as_a_citizen(inside: Flask) -> None:
    officer, receipt = factories.member(), factories.send_in(email="anna@exempel.se")
    with db.transaction() as writer:
        party = writer.scalars(select(Party)).one()
        parties.link_person(writer.scalars(select(Case)).one(), party, officer.person)
    db.close_read_session()
    assert found_by(officer) == set()
    assert found_by(Citizen(officer.person)) == {receipt.case}
    assert found_by(factories.member("samir")) == {receipt.case}


def test_the_facts_of_a_case_are_both_its_units_and_what_they_belong_to(world: World) -> None:
    case = queries.case_by_id(System(), world.facts[4 * len(SENDERS) * len(CATEGORIES)].case)
    assert case
    both = case.responsible_unit, case.handling_unit
    found = queries.case_scope(case)
    assert both[0] is not both[1]
    assert found.units == {unit.id for unit in both}
    assert found.boards == {unit.board_id for unit in both}
    assert found.administrations == {unit.administration_id for unit in both}


def test_a_case_can_be_given_only_to_those_who_handle_and_see_it(inside: Flask) -> None:
    wanted = [factories.member("anna"), factories.member("samir", Role.REGISTRAR, None)]
    factories.member("eva", unit="gata")
    factories.member("eva", Role.RECORDS_OFFICER, None)
    factories.member("eva", Role.HEAD_OF_ADMINISTRATION, None)
    found = queries.handlers(factories.case(factories.send_in()))
    assert [each.id for each in found] == [each.membership for each in wanted]


def test_a_secret_case_can_be_given_only_within_its_unit(inside: Flask) -> None:
    factories.member("samir", Role.REGISTRAR, None)
    own = factories.member("anna", unit="aldre")
    found = queries.handlers(factories.case(factories.send_in(category="aldre")))
    assert [each.id for each in found] == [own.membership]
