"""Matters that must be received, on the page of a case: marked, refused to be closed, and passed on."""

import pytest

from portal.cases.actions import handling, routing
from portal.cases.enums import LegalMatter
from portal.web.backoffice import colleague_forms
from tests import factories
from tests.cases import membership_of
from tests.page import Document, Page
from tests.web import steps


def act(page: Page, number: str, action: str, changes: dict[str, str], status: int = 303) -> Document:
    shown = page.get(steps.case_address(number))
    return page.submit(shown, f"form[action$='/{action}']", changes=changes, status=status)


def test_the_page_says_why_it_cannot_be_closed_and_offers_no_way_to(
    staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    page = staff_page(factories.member())
    number = factories.number(factories.send_in())
    act(page, number, "flag_matter", {"matter": "appeal"})
    shown = page.get(steps.case_address(number))
    assert "Överklagande: det här ska tas emot även om det kom fel." in shown.text
    assert "Välj Lämna över om en annan nämnd i kommunen ska ha det." in shown.text
    assert "Tas alltid emot Överklagande" in shown.text
    for action in ("redirect", "transfer", "merge"):
        assert not shown.has(f"form[action$='/{action}']")
    assert not shown.has("button[name=close]")
    assert shown.has("form[action$='/forward']")


def test_the_warning_is_gone_when_the_mark_is(staff_page: steps.SignIn, travel: steps.Travel) -> None:
    page = staff_page(factories.member())
    number = factories.number(factories.send_in())
    act(page, number, "flag_matter", {"matter": "damages"})
    act(page, number, "flag_matter", {"matter": ""})
    shown = page.get(steps.case_address(number))
    assert "ska tas emot även om det kom fel" not in shown.text
    assert shown.has("form[action$='/redirect']")


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("redirect", {"reason": "Ett överklagande.", "way": "Skriv till domstolen."}),
        ("transfer", {"system": "Lifecare", "number": "1"}),
        ("answer", {"body": "Skriv till domstolen.", "close": "1"}),
    ],
)
def test_an_old_page_is_told_why_closing_is_refused_and_what_to_do(
    staff_page: steps.SignIn, travel: steps.Travel, action: str, fields: dict[str, str]
) -> None:
    officer, receipt = factories.member(), factories.send_in()
    page = staff_page(officer)
    factories.act(routing.flag_matter, officer, receipt, LegalMatter.APPEAL)
    fields = fields | {"csrf_token": steps.token(page)}
    shown = page.post(steps.case_address(factories.number(receipt), f"/{action}"), fields, 409)
    assert shown.h1 == "Ärendet går inte att avsluta så"
    assert "Ärendet går att avsluta först när det är lämnat till rätt nämnd eller myndighet." in shown.text
    assert "Någon hann före" not in shown.text


def test_many_cannot_be_closed_at_once_either(staff_page: steps.SignIn, travel: steps.Travel) -> None:
    officer, receipt = factories.member(), factories.send_in()
    page = staff_page(officer)
    factories.act(routing.flag_matter, officer, receipt, LegalMatter.TIME_LIMIT)
    factories.act(handling.answer, officer, receipt, "Vi lämnar det vidare.")
    fields = {"csrf_token": steps.token(page), "case": [factories.number(receipt)], "action": "close"}
    shown = page.post("/handlaggning/flera", fields, 200)
    assert "Det måste först lämnas till rätt nämnd eller myndighet." in shown.text


def test_it_is_passed_on_and_both_sides_see_to_whom(
    page: Page, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    receipt = steps.send(page, {"category": "parker"})
    number, code = steps.number_of(receipt), steps.code_of(receipt)
    staff = staff_page(factories.member())
    act(staff, number, "flag_matter", {"matter": "damages"})
    wrong = act(staff, number, "forward", {"recipient": "", "day": "2026-01-01"}, 422)
    assert "Skriv vem som har fått det" in wrong.text
    assert "Välj en dag från den då ärendet kom in" in wrong.text
    act(staff, number, "forward", {"recipient": "Kommunens jurister", "more": "Ring dem gärna."})
    assert "Lämnat till Kommunens jurister" in staff.get(steps.case_address(number)).text
    shown = page.follow(steps.open_case(page, number, code))
    assert "Vi har lämnat det du skickade till Kommunens jurister måndag 4 maj." in shown.text
    assert "Det kom in till kommunen måndag 4 maj, och den dagen gäller." in shown.text
    assert "Ring dem gärna." in shown.text
    assert "Kom in den måndag 4 maj" in shown.text


def test_a_report_asks_whom_it_concerns(staff_page: steps.SignIn, travel: steps.Travel) -> None:
    samir = factories.member("samir")
    page = staff_page(factories.member())
    number = factories.number(factories.send_in())
    wrong = act(page, number, "flag_matter", {"matter": "whistleblowing"}, 422)
    assert "Välj en kollega i listan, eller Ingen kollega" in wrong.text
    concerned = str(membership_of(samir).id)
    act(page, number, "flag_matter", {"matter": "whistleblowing", "officer": concerned})
    staff_page(samir).get(steps.case_address(number), 404)
    shown = page.get(steps.case_address(number)).text
    assert "OSL 32:3 b" in shown
    assert "Rapport" in shown


def test_a_report_about_nobody_here_bars_nobody(staff_page: steps.SignIn, travel: steps.Travel) -> None:
    samir = factories.member("samir")
    page = staff_page(factories.member())
    number = factories.number(factories.send_in())
    act(page, number, "flag_matter", {"matter": "whistleblowing", "officer": "0"})
    staff_page(samir).get(steps.case_address(number))


def test_among_many_colleagues_one_searches_by_name(
    staff_page: steps.SignIn, travel: steps.Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(colleague_forms, "MAX_LISTED", 0)
    samir = factories.member("samir")
    page = staff_page(factories.member())
    number = factories.number(factories.send_in())
    searched = act(page, number, "flag_matter", {"matter": "whistleblowing", "name": "sam"}, 422)
    options = [tag["value"] for tag in searched.all("[name=officer] option")]
    assert str(membership_of(samir).id) in options
