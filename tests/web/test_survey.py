"""The page of the two questions: a GET spends nothing, an answer counts once, and a "no" leads on."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action
from portal.identity.actors import Role
from portal.surveys import answers, invitations
from portal.surveys.models import SurveyAnswer
from portal.surveys.rules import Helped, Treatment
from tests import factories
from tests.cases import do
from tests.page import Document, Page
from tests.web import steps

GOOD = {"got_answer": "yes", "treatment": "good"}
NO = {"got_answer": "no", "treatment": "neither"}
JOINED = "Den som läser svaren i enkäten ser då att texten hör till ärendet."
LINK = "Svara på två frågor"


@pytest.fixture
def closed(app: Flask) -> Receipt:
    with app.app_context():
        receipt = factories.send_in(email="maja@exempel.se")
        do(Action.ANSWER_AND_CLOSE, factories.member(), receipt)
    return receipt


def address(receipt: Receipt) -> str:
    """The address of the link in the letter."""
    link = re.search(r"/enkat/[\w-]+", factories.letters()[-1].text or "")
    assert link
    return link[0]


def counted() -> list[str]:
    db.close_read_session()
    return [row.helped.value for row in db.session().scalars(sa.select(SurveyAnswer))]


def opened(page: Page, receipt: Receipt) -> Document:
    """The page of the case, which this browser has opened by its code."""
    assert receipt.code
    steps.open_case(page, factories.number(receipt), receipt.code)
    return steps.latest(page)


def test_to_look_spends_nothing_and_an_answer_counts_once(page: Page, closed: Receipt) -> None:
    link = address(closed)
    for _ in range(3):
        form = page.get(link)
    assert form.h1 == "Två frågor om svaret"
    assert form.response.headers["Referrer-Policy"] == "no-referrer"
    assert form.response.headers["Cache-Control"] == "no-store"
    assert counted() == []
    thanks = page.submit(form, "main form", changes=GOOD, status=200)
    assert (thanks.h1, counted()) == ("Tack för dina svar", ["yes"])
    # A second click, and the link once more.
    again = page.submit(form, "main form", changes=NO, status=200)
    assert (again.h1, page.get(link).h1, counted()) == ("Du har redan svarat", "Du har redan svarat", ["yes"])


def test_what_is_missing_is_named_and_what_was_written_is_kept(page: Page, closed: Receipt) -> None:
    form = page.get(address(closed))
    refused = page.submit(
        form, "main form", changes={"treatment": "bad", "comment": "Ring 870420-2392."}, status=422
    )
    assert refused.errors()[0] == "Välj om du fick svar på det du undrade"
    assert "personnummer" in refused.errors()[1]
    assert refused.find("input[value=bad]").has_attr("checked")
    assert refused.text_of("textarea") == "Ring 870420-2392."
    changes = {"got_answer": "partly", "behall_personnummer_comment": "1"}
    assert page.submit(refused, "main form", changes=changes, status=200).h1 == "Tack för dina svar"


def test_a_link_of_another_kind_or_an_old_one_says_so(
    app: Flask, page: Page, travel: steps.Travel, closed: Receipt
) -> None:
    assert page.get("/enkat/AbCdEfGhIjKlMnOpQrStUv", 404).h1 == "Länken leder inte till några frågor"
    link = address(closed)
    travel.shift(dt.timedelta(days=30).total_seconds())
    assert page.get(link, 410).h1 == "Länken gäller inte längre"
    page.post(link, GOOD, 410)


def test_without_its_token_nothing_is_counted(page: Page, closed: Receipt) -> None:
    page.post(address(closed), GOOD, 422)
    assert counted() == []


def test_the_page_of_the_case_has_the_link_until_it_is_answered(
    app: Flask, page: Page, closed: Receipt
) -> None:
    shown = opened(page, closed)
    assert shown.links[LINK] == address(closed)
    page.submit(page.get(shown.links[LINK]), "main form", changes=GOOD, status=200)
    assert LINK not in steps.latest(page).links


def test_mina_sidor_has_it_too(app: Flask, citizen_page: steps.SignIn) -> None:
    browser = citizen_page(factories.citizen())
    receipt = steps.send(browser, {**steps.WRITTEN, "reply_by": "portal", "notify_by": "none"})
    with app.app_context():
        do(
            Action.ANSWER_AND_CLOSE,
            factories.member("eva", Role.REGISTRAR, None),
            Receipt(1, 2026, 1, None, True),
        )
    link = browser.get(receipt.links["Öppna ärendet"]).links[LINK]
    thanks = browser.submit(browser.get(link), "main form", changes=NO, status=200)
    assert JOINED not in thanks.text
    reopened = browser.follow(
        browser.submit(thanks, "main form[action*='/mina-sidor/']", button="not_satisfied")
    )
    assert "Jag fick inte svar på det jag undrade." in reopened.text
    assert "Du var inte nöjd med svaret." in reopened.text


def test_a_no_reopens_by_one_press_where_the_case_is_open_and_to_another_person(
    app: Flask, page: Page, closed: Receipt
) -> None:
    with app.app_context():
        head = factories.member("samir", Role.HEAD_OF_UNIT)
    opened(page, closed)
    form = page.get(address(closed))
    thanks = page.submit(form, "main form", changes=NO | {"comment": "Gungan är kvar?"}, status=200)
    assert JOINED in thanks.text
    reopened = page.follow(page.submit(thanks, "main form[action^='/folj/']", button="not_satisfied"))
    assert "Gungan är kvar?" in reopened.text
    assert "Samir" in reopened.text
    case = factories.case(closed)
    assert (case.unsatisfied, case.officer_id) == (True, head.membership)


def test_in_another_browser_a_no_leads_to_where_the_code_is_asked_for(page: Page, closed: Receipt) -> None:
    thanks = page.submit(page.get(address(closed)), "main form", changes=NO, status=200)
    assert thanks.links["Öppna ärendet"] == f"/folj#{factories.number(closed)}"
    assert not thanks.has("[name=not_satisfied]")


def test_who_was_helped_is_offered_nothing_more(page: Page, closed: Receipt) -> None:
    opened(page, closed)
    thanks = page.submit(page.get(address(closed)), "main form", changes=GOOD, status=200)
    assert not thanks.has("main form")
    assert "Öppna ärendet" not in thanks.links


def answered(count: int, comment: str) -> None:
    """So many senders answered a week ago, each with a text."""
    officer = factories.member()
    with clock.at(clock.now() - dt.timedelta(days=7)):
        for number in range(count):
            receipt = factories.send_in()
            do(Action.ANSWER_AND_CLOSE, officer, receipt)
            token = invitations.token_for(factories.case(receipt))
            with db.transaction():
                answers.answer(token, Helped.YES, Treatment.GOOD, f"{comment} {number}")


@pytest.mark.parametrize(("count", "cell"), [(4, "för få svar"), (5, "100\N{NO-BREAK SPACE}% (5 av 5)")])
def test_the_head_sees_shares_of_at_least_five_and_the_latest_texts(
    app: Flask, staff_page: steps.SignIn, count: int, cell: str
) -> None:
    with app.app_context():
        answered(count, "Svaret kom fort.")
        head = factories.member("samir", Role.HEAD_OF_UNIT)
    browser = staff_page(head)
    shown = browser.get("/handlaggning/enheten")
    (row,) = [row for row in shown.all("tr") if "Fick svar på det de undrade" in row.get_text()]
    assert row.select("td")[1].get_text().strip() == cell
    assert f"Svaret kom fort. {count - 1}" in shown.text
    every = browser.get(shown.links["Visa alla texter"])
    assert every.text.count("Svaret kom fort.") == count
    assert "KB-2026" not in every.text


def test_the_records_reach_the_texts_from_the_register_and_no_other_role_does(
    app: Flask, staff_page: steps.SignIn
) -> None:
    with app.app_context():
        answered(1, "Svaret kom fort.")
        records, officer = factories.records_officer("park"), factories.member()
    browser = staff_page(records)
    texts = browser.get(browser.get("/handlaggning/register").links["Texter ur enkäten"])
    assert "Svaret kom fort. 0" in texts.text
    assert "Här är början" in browser.get("/handlaggning/enkatsvar?efter=x").text
    staff_page(officer).get("/handlaggning/enkatsvar", 404)
