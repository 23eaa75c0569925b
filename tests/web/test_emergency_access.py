"""Nödåtkomst on the pages: a code opens the back office as one role, and all staff see that it is open."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from portal.audit.models import Reading
from portal.identity.actors import Role, Staff
from tests import factories
from tests.page import Document, Page
from tests.web import steps
from tests.web.steps import Travel

ADDRESS, QUEUE = "/logga-in/nodatkomst", "/handlaggning/"
NO_FIT = "Koden gäller inte. Be den som driver tjänsten om en ny."
STAFF = Callable[[Staff], Page]


@pytest.fixture
def app(travel: Travel, app: Flask) -> Flask:
    """The application on a Monday at ten."""
    return app


def broken(app: Flask, *words: str, who: str = "eva", role: str = "registrar") -> str:
    """Somebody opens an emergency access; gives its code."""
    named = (factories.NUMBERS[who], role, "--name", who.capitalize(), "--reason", "Leverantören ligger nere")
    result = app.test_cli_runner().invoke(args=["member", "break-glass", *named, *words])
    return re.findall(r"^\w{4}-\w{4}-\w{4}-\w{4}$", result.output, re.MULTILINE)[0]


def type_in(page: Page, code: str, status: int = 303) -> Document:
    return page.submit(page.get(ADDRESS), "main form", changes={"code": code}, status=status)


def entered(app: Flask, *words: str, **named: str) -> Page:
    page = Page(app.test_client())
    assert type_in(page, broken(app, *words, **named)).location == QUEUE
    return page


def test_the_code_opens_the_back_office_without_a_provider_and_what_is_done_there_is_in_the_trail(
    app: Flask,
) -> None:
    receipt, page = factories.send_in(), entered(app)
    number = factories.number(receipt)
    shown = page.get(steps.case_address(number))
    assert shown.text_of(".who") == "Eva"
    steps.act(page, number, "take")
    last = factories.entries(receipt)[-1]
    assert (last.event, last.actor_kind, last.actor_id) == ("CaseTaken", "staff", 1)
    assert steps.count(Reading.__tablename__) >= 1
    assert "Med nödåtkomst" in page.get("/inloggningar").text
    page.get("/mina-sidor", 303)


def test_small_letters_and_spaces_are_forgiven_and_the_code_works_once(app: Flask, page: Page) -> None:
    code = broken(app)
    type_in(page, f" {code.lower().replace('-', ' ')} ")
    again = type_in(Page(app.test_client()), code, 422)
    assert again.errors() == [NO_FIT]


@pytest.mark.parametrize("written", ["ABCD-EFGH-JKLM-NPQR", "x", "'; --", "\N{SNOWMAN}", "9" * 5000])
def test_a_guess_opens_nothing_and_gets_the_answer_of_every_other(
    app: Flask, page: Page, written: str
) -> None:
    broken(app)
    assert type_in(page, written, 422).errors() == [NO_FIT]
    page.get(QUEUE, 303)


def test_after_fifteen_minutes_a_new_code_is_needed(app: Flask, page: Page, travel: Travel) -> None:
    code = broken(app)
    travel.shift(15 * 60)
    assert type_in(page, code, 422).errors() == [NO_FIT]


def test_a_session_that_the_browser_had_goes_when_the_code_fits_and_stays_when_it_does_not(
    app: Flask, staff_page: STAFF
) -> None:
    page, code = staff_page(factories.member()), broken(app)
    type_in(page, "ABCD-EFGH-JKLM-NPQR", 422)
    assert page.get(QUEUE).text_of(".who") == "Anna"
    type_in(page, code)
    assert page.get(QUEUE).text_of(".who") == "Eva"
    assert steps.count("sign_in") == 1


def test_it_is_the_one_role_and_no_other_that_the_person_has(app: Flask, travel: Travel) -> None:
    factories.send_in(subject="I parken")
    factories.send_in(subject="På gatan", category="gator")
    own = factories.member("anna", Role.OFFICER, "park")
    page = entered(app, "--unit", "gata", who="anna", role="officer")
    shown = page.get(QUEUE)
    assert [each.get_text() for each in shown.all(".what a")] == ["På gatan"]
    assert not shown.has("#role")
    page.post("/handlaggning/som", {"membership": str(own.membership), "csrf_token": steps.token(page)})
    assert [each.get_text() for each in page.get(QUEUE).all(".what a")] == ["På gatan"]
    travel.shift(61 * 60)
    page.get(QUEUE, 303)


def test_the_session_ends_with_the_access_however_much_it_is_used(app: Flask, travel: Travel) -> None:
    page = entered(app, "--hours", "2")
    for _time in range(3):
        travel.shift(39 * 60)
        page.get(QUEUE)
    assert "Du loggas ut kl. 12.00" in page.get(QUEUE).text_of(".session-end")
    travel.shift(4 * 60)
    for closed in (QUEUE, "/inloggningar"):
        page.get(closed, 303)


def test_to_remove_the_membership_ends_the_session_at_once(app: Flask) -> None:
    page = entered(app)
    app.test_cli_runner().invoke(args=["member", "remove", "1"])
    page.get(QUEUE, 303)
    assert steps.count("sign_in") == 0


def test_everybody_on_staff_sees_since_when_it_is_open_and_until_when(
    app: Flask, staff_page: STAFF, travel: Travel
) -> None:
    anna, number = staff_page(factories.member()), factories.number(factories.send_in())
    assert not anna.get(QUEUE).has(".emergency")
    broken(app)
    for address in (QUEUE, steps.case_address(number)):
        told = anna.get(address).text_of(".emergency")
        assert told == "Nödåtkomst är öppen sedan i dag kl. 10.00. Den stängs i dag kl. 11.00."
    assert not anna.get("/").has(".emergency")
    for seen in (True, False):
        travel.shift(30 * 60)
        assert anna.get(QUEUE).has(".emergency") is seen


def test_who_signs_in_as_usual_may_wear_it_and_it_is_called_what_it_is(app: Flask, staff_page: STAFF) -> None:
    anna = factories.member()
    broken(app, who="anna")
    options = staff_page(anna).get(QUEUE).all("#role option")
    assert [each.get_text() for each in options] == [
        *("Handläggare, Parkenheten", "Medborgarservice (nödåtkomst)")
    ]


def test_who_guesses_on_is_stopped(make_app: Callable[..., Flask], travel: Travel) -> None:
    page = Page(make_app(limits="on").test_client())
    for _try in range(20):
        type_in(page, "ABCD-EFGH-JKLM-NPQR", 422)
    type_in(page, "ABCD-EFGH-JKLM-NPQR", 429)
