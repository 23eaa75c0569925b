"""For whom one writes: nothing for whoever writes for themselves, and a statement for whoever does not."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask import Flask

from portal import db
from portal.cases.models import Representation
from portal.identity import commands as identity
from portal.identity.actors import Citizen, Role
from portal.identity.oidc.identified import Identified, Organisation
from portal.identity.oidc.providers import CITIZENS
from tests import factories
from tests.page import Document, Page
from tests.web import steps
from tests.web.backoffice.test_actions import fact

SignedIn = Callable[[Citizen], Page]
CLUB = {"for_whom": "organisation", "organisation": "Fjädern", "organisation_number": "999999-9999"}
VOUCHED = Organisation("Svenshögs koloniförening", "9999999999")


def said() -> tuple[object, ...] | None:
    """What is stored of it."""
    db.close_read_session()
    found = db.session().query(Representation).one_or_none()
    return found and (found.kind, found.name, found.organisation_number, found.vouched)


@pytest.fixture
def vouched(app: Flask) -> Page:
    """The browser of somebody whose provider vouches for an association."""
    client = app.test_client()
    who = Identified("https://op.example", "petra", "Petra Sund", None, organisation=VOUCHED)
    with db.transaction():
        token = identity.sign_in(CITIZENS, who)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return Page(client)


def test_who_writes_for_themselves_meets_one_closed_line(page: Page) -> None:
    shown = page.get(steps.COMPLAINT)
    assert shown.text_of(".for-whom summary") == "Skriver du för någon annan?"
    assert "open" not in shown.find(".for-whom").attrs
    assert shown.form("main form").fields()["for_whom"] == ["self"]
    steps.send(page, {"child": "Kvarglömd", "organisation": "Kvarglömd"})
    assert said() is None
    assert "Kvarglömd" not in steps.everything()


def test_a_form_without_the_question_is_for_oneself(page: Page) -> None:
    form = page.get(steps.COMPLAINT).form("main form").fields()
    del form["for_whom"]
    page.post(steps.COMPLAINT, form | steps.WRITTEN)
    assert said() is None


@pytest.mark.parametrize(
    ("written", "stored", "staff", "sender"),
    [
        (
            CLUB,
            ("organisation", "Fjädern", "9999999999", False),
            "Företag eller förening: Fjädern, 999999-9999, avsändarens egen uppgift",
            "Ett företag eller en förening: Fjädern, 999999-9999",
        ),
        (
            {"for_whom": "child", "child": "Kim"},
            ("child", "Kim", None, False),
            "Avsändarens barn: Kim, avsändarens egen uppgift",
            "Mitt barn: Kim",
        ),
        (
            {"for_whom": "helped", "helped": "Elsa"},
            ("helped", "Elsa", None, False),
            "Någon som avsändaren hjälper: Elsa, avsändarens egen uppgift",
            "Någon som jag hjälper: Elsa",
        ),
    ],
    ids=["organisation", "child", "helped"],
)
def test_what_somebody_says_is_shown_to_them_and_to_staff_as_their_own_word(
    page: Page,
    staff_page: steps.SignIn,
    written: dict[str, str],
    stored: tuple[object, ...],
    staff: str,
    sender: str,
) -> None:
    mine = steps.opened(page, steps.MAILED | written)
    assert said() == stored
    assert fact(mine, "För") == sender
    officer = staff_page(factories.member("eva", Role.REGISTRAR, None))
    shown = officer.get(first_case())
    assert (fact(shown, "För"), fact(shown, "Fullmakt")) == (staff, "Inte prövad")


@pytest.mark.parametrize(
    ("written", "error", "field"),
    [
        ({"for_whom": "organisation"}, "Skriv namnet på företaget eller föreningen", "organisation"),
        (CLUB | {"organisation_number": "999999-9998"}, "Skriv tio siffror", "organisation_number"),
        (CLUB | {"organisation_number": "840609-2380"}, "Skriv inget personnummer", "organisation_number"),
        ({"for_whom": "child"}, "Skriv barnets namn", "child"),
        ({"for_whom": "child", "child": "Kim 840609-2380"}, "Skriv bara namnet", "child"),
        ({"for_whom": "helped", "helped": "E" * 201}, "1 tecken för lång", "helped"),
        ({"for_whom": "vouched"}, "Välj för vem du skriver", "for_whom"),
        ({"for_whom": "alla"}, "Välj för vem du skriver", "for_whom"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands_and_nothing_is_sent(
    page: Page, written: dict[str, str], error: str, field: str
) -> None:
    form = page.get(steps.COMPLAINT).form("main form").fields()
    answer = page.post(steps.COMPLAINT, form | steps.WRITTEN | written, 422)
    assert [str(link["href"]) for link in answer.all(".ds-error-summary a")] == [f"#{field}"]
    assert error in answer.text_of(f"#{field}-error")
    assert "open" in answer.find(".for-whom").attrs
    assert steps.count("case") == 0


def test_an_organisation_that_a_provider_vouches_for_is_offered_by_name_and_marked_so(
    vouched: Page, staff_page: steps.SignIn
) -> None:
    form = vouched.get(steps.COMPLAINT)
    assert "Svenshögs koloniförening 999999-9999. Intygat av e-legitimationen." in form.text_of(".for-whom")
    assert form.form("main form").fields()["for_whom"] == ["self"]
    written = steps.ON_PORTAL | {"for_whom": "vouched"}
    vouched.submit(form, "main form", changes=written)
    assert said() == ("organisation", VOUCHED.name, VOUCHED.number, True)
    shown = staff_page(factories.member("eva", Role.REGISTRAR, None)).get(first_case())
    assert fact(shown, "För").endswith("koloniförening, 999999-9999, intygat av e-legitimationen")
    mine = vouched.get("/mina-sidor/arenden/" + first_case().rpartition("/")[2])
    assert fact(mine, "För").endswith("Intygat av e-legitimationen")


def first_case() -> str:
    return steps.case_address(f"KB-{factories.clock.today().year}-000001")


def test_nobody_is_vouched_for_and_anonymous_at_once(vouched: Page) -> None:
    answer = steps.refused(vouched, {"for_whom": "vouched"})
    assert answer.errors()[0].startswith("Med en kod är du anonym")
    assert VOUCHED.name not in steps.everything()


def test_the_organisation_of_a_session_is_stored_encrypted(vouched: Page) -> None:
    assert steps.count("sign_in") == 1
    assert not [word for word in (VOUCHED.name, str(VOUCHED.number)) if word in steps.everything()]


def test_the_same_form_for_somebody_else_is_not_the_same_case(page: Page) -> None:
    form = page.get(steps.COMPLAINT)
    page.submit(form, "main form", changes=steps.MAILED)
    again = page.submit(form, "main form", changes=steps.MAILED | CLUB, status=422)
    assert "Du har redan skickat det här formuläret en gång" in again.text
    assert said() is None


def test_what_was_chosen_survives_a_sign_in_on_the_way(page: Page) -> None:
    written = steps.WRITTEN | {"reply_by": "portal"} | CLUB
    onward = page.submit(page.get(steps.COMPLAINT), "main form", changes=written)
    back: Document = page.get(unquote(onward.location.partition("nasta=")[2]))
    assert back.find("[name=for_whom][checked]")["value"] == "organisation"
    assert steps.kept(back, "organisation") == "Fjädern"
