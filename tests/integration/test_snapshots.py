"""Snapshots of memberships: who wrote or did something is stored as it was then, whatever changes later."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db, hash_chain
from portal.audit import trail
from portal.audit.models import TrailEntry
from portal.cases import queries
from portal.cases.actions import handling, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.answers import templates
from portal.cases.answers.templates import TemplateInput
from portal.cases.events import NoteAdded
from portal.cases.intake.submission import Receipt
from portal.cases.measures import actions as measures
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Measure, Message
from portal.events import publish
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Actor, Citizen, Role, Staff, System
from portal.identity.models import MembershipSnapshot
from portal.identity.snapshots import as_now, snapshot_id, snapshot_of
from portal.organisation import queries as organisation
from portal.organisation.models import UnitHistory
from tests import factories
from tests.staff_changes import CHANGES, end, rename_person


def current(actor: Staff) -> MembershipSnapshot:
    """The snapshot of a membership as it is now."""
    with db.transaction():
        return snapshot_of(actor.membership or 0)


def stored() -> int:
    db.close_read_session()
    return db.session().scalar(sa.select(sa.func.count()).select_from(MembershipSnapshot)) or 0


def messages(receipt: Receipt, actor: Actor | None = None) -> list[Message]:
    return list(queries.messages(actor or System(), factories.case(receipt)))


def test_a_snapshot_has_name_role_unit_and_board(inside: Flask) -> None:
    row = current(factories.member())
    assert (row.name, row.role, row.unit_name) == ("Anna", Role.OFFICER, "Parkenheten")
    assert (row.board_name, row.administration_name) == ("Tekniska nämnden", None)
    assert row.number == 1


def test_a_registrar_works_in_the_first_line(inside: Flask) -> None:
    row = current(factories.member("eva", Role.REGISTRAR, None))
    assert (row.unit_name, row.unit_id) == ("Medborgarservice", organisation.first_line().id)
    assert row.board_name == "Kommunstyrelsen"


def test_a_head_of_administration_has_the_name_of_it(inside: Flask) -> None:
    with db.transaction():
        part = organisation.administration("samhallsbyggnad")
        assert part
        scope = identity.MembershipScope(administration=part.id)
        added = identity.add_member("Eva", factories.NUMBERS["eva"], Role.HEAD_OF_ADMINISTRATION, scope)
        head = people.as_staff(added)
    row = current(head)
    assert (row.administration_name, row.unit_name) == ("Samhällsbyggnadsförvaltningen", None)


def test_an_unchanged_membership_has_one_snapshot(inside: Flask) -> None:
    anna = factories.member()
    assert current(anna).id == current(anna).id
    assert stored() == 1


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_membership_gets_a_snapshot_of_its_own(
    inside: Flask, change: Callable[[Staff], None]
) -> None:
    anna = factories.member()
    before = current(anna)
    change(anna)
    after = current(anna)
    assert (before.number, after.number) == (1, 2)
    assert stored() == 2


def test_a_membership_that_is_as_it_was_gets_its_earlier_snapshot_again(inside: Flask) -> None:
    anna = factories.member()
    first = current(anna)
    rename_person(anna)
    current(anna)
    rename_person(anna, "Anna")
    assert current(anna).id == first.id
    assert stored() == 2


def test_an_ended_membership_changes_no_snapshot(inside: Flask) -> None:
    anna = factories.member()
    first = current(anna)
    end(anna)
    assert current(anna).id == first.id


def test_a_membership_that_does_not_exist_has_none(inside: Flask) -> None:
    with pytest.raises(sa.exc.NoResultFound), db.transaction():
        snapshot_of(4711)


def test_only_staff_with_a_membership_have_one(inside: Flask) -> None:
    receipt = factories.send_in()
    with db.transaction():
        actors = (System(), Citizen(4711), factories.sender(receipt), Staff(4711))
        assert [snapshot_id(actor) for actor in actors] == [None] * 4


def test_what_has_not_happened_yet_leaves_no_row(inside: Flask) -> None:
    anna = factories.member()
    db.close_read_session()
    assert (as_now(anna.membership or 0).name, as_now(anna.membership or 0).id) == ("Anna", None)
    assert stored() == 0


def test_many_at_once_get_the_same_snapshot(inside: Flask) -> None:
    anna = factories.member()
    ids = factories.at_once(inside, 4, lambda _place: current(anna).id)
    assert len(set(ids)) == 1
    assert stored() == 1


def test_the_name_is_encrypted(inside: Flask) -> None:
    current(factories.member())
    db.close_read_session()
    name = db.session().scalar(sa.text("SELECT name FROM membership_snapshot"))
    assert b"Anna" not in bytes(name)


@pytest.fixture
def lived(inside: Flask) -> tuple[Receipt, Staff]:
    """A case in which Anna of the park unit has written and done things."""
    receipt, anna = factories.send_in(), factories.member()
    samir = people.membership(factories.member("samir").membership)
    factories.act(handling.take, anna, receipt)
    factories.act(handling.note, anna, receipt, "Ringde.")
    factories.act(handling.answer, anna, receipt, "Den 1 juni.")
    factories.act(routing.name_contact, anna, receipt, samir)
    factories.act(measures.note_measure, anna, receipt, "En skylt.")
    factories.act(measures.propose, anna, receipt, "Fler skyltar.")
    factories.act(measures.settle, anna, receipt, 2, measures.MeasureState.DECIDED)
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Tack.")
    return receipt, anna


def test_every_message_by_staff_has_a_snapshot_and_those_of_the_sender_have_none(
    lived: tuple[Receipt, Staff],
) -> None:
    rows = messages(lived[0])
    assert {row.author_id is None for row in rows} == {True, False}
    assert [row.author is None for row in rows] == [row.author_id is None for row in rows]


def test_every_entry_by_staff_has_a_snapshot_and_the_others_have_none(lived: tuple[Receipt, Staff]) -> None:
    rows = factories.entries(lived[0])
    assert {row.actor_kind for row in rows} == {"staff", "code_holder"}
    assert [row.actor_snapshot_id is None for row in rows] == [row.actor_kind != "staff" for row in rows]


def test_the_trail_has_ids_alone(lived: tuple[Receipt, Staff]) -> None:
    db.close_read_session()
    rows = db.session().execute(sa.text("SELECT actor_kind, actor_id, actor_snapshot_id, details FROM trail"))
    text = "\n".join(str(tuple(row)) for row in rows)
    assert [word for word in ("Anna", "Samir", "Parkenheten", "Tekniska") if word in text] == []


@pytest.mark.parametrize("change", [*CHANGES, end])
def test_what_was_written_keeps_its_author_as_they_were(
    lived: tuple[Receipt, Staff], change: Callable[[Staff], None]
) -> None:
    receipt, anna = lived
    change(anna)
    authors = [row.author for row in messages(receipt) if row.author]
    measured = measure_queries.of_case(factories.member("eva", Role.REGISTRAR, None), factories.case(receipt))
    authors += [row.author for row in measured if row.author]
    authors += [row.settled_by for row in measured if row.settled_by]
    assert len(authors) == 5
    states = {(row.name, row.role, row.unit_name, row.board_name) for row in authors}
    assert states == {("Anna", Role.OFFICER, "Parkenheten", "Tekniska nämnden")}


@pytest.mark.parametrize("change", [*CHANGES, end])
def test_the_trail_names_its_actors_as_they_were(
    lived: tuple[Receipt, Staff], change: Callable[[Staff], None]
) -> None:
    receipt, anna = lived
    change(anna)
    actors = {
        entry.actor and (entry.actor.name, entry.actor.role, entry.actor.unit_name)
        for entry in factories.entries(receipt)
    }
    assert actors == {None, ("Anna", Role.OFFICER, "Parkenheten")}


def test_the_trail_names_those_whom_an_event_is_about_as_they_were(lived: tuple[Receipt, Staff]) -> None:
    receipt, _anna = lived
    rename_person(factories.member("samir"), "Samir Sten")
    entries = factories.entries(receipt)
    officers = {entry.event: entry.officer.name for entry in entries if entry.officer}
    assert officers == {"CaseTaken": "Anna", "ContactNamed": "Samir"}


def test_the_last_answer_of_a_case_has_its_author_as_they_were(lived: tuple[Receipt, Staff]) -> None:
    receipt, anna = lived
    factories.act(handling.answer, factories.member("samir"), receipt, "Nej, den 2 juni.")
    rename_person(factories.member("samir"), "Samir Sten")
    case = factories.case(receipt)
    answer = queries.latest_from_us(factories.sender(receipt), [case.id])[case.id]
    assert answer.author
    assert (answer.body, answer.author.name) == ("Nej, den 2 juni.", "Samir")
    assert queries.latest_from_us(Citizen(4711), [case.id]) == {}
    assert anna


def test_an_answer_template_keeps_the_author_of_each_version(inside: Flask) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    content = TemplateInput(name="Tack", body="Tack.", language="sv", kind=None, category=None, unit=None)
    with db.transaction():
        template = templates.save_template(eva, content)
    rename_person(eva, "Eva Ny")
    with db.transaction():
        again = templates.get_template(eva, template.id)
        assert again
        templates.save_template(eva, replace(content, body="Tack igen."), again, again.latest.id)
    db.close_read_session()
    shown = templates.get_template(eva, template.id)
    assert shown
    assert [version.author and version.author.name for version in shown.versions] == ["Eva", "Eva Ny"]


def chain(entries: list[TrailEntry]) -> bool:
    return hash_chain.is_intact(entries, trail.seal)


def test_the_seals_fit_after_every_change(lived: tuple[Receipt, Staff]) -> None:
    receipt, anna = lived
    for change in (*CHANGES, end):
        change(anna)
    assert chain(list(factories.entries(receipt)))


@pytest.mark.parametrize("value", [None, "other"])
def test_a_snapshot_put_in_the_place_of_another_breaks_the_seal(
    lived: tuple[Receipt, Staff], value: str | None
) -> None:
    receipt, _anna = lived
    other = current(factories.member("samir")).id if value else None
    with db.transaction() as session:
        taken = TrailEntry.event == "CaseTaken"
        session.execute(sa.update(TrailEntry).where(taken).values(actor_snapshot_id=other))
    assert not chain(list(factories.entries(receipt)))


def test_an_entry_without_a_snapshot_has_the_seal_that_it_always_had(inside: Flask) -> None:
    receipt = factories.send_in()
    entry = factories.entries(receipt)[0]
    content = [entry.case_id, 1, entry.at.isoformat(), entry.event, "code_holder", None, entry.details]
    assert hash_chain.seal(hash_chain.GENESIS_SEAL, content) == entry.seal


def forget(receipt: Receipt) -> None:
    """The trail is as it was before there were snapshots."""
    with db.transaction() as session:
        for entry in session.scalars(sa.select(TrailEntry).where(TrailEntry.case_id == receipt.case)):
            entry.actor_snapshot_id = None
            entry.details = {key: entry.details[key] for key in entry.details if key != "officer_snapshot"}


def test_an_entry_from_before_there_were_snapshots_names_the_first_one(lived: tuple[Receipt, Staff]) -> None:
    receipt, anna = lived
    rename_person(anna)
    factories.act(handling.note, anna, receipt, "Ringde igen.")
    forget(receipt)
    entries = factories.entries(receipt)
    assert {entry.actor.name for entry in entries if entry.actor} == {"Anna"}
    assert {entry.event for entry in entries if not entry.actor} == {"CaseReceived", "CaseReopened"}
    officers = {entry.event: entry.officer.name for entry in entries if entry.officer}
    assert officers == {"CaseTaken": "Anna", "ContactNamed": "Samir"}


def test_the_id_of_a_citizen_names_no_member_of_staff(inside: Flask) -> None:
    anna = factories.member()
    current(anna)
    receipt = factories.send_in()
    with db.transaction():
        publish(NoteAdded(case=receipt.case, at=clock.now(), actor=Citizen(anna.membership or 0), message=1))
    assert [entry.actor for entry in factories.entries(receipt)] == [None, None]


def test_a_unit_has_the_name_that_it_had_at_a_moment(inside: Flask) -> None:
    first = organisation.first_line()
    moments = [first.opened_at.replace(year=year) for year in (2030, 2031, 2032, 2033)]
    with db.transaction() as session:
        for name, ended in (("Växeln", moments[1]), ("Kontaktcenter", moments[2])):
            values = {"board_id": first.board_id, "administration_id": first.administration_id}
            session.add(UnitHistory(unit_id=first.id, name=name, ended_at=ended, **values))
    names = [organisation.unit_name_at(first.id, moment) for moment in moments]
    assert names == ["Växeln", "Kontaktcenter", "Medborgarservice", "Medborgarservice"]
    assert organisation.unit_name_at(4711, moments[0]) == ""


def test_every_measure_has_a_snapshot_of_its_author_and_of_those_who_settled_it(
    lived: tuple[Receipt, Staff],
) -> None:
    rows = db.session().scalars(sa.select(Measure).order_by(Measure.id)).all()
    assert [row.author_snapshot_id is not None for row in rows] == [True, True]
    assert [row.settled_by_snapshot_id is not None for row in rows] == [False, True]
