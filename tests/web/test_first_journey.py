"""The whole way through pages: sent, read by code, answered, replied to, closed."""

from collections.abc import Callable

from portal.identity.actors import Staff
from tests import factories
from tests.page import Page


def test_a_stranger_asks_an_officer_answers_and_the_code_opens_the_answer(
    page: Page, staff_page: Callable[[Staff], Page]
) -> None:
    question = {"subject": "När öppnar badet?", "body": "I sommar?", "reply_by": "code", "category": "parker"}
    sent = page.submit(page.get("/lamna/fraga"), "main form", changes=question)
    receipt = page.follow(sent)
    code = receipt.find("[data-code]")["data-code"]
    number = receipt.find(".number").get_text(strip=True)
    assert receipt.h1 == "Tack. Din fråga är framme."

    officer = staff_page(factories.member())
    case = officer.get(f"/handlaggning/arenden/{number}")
    case = officer.follow(officer.submit(case, "form[action$='/take']"))
    case = officer.follow(officer.submit(case, "form[action$='/answer']", changes={"body": "Den 1 juni."}))
    assert "Besvarat" in case.text

    opened = page.follow(page.post("/folj", {"number": number, "code": code, "csrf_token": _token(page)}))
    assert "Den 1 juni." in opened.text
    again = page.follow(page.submit(opened, "#body", changes={"body": "Vilken tid?"}))
    assert "Vilken tid?" in again.text

    case = officer.get(f"/handlaggning/arenden/{number}")
    last, button = {"body": "Klockan nio."}, "Skicka och avsluta"
    case = officer.follow(officer.submit(case, "form[action$='/answer']", changes=last, button=button))
    assert "Avslutat" in case.text


def _token(page: Page) -> str:
    return str(page.get("/folj").find("[name=csrf_token]")["value"])
