"""Secrecy on the page of a case: marks and their forms, what is asked first, and what paper shows."""

import pytest
from flask import Flask

from portal import db
from portal.cases.actions import handling, secrecy
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from tests import factories
from tests.cases import first_message
from tests.factories import records_officer
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps
from tests.web.backoffice.test_actions import by_code, do, fact

ALL_DAY = "4 maj 2026"
WHY = "Det finns inga sådana uppgifter i ärendet."


@pytest.fixture
def eva(app: Flask, travel: steps.Travel, staff_page: steps.SignIn) -> Page:
    """The browser of Eva at Medborgarservice, who reaches every case without secrecy."""
    return staff_page(factories.member("eva", Role.REGISTRAR, None))


def address(receipt: Receipt, more: str = "") -> str:
    return steps.case_address(factories.number(receipt), more)


def board_name(receipt: Receipt) -> str:
    return factories.case(receipt).responsible_board.name


def marked(receipt: Receipt, provision: str = "OSL 21:1") -> str:
    return f"Sekretessmarkerat enligt {provision}, {ALL_DAY}, {board_name(receipt)}"


def mark_first(page: Page, receipt: Receipt, **changes: str) -> Document:
    """Use the form beside what the sender wrote first."""
    shown = page.get(address(receipt))
    return page.submit(shown, ".message form[action$='/mark_message']", changes=changes)


def test_a_marked_case_says_by_what_when_and_by_whom_on_page_and_paper(page: Page, sent: Receipt) -> None:
    before = page.get(address(sent))
    assert fact(before, "Sekretess") == "Inte sekretessmarkerat"
    shown = do(page, sent, "mark_secrecy", provision="halsa")
    assert "Ärendet är sekretessmarkerat." in shown.text
    assert plain(shown.text_of(".case-head .secrecy")) == fact(shown, "Sekretess") == marked(sent)
    assert "Anna sekretessmarkerade ärendet enligt OSL 21:1" in shown.text_of(".trail")
    assert marked(sent) in page.get(address(sent, "/utskrift")).text_of("header")


def test_a_provision_must_be_chosen_and_nothing_is_lost_until_then(page: Page, sent: Receipt) -> None:
    changes = {"provision": "", "public_subject": "Klagomål på en park"}
    refused = steps.act(page, factories.number(sent), "mark_secrecy", changes=changes, status=422)
    assert refused.errors() == ["Välj en bestämmelse i listan"]
    assert refused.find(".ds-error-summary a")["href"] == "#mark_secrecy-provision"
    assert steps.kept(refused, "mark_secrecy-public_subject") == "Klagomål på en park"
    token = {"csrf_token": steps.token(page), "provision": "OSL 99:9"}
    assert page.post(address(sent, "/mark_secrecy"), token, 422).errors() == ["Välj en bestämmelse i listan"]
    assert factories.case(sent).secrecy is None


def test_the_sender_sees_the_subject_of_the_register_and_no_mark(
    app: Flask, page: Page, sent: Receipt
) -> None:
    assert "Skriv den utan uppgifter om personer." in page.get(address(sent)).text
    shown = do(page, sent, "mark_secrecy", provision="halsa", public_subject="Klagomål på en park")
    assert (shown.h1, fact(shown, "Rubrik i registret")) == ("Lekplatsen är stängd", "Klagomål på en park")
    assert not page.get(address(sent)).has("#mark_secrecy-public_subject")
    mark_first(page, sent, provision="adress")
    followed = by_code(app, sent)
    assert followed.h1 == "Klagomål på en park"
    assert "ekretess" not in followed.text
    # A mark is no handover, though both name a board.
    assert "svarar nu" not in followed.text


def test_who_would_lose_the_case_is_asked_and_lands_in_the_queue(eva: Page, sent: Receipt) -> None:
    shown = eva.get(address(sent))
    assert not shown.has("#mark_secrecy-confirmed")
    changes = {"provision": "halsa"}
    asked = steps.act(eva, factories.number(sent), "mark_secrecy", changes=changes, status=422)
    assert asked.errors() == [
        "Du kan inte se ärendet när det är sekretessmarkerat. Bekräfta att du vill markera det."
    ]
    assert asked.find(".ds-error-summary a")["href"] == "#mark_secrecy-confirmed"
    assert steps.chosen(asked, "mark_secrecy-provision") == "halsa"
    done = eva.submit(asked, "form[action$='/mark_secrecy']", changes={"confirmed": "y"})
    queue = eva.follow(done)
    assert queue.path == "/handlaggning/"
    assert "Ärendet är sekretessmarkerat. Du kan inte längre se ärendet." in queue.text
    assert factories.number(sent) not in queue.text
    for gone in ("", "/utskrift", "/liknande"):
        eva.get(address(sent, gone), 404)


def test_a_message_is_marked_beside_it_and_the_mark_is_on_page_and_paper(page: Page, sent: Receipt) -> None:
    shown = page.follow(mark_first(page, sent, provision="halsa"))
    assert "Meddelandet är sekretessmarkerat." in shown.text
    assert shown.text_of(".message .secrecy") == marked(sent)
    assert not shown.has(".case-head .secrecy")
    assert marked(sent) in page.get(address(sent, "/utskrift")).text_of("article")
    assert "Anna sekretessmarkerade ett meddelande enligt OSL 21:1" in shown.text_of(".trail")


def test_the_form_of_one_message_does_not_fill_that_of_another(page: Page, sent: Receipt) -> None:
    do(page, sent, "note", body="En anteckning.")
    first = first_message(sent)
    refused = mark_first_refused(page, sent)
    assert refused.find(".ds-error-summary a")["href"] == f"#mark_message-{first}-provision"
    forms = refused.all(".message form[action$='/mark_message']")
    assert [form.select_one("[name=message]")["value"] for form in forms] == [str(first), str(first + 1)]  # type: ignore[index]
    assert [bool(form.find_parent("details").has_attr("open")) for form in forms] == [True, False]  # type: ignore[union-attr]


def mark_first_refused(page: Page, receipt: Receipt, **changes: str) -> Document:
    shown = page.get(address(receipt))
    return page.submit(shown, ".message form[action$='/mark_message']", changes=changes, status=422)


def test_who_would_lose_the_message_is_asked_and_reads_that_one_is_withheld(eva: Page, sent: Receipt) -> None:
    asked = mark_first_refused(eva, sent, provision="halsa")
    assert asked.errors() == [
        "Du kan inte läsa meddelandet när det är sekretessmarkerat. Bekräfta att du vill markera det."
    ]
    done = eva.submit(asked, ".message form[action$='/mark_message']", changes={"confirmed": "y"})
    shown = eva.follow(done)
    assert (shown.path, shown.has(".message")) == (address(sent), False)
    line = "Ett meddelande är sekretessmarkerat. Bara ärendets enhet och nämndens registrator läser det."
    assert line in shown.text
    paper = eva.get(address(sent, "/utskrift"))
    assert line in paper.text
    assert "Ingen skylt säger varför." not in shown.text + paper.text


def test_a_message_that_is_not_there_is_refused_in_words(page: Page, sent: Receipt) -> None:
    for message in ("4711", "", "x"):
        fields = {"csrf_token": steps.token(page), "provision": "halsa", "message": message}
        refused = page.post(address(sent, "/mark_message"), fields, 422)
        # There is no field on the page to lead to.
        told = refused.text_of(".ds-error-summary li")
        assert told == "Meddelandet finns inte i det här ärendet, eller så är det ändrat."


def test_a_lift_is_offered_only_to_who_may_and_its_reason_is_a_note(
    page: Page, sent: Receipt, staff_page: steps.SignIn
) -> None:
    do(page, sent, "mark_secrecy", provision="halsa")
    mark_first(page, sent, provision="halsa")
    shown = page.get(address(sent))
    assert not shown.has("form[action$='/lift_secrecy'], form[action$='/lift_message']")
    boss = staff_page(factories.member("samir", Role.HEAD_OF_UNIT))
    steps.act(boss, factories.number(sent), "lift_secrecy", status=422)
    lifted = do(boss, sent, "lift_secrecy", body=WHY)
    assert "Sekretessen är hävd." in lifted.text
    assert fact(lifted, "Sekretess") == "Inte sekretessmarkerat"
    assert WHY in lifted.text_of("[data-side=internal]")
    lifted = do(boss, sent, "lift_message", body="Inte meddelandet heller.")
    assert not lifted.has(".secrecy")


def test_two_people_lift_what_the_topic_gave(app: Flask, staff_page: steps.SignIn) -> None:
    with app.app_context():
        receipt = factories.send_in(category="aldre")
        samir = factories.member("samir", Role.HEAD_OF_UNIT, "aldre")
        officer = records_officer("aldre", "eva")
    boss, second = staff_page(samir), staff_page(officer)
    asked = do(boss, receipt, "request_lift", body=WHY)
    waiting = "Samir har begärt att sekretessen hävs. En annan person måste häva den."
    assert fact(asked, "Hävning") == waiting
    assert not asked.has("form[action$='/lift_secrecy'], form[action$='/request_lift']")
    fields = {"csrf_token": steps.token(boss), "body": WHY}
    refused = boss.post(address(receipt, "/lift_secrecy"), fields, 422)
    assert refused.errors() == ["Du har själv begärt att sekretessen hävs. En annan person måste häva den."]
    assert steps.kept(refused, "lift_secrecy-body") == WHY
    assert fact(second.get(address(receipt)), "Hävning") == waiting
    lifted = do(second, receipt, "lift_secrecy", body="Instämmer.")
    assert (fact(lifted, "Sekretess"), fact(lifted, "Hävning")) == ("Inte sekretessmarkerat", "")


def test_a_records_officer_has_the_forms_of_registration_and_no_other(
    sent: Receipt, staff_page: steps.SignIn
) -> None:
    officer = staff_page(records_officer("park", "samir"))
    shown = officer.get(address(sent))
    forms = {str(form["action"]).rsplit("/", 1)[-1] for form in shown.all("main form[action*='/arenden/']")}
    subjects = {"reclassify", "hide_sender"}
    assert forms == subjects | {"mark_secrecy", "mark_message", "mark_concerned"}
    assert "Skriv och anteckna" not in shown.text
    assert "Ärendet är rättat." in do(officer, sent, "reclassify", public_subject="Klagomål").text
    token = {"csrf_token": steps.token(officer), "body": "Svar."}
    officer.post(address(sent, "/answer"), token, 409)


def test_a_records_officer_of_another_board_gets_no_page_of_the_case(
    sent: Receipt, staff_page: steps.SignIn
) -> None:
    other = staff_page(records_officer("aldre", "samir"))
    other.get(address(sent), 404)
    token = {"csrf_token": steps.token(other), "provision": "halsa"}
    other.post(address(sent, "/mark_secrecy"), token, 404)
    assert factories.case(sent).secrecy is None


@pytest.mark.parametrize("closed", [False, True])
def test_the_subjects_are_corrected_apart_in_one_form(
    app: Flask, page: Page, anna: Staff, sent: Receipt, closed: bool
) -> None:
    if closed:
        factories.act(handling.answer, anna, sent, "Svaret", close=True)
    one, none = ("correct_subject", "reclassify") if closed else ("reclassify", "correct_subject")
    assert not page.get(address(sent)).has(f"form[action$='/{none}']")
    shown = do(page, sent, one, public_subject=" Klagomål ", internal_subject="Gungan")
    assert (shown.h1, by_code(app, sent).h1) == ("Gungan", "Klagomål")
    assert ("Anna ändrade rubriken" if closed else "Anna rättade ärendet") in shown.text_of(".trail")
    changes = {"public_subject": "a" * 201, "internal_subject": ""}
    refused = steps.act(page, factories.number(sent), one, changes=changes, status=422)
    assert refused.errors() == [
        "Texten är 1 tecken för lång. Den får vara högst 200 tecken.",
        "Skriv en rubrik för personal",
    ]


def test_a_hidden_sender_is_named_nowhere_until_shown_again(page: Page, sent: Receipt) -> None:
    shown = do(page, sent, "hide_sender")
    assert "Avsändaren är dold." in shown.text
    assert fact(shown, "Avsändare") == "Dold avsändare"
    paper = page.get(address(sent, "/utskrift"))
    assert not any("Maja" in each.text or "maja@" in each.text for each in (shown, paper))
    shown = do(page, sent, "show_sender")
    assert fact(shown, "Avsändare") == "Maja Ek"


def test_several_cases_are_marked_at_once_and_who_would_lose_them_is_asked(eva: Page, sent: Receipt) -> None:
    other = factories.send_in(subject="Gungan")
    queue = eva.get("/handlaggning/?vy=newest")
    numbers = [factories.number(sent), factories.number(other)]
    form = {"csrf_token": steps.token(eva), "case": numbers, "action": "mark_secrecy"}
    first = eva.post("/handlaggning/flera", form, 200)
    assert first.h1 == "Sekretessmarkera 2 ärenden"
    assert not first.has("#public_subject")
    asked = eva.post("/handlaggning/flera", form | {"step": "do", "provision": "halsa"}, 409)
    assert "Du kan inte se ärendet när det är sekretessmarkerat." in asked.text
    assert factories.case(sent).secrecy is None
    done = eva.post("/handlaggning/flera", form | {"step": "do", "provision": "halsa", "confirmed": "y"}, 200)
    assert done.h1 == "2 ärenden är sekretessmarkerade."
    assert "Gungan" not in done.text
    assert queue.text.count("Gungan") == 1
    assert [factories.case(each).secrecy_provision for each in (sent, other)] == ["OSL 21:1"] * 2


def test_a_draft_of_a_case_that_is_lost_to_secrecy_is_not_shown(
    app: Flask, eva: Page, anna: Staff, sent: Receipt
) -> None:
    shown = eva.get(address(sent))
    eva.submit(shown, "form[action$='/answer']", button="save", changes={"body": "Mitt utkast."})
    assert "Mitt utkast." in eva.get("/handlaggning/utkast").text
    factories.act(secrecy.mark_secrecy, anna, sent, "halsa")
    db.close_read_session()
    assert "Mitt utkast." not in eva.get("/handlaggning/utkast").text
