"""Each deed of staff from its form on the page of the case: what is said then, and what the page shows."""

import pytest
from flask import Flask

from portal.cases.actions import sender as sender_actions
from portal.cases.groups import merging
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from tests import factories
from tests.cases import pair
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

WHY, WAY = "Det är ett överklagande.", "Skriv till nämnden inom tre veckor."
WORD = "Vi arbetar redan med lekplatsen."

ASSIGN = "form[action$='/assign']"


@pytest.fixture
def other(app: Flask, sent: Receipt) -> Receipt:
    """A second one, sent later."""
    with app.app_context():
        return factories.send_in(subject="Samma lekplats")


def do(page: Page, receipt: Receipt, action: str, **changes: str) -> Document:
    """Use a form of the case's page, and go where that leads."""
    return page.follow(steps.act(page, factories.number(receipt), action, changes=changes))


def status(shown: Document) -> str:
    return shown.text_of(".case-head .ds-tag")


def fact(shown: Document, term: str) -> str:
    """What stands beside a term among the facts."""
    found = {row.dt.get_text(strip=True): row.dd.get_text(strip=True) for row in shown.all(".facts div")}  # type: ignore[union-attr]
    return str(plain(found.get(term, "")))


def by_code(app: Flask, receipt: Receipt) -> Document:
    """The case as its sender sees it."""
    browser = Page(app.test_client())
    assert receipt.code
    return browser.follow(steps.open_case(browser, factories.number(receipt), receipt.code))


def test_a_message_to_the_sender_is_sent_and_is_no_answer(page: Page, sent: Receipt) -> None:
    shown = do(page, sent, "message_sender", body="Vi har börjat.")
    assert "Meddelandet ligger i ärendet, som öppnas med koden. Maja Ek får ett mejl." in shown.text
    assert "Meddelande från Anna, Parkenheten" in shown.text_of(".thread")
    assert status(shown) == "Nytt"


def test_a_question_stops_the_clock_until_somebody_goes_on(page: Page, sent: Receipt) -> None:
    shown = do(page, sent, "request_supplement", body="Vilken gunga?", until="2026-05-11")
    told = "Frågan ligger i ärendet, som öppnas med koden. Maja Ek får ett mejl."
    assert f"{told} Svarstiden står still tills avsändaren svarar." in shown.text
    assert (status(shown), "måndag 11 maj" in shown.text) == ("Väntar på invånaren", True)
    shown = do(page, sent, "resume")
    assert "Ni väntar inte längre på invånaren." in shown.text
    assert status(shown) == "Pågår"


def test_a_call_is_noted_and_its_words_stay_with_staff(app: Flask, page: Page, sent: Receipt) -> None:
    shown = do(page, sent, "record_call", body="Hen lät trött.")
    assert "Samtalet är antecknat." in shown.text
    assert "samtal, bara för personal" in shown.text_of("[data-side=internal]")
    followed = by_code(app, sent)
    assert "Anna pratade med dig" in followed.text
    assert "Hen lät trött." not in followed.text


def test_a_later_day_is_promised_and_the_sender_reads_why(app: Flask, page: Page, sent: Receipt) -> None:
    shown = do(page, sent, "extend", until="2026-06-01", reason="Vi väntar på en besiktning.")
    assert "Svaret är flyttat till " in shown.text
    assert "måndag 1 juni" in shown.text
    followed = by_code(app, sent)
    assert "Ny dag, eftersom vi väntar på en besiktning." in followed.text
    assert "måndag 1 juni" in followed.text


def test_the_summer_reason_is_there_to_use_in_summer_alone(
    sent: Receipt, anna: Staff, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    address = steps.case_address(factories.number(sent))
    assert steps.kept(staff_page(anna).get(address), "extend-reason") == ""
    travel.move_to("2026-07-06 08:00:00Z")
    assert steps.kept(staff_page(anna).get(address), "extend-reason") == "Den som kan frågan har semester."


def test_a_case_is_handed_over_within_the_board(sent: Receipt, staff_page: steps.SignIn) -> None:
    page = staff_page(factories.member("eva", Role.REGISTRAR, None))
    shown = do(page, sent, "hand_over", to="unit-gata", note="Ni känner korsningen.")
    assert "har nu ärendet." in shown.text
    assert (fact(shown, "Enhet"), fact(shown, "Ansvarig enhet")) == ("Gatuenheten", "")
    assert "Eva lämnade över till Gatuenheten" in shown.text_of(".trail")
    assert "Ni känner korsningen." in shown.text_of("[data-side=internal]")


def test_the_sender_reads_where_the_case_went(app: Flask, page: Page, sent: Receipt) -> None:
    do(page, sent, "hand_over", to="unit-gata")
    assert "Ärendet lämnades över till Gatuenheten" in by_code(app, sent).text


def test_a_case_that_leaves_my_sight_lands_me_in_the_queue(page: Page, sent: Receipt) -> None:
    done = steps.act(page, factories.number(sent), "hand_over", changes={"to": "category-gator"})
    shown = page.follow(done)
    assert (shown.path, "Ärendet är överlämnat." in shown.text) == ("/handlaggning/", True)
    assert factories.number(sent) not in shown.text
    page.get(steps.case_address(factories.number(sent)), 404)


def test_a_contact_person_is_named_and_shown_to_the_sender(app: Flask, page: Page, sent: Receipt) -> None:
    samir = factories.member("samir")
    shown = do(page, sent, "name_contact", officer=str(samir.membership))
    assert " är nu avsändarens kontaktperson." in shown.text
    assert fact(shown, "Kontaktperson") == "Samir"
    followed = by_code(app, sent)
    assert "Samir blev din kontaktperson" in followed.text
    assert fact(followed, "Kontakt") == "Samir"


def test_only_who_may_have_the_case_can_be_chosen(page: Page, sent: Receipt) -> None:
    factories.member("samir", unit="gata")
    shown = page.get(steps.case_address(factories.number(sent)))
    nobody = {"assign-officer": "Välj handläggare", "name_contact-officer": "Välj kontaktperson"}
    for field, first in nobody.items():
        assert [each.get_text() for each in shown.all(f"#{field} option")] == [first, "Anna (du)"]


def test_the_reader_stands_first_among_those_who_may_have_the_case(
    app: Flask, sent: Receipt, staff_page: steps.SignIn
) -> None:
    factories.member()
    samir = factories.member("samir")
    shown = staff_page(samir).get(steps.case_address(factories.number(sent)))
    names = [each.get_text() for each in shown.all("#assign-officer option")]
    assert names == ["Välj handläggare", "Samir (du)", "Anna"]


def test_a_case_is_not_given_again_to_who_has_it_but_the_second_click_is_no_error(
    page: Page, sent: Receipt, anna: Staff
) -> None:
    eva = factories.member("eva")
    form = page.get(steps.case_address(factories.number(sent)))
    for _click in range(2):
        page.submit(form, ASSIGN, changes={"officer": str(eva.membership)}, status=303)
    shown = page.get(steps.case_address(factories.number(sent)))
    assert shown.find("#assign-officer [selected]").get_text() == "Eva"
    refused = page.submit(shown, ASSIGN, status=422)
    assert refused.errors() == ["Eva handlägger redan ärendet. Välj någon annan."]
    assert refused.find("#assign-officer [selected]").get_text() == "Eva"


def test_a_request_for_a_record_is_marked_and_unmarked(page: Page, sent: Receipt) -> None:
    shown = do(page, sent, "flag_record")
    assert "Ärendet är märkt som begäran om allmän handling. Svara skyndsamt." in shown.text
    label = "Ta bort märkningen som begäran om allmän handling"
    assert shown.text_of("form[action$='/flag_record']") == label
    assert "Skyndsamt: allmän handling" in page.get("/handlaggning/").text
    assert "18 maj" not in shown.text_of(".columns aside")
    shown = do(page, sent, "flag_record")
    assert shown.text_of("form[action$='/flag_record']") == "Märk som begäran om allmän handling"
    assert "18 maj" in shown.text_of(".columns aside")


@pytest.mark.parametrize(
    ("action", "fields", "told"),
    [
        ("transfer", {"system": "Lifecare", "number": "LC-4711"}, "vart det har flyttat."),
        ("redirect", {"reason": WHY, "way": WAY}, "rätt väg."),
    ],
)
def test_a_case_is_closed_and_the_sender_reads_the_way_on(
    app: Flask, page: Page, sent: Receipt, action: str, fields: dict[str, str], told: str
) -> None:
    shown = do(page, sent, action, **fields)
    assert f"Ärendet är avslutat. Avsändaren får veta {told}" in shown.text
    assert status(shown) == "Avslutat"
    followed = by_code(app, sent)
    for text in fields.values():
        assert text in followed.text_of(".facts")


def test_a_case_is_merged_and_parted_again(page: Page, sent: Receipt, other: Receipt) -> None:
    shown = do(page, sent, "merge", number=factories.number(other), body=WORD)
    assert "Ärendet är hopslaget med " in shown.text
    assert f"Ingår i: {factories.number(other)}" in shown.text
    assert status(shown) == "Pågår"
    assert "Om du svarar här får avsändaren ditt svar i stället." in shown.text
    assert (
        f"Ingår här: {factories.number(sent)}" in page.get(steps.case_address(factories.number(other))).text
    )
    shown = do(page, sent, "unmerge")
    assert "Ärendet är ett eget igen." in shown.text
    assert status(shown) == "Pågår"


def test_a_part_becomes_a_case_and_i_come_to_it(page: Page, sent: Receipt) -> None:
    shown = do(page, sent, "split", subject="Skylten saknas")
    assert shown.path == steps.case_address("KB-2026-000002")
    assert (shown.h1, "Det här är det nya ärendet." in shown.text) == ("Skylten saknas", True)
    assert f"Delat från: {factories.number(sent)}" in shown.text


def test_two_cases_are_related_and_parted(page: Page, sent: Receipt, other: Receipt) -> None:
    shown = do(page, sent, "relate", number=factories.number(other).lower().replace("-", " "))
    assert "Ärendena är kopplade." in shown.text
    assert f"Hör ihop: {factories.number(other)}" in shown.text
    shown = do(page, sent, "unrelate")
    assert "Kopplingen är borttagen." in shown.text
    assert "Hör ihop" not in shown.text


def test_a_closed_case_is_opened_again(page: Page, sent: Receipt) -> None:
    do(page, sent, "answer", body="Den 1 juni.")
    do(page, sent, "close")
    shown = do(page, sent, "reopen")
    assert "Ärendet är öppet igen. Löftet räknas från i dag." in shown.text
    assert status(shown) == "Pågår"


def test_who_answered_is_not_offered_what_was_not_good_enough(
    page: Page, sent: Receipt, staff_page: steps.SignIn
) -> None:
    do(page, sent, "answer", body="Den 1 juni.")
    factories.act(sender_actions.not_satisfied, factories.sender(sent), sent, "Nej.")
    shown = page.get(steps.case_address(factories.number(sent)))
    forms = {str(form["action"]).rsplit("/", 1)[-1] for form in shown.all("main form")}
    assert not forms & {"take", "answer", "request_supplement", "transfer", "redirect", "merge"}
    eva = staff_page(factories.member("eva", Role.REGISTRAR, None))
    assert "ingen chef kan ta ärendet" in do(eva, sent, "take").text_of(".task")


def test_a_case_that_is_the_same_as_a_hidden_one_does_not_show_it(
    page: Page, sent: Receipt, staff_page: steps.SignIn
) -> None:
    hidden, eva = (
        factories.send_in(category="gator", subject="Hemligt"),
        factories.member("eva", Role.REGISTRAR, None),
    )
    pair(merging.merge, eva, sent, hidden, WORD)
    shown = page.get(steps.case_address(factories.number(sent)))
    assert factories.number(hidden) not in shown.text
    assert "Hemligt" not in shown.text
