"""Who has opened a case, for its sender: role, unit and time by day, and never a name."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert, update

from portal import clock, db
from portal.audit import read_log
from portal.audit.models import Read, Reading
from portal.audit.readers import SIZE
from portal.cases.actions import routing
from portal.cases.intake.submission import Receipt
from portal.identity import commands as identity
from portal.identity import emergency_access
from portal.identity import queries as people
from portal.identity.actors import Citizen, Role, Staff
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from portal.words.sender import readers as reader_words
from tests import factories, statements
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

SignedIn = Callable[[Citizen], Page]
StaffPage = Callable[[Staff], Page]
LINK = "Vem har öppnat ärendet?"


@pytest.fixture
def anna(app: Flask, travel: steps.Travel) -> Staff:
    return factories.member()


@pytest.fixture
def sent(app: Flask, anna: Staff) -> Receipt:
    with app.app_context():
        return factories.send_as(factories.citizen())


@pytest.fixture
def maria(sent: Receipt, citizen_page: SignedIn) -> Page:
    return citizen_page(factories.citizen())


def lines(page: Document) -> list[str]:
    return [plain(line.get_text(" ", strip=True)) for line in page.all(".openings li")]


def readers(page: Page, sent: Receipt) -> Document:
    return page.get(page.get(f"/mina-sidor/arenden/{factories.number(sent)}").links[LINK])


def read(actor: Staff, sent: Receipt, how: Read = Read.CASE) -> None:
    read_log.log_display(actor, [factories.case(sent)], how)


def test_every_kind_of_reading_has_words_and_is_shown(
    sent: Receipt, anna: Staff, maria: Page, travel: steps.Travel
) -> None:
    assert set(reader_words.KINDS) == set(Read)
    for what in Read:
        read(anna, sent, what)
    shown = " ".join(lines(readers(maria, sent)))
    assert [str(text) for text in reader_words.KINDS.values() if str(text) not in shown] == []


def test_readers_are_listed_by_day_role_and_unit_without_a_name(
    citizen_page: SignedIn, sent: Receipt, anna: Staff, staff_page: StaffPage, travel: steps.Travel
) -> None:
    maria = citizen_page(factories.citizen())
    assert "Ingen i personalen har öppnat ärendet än." in readers(maria, sent).text
    officer = staff_page(anna)
    officer.get(steps.case_address(factories.number(sent)))
    travel.shift(15 * 60)
    officer.get(steps.case_address(factories.number(sent)))
    officer.get(steps.case_address(factories.number(sent), "/utskrift"))
    travel.move_to("2026-05-05 08:15:00Z")
    read(factories.member("eva", Role.REGISTRAR, None), sent, Read.LIST)
    shown = readers(citizen_page(factories.citizen()), sent)
    assert [plain(heading.get_text()) for heading in shown.all("main h2")] == ["Tisdag 5 maj", "Måndag 4 maj"]
    assert lines(shown) == [
        "Medborgarservice Såg ärendet i en lista eller en sökning kl. 10.15",
        "Handläggare, Parkenheten Skrev ut ärendet kl. 10.15 Läste ärendet kl. 10.15, kl. 10.00",
    ]
    assert not {"Anna", "Eva"} & set(shown.text.split())


def test_the_holder_of_the_code_sees_the_same(anna: Staff, page: Page) -> None:
    opened = steps.opened(page)
    read_log.log_rows(anna, [1], how=Read.CASE)
    assert lines(page.get(opened.links[LINK])) == ["Handläggare, Parkenheten Läste ärendet kl. 10.00"]


def test_a_reader_keeps_the_role_and_unit_of_that_day(maria: Page, sent: Receipt, anna: Staff) -> None:
    read(anna, sent)
    gata = organisation.unit("gata")
    assert gata
    with db.transaction() as session:
        moved = update(Membership).where(Membership.id == anna.membership)
        session.execute(moved.values(unit_id=gata.id, role=Role.HEAD_OF_UNIT))
    assert lines(readers(maria, sent)) == ["Handläggare, Parkenheten Läste ärendet kl. 10.00"]


def test_a_row_from_before_roles_were_kept_has_that_of_the_membership(
    maria: Page, sent: Receipt, anna: Staff
) -> None:
    read(anna, sent)
    with db.transaction() as session:
        session.execute(update(Reading).values(role=None, unit_id=None))
    assert lines(readers(maria, sent)) == ["Handläggare, Parkenheten Läste ärendet kl. 10.00"]


def test_emergency_access_is_named(maria: Page, sent: Receipt, anna: Staff) -> None:
    person, scope = people.person(anna.person), identity.MembershipScope()
    with db.transaction():
        granted = emergency_access.begin(
            Membership(person=person, role=Role.REGISTRAR, **scope.columns), "Leverantören ligger nere", 2
        )
        actor = people.as_staff(granted.membership)
    read(actor, sent)
    assert lines(readers(maria, sent)) == ["Medborgarservice (nödåtkomst) Läste ärendet kl. 10.00"]


def test_both_boards_of_a_case_that_was_handed_over_are_listed(
    app: Flask, maria: Page, sent: Receipt, anna: Staff
) -> None:
    samir = factories.member("samir", unit="gata")
    read(anna, sent)
    with app.app_context():
        factories.act(routing.hand_over, anna, sent, organisation.unit("gata"))
    read(samir, sent)
    assert lines(readers(maria, sent)) == [
        "Handläggare, Gatuenheten Läste ärendet kl. 10.00",
        "Handläggare, Parkenheten Läste ärendet kl. 10.00",
    ]


def test_another_person_sees_no_readers(sent: Receipt, citizen_page: SignedIn) -> None:
    yusuf = citizen_page(factories.citizen("yusuf"))
    yusuf.get(f"/mina-sidor/arenden/{factories.number(sent)}/oppnat", 404)


def test_many_readings_are_paged_with_as_many_statements(maria: Page, sent: Receipt, anna: Staff) -> None:
    read_log.log_rows(anna, [sent.case])
    address = f"/mina-sidor/arenden/{factories.number(sent)}/oppnat"
    with statements.counted() as few:
        maria.get(address)
    with db.transaction() as session:
        row = {
            "case_id": sent.case,
            "membership_id": anna.membership,
            "role": anna.role,
            "unit_id": anna.unit,
        }
        session.execute(insert(Reading), [row | {"at": clock.now(), "what": Read.CASE}] * SIZE)
    with statements.counted() as many:
        first = maria.get(address)
    assert len(few) == len(many)
    older = maria.get(first.links["Äldre"])
    assert lines(older) == ["Handläggare, Parkenheten Såg ärendet i en lista eller en sökning kl. 10.00"]
    assert maria.get(older.links["Nyare"]).text == first.text
    maria.get(f"{address}?efter=x", 400)
