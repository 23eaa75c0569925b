"""A template in an answer to many: filled in for each case, and each letter shown before it is sent."""

import pytest
from flask import Flask

from portal.cases.actions import handling
from portal.cases.enums import Direction, Kind
from portal.cases.groups import merging
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Status
from portal.identity.actors import Role, Staff
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.statements import counted
from tests.web import steps
from tests.web.backoffice.test_bulk_actions import choose, go_on, numbers, whys

COMPLAINT = "Klagomål: beklaga och tacka"
PROMPT = "[Skriv vad som har hänt och vad ni gör åt det.]"


@pytest.fixture
def two(app: Flask, travel: steps.Travel) -> list[Receipt]:
    """A complaint that is answered by e-mail, and one by a code."""
    with app.app_context():
        named = factories.send_in(email="maja@exempel.se", name="Maja Ek", subject="Gungan")
        return [named, factories.send_in(subject="Rutschen")]


def names(shown: Document) -> list[str]:
    return [option.get_text() for option in shown.all("#template option")]


def fetch(page: Page, shown: Document, name: str, status: int = 200, body: str = "") -> Document:
    option = next(each for each in shown.all("#template option") if each.get_text() == name)
    return go_on(page, shown, "step=template", status, template=str(option["value"]), body=body)


def sent(receipt: Receipt) -> str:
    return next(
        message.body
        for message in factories.case(receipt).messages
        if message.direction is Direction.OUT and message.body
    )


def test_each_case_has_its_own_name_number_and_letter(page: Page, two: list[Receipt]) -> None:
    asked = fetch(page, choose(page, "answer", numbers(two)), COMPLAINT, body="Mitt eget.")
    text = steps.kept(asked, "body")
    assert text.startswith("Mitt eget.\n\nHej {namn},")
    own = text.replace(PROMPT, "Vi lagar {rubrik}, ärende {nummer}.")
    preview = go_on(page, asked, "step=preview", body=own)
    letters = [plain(each.get_text()) for each in preview.all(".picks details")]
    assert "Hej Maja," in letters[0]
    assert f"Vi lagar Gungan, ärende {factories.number(two[0])}." in letters[0]
    # The mail that Maja gets, and none to who reads with a code.
    assert "Mejlet" in letters[0]
    assert "Hej,\n" in letters[1]
    assert "Vi lagar Rutschen" in letters[1]
    assert "Mejlet" not in letters[1]
    go_on(page, preview, "Skicka svaren")
    assert "Hej Maja," in sent(two[0])
    assert f"Vi lagar Rutschen, ärende {factories.number(two[1])}." in sent(two[1])
    assert "{" not in sent(two[0]) + sent(two[1])


def test_what_the_preview_shows_is_what_is_sent(page: Page, two: list[Receipt]) -> None:
    body = "Hej {namn},\n\nVi beklagar. Tack. {svar senast}\n\n{handläggare}, {enhet}"
    preview = go_on(page, choose(page, "answer", numbers(two)), "step=preview", body=body)
    shown = [each.get_text() for each in preview.all(".picks .message .message-body")]
    go_on(page, preview, "Skicka svaren")
    assert shown == [sent(each) for each in two]


def test_a_text_that_comes_back_has_its_placeholders_left(page: Page, two: list[Receipt]) -> None:
    preview = go_on(page, choose(page, "answer", numbers(two)), "step=preview", body="Hej {namn}. Tack.")
    assert steps.kept(go_on(page, preview, "Ändra svaret"), "body") == "Hej {namn}. Tack."


def test_only_templates_that_suit_every_case_are_offered(page: Page, two: list[Receipt]) -> None:
    question = factories.send_in(subject="Badet", kind=Kind.QUESTION)
    english = factories.send_in(subject="The swing", language="en")
    assert COMPLAINT in names(choose(page, "answer", numbers(two)))
    assert COMPLAINT not in names(choose(page, "answer", numbers([*two, question])))
    assert not choose(page, "answer", numbers([*two, english])).all("#template")


def test_a_misspelt_placeholder_is_named_and_nothing_is_sent(page: Page, two: list[Receipt]) -> None:
    asked = choose(page, "answer", numbers(two))
    for button in ("step=preview", "step=template"):
        refused = go_on(page, asked, button, 422, body="Hej {nman}, tack.")
        assert steps.kept(refused, "body") == "Hej {nman}, tack."
    refused = go_on(page, asked, "step=preview", 422, body="Hej {nman}, tack.")
    assert refused.errors()[0].startswith("{nman} går inte att fylla i. Det här finns: {namn},")


@pytest.mark.parametrize(("chosen", "told"), [("", "Välj en mall"), ("999", "Mallen finns inte längre.")])
def test_without_a_template_the_text_is_kept(page: Page, two: list[Receipt], chosen: str, told: str) -> None:
    asked = choose(page, "answer", numbers(two))
    refused = go_on(page, asked, "step=template", 422, template=chosen, body="Mitt eget.")
    assert refused.errors()[0].startswith(told)
    assert refused.find(".ds-error-summary a")["href"] == "#template"
    assert steps.kept(refused, "body") == "Mitt eget."


def test_a_text_that_grows_too_long_for_one_case_is_refused(page: Page, two: list[Receipt]) -> None:
    body = "a" * 19_950 + "{rubrik}" + "{handläggare}" * 2
    long = factories.send_in(subject="Gunga " * 33)
    asked = choose(page, "answer", numbers([*two, long]))
    refused = go_on(page, asked, "step=preview", 422, body=body)
    assert refused.errors() == ["Svaret blir för långt när det fylls i. Korta ned det."]


def test_a_case_whose_answer_goes_to_more_senders_is_answered_on_its_own_page(
    page: Page, anna: Staff, two: list[Receipt]
) -> None:
    other = factories.send_in(subject="Samma gunga", email="yusuf@exempel.se", name="Yusuf Demir")
    factories.act(merging.merge, anna, other, factories.case(two[0]), "Vi arbetar redan med saken.")
    asked = choose(page, "answer", numbers(two))
    assert whys(asked) == {
        factories.number(two[0]): "Fler väntar på samma svar. Svara på ärendets egen sida, så ser du vilka."
    }
    fields = {"csrf_token": steps.token(page), "case": numbers(two), "action": "answer", "step": "do"}
    left = page.post("/handlaggning/flera", fields | {"body": "Ang. {rubrik}. Tack."}, 409)
    assert list(whys(left)) == [factories.number(two[0])]
    assert sent(two[1]) == "Ang. Rutschen. Tack."


def test_an_own_draft_is_not_replaced(page: Page, anna: Staff, two: list[Receipt]) -> None:
    number = factories.number(two[0])
    form = page.get(steps.case_address(number))
    page.submit(form, "form[action$='/answer']", changes={"body": "Mitt utkast."}, button="Spara utkast")
    asked = choose(page, "answer", numbers(two))
    assert whys(asked) == {number: "Du har ett eget utkast i ärendet. Öppna det först."}
    fields = {"csrf_token": steps.token(page), "case": numbers(two), "action": "answer", "step": "do"}
    page.post("/handlaggning/flera", fields | {"body": "Kort. Tack."}, 409)
    assert steps.kept(page.get(steps.case_address(number)), "answer-body") == "Mitt utkast."


def test_what_the_preview_does_not_show_cannot_be_ticked_there(
    page: Page, anna: Staff, two: list[Receipt]
) -> None:
    asked = choose(page, "answer", numbers(two))
    factories.act(handling.take, factories.member("eva", Role.REGISTRAR, None), two[0])
    preview = go_on(page, asked, "step=preview", body="Hej. Tack.")
    assert list(whys(preview)) == numbers(two[:1])
    assert [str(box["value"]) for box in preview.all("[name=case]")] == numbers(two[1:])


def test_a_post_without_a_step_only_asks(page: Page, two: list[Receipt]) -> None:
    fields = {"csrf_token": steps.token(page), "case": numbers(two), "action": "answer", "body": "Hej."}
    assert page.post("/handlaggning/flera", fields, 200).h1 == "Svara i 2 ärenden"
    assert factories.case(two[0]).status is Status.RECEIVED


def test_a_preview_costs_the_same_for_many(page: Page, two: list[Receipt]) -> None:
    more = [factories.send_in(subject=f"Gunga {place}") for place in range(12)]
    costs = []
    for cases in (more[:2], more[:12]):
        asked = choose(page, "answer", numbers(cases))
        with counted() as statements:
            go_on(page, asked, "step=preview", body="Hej {namn}. Tack.")
        costs.append(len(statements))
    assert costs[0] == costs[1]
