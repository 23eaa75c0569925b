"""The form that corrects a case, and that a text needs no answer, on the page of staff."""

from flask import Flask

from portal.cases.actions import handling, sender
from portal.cases.enums import Kind
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Status
from portal.identity.actors import Role, Staff
from tests import factories
from tests.page import Page
from tests.web import steps
from tests.web.backoffice.test_actions import do, fact


def test_kind_topic_and_level_are_corrected_in_one_form(page: Page, sent: Receipt) -> None:
    shown = do(page, sent, "reclassify", kind="fault_report", topic="gator", level="3")
    assert "Ärendet är rättat. Ämnet hör till Gatuenheten. Lämna över ärendet om de ska svara." in shown.text
    assert fact(shown, "ROSA-nivå") == "3 Administrativ hantering"
    assert fact(shown, "Ämnet hör till") == "Gatuenheten"
    assert "Anna rättade ärendet: klagomål blev felanmälan, ämnet Parker" in shown.text_of(".trail")
    assert factories.case(sent).kind is Kind.FAULT_REPORT
    form = shown.find("form[action$='/reclassify']")
    chosen = [option["value"] for option in form.select("option[selected]")]
    assert chosen == ["fault_report", "gator", "3"]


def test_a_kind_out_of_the_list_is_refused_and_the_subject_kept(page: Page, sent: Receipt) -> None:
    address = steps.case_address(factories.number(sent), "/reclassify")
    fields = {
        "kind": "riddle",
        "topic": "gator",
        "level": "",
        "public_subject": "Ny",
        "internal_subject": "Ny",
    }
    token = {"csrf_token": steps.token(page), "version": str(factories.case(sent).version)}
    refused = page.post(address, fields | token, 422)
    assert refused.errors() == ["Kommunen tar inte emot den typen. Välj en i listan."]
    assert steps.kept(refused, "reclassify-public_subject") == "Ny"


def test_who_would_lose_the_case_confirms_it(app: Flask, sent: Receipt, staff_page: steps.SignIn) -> None:
    page = staff_page(factories.member("eva", Role.REGISTRAR, None))
    refused = steps.act(page, factories.number(sent), "reclassify", changes={"topic": "aldre"}, status=422)
    assert "Bekräfta att du vill rätta det." in refused.errors()[0]
    changes = {"topic": "aldre", "confirmed": "y"}
    done = page.submit(refused, "form[action$='/reclassify']", changes=changes, status=303)
    assert "Du kan inte längre se ärendet." in page.follow(done).text


def test_a_closed_case_has_no_such_form_and_says_so(
    app: Flask, page: Page, sent: Receipt, anna: Staff
) -> None:
    shown = page.get(steps.case_address(factories.number(sent)))
    with app.app_context():
        factories.act(handling.answer, anna, sent, "Svar", close=True)
    late = page.submit(shown, "form[action$='/reclassify']", changes={"level": "2"}, status=409)
    assert factories.case(sent).level is None
    assert "Ärendet är avslutat, så det går inte att rätta." in late.text


def test_no_answer_is_needed_only_where_a_reply_came_after_one(
    app: Flask, page: Page, sent: Receipt, anna: Staff
) -> None:
    assert "Inget svar behövs" not in page.get(steps.case_address(factories.number(sent))).text
    with app.app_context():
        factories.act(handling.answer, anna, sent, "Svar")
    factories.act(sender.reply, factories.sender(sent), sent, "Okej.")
    shown = do(page, sent, "no_answer_needed")
    assert "Ärendet är avslutat. Avsändaren får veta att ni har läst." in shown.text
    assert factories.case(sent).status is Status.CLOSED
