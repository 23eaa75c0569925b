"""A signed-in citizen: sends, follows, answers what was asked, takes back, is not satisfied."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import time_machine

from portal import clock, db
from portal.cases.enums import NotifyBy, ReplyBy
from portal.cases.lifecycle import Status
from portal.identity.actors import Citizen, Role, Staff
from portal.web.support import waiting_drafts
from tests import bulk_cases, factories, statements
from tests.page import Document, Page
from tests.web import steps

SignedIn = Callable[[Citizen], Page]
StaffPage = Callable[[Staff], Page]


def send(page: Page, **changes: str) -> Document:
    form = page.get("/lamna/fraga")
    fields = {"subject": "När öppnar badet?", "body": "I sommar?", "reply_by": "portal", "category": "parker"}
    if changes.get("reply_by") != "code":
        fields["notify_by"] = "none"
    return page.follow(page.submit(form, "main form", changes=fields | changes))


def number_on(receipt: Document) -> str:
    return receipt.links["Öppna ärendet"].rsplit("/", 1)[1]


def test_a_signed_in_citizen_follows_the_case_on_mina_sidor(
    citizen_page: SignedIn, staff_page: StaffPage
) -> None:
    maria = citizen_page(factories.citizen())
    receipt = send(maria, notify_by="email", notify_email="maria@exempel.se")
    assert not receipt.has("[data-code]")
    number = number_on(receipt)
    assert "När öppnar badet?" in maria.get("/mina-sidor").text

    officer = staff_page(factories.member())
    case = officer.get(f"/handlaggning/arenden/{number}")
    officer.submit(case, "form[action$='/take']")
    case = officer.get(f"/handlaggning/arenden/{number}")
    officer.submit(case, "form[action$='/request_supplement']", changes={"body": "Vilket bad?"})

    overview = maria.get("/mina-sidor")
    assert "Vi behöver ditt svar" in overview.text
    assert overview.text_of(".waiting-case .question") == "Vilket bad?"
    mine = maria.get(f"/mina-sidor/arenden/{number}")
    assert "Vilket bad?" in mine.text
    assert mine.text_of("#lofte") == "Vi väntar på ditt svar"
    maria.submit(mine, f"form[action$='/arenden/{number}']", changes={"body": "Svanebadet."})

    case = officer.get(f"/handlaggning/arenden/{number}")
    assert "Svanebadet." in case.text
    assert "Pågår" in case.text
    officer.submit(
        case, "form[action$='/answer']", changes={"body": "Den 1 juni."}, button="Skicka och avsluta"
    )
    mine = maria.get(f"/mina-sidor/arenden/{number}")
    assert "Den 1 juni." in mine.text
    again = maria.follow(
        maria.submit(
            mine,
            f"form[action$='/arenden/{number}']",
            changes={"body": "Vilken tid?"},
            button="Jag är inte nöjd",
        )
    )
    assert "Vi utser någon annan än den som svarade." in again.text


def test_another_citizen_finds_no_such_case(citizen_page: SignedIn) -> None:
    number = number_on(send(citizen_page(factories.citizen())))
    other = citizen_page(factories.citizen("yusuf"))
    other.get(f"/mina-sidor/arenden/{number}", status=404)
    assert number not in other.get("/mina-sidor").text


def test_a_citizen_is_not_let_into_the_back_office(citizen_page: SignedIn) -> None:
    answer = citizen_page(factories.citizen()).get("/handlaggning/", status=303)
    assert answer.location.startswith("/logga-in/personal")


def test_staff_are_not_citizens_until_they_sign_in_as_one(staff_page: StaffPage) -> None:
    answer = staff_page(factories.member()).get("/mina-sidor", status=303)
    assert answer.location.startswith("/logga-in/medborgare")


def test_nobody_handles_their_own_case(citizen_page: SignedIn, staff_page: StaffPage) -> None:
    anna = factories.member("anna", Role.REGISTRAR, None)
    number = number_on(send(citizen_page(Citizen(anna.person))))
    staff_page(anna).get(f"/handlaggning/arenden/{number}", status=404)


def test_a_signed_in_person_who_chooses_a_code_is_a_stranger(citizen_page: SignedIn) -> None:
    maria = citizen_page(factories.citizen())
    receipt = send(maria, reply_by="code")
    number = receipt.find(".number").get_text(strip=True)
    assert receipt.has("[data-code]")
    maria.get(f"/mina-sidor/arenden/{number}", status=404)
    with db.transaction() as session:
        assert session.execute(db.sa.text("SELECT count(*) FROM party")).scalar() == 0


def test_a_late_case_says_so_in_words_in_its_row_and_under_its_title(
    citizen_page: SignedIn, travel: time_machine.Traveller
) -> None:
    maria = factories.citizen()
    with clock.at(datetime(2026, 4, 7, 9, tzinfo=clock.STOCKHOLM)):
        factories.send_as(maria)
    row = citizen_page(maria).get("/mina-sidor")
    late = "Svaret skulle ha kommit tisdag 21 april. Vi är åtta arbetsdagar sena."
    assert row.text_of(".case-rows strong") == late
    assert citizen_page(maria).get(str(row.find(".case-rows a")["href"])).text_of(".due-line") == late


def test_a_case_is_taken_back_once_and_stays_to_be_read(citizen_page: SignedIn) -> None:
    maria = citizen_page(factories.citizen())
    number = number_on(send(maria))
    mine = maria.get(f"/mina-sidor/arenden/{number}")
    assert mine.text_of("#lofte") == "Svar senast"
    maria.submit(mine, "form[action$='/withdraw']")
    again = maria.follow(maria.submit(mine, "form[action$='/withdraw']"))
    assert "Du tog tillbaka ärendet" in again.text
    assert "I sommar?" in again.text
    assert not again.has("#lofte")


def test_a_case_sent_with_a_code_is_adopted_by_whoever_has_it(page: Page, citizen_page: SignedIn) -> None:
    receipt = send(page, reply_by="code")
    number, code = receipt.find(".number").get_text(strip=True), str(receipt.find("[data-code]")["data-code"])
    maria = citizen_page(factories.citizen())
    wrong = {"number": number, "code": "AAAA-BBBB-CCCC-DDDD"}
    maria.submit(maria.get("/mina-sidor"), "form[action='/mina-sidor']", changes=wrong, status=422)
    right = {"number": number, "code": code}
    mine = maria.follow(maria.submit(maria.get("/mina-sidor"), "form[action='/mina-sidor']", changes=right))
    assert number in mine.text
    page.submit(page.get("/folj"), "main form", changes=right, status=422)


def test_what_was_written_survives_the_sign_in(page: Page, citizen_page: SignedIn) -> None:
    form = page.get("/lamna/fraga")
    fields = {"subject": "När öppnar badet?", "body": "I sommar?", "reply_by": "portal"}
    answer = page.submit(form, "main form", changes=fields)
    assert answer.location.startswith("/logga-in/medborgare?nasta=/lamna/fraga")
    address = unquote(answer.location.partition("nasta=")[2])
    with page.client.session_transaction() as cookie:
        drafts = cookie[waiting_drafts.KEY]
    maria = citizen_page(factories.citizen())
    with maria.client.session_transaction() as cookie:
        cookie[waiting_drafts.KEY] = drafts
    back = maria.get(address)
    assert back.find("[name=subject]")["value"] == "När öppnar badet?"
    assert back.text_of(".ds-alert") == "Du är inloggad. Läs igenom det du skrev och skicka."
    receipt = maria.follow(maria.submit(back, "main form", changes={"notify_by": "none"}))
    assert number_on(receipt).startswith("KB-")
    for path in (address, "/lamna/fraga"):
        after = maria.get(path)
        assert (steps.kept(after, "subject"), after.has(".ds-alert")) == ("", False)


def test_contact_choices_fill_the_next_form_in(citizen_page: SignedIn) -> None:
    maria = citizen_page(factories.citizen())
    form = maria.get("/mina-sidor/uppgifter")
    wrong = {"notify_by": "sms", "phone": "040-628 04 00"}
    refused = maria.submit(form, "main form", changes=wrong, status=422)
    assert refused.errors()
    saved = maria.follow(
        maria.submit(form, "main form", changes={"notify_by": "sms", "phone": "070-174 06 05"})
    )
    assert "sparade" in saved.text
    filled = maria.get("/lamna/fraga")
    for field in ("phone", "notify_phone"):
        assert filled.find(f"[name={field}]")["value"] == "+46701740605"
    assert filled.find(f"[name=reply_by][value={ReplyBy.PORTAL}]").has_attr("checked")
    assert filled.find(f"[name=notify_by][value={NotifyBy.SMS}]").has_attr("checked")


def closed_list(page: Document) -> list[Any]:
    return page.soup.select("section[aria-labelledby=avslutade] li")


def test_closed_cases_are_shown_twenty_at_a_time(citizen_page: SignedIn) -> None:
    person = factories.citizen()
    bulk_cases.cases(45, sender_person_id=person.person, status=Status.CLOSED)
    bulk_cases.cases(3, sender_person_id=person.person, status=Status.IN_PROGRESS)
    maria = citizen_page(person)
    first = maria.get("/mina-sidor")
    assert (len(closed_list(first)), first.has("#fler")) == (20, False)
    assert len(first.soup.select("section[aria-labelledby=pagar] li")) == 3
    assert len(first.html) < 30_000
    with statements.counted() as found:
        maria.get("/mina-sidor")
    # The session, the cases, those that are in progress, the first words of all, and the drafts.
    assert len(found) <= 5
    more = first.links["Visa fler avslutade ärenden"]
    second = maria.get(more.partition("#")[0])
    assert len(closed_list(second)) == 40
    assert closed_list(second)[20]["id"] == more.partition("#")[2]
    last = maria.get("/mina-sidor?avslutade=60")
    assert len(closed_list(last)) == 45
    assert "Visa fler avslutade ärenden" not in last.links


def test_a_strange_number_of_closed_cases_is_no_error(citizen_page: SignedIn) -> None:
    person = factories.citizen()
    bulk_cases.cases(21, sender_person_id=person.person, status=Status.CLOSED)
    maria = citizen_page(person)
    for number in ("", "0", "-1", "39", "%D9%A1", "x", "1" * 500):
        assert len(closed_list(maria.get(f"/mina-sidor?avslutade={number}"))) == 20
    assert len(closed_list(maria.get("/mina-sidor?avslutade=9999"))) == 21


def test_a_case_shows_the_first_words_of_what_its_sender_asked(citizen_page: SignedIn) -> None:
    maria = citizen_page(factories.citizen())
    number = number_on(send(maria, body="I  sommar?\n\nVi är " + "många " * 40))
    shown = maria.get("/mina-sidor").text_of(".question")
    assert shown.startswith("I sommar? Vi är många")
    assert shown.endswith("många …")
    assert len(shown) <= 122
    maria.submit(maria.get(f"/mina-sidor/arenden/{number}"), "#body", changes={"body": "Eller nu?"})
    assert maria.get("/mina-sidor").text_of(".question") == shown


def test_a_first_word_without_an_end_is_cut(citizen_page: SignedIn) -> None:
    maria = citizen_page(factories.citizen())
    send(maria, body="x" * 500)
    assert maria.get("/mina-sidor").text_of(".question") == "x" * 120 + " …"


def test_a_staff_note_is_never_the_first_words(citizen_page: SignedIn, staff_page: StaffPage) -> None:
    maria, anna = citizen_page(factories.citizen()), staff_page(factories.member())
    number = number_on(send(maria))
    steps.act(anna, number, "note", changes={"body": "Bara för personal."})
    assert maria.get("/mina-sidor").text_of(".question") == "I sommar?"


def test_the_menu_leads_to_every_page_of_ones_own(citizen_page: SignedIn, staff_page: StaffPage) -> None:
    maria = citizen_page(factories.citizen())
    links = maria.get("/mina-sidor").all(".own-menu a")
    assert len(links) == 5
    for link in links:
        page = maria.get(str(link["href"]))
        assert page.text_of(".own-menu [aria-current=page]") == link.get_text()
        assert page.text_of(".site-nav [aria-current=page]") == "Mina sidor"
    assert maria.get("/mina-sidor/sok?sok=bad").text_of(".own-menu [aria-current=page]") == "Mina ärenden"
    assert not staff_page(factories.member()).get("/inloggningar").has(".own-menu")
