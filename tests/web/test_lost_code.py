"""What a lost code means: said before sending, on the receipt and where the code is asked for, and true."""

import pytest

from tests.page import Page
from tests.web import steps

LOST = "Om du tappar koden kan du inte öppna ärendet."
NOT_BY_TEXT = "Vi kan inte skicka en ny kod som sms."
NEW = "få en ny"


def test_it_is_said_before_one_sends(page: Page) -> None:
    assert LOST in page.get(steps.COMPLAINT).text


@pytest.mark.parametrize("path", ["/", "/folj", "/kvitto"])
def test_the_pages_that_need_the_code_lead_to_what_can_be_done(page: Page, path: str) -> None:
    shown = page.get(page.get(path).links["Har du tappat koden?"])
    assert shown.h1 == "Om du har tappat koden"
    for text in ("Då kan ingen ta fram koden åt dig", "Skicka in på nytt", "en allmän handling"):
        assert text in shown.text
    assert {"/kvitto", "/folj/ny-kod", "/lamna"} <= set(shown.links.values())


def test_so_does_the_page_that_sends_a_new_one(page: Page) -> None:
    assert page.get("/folj/ny-kod").links["Om du inte lämnade någon e-postadress"] == "/folj/tappad-kod"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (steps.MAILED, NEW),
        ({**steps.WRITTEN, "reply_by": "sms", "phone": "070-174 06 05"}, NOT_BY_TEXT),
        (steps.WRITTEN, "Vi vet inte vem du är och kan inte ta fram koden igen."),
    ],
)
def test_the_receipt_promises_a_new_code_to_an_email_address_alone(
    page: Page, written: dict[str, str], expected: str
) -> None:
    shown = steps.send(page, written)
    assert expected in shown.text
    assert (NEW in shown.links) is (expected == NEW)


def test_the_code_is_in_no_table_in_any_writing(page: Page) -> None:
    code = steps.code_of(steps.send(page))
    kept = steps.everything().upper()
    for written in (code, code.replace("-", ""), code.replace("-", " ")):
        assert written not in kept
