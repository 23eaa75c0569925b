"""The register in the back office: who gets it, its days, its print and its file, and what it costs."""

import csv
from io import StringIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db
from portal.audit.models import Read, Reading
from portal.cases.actions import handling
from portal.cases.enums import Direction, Secrecy
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case, CaseBar, Message
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from portal.web.backoffice.register import batches, views
from tests import bulk_cases, factories
from tests.page import Document, Page
from tests.statements import counted
from tests.web import steps

REGISTER = "/handlaggning/register"
PRINT, FILE = f"{REGISTER}/utskrift", f"{REGISTER}.csv"
BUDGET = 8
HEADINGS = ["Dag", "Tid", "Ärende", "In, ut eller upprättad", "Från eller till", "Det gäller", "Enhet"]
HEADINGS += ["Bilagor"]


@pytest.fixture
def eva(app: Flask, travel: steps.Travel) -> Staff:
    """The records officer of the board of the park unit."""
    return factories.records_officer("park")


@pytest.fixture
def keeper(eva: Staff, staff_page: steps.SignIn) -> Page:
    """Her browser."""
    return staff_page(eva)


def cells(shown: Document) -> list[list[str]]:
    """Each row of the page, cell by cell."""
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("td")] for row in shown.all("table tbody tr")
    ]


def file_of(page: Page, query: str = "") -> list[list[str]]:
    """The lines of the file, the first of them its headings."""
    response = page.client.get(f"{FILE}{query}")
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    assert response.headers["Cache-Control"] == "no-store"
    text = response.get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def readings() -> list[tuple[int, Read]]:
    db.close_read_session()
    return [(row.case_id, row.what) for row in db.session().scalars(sa.select(Reading).order_by(Reading.id))]


def board(unit: str) -> Board:
    """The board of a unit."""
    with db.transaction():
        found = organisation.unit(unit)
        assert found
        return found.board


def change(receipt: Receipt, **values: Any) -> None:
    with db.transaction() as writer:
        for name, value in values.items():
            setattr(writer.get_one(Case, receipt.case), name, value)


def test_a_row_says_when_what_from_whom_and_leads_to_its_case(keeper: Page, sent: Receipt) -> None:
    shown = keeper.get(REGISTER)
    number = factories.number(sent)
    expected = ["2026-05-04 10:00", number, "In", "Maja Ek", "Lekplatsen är stängd", "Parkenheten"]
    assert (shown.h1, cells(shown)) == ("Register", [expected])
    assert shown.text_of(".site-nav [aria-current]") == "Register"
    assert keeper.get(shown.links[number]).h1 == "Lekplatsen är stängd"


def test_the_sender_is_secret_or_anonymous_in_words_and_the_matter_by_its_kind(
    keeper: Page, sent: Receipt
) -> None:
    factories.send_in()
    change(sent, secrecy=Secrecy.MARKED)
    hidden, anonymous = cells(keeper.get(REGISTER))
    assert hidden[3:5] == ["Uppgift om avsändaren är sekretessbelagd", "Klagomål"]
    assert anonymous[3:5] == ["Anonym", "Lekplatsen är stängd"]
    for address in (REGISTER, PRINT):
        assert "Maja Ek" not in keeper.get(address).html
    assert "Maja Ek" not in str(file_of(keeper))


@pytest.mark.parametrize("address", [REGISTER, PRINT, FILE])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.RECORDS_OFFICER])
def test_nobody_else_gets_a_register_or_a_link_to_one(
    app: Flask, staff_page: steps.SignIn, address: str, role: Role
) -> None:
    page = staff_page(factories.member("anna", role))
    status = 403 if role in (Role.ANALYST, Role.PROCESS_OWNER, Role.ELECTED, Role.ADMINISTRATOR) else 404
    assert "Register" not in page.get(address, status).links
    if status == 404:
        assert "Register" not in page.get("/handlaggning/").links


@pytest.mark.parametrize("address", [REGISTER, PRINT, FILE])
def test_without_a_common_registry_an_officer_without_a_board_has_none(
    app: Flask, staff_page: steps.SignIn, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    page = staff_page(factories.records_officer(None))
    assert page.client.get(address).status_code == 200
    own = organisation.profile().model_copy(update={"common_registry": False})
    monkeypatch.setattr(organisation, "profile", lambda: own)
    assert page.client.get(address).status_code == 404


def test_a_common_registry_chooses_the_board_and_another_officer_has_no_choice(
    keeper: Page, staff_page: steps.SignIn, sent: Receipt
) -> None:
    assert not keeper.get(REGISTER).has("#namnd")
    common = staff_page(factories.records_officer(None, "samir"))
    shown = common.get(f"{REGISTER}?namnd=finns-inte")
    assert shown.text_of(".ds-alert").startswith("Nämnden i adressen")
    chosen = common.submit(common.get(REGISTER), "form.filter", changes={"namnd": board("park").key})
    assert [row[1] for row in cells(chosen)] == [factories.number(sent)]
    assert f"namnd={board('park').key}" in chosen.links["Hämta som csv"]
    # The key of a board gives its own officer nothing that they do not keep.
    assert "Nämnden i adressen" in keeper.get(f"{REGISTER}?namnd={board('aldre').key}").text


def test_the_days_limit_the_rows_and_an_empty_period_says_so(keeper: Page, sent: Receipt) -> None:
    shown = keeper.get(REGISTER)
    assert [steps.kept(shown, name) for name in ("fran", "till")] == ["2026-05-01", "2026-05-04"]
    empty = keeper.submit(shown, "form.filter", changes={"fran": "2026-05-01", "till": "2026-05-03"})
    assert empty.text_of(".empty h2") == "Inget i registret"
    assert "2026-05-01 till 2026-05-03" in empty.text_of(".empty p")
    assert not cells(empty)


@pytest.mark.parametrize("address", [REGISTER, PRINT, FILE])
@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("fran=i+gar&till=2026-05-04", ["Skriv dagen med år, månad och dag, till exempel 2026-05-18"]),
        ("fran=2026-05-04&till=2026-05-03", ["Välj en sista dag som inte är före den första"]),
        ("fran=%00&till=%F0%9F", ["Skriv dagen med år, månad och dag, till exempel 2026-05-18"] * 2),
    ],
)
def test_days_that_are_no_period_are_named_and_kept(
    keeper: Page, sent: Receipt, address: str, query: str, errors: list[str]
) -> None:
    shown = keeper.get(f"{address}?{query}", 422)
    assert shown.errors() == errors
    assert steps.kept(shown, "fran") == {"fran=i": "i gar", "fran=2": "2026-05-04"}.get(query[:6], "\x00")
    assert not cells(shown)
    assert readings() == []


def test_a_place_that_cannot_be_read_gives_the_first_page_and_says_so(keeper: Page, sent: Receipt) -> None:
    for query in ("efter=x", "fore=%00", "efter=cXVldWUgMjAyNi0wNS0wNCAx"):
        shown = keeper.get(f"{REGISTER}?{query}")
        assert "gick inte att läsa" in shown.text_of(".ds-alert")
        assert len(cells(shown)) == 1


def test_the_print_has_board_period_and_every_row_and_says_who_printed_it(
    keeper: Page, sent: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 10)
    for _number in range(30):
        factories.send_in()
    page = keeper.get(keeper.get(REGISTER).links["Skriv ut hela perioden"])
    assert page.h1 == f"Register, {board('park').name}"
    assert page.text_of(".number") == "2026-05-01 till 2026-05-04"
    assert page.text_of(".printed").startswith("Utskrivet av Eva 4 maj 2026")
    assert [cell.get_text(strip=True) for cell in page.all("thead th")] == HEADINGS
    assert len(cells(page)) == 31
    assert page.links["Tillbaka till registret"].startswith(REGISTER)


def test_the_file_has_every_row_and_no_formula(
    app: Flask, keeper: Page, sent: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    factories.send_in(subject='=HYPERLINK("http://exempel.se";"Klicka")')
    for _number in range(3):
        factories.send_in(name="@Maja", email="maja@exempel.se")
    first, *rest = file_of(keeper)
    assert first == HEADINGS
    assert rest[0] == [
        *("2026-05-04", "10:00", factories.number(sent), "In", "Maja Ek", "Lekplatsen är stängd"),
        "Parkenheten",
        "",
    ]
    assert [row[4:6] for row in rest[1:3]] == [
        ["Anonym", '\'=HYPERLINK("http://exempel.se";"Klicka")'],
        ["'@Maja", "Lekplatsen är stängd"],
    ]
    assert len(rest) == 5
    assert file_of(keeper, "?fran=2026-04-01&till=2026-04-02") == [HEADINGS]


@pytest.mark.parametrize("address", [PRINT, FILE])
def test_a_period_with_too_many_rows_asks_for_a_shorter_one(
    keeper: Page, sent: Receipt, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(views, "MAX_PRINTED", 1)
    monkeypatch.setattr(views, "MAX_IN_FILE", 1)
    assert keeper.client.get(address).status_code == 200
    factories.send_in()
    shown = keeper.get(address, 422)
    assert shown.errors() == ["Perioden har fler än 1 rader. Välj en kortare."]


@pytest.mark.parametrize("address", [REGISTER, PRINT, FILE])
def test_each_case_whose_sender_is_named_is_a_reading_and_no_other(
    eva: Staff, keeper: Page, sent: Receipt, address: str
) -> None:
    anna = factories.member("anna")
    factories.act(handling.answer, anna, sent, "I dag.")
    factories.send_in()
    secret = factories.send_in(name="Maja Ek", email="maja@exempel.se")
    change(secret, secrecy=Secrecy.MARKED)
    keeper.client.get(address, buffered=True)
    assert readings() == [(sent.case, Read.LIST)]


def test_who_is_barred_from_a_case_finds_no_row_of_it(eva: Staff, keeper: Page, sent: Receipt) -> None:
    with db.transaction() as writer:
        bar = {"case_id": sent.case, "person_id": eva.person, "kind": "concerned", "at": clock.now()}
        writer.execute(sa.insert(CaseBar).values(**bar))
    assert not cells(keeper.get(REGISTER))
    assert not cells(keeper.get(PRINT))
    assert file_of(keeper) == [HEADINGS]


def test_the_pages_follow_each_other_and_keep_the_days(keeper: Page, sent: Receipt) -> None:
    for _number in range(30):
        factories.send_in()
    first = keeper.get(f"{REGISTER}?fran=2026-05-02")
    second = keeper.get(first.links["Nästa"])
    assert [len(cells(page)) for page in (first, second)] == [25, 6]
    assert "fran=2026-05-02" in second.links["Föregående"]
    assert "Nästa" not in second.links
    assert cells(keeper.get(second.links["Föregående"])) == cells(first)


def many_messages(count: int, party: int | None) -> None:
    """So many cases of this sender, each with a message of its board."""
    bulk_cases.cases(count, party_id=party)
    columns = {"language": "sv", "body": "x", "direction": Direction.IN.name.lower()}
    literals = [sa.literal(value) for value in columns.values()]
    names = ["case_id", "board_id", "arrived_at", "registered_at", *columns]
    query = sa.select(Case.id, Case.responsible_board_id, Case.received_at, Case.received_at, *literals)
    new = query.where(~sa.exists().where(Message.case_id == Case.id))
    with db.transaction() as writer:
        writer.execute(sa.insert(Message.__table__).from_select(names, new))


@pytest.mark.parametrize("memberships", [1, 9])
def test_a_page_costs_the_same_with_few_rows_and_with_many(
    eva: Staff, keeper: Page, sent: Receipt, memberships: int
) -> None:
    factories.more_memberships(eva, memberships - 1)
    costs = []
    party = factories.case(sent).party_id
    for count in (10, 1_000):
        many_messages(count, party)
        for query in ("?fran=2026-01-01", "?fran=2026-01-01&till=2026-05-04"):
            with counted() as statements:
                shown = keeper.get(f"{REGISTER}{query}")
            costs.append(len(statements))
            assert cells(shown)
    assert len(cells(shown)) == 25
    assert set(costs) == {costs[0]}
    assert costs[0] <= BUDGET, statements
