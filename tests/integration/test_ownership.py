"""Cases without a handler: the rule as SQL, who places them and where, and what a leaver lets go of."""

from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal import clock, db
from portal.cases import queries
from portal.cases.actions import handling, routing
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import BarKind, HandoverGround, TaskKind
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import NotAllowed, Status
from portal.cases.models import Case, CaseBar, Task
from portal.cases.ownership import departures, placements, units
from portal.cases.ownership import queries as ownership
from portal.cases.ownership.rules import is_without_handler, may_place
from portal.cases.transitions import Conflict
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff, System
from portal.identity.models import Membership
from portal.jobs.rules import Every
from portal.operations import checks, jobs
from portal.organisation import queries as organisation
from portal.organisation.models import Unit
from tests import factories
from tests.cases import brought_to
from tests.installation import BURLOV, Installation


def staffed(role: Role, **scope: str) -> Staff:
    """Eva as a role of a board or an administration."""
    with db.transaction():
        board = organisation.board(scope.get("board", ""))
        administration = organisation.administration(scope.get("administration", ""))
        ids = identity.MembershipScope(
            board=board.id if board else None, administration=administration.id if administration else None
        )
        number = factories.NUMBERS["eva"]
        return people.as_staff(identity.add_member("Eva", number, role, ids))


def ended(actor: Staff) -> None:
    with db.transaction():
        assert identity.end_membership(actor.membership or 0)


def close_unit(key: str) -> None:
    with db.transaction() as writer:
        writer.execute(sa.update(Unit).where(Unit.key == key).values(closed_at=clock.now()))


def bar(receipt: Receipt, person: int) -> None:
    with db.transaction() as writer:
        row = CaseBar(case_id=receipt.case, person_id=person, kind=BarKind.CONCERNED, at=clock.now())
        writer.add(row)


def unit_of(key: str) -> Unit:
    found = organisation.unit(key)
    assert found
    return found


def place(actor: Staff, receipt: Receipt, unit: str, officer: Staff | None = None, **more: object) -> None:
    """A case is placed, as by the page."""
    with db.transaction():
        case = ownership.placeable_case(actor, receipt.year, receipt.number)
        assert case, "the actor does not place the case"
        member = people.membership(officer.membership) if officer else None
        placements.place_case(actor, case, unit_of(unit), member, **more)


def placeable(actor: Staff) -> set[int]:
    db.close_read_session()
    rows = ownership.list_placeable(actor).rows
    assert len(rows) == ownership.count_placeable(actor)
    return {case.id for case in rows}


def tasks(receipt: Receipt) -> list[bool]:
    """For each task that the case has no handler, whether it is done."""
    db.close_read_session()
    of_case = sa.select(Task).filter_by(case_id=receipt.case, kind=TaskKind.NO_HANDLER).order_by(Task.id)
    return [task.done_at is not None for task in db.session().scalars(of_case)]


def sweep() -> None:
    db.close_read_session()
    while departures.keep_owners():
        pass


CREWS: list[list[tuple[str, Role, str | None]]] = [
    [],
    [("anna", Role.OFFICER, "park")],
    [("anna", Role.OFFICER, None)],
    [("anna", Role.HEAD_OF_UNIT, "aldre"), ("samir", Role.REGISTRAR, None)],
    [("samir", Role.REGISTRAR, None), ("eva", Role.HEAD_OF_ADMINISTRATION, None)],
]


@pytest.mark.parametrize("crew", CREWS)
def test_the_database_finds_the_cases_and_the_placers_that_the_rule_has(
    inside: Flask, crew: list[tuple[str, Role, str | None]]
) -> None:
    actors = [factories.member(*member) for member in crew]
    actors += [
        staffed(Role.RECORDS_OFFICER, board="social"),
        staffed(Role.RECORDS_OFFICER, board="tekniska"),
        staffed(Role.HEAD_OF_ADMINISTRATION, administration="samhallsbyggnad"),
    ]
    receipts = [
        factories.send_in(category=category) for category in ("parker", "gator", "aldre", "bemotande", None)
    ]
    receipts += [brought_to(Status.CLOSED), brought_to(Status.ANSWERED)]
    for receipt, actor in product(receipts[:2], actors[:1]):
        bar(receipt, actor.person)
    close_unit("gata")
    db.close_read_session()
    members = [people.as_staff(member) for member in people.members()]
    cases = db.session().scalars(sa.select(Case)).all()
    facts = {case.id: ownership.owner_facts(case) for case in cases}
    found = set(db.session().scalars(sa.select(Case.id).where(ownership.without_handler())))
    assert found == {case for case, fact in facts.items() if is_without_handler(fact, members)}
    assert found
    for actor in members:
        expected = {case for case, fact in facts.items() if may_place(actor, fact, members)}
        assert placeable(actor) == expected, actor


def test_a_case_of_a_topic_without_handlers_is_promised_and_in_the_list_at_once(inside: Flask) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    receipt = factories.send_in(category="kultur")
    assert factories.case(receipt).due_answer
    assert placeable(eva) == {receipt.case}
    assert tasks(receipt) == [False]


@pytest.mark.parametrize(("unit", "ground"), [("gata", None), ("kultur", HandoverGround.NO_SECRECY)])
def test_a_case_that_is_handed_to_a_unit_without_handlers_is_in_the_list_at_once(
    inside: Flask, unit: str, ground: HandoverGround | None
) -> None:
    anna, eva = factories.member(), factories.member("eva", Role.REGISTRAR, None)
    receipt = factories.send_in()
    assert (placeable(eva), tasks(receipt)) == (set(), [])
    factories.act(routing.hand_over, anna, receipt, unit_of(unit), ground)
    assert (placeable(eva), tasks(receipt)) == ({receipt.case}, [False])


def test_the_head_of_the_administration_comes_before_the_registrars(inside: Flask) -> None:
    registrar, receipt = factories.member("samir", Role.REGISTRAR, None), factories.send_in(category="aldre")
    head = staffed(Role.HEAD_OF_ADMINISTRATION, administration="social")
    other = staffed(Role.HEAD_OF_ADMINISTRATION, administration="utbildning")
    assert placeable(head) == {receipt.case}
    assert placeable(registrar) == placeable(other) == set()
    ended(head)
    assert placeable(registrar) == {receipt.case}


def test_the_records_officer_of_its_board_places_a_case_that_nobody_else_reads(inside: Flask) -> None:
    own, other = (staffed(Role.RECORDS_OFFICER, board=board) for board in ("social", "tekniska"))
    receipt = factories.send_in(category="aldre")
    assert (placeable(own), placeable(other)) == ({receipt.case}, set())


def test_a_case_is_placed_in_a_unit_of_its_board_and_the_task_is_finished(inside: Flask) -> None:
    eva, anna = factories.member("eva", Role.REGISTRAR, None), factories.member("anna", unit="park")
    receipt = factories.send_in(category="gator")
    assert [each.unit.key for each in units.destinations(factories.case(receipt))] == ["park"]
    place(eva, receipt, "park")
    case = factories.case(receipt)
    assert (case.handling_unit.key, case.responsible_unit.key, case.officer_id) == ("park", "gata", None)
    assert queries.case_by_id(anna, receipt.case)
    assert (placeable(eva), tasks(receipt)) == (set(), [True])
    last = factories.entries(receipt)[-1]
    assert (last.event, last.actor_id) == ("CasePlaced", eva.membership)
    assert last.details == {"unit": case.handling_unit_id, "before": case.responsible_unit_id}


def test_a_case_is_given_to_a_handler_of_the_unit(inside: Flask) -> None:
    eva, anna = factories.member("eva", Role.REGISTRAR, None), factories.member("anna", unit="park")
    receipt = factories.send_in(category="gator")
    place(eva, receipt, "park", anna)
    assert factories.case(receipt).officer_id == anna.membership


def test_a_case_with_secrecy_keeps_it_and_is_read_by_the_unit_that_it_was_placed_in(inside: Flask) -> None:
    head = staffed(Role.HEAD_OF_ADMINISTRATION, administration="social")
    receipt = factories.send_in(category="aldre")
    assert units.destinations(factories.case(receipt)) == []
    anna = factories.member("anna", unit="aldre")
    assert placeable(head) == set()
    assert queries.case_by_id(anna, receipt.case)
    assert queries.case_by_id(head, receipt.case) is None


@pytest.mark.parametrize("unit", ["bygg", "avfall", "gata"])
def test_a_case_goes_neither_to_another_board_nor_to_a_unit_without_handlers(
    inside: Flask, unit: str
) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    factories.member("anna", unit="park")
    factories.member("samir", unit="bygg")
    receipt = factories.send_in(category="gator")
    with pytest.raises(NotAllowed):
        place(eva, receipt, unit)
    assert factories.case(receipt).handling_unit.key == "gata"
    assert placeable(eva) == {receipt.case}


def test_a_case_is_not_given_to_its_sender_or_to_a_person_who_is_barred(inside: Flask) -> None:
    eva, anna = factories.member("eva", Role.REGISTRAR, None), factories.member("anna", unit="park")
    factories.member("samir", unit="park")
    receipt = factories.send_in(category="gator")
    bar(receipt, anna.person)
    with pytest.raises(NotAllowed):
        place(eva, receipt, "park", anna)


def test_a_case_leaves_a_closed_unit_and_its_responsibility_too(inside: Flask) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    factories.member("samir", unit="gata")
    factories.member("anna", unit="park")
    receipt = factories.send_in(category="gator")
    assert placeable(eva) == set()
    close_unit("gata")
    assert placeable(eva) == {receipt.case}
    sweep()
    assert tasks(receipt) == [False]
    place(eva, receipt, "park")
    case = factories.case(receipt)
    assert (case.handling_unit.key, case.responsible_unit.key) == ("park", "park")
    assert tasks(receipt) == [True]


def test_a_case_that_is_handled_for_another_board_stays_with_that_board(own: Installation) -> None:
    by_agreement = 'handling_unit = "kommunikation"\nagreement = true'
    own.becomes(BURLOV.replace('handling_unit = "gata"', by_agreement))
    eva = factories.member("eva", Role.REGISTRAR, None)
    factories.member("anna", unit="medborgarservice")
    receipt = factories.send_in(category="gator")
    close_unit("gata")
    place(eva, receipt, "medborgarservice")
    case = factories.case(receipt)
    assert (case.handling_unit.key, case.responsible_board.key) == ("medborgarservice", "tekniska")


def test_an_older_version_is_refused(inside: Flask) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    factories.member("anna", unit="park")
    receipt = factories.send_in(category="gator")
    seen = factories.case(receipt).version
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Mer")
    with pytest.raises(Conflict):
        place(eva, receipt, "park", version=seen)


def test_two_people_at_once_place_a_case_once(inside: Flask) -> None:
    actors = [
        factories.member("eva", Role.REGISTRAR, None),
        factories.member("samir", Role.REGISTRAR, None),
    ]
    factories.member("anna", unit="park")
    receipt = factories.send_in(category="gator")
    db.close_read_session()

    def one(number: int) -> str:
        try:
            place(actors[number], receipt, "park")
        except (AssertionError, Conflict, NotAllowed, db.StaleVersion):
            return "late"
        return "placed"

    assert sorted(factories.at_once(inside, 2, one)) == ["late", "placed"]
    assert [entry.event for entry in factories.entries(receipt)].count("CasePlaced") == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD_OF_UNIT, Role.ANALYST, Role.ADMINISTRATOR])
def test_other_roles_place_nothing(inside: Flask, role: Role) -> None:
    actor = factories.member("anna", role, "park" if role in {Role.OFFICER, Role.HEAD_OF_UNIT} else None)
    receipt = factories.send_in(category="gator")
    with pytest.raises(NotAllowed), db.transaction():
        placements.place_case(actor, queries.case_by_id(System(), receipt.case), unit_of("park"))
    assert not ownership.places_cases(actor)


def test_the_last_handler_who_leaves_makes_a_task_and_a_new_one_finishes_it(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    assert tasks(receipt) == []
    ended(anna)
    assert tasks(receipt) == [False]
    sweep()
    assert tasks(receipt) == [False]
    factories.member("samir")
    assert tasks(receipt) == [True]


def test_the_last_day_of_a_substitute_is_noticed_by_the_worker(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    now = clock.now()
    with db.transaction():
        absent = people.membership(anna.membership)
        assert absent
        number, day = factories.NUMBERS["samir"], timedelta(days=1)
        identity.add_substitute(absent, "Samir", number, now - day, now + day)
    ended(anna)
    samir = next(people.as_staff(each) for each in people.members() if each.substitute_for_id)
    factories.act(handling.take, samir, receipt)
    factories.act(routing.name_contact, samir, receipt, people.membership(samir.membership))
    assert tasks(receipt) == []
    with clock.at(now + timedelta(days=2)):
        sweep()
        case = factories.case(receipt)
        assert (case.officer_id, case.contact_id, case.status) == (None, None, Status.IN_PROGRESS)
        assert tasks(receipt) == [False]
        last = factories.entries(receipt)[-1]
        assert (last.event, last.actor_kind) == ("CaseReleased", "system")
        assert last.details["officer"] == samir.membership
        sweep()
        assert factories.entries(receipt)[-1].sequence == last.sequence


def test_two_workers_make_one_task_and_release_once(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    factories.act(handling.take, anna, receipt)
    with db.transaction() as writer:
        gone = sa.update(Membership).where(Membership.id == anna.membership)
        writer.execute(gone.values(ended_at=clock.now()))
    db.close_read_session()
    factories.at_once(inside, 2, lambda _number: departures.keep_owners())
    sweep()
    assert tasks(receipt) == [False]
    assert [entry.event for entry in factories.entries(receipt)].count("CaseReleased") == 1


def test_a_closed_case_has_no_task_and_is_not_listed(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    eva = factories.member("eva", Role.REGISTRAR, None)
    ended(anna)
    factories.act(sender_actions.withdraw, factories.sender(receipt), receipt)
    sweep()
    assert (tasks(receipt), placeable(eva)) == ([True], set())


def test_the_worker_sweeps(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    with db.transaction() as writer:
        gone = sa.update(Membership).where(Membership.id == anna.membership)
        writer.execute(gone.values(ended_at=clock.now()))
    db.close_read_session()
    inside.test_cli_runner().invoke(args=["worker", "--once"])
    assert tasks(receipt) == [False]
    (owners,) = [job for job in jobs.JOBS if job.name == "owners"]
    assert isinstance(owners.schedule, Every)
    assert 5 <= owners.schedule.seconds <= 60


def test_a_task_without_a_handler_is_not_pressed_away(inside: Flask) -> None:
    eva, receipt = factories.member("eva", Role.REGISTRAR, None), factories.send_in()
    (task,) = factories.case(receipt).open_tasks
    factories.act(handling.finish_task, eva, receipt, task.id)
    assert tasks(receipt) == [False]


def remove(app: Flask, actor: Staff) -> Result:
    """The command that ends a membership."""
    return app.test_cli_runner().invoke(args=["member", "remove", str(actor.membership)])


def test_member_remove_says_what_hangs_on_somebody_and_lets_go_of_it(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    factories.act(handling.take, anna, receipt)
    factories.act(routing.name_contact, anna, receipt, people.membership(anna.membership))
    db.close_read_session()
    done = remove(inside, anna)
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        [
            "Handled 1 open cases: they have no officer now.",
            "Was the contact person of 1 open cases.",
            "Was the last handler of: Parkenheten.",
            f"Membership {anna.membership} has ended.",
        ],
    )
    case = factories.case(receipt)
    assert (case.officer_id, case.contact_id, tasks(receipt)) == (None, None, [False])
    assert factories.entries(receipt)[-1].event == "CaseReleased"


def test_check_names_units_without_handlers_and_counts_cases(inside: Flask) -> None:
    factories.member("eva", Role.REGISTRAR, None)
    factories.send_in(category="kultur")
    db.close_read_session()
    notes = checks.owner_notes()
    assert notes[0].startswith("1 open cases have no handler")
    assert "Kultur" in notes[1]
    assert "Medborgarservice" not in notes[1]
    assert checks.owners() == ""


def test_check_fails_for_a_case_that_nobody_may_place(inside: Flask) -> None:
    factories.send_in(category="aldre")
    db.close_read_session()
    assert checks.owners().startswith("1 open cases")


def test_after_not_satisfied_neither_officer_nor_contact_is_who_answered(inside: Flask) -> None:
    anna, receipt = factories.member(), factories.send_in()
    head = factories.member("samir", Role.HEAD_OF_UNIT)
    factories.act(routing.name_contact, anna, receipt, people.membership(anna.membership))
    factories.act(handling.answer, anna, receipt, "Nej.")
    factories.act(sender_actions.not_satisfied, factories.sender(receipt), receipt, "Det hjälpte inte.")
    case = factories.case(receipt)
    assert (case.officer_id, case.contact_id) == (head.membership, None)
