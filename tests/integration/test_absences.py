"""Absences: who may write them, what is refused, and to whom comes what came to who is away."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal import clock, db
from portal.audit import security_log
from portal.cases import queries
from portal.cases.actions import bars, handling, sender
from portal.cases.intake.submission import Receipt
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.absences import commands
from portal.identity.absences import queries as absences
from portal.identity.absences.commands import AbsenceRefused
from portal.identity.absences.rules import AbsenceProblem
from portal.identity.actors import Role, Staff, System
from portal.notifications.staff import notices
from portal.notifications.staff.recipients import recipients
from portal.organisation import queries as organisation
from portal.web import sender_page
from portal.web.backoffice.case.away import away_note, handler_text
from tests import factories
from tests.plain_text import plain
from tests.statements import counted

MONDAY = datetime(2026, 3, 2, 9, tzinfo=clock.STOCKHOLM)
TODAY = MONDAY.date()
FRIDAY = TODAY + timedelta(days=4)


@pytest.fixture(autouse=True)
def travel(inside: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def anna(travel: time_machine.Traveller) -> Staff:
    return factories.member("anna")


@pytest.fixture
def samir(travel: time_machine.Traveller) -> Staff:
    return factories.member("samir")


def away(actor: Staff, who: Staff, substitute: Staff | None = None, first: date = TODAY) -> int:
    """Registered by the actor: until Friday."""
    with db.transaction():
        own = substitute.membership if substitute else None
        return commands.register(actor, who.membership or 0, first, FRIDAY, own).id


def refused(actor: Staff, who: Staff, substitute: Staff | None = None) -> AbsenceProblem:
    with pytest.raises(AbsenceRefused) as caught:
        away(actor, who, substitute)
    return caught.value.refused.problem


def head(unit: str = "park") -> Staff:
    return factories.member("eva", Role.HEAD_OF_UNIT, unit)


def test_an_officer_writes_their_own_absence_and_the_head_that_of_the_unit(anna: Staff, samir: Staff) -> None:
    assert away(anna, anna, samir)
    eva = head()
    assert [member.id for member in absences.managed_by(eva)] == [
        anna.membership,
        eva.membership,
        samir.membership,
    ]
    assert away(eva, samir, eva)


def test_nobody_else_writes_or_removes_it(anna: Staff, samir: Staff) -> None:
    with pytest.raises(LookupError):
        away(samir, anna)
    written = away(anna, anna)
    for other in (samir, head("gata")):
        with db.transaction():
            assert not commands.remove(other, written)
    with db.transaction():
        assert commands.remove(anna, written)
    assert absences.absences_of([anna.membership or 0]) == []


def test_the_head_of_an_administration_writes_those_of_its_units(anna: Staff) -> None:
    with db.transaction():
        administration = organisation.administration("samhallsbyggnad")
        assert administration
        scope = identity.MembershipScope(administration=administration.id)
        number = factories.NUMBERS["eva"]
        ingrid = people.as_staff(identity.add_member("Eva", number, Role.HEAD_OF_ADMINISTRATION, scope))
    assert away(ingrid, anna)


def head_of(name: str, role: Role, **scope: int) -> Staff:
    with db.transaction():
        number = factories.NUMBERS[name]
        where = identity.MembershipScope(**scope)
        return people.as_staff(identity.add_member(name.capitalize(), number, role, where))


def names(actor: Staff) -> set[str]:
    return {member.name for member in absences.managed_by(actor)}


def test_registrars_are_managed_by_the_heads_of_the_first_line(travel: time_machine.Traveller) -> None:
    registrar = factories.member("anna", Role.REGISTRAR, None)
    first_line = organisation.first_line()
    of_unit = head("medborgarservice")
    administration = first_line.administration_id
    above = head_of("samir", Role.HEAD_OF_ADMINISTRATION, administration=administration)
    assert names(of_unit) >= {"Anna"}
    assert names(above) == {"Anna", "Eva", "Samir"}
    assert away(of_unit, registrar)
    assert names(registrar) == {"Anna"}


def test_no_other_head_manages_registrars(travel: time_machine.Traveller) -> None:
    factories.member("anna", Role.REGISTRAR, None)
    assert names(head("park")) == {"Eva"}


def test_the_head_of_a_board_and_of_everything_manages_their_units(anna: Staff) -> None:
    park = organisation.unit("park")
    assert park
    of_board = head_of("eva", Role.HEAD_OF_UNIT, board=park.board_id)
    of_all = head_of("samir", Role.HEAD_OF_UNIT)
    assert names(of_board) == {"Anna", "Eva"}
    assert names(of_all) == {"Anna", "Samir"}
    assert away(of_board, anna)


def test_a_second_click_is_the_same_absence(anna: Staff, samir: Staff) -> None:
    assert away(anna, anna, samir) == away(anna, anna, samir)


@pytest.mark.parametrize("unit", ["gata", None])
def test_a_substitute_reads_the_same_cases(anna: Staff, unit: str | None) -> None:
    assert refused(anna, anna, factories.member("samir", unit=unit)) is AbsenceProblem.CANNOT_READ


def test_a_substitute_is_there_until_the_end(anna: Staff, samir: Staff) -> None:
    with db.transaction():
        absent = people.membership(anna.membership)
        assert absent
        number = factories.CITIZENS["maria"]
        until = clock.end_of_day(FRIDAY - timedelta(days=1))
        temporary = identity.add_substitute(absent, "Maria", number, clock.now(), until)
    assert refused(anna, anna, people.as_staff(temporary)) is AbsenceProblem.CANNOT_READ


def test_a_ring_and_a_substitute_who_is_away_are_refused(anna: Staff, samir: Staff) -> None:
    away(anna, anna, samir)
    assert refused(samir, samir, anna) is AbsenceProblem.RING
    eva = head()
    away(samir, samir)
    assert refused(eva, eva, samir) is AbsenceProblem.SUBSTITUTE_AWAY
    assert refused(anna, anna, eva) is AbsenceProblem.OVERLAPS


def told(receipt: Receipt) -> set[int | None]:
    return {member.id for member in recipients(factories.case(receipt))}


def test_a_reply_goes_to_the_substitute_and_not_to_who_is_away(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    away(anna, anna, samir)
    factories.act(sender.reply, factories.sender(receipt), receipt, "Det är fler gungor.")
    assert (notices.count(anna), notices.count(samir)) == (0, 1)
    # What is open has not moved.
    assert factories.case(receipt).officer_id == anna.membership


def test_the_substitute_of_a_substitute_gets_it(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    eva = head()
    away(anna, anna, samir)
    away(samir, samir, eva)
    assert told(receipt) == {eva.membership}


def said(receipt: Receipt) -> tuple[str, str]:
    """What the case page and the confirmation of an assignment say of an officer who is away."""
    case = factories.case(receipt)
    return plain(handler_text(case)), plain(away_note(case))


def test_the_pages_name_who_really_gets_it(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    eva = head()
    away(anna, anna, samir)
    away(samir, samir, eva)
    assert said(receipt) == (
        "Anna, borta till och med 6 mars, Eva ersätter",
        "Anna är borta till och med 6 mars. Eva får veta vad som händer så länge.",
    )


def test_the_pages_name_no_substitute_who_may_not_read_the_case(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    away(anna, anna, samir)
    head()
    factories.act(bars.recuse, samir, receipt, "")
    assert said(receipt) == (
        "Anna, borta till och med 6 mars, enheten svarar",
        "Anna är borta till och med 6 mars. Enheten får veta vad som händer så länge.",
    )


def test_without_a_substitute_it_goes_to_those_of_the_unit_who_are_there(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    away(anna, anna)
    assert told(receipt) == {samir.membership}


def test_if_all_are_away_all_get_to_know(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    away(anna, anna)
    away(samir, samir)
    assert told(receipt) == {anna.membership, samir.membership}


def test_who_is_away_gets_to_know_if_only_others_are_there_whom_the_case_does_not_reach(anna: Staff) -> None:
    # Registrars read every case, but only those of the first line come to them.
    factories.member("eva", Role.REGISTRAR, None)
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    away(anna, anna)
    assert told(receipt) == {anna.membership}


def test_a_notice_costs_as_many_statements_in_a_large_unit(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    few = statements_of_a_notice(receipt)
    factories.member("eva")
    assert statements_of_a_notice(receipt) == few


def statements_of_a_notice(receipt: Receipt) -> int:
    """In the transaction of a change, where nothing that was read before is kept."""
    with db.transaction():
        case = queries.case_by_id(System(), receipt.case)
        assert case
        recipients(case)
        with counted() as found:
            recipients(case)
    return len(found)


def test_an_absence_ends_with_its_last_day(anna: Staff, samir: Staff, travel: time_machine.Traveller) -> None:
    away(anna, anna, samir)
    travel.move_to(datetime(2026, 3, 6, 23, 59, tzinfo=clock.STOCKHOLM))
    assert absences.answering_for(anna.membership) == samir.membership
    travel.move_to(datetime(2026, 3, 7, 0, 0, tzinfo=clock.STOCKHOLM))
    db.close_read_session()
    assert absences.answering_for(anna.membership) == anna.membership


def test_the_sender_sees_who_answers_meanwhile(anna: Staff, samir: Staff) -> None:
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    assert sender_page.contact_name(factories.case(receipt)) == "Anna"
    written = away(anna, anna, samir)
    assert sender_page.contact_name(factories.case(receipt)) == "Samir"
    with db.transaction():
        commands.remove(anna, written)
    away(anna, anna)
    # The unit.
    assert sender_page.contact_name(factories.case(receipt)) == ""


def test_a_substitute_who_is_barred_from_the_case_is_neither_named_nor_notified(
    anna: Staff, samir: Staff
) -> None:
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    factories.act(bars.recuse, samir, receipt, "")
    eva = head()
    away(anna, anna, samir)
    assert sender_page.contact_name(factories.case(receipt)) == ""
    assert told(receipt) == {eva.membership}


def test_an_ended_membership_ends_its_absences_and_substitutes_for_no_one(anna: Staff, samir: Staff) -> None:
    away(anna, anna, samir)
    away(samir, samir, head(), TODAY + timedelta(days=1))
    with db.transaction():
        identity.end_membership(samir.membership or 0)
    assert [row.substitute for row in absences.known_absences()] == [None]
    with db.transaction():
        identity.end_membership(anna.membership or 0)
    assert absences.known_absences() == []


def test_the_job_deletes_what_is_over(anna: Staff, travel: time_machine.Traveller) -> None:
    away(anna, anna)
    travel.move_to(MONDAY + timedelta(days=4, hours=10))
    with db.transaction():
        assert commands.delete_ended() == 0
    travel.move_to(MONDAY + timedelta(days=5))
    with db.transaction():
        assert commands.delete_ended() == 1


def test_the_security_log_has_whose_absence_by_whom_and_no_days(anna: Staff, samir: Staff) -> None:
    written = away(anna, anna, samir)
    with db.transaction():
        commands.remove(anna, written)
    logged = [(row.event, row.details) for row in security_log.entries()][-2:]
    details = {"membership": anna.membership, "substitute": samir.membership, "by": anna.membership}
    assert logged == [("AbsenceRegistered", details), ("AbsenceRemoved", details)]
    assert security_log.is_intact(security_log.entries())


def test_of_two_who_write_overlapping_absences_at_once_one_is_refused(
    inside: Flask, anna: Staff, samir: Staff
) -> None:
    def write(number: int) -> bool:
        try:
            away(anna, anna, samir if number else None)
        except AbsenceRefused:
            return False
        return True

    assert sorted(factories.at_once(inside, 2, write)) == [False, True]
    assert len(absences.known_absences()) == 1


def test_of_two_who_make_a_ring_at_once_one_is_refused(inside: Flask, anna: Staff, samir: Staff) -> None:
    def write(number: int) -> bool:
        first, second = (anna, samir) if number else (samir, anna)
        try:
            away(first, first, second)
        except AbsenceRefused:
            return False
        return True

    assert sorted(factories.at_once(inside, 2, write)) == [False, True]


def test_a_case_may_be_given_to_who_is_away_and_their_substitute_gets_to_know(
    anna: Staff, samir: Staff
) -> None:
    receipt = factories.send_in()
    away(anna, anna, samir)
    shown = {member.id: member for member in queries.handlers(factories.case(receipt))}
    member = shown[anna.membership or 0]
    assert (member.away_until, member.substitute_id) == (FRIDAY, samir.membership)
    factories.act(handling.assign, head(), receipt, member)
    assert (notices.count(anna), notices.count(samir)) == (0, 1)
