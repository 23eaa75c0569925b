"""Duplicates and parts on the pages of officers and senders."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal import db
from portal.cases.actions import handling
from portal.cases.enums import ReplyBy
from portal.cases.groups import merging, relations
from portal.cases.intake.submission import Receipt, submit
from portal.identity.actors import Citizen, Staff
from tests import factories
from tests.cases import pair
from tests.page import Document, Page
from tests.web import steps

WORD = "Vi arbetar redan med lekplatsen."
FORM = "form[action$='/answer']"


@pytest.fixture
def anna(app: Flask, travel: steps.Travel) -> Staff:
    """Anna of the park unit."""
    return factories.member()


@pytest.fixture
def group(app: Flask, anna: Staff) -> tuple[Receipt, Receipt, Receipt]:
    """The case of Maja, that of Yusuf which waits for it, and one in English which does so too."""
    with app.app_context():
        kept = factories.send_in(email="maja@exempel.se", name="Maja Ek")
        first = factories.send_in(name="Yusuf Ali", email="yusuf@exempel.se", subject="Gungan")
        english = factories.send_in(language="en", subject="The swing")
        for receipt in (first, english):
            pair(merging.merge, anna, receipt, kept, WORD)
    return kept, first, english


def of(receipt: Receipt) -> str:
    return steps.case_address(factories.number(receipt))


def open_by_code(app: Flask, receipt: Receipt) -> tuple[Page, Document]:
    page = Page(app.test_client())
    return page, page.follow(steps.open_case(page, factories.number(receipt), receipt.code or ""))


def test_the_officer_reads_who_gets_the_answer_and_who_does_not(
    anna: Staff, staff_page: steps.SignIn, group: tuple[Receipt, Receipt, Receipt]
) -> None:
    kept, first, english = group
    page = staff_page(anna)
    shown = page.get(of(kept))
    assert "Svaret går till 2 personer" in shown.text
    assert f"{factories.number(first)} Gungan" in shown.text
    assert f"{factories.number(english)}: annat språk. Svara särskilt." in shown.text
    assert "Det närmaste datumet i gruppen är" in shown.text
    preview = page.follow(page.submit(shown, FORM, changes={"body": "Klart."}, button="Förhandsgranska"))
    assert "Svaret går till 2 personer" in preview.text
    assert "Svaret går till" not in page.get(of(first)).text


def untick(page: Page, shown: Document, button: str, body: str = "Hej Maja!\n\nKlart.") -> Document:
    """Submit the answer form with every duplicate unticked."""
    form = shown.form(FORM)
    fields = {name: value for name, value in form.fields().items() if name != "together"} | {"body": body}
    pressed = next(tag for tag in shown.all(f"{FORM} button") if tag.get_text(strip=True) == button)
    fields |= {str(pressed["name"]): str(pressed["value"])} if pressed.has_attr("name") else {}
    action = str(pressed.get("formaction", shown.find(FORM)["action"]))
    return page.post(action, fields, 303)


def test_one_who_is_unticked_gets_no_answer_and_is_seen_to_wait(
    anna: Staff, staff_page: steps.SignIn, group: tuple[Receipt, Receipt, Receipt]
) -> None:
    kept, first, _english = group
    page = staff_page(anna)
    shown = page.get(of(kept))
    box = shown.find("[name=together]")
    assert (box["type"], box["value"], box.has_attr("checked")) == ("checkbox", factories.number(first), True)
    label = shown.find(f"label[for={box['id']}]").get_text(" ", strip=True)
    assert label == f"{factories.number(first)} Gungan"
    after = page.follow(untick(page, shown, "Skicka svar"))
    assert factories.case(kept).answered_at
    assert factories.case(first).answered_at is None
    (waiting,) = [row for row in after.all("#samband ~ ul li") if factories.number(first) in row.get_text()]
    assert "Svar senast" in waiting.get_text()


def test_who_is_unticked_stays_so_in_the_draft_and_in_the_preview(
    anna: Staff, staff_page: steps.SignIn, group: tuple[Receipt, Receipt, Receipt]
) -> None:
    kept, first, _english = group
    page = staff_page(anna)
    saved = page.follow(untick(page, page.get(of(kept)), "Spara utkast"))
    assert not saved.find("[name=together]").has_attr("checked")
    assert "Svaret går till 1 person" in saved.text
    preview = page.follow(untick(page, saved, "Förhandsgranska"))
    assert "Svaret går till 1 person" in preview.text
    assert f"{factories.number(first)}: Väntar på ett eget svar." in preview.text
    assert not preview.has("[name=together]")
    page.submit(preview, FORM)
    assert factories.case(kept).answered_at
    assert factories.case(first).answered_at is None


def test_who_is_unticked_stays_so_when_the_form_is_refused_or_somebody_was_first(
    anna: Staff, staff_page: steps.SignIn, group: tuple[Receipt, Receipt, Receipt]
) -> None:
    kept, first, _english = group
    page = staff_page(anna)
    shown = page.get(of(kept))
    fields = {name: value for name, value in shown.form(FORM).fields().items() if name != "together"}
    refused = page.post(of(kept) + "/answer", fields | {"body": ""}, 422)
    assert not refused.find("[name=together]").has_attr("checked")
    factories.act(handling.message_sender, anna, kept, "Vi tittar på det.")
    late = page.post(of(kept) + "/answer", fields | {"body": "Klart."}, 409)
    again = page.submit(late, FORM, button="Fortsätt med min text", status=200)
    assert not again.find("[name=together]").has_attr("checked")
    page.submit(again, FORM)
    assert factories.case(first).answered_at is None


@pytest.mark.parametrize("action", ["answer", "answer_orally"])
def test_a_name_is_asked_about_and_the_text_kept_until_it_is_confirmed(
    anna: Staff, staff_page: steps.SignIn, group: tuple[Receipt, Receipt, Receipt], action: str
) -> None:
    kept, first, _english = group
    page = staff_page(anna)
    form = f"form[action$='/{action}']"
    text = "Som Yusuf skrev är gungan trasig."
    asked = page.submit(page.get(of(kept)), form, changes={"body": text}, status=422)
    assert "Det gäller: Yusuf." in asked.text
    assert text in asked.html
    assert factories.case(first).answered_at is None
    page.submit(asked, form, changes={"confirmed": "y"})
    assert factories.case(first).answered_at


def test_a_merged_sender_reads_that_the_promise_holds_and_then_the_answer(
    app: Flask, anna: Staff, staff_page: steps.SignIn, group: tuple[Receipt, Receipt, Receipt]
) -> None:
    kept, first, _english = group
    _page, shown = open_by_code(app, first)
    assert "Vi tar hand om ärendet tillsammans med ett annat. Du får svaret här senast" in shown.text
    page = staff_page(anna)
    page.submit(page.get(of(kept)), FORM, changes={"body": "Hej Maja!\n\nKlart."})
    _page, shown = open_by_code(app, first)
    assert "Hej Yusuf!" in shown.text
    assert "tillsammans med ett annat. Du får" not in shown.text
    assert "Du fick svar" in shown.text
    for trace in ("Maja", factories.number(kept)):
        assert trace not in shown.html


def test_a_reader_with_a_code_opens_the_parts_of_the_case(app: Flask, anna: Staff) -> None:
    with app.app_context():
        receipt, stranger = factories.send_in(), factories.send_in()
        factories.act(relations.split, anna, receipt, "Skylten saknas")
    page, shown = open_by_code(app, receipt)
    assert "Dina andra frågor" in shown.text
    part = page.follow(page.submit(shown, "form[action$='/del']"))
    assert part.h1 == "Skylten saknas"
    back = page.follow(page.submit(part, "form[action$='/del']"))
    assert back.h1 == shown.h1
    page.submit(shown, "form[action$='/del']", changes={"number": factories.number(stranger)}, status=404)


def test_the_parts_are_links_on_mina_sidor(
    app: Flask, anna: Staff, citizen_page: Callable[[Citizen], Page]
) -> None:
    maria = factories.citizen()
    with app.app_context():
        with db.transaction():
            receipt = submit(factories.new_case(reply_by=ReplyBy.PORTAL), maria)
        factories.act(relations.split, anna, receipt, "Skylten saknas")
    page, sent = citizen_page(maria), factories.number(receipt)
    shown = page.get(f"/mina-sidor/arenden/{sent}")
    part = page.get(shown.links["Öppna KB-2026-000002"])
    assert part.h1 == "Skylten saknas"
    assert page.get(part.links[f"Öppna {sent}"]).h1 == shown.h1
