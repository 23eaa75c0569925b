"""The registration page: permissions, questions before a case is registered, and the receipt."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal import db
from portal.audit.models import Reading
from portal.cases.enums import Channel, Kind
from portal.cases.intake.models import Draft
from portal.cases.lifecycle import Status
from portal.cases.models import Case, Party
from portal.cases.search.index import index_pending
from portal.identity import commands as identity
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.web.number_checks import KEEP_NUMBER
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import providers, steps

ADDRESS = "/handlaggning/registrera"
SAID = {"body": "Lekplatsen är stängd. Ingen skylt säger varför.", "category": "parker"}
MAILED = SAID | {"reply_by": "email", "email": "maria@exempel.se", "name": "Maria Ek"}
NO_CASES = [None, Role.ANALYST, Role.PROCESS_OWNER, Role.ADMINISTRATOR]


def nobody() -> Staff:
    """Samir, who is staff without a membership."""
    with db.transaction():
        return Staff(identity.find_or_add("Samir", factories.NUMBERS["samir"]).id)


def as_role(role: Role | None) -> Staff:
    """A member of staff with this role, or without a membership."""
    return factories.member("anna", role, None) if role else nobody()


@pytest.fixture
def desk(app: Flask, staff_page: steps.SignIn) -> Page:
    """The browser of Eva, of Medborgarservice."""
    return staff_page(factories.member("eva", Role.REGISTRAR, None))


def register(page: Page, **changes: str) -> Document:
    """The receipt of what was registered."""
    form = page.get(ADDRESS)
    return page.follow(page.submit(form, "#registration", changes=SAID | changes))


def refused(page: Page, **changes: str) -> Document:
    """The form that was given back."""
    return page.submit(page.get(ADDRESS), "#registration", changes=SAID | changes, status=422)


def cases() -> list[Case]:
    """Every case, oldest first."""
    db.close_read_session()
    return list(db.session().query(Case).order_by(Case.id))


def test_a_call_is_registered_with_what_the_form_proposes(desk: Page) -> None:
    receipt = register(desk)
    assert receipt.h1 == "KB-2026-000001 är registrerat"
    (case,) = cases()
    assert (case.kind, case.channel, case.status) == (Kind.QUESTION, Channel.PHONE, Status.RECEIVED)
    assert (case.public_subject, case.language) == ("Lekplatsen är stängd", "sv")
    assert case.handling_unit.key == "park"
    assert "Ärendet har gått till" in receipt.text


def test_the_code_is_shown_in_groups_spelled_and_opens_the_case(app: Flask, desk: Page) -> None:
    receipt, page = register(desk), Page(app.test_client())
    groups = [tag.get_text() for tag in receipt.all("dd.code span")]
    assert [len(group) for group in groups] == [4] * 4
    spelled = [line.get_text(" ", strip=True) for line in receipt.all(".spelled li")]
    assert [line.split(" ", 1)[0] for line in spelled] == groups
    assert all(len(line.split(", ")) == 4 for line in spelled)
    opened = steps.open_case(page, "KB-2026-000001", "-".join(groups))
    assert page.follow(opened).h1 == "Lekplatsen är stängd"


def test_the_receipt_survives_reload_and_prints_without_a_menu(desk: Page) -> None:
    receipt = register(desk)
    again = desk.get(receipt.path)
    assert again.response.headers["Cache-Control"] == "no-store"
    assert again.text_of("dd.code") == receipt.text_of("dd.code")
    paper = desk.get(receipt.links["Skriv ut till avsändaren"])
    assert not paper.has("header.site-header")
    assert paper.text_of(".paper-code") == receipt.text_of("dd.code")


def test_the_paper_is_in_the_language_of_the_sender(desk: Page) -> None:
    receipt = register(desk, language="en")
    paper = desk.get(receipt.links["Skriv ut till avsändaren"])
    assert paper.h1 == "Receipt"
    assert cases()[0].language == "en"


def test_a_code_that_was_hidden_is_shown_no_more(desk: Page) -> None:
    receipt = register(desk)
    code = receipt.text_of("dd.code")
    desk.submit(receipt, "form[action$='" + receipt.path + "']")
    assert code not in desk.get(receipt.path, 410).text


def test_another_person_in_the_same_browser_gets_no_receipt(
    app: Flask, desk: Page, staff_page: steps.SignIn
) -> None:
    receipt = register(desk)
    other = staff_page(factories.member("anna"))
    with desk.client.session_transaction() as mine, other.client.session_transaction() as theirs:
        mine["_user_id"] = theirs["_user_id"]
    assert receipt.text_of("dd.code") not in desk.get(receipt.path, 410).text


def test_signing_out_ends_the_receipt(desk: Page, staff_page: steps.SignIn) -> None:
    receipt = register(desk)
    signed_out = desk.submit(receipt, "form[action='/logga-ut']")
    ended = [value for name, value in signed_out.response.headers if name == "Set-Cookie"]
    assert any(receipt.path in value and "Max-Age=0" in value for value in ended)


def test_a_receipt_survives_a_second_sign_in_and_still_ends_with_the_sign_out(
    make_app: Callable[..., Flask], issuer: str
) -> None:
    page = Page(make_app(oidc_staff_issuer=issuer).test_client())
    factories.member("eva", Role.REGISTRAR, None)
    providers.sign_in(page, factories.NUMBERS["eva"])
    receipt = register(page)
    providers.sign_in(page, factories.NUMBERS["eva"])
    signed_out = page.submit(page.get("/handlaggning/"), "form[action='/logga-ut']")
    ended = [value for name, value in signed_out.response.headers if name == "Set-Cookie"]
    assert any(receipt.path in value and "Max-Age=0" in value for value in ended)


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        ("Kalle Ek 19870420-2392 vill ha en ny plats.", "Kalle Ek vill ha en ny plats"),
        ("19870420-2392.\nHan vill ha en ny plats.", "Han vill ha en ny plats"),
    ],
)
def test_a_personnummer_that_is_kept_in_the_text_is_not_in_the_subject(
    desk: Page, body: str, subject: str
) -> None:
    asked = refused(desk, body=body)
    desk.submit(asked, "#registration", changes={f"{KEEP_NUMBER}body": "1"}, status=303)
    (case,) = cases()
    assert (case.public_subject, case.internal_subject) == (subject, subject)
    assert "19870420-2392" in case.messages[0].body


def test_a_text_with_nothing_but_a_personnummer_needs_a_subject(desk: Page) -> None:
    asked = refused(desk, body="19870420-2392.")
    again = desk.submit(asked, "#registration", changes={f"{KEEP_NUMBER}body": "1"}, status=422)
    assert [plain(error) for error in again.errors()] == [
        "Skriv en rubrik. Den får inte vara ett personnummer."
    ]
    assert again.find("details:has([name=subject])").has_attr("open")
    desk.submit(again, "#registration", changes={"subject": "Ny plats"}, status=303)
    assert cases()[0].public_subject == "Ny plats"


def test_what_is_solved_at_once_is_closed_with_one_message(desk: Page) -> None:
    receipt = register(desk, **MAILED, answer="Den öppnar i maj.")
    assert "Svaret är sparat och ärendet är avslutat." in receipt.text
    (case,) = cases()
    assert (case.status, case.first_contact) == (Status.CLOSED, True)
    assert [letter.name for letter in factories.letters()] == ["answered_orally"]


def test_the_letter_says_that_the_code_was_given_and_thanks(desk: Page) -> None:
    register(desk, **MAILED)
    (letter,) = factories.letters()
    assert letter.name == "received"
    text = letter.text or ""
    assert "Tack. Vi har tagit emot din fråga." in text
    assert "koden som du fick av oss" in text
    assert "kvittot" not in text


def test_a_sender_who_is_anonymous_with_a_name_is_asked_about_once(desk: Page) -> None:
    asked = refused(desk, **MAILED | {"reply_by": "code"})
    assert "sparar vi varken namn eller adress" in asked.text
    assert steps.kept(asked, "email") == "maria@exempel.se"
    assert cases() == []
    desk.follow(desk.submit(asked, "#registration"))
    (case,) = cases()
    assert case.party is None
    assert db.session().query(Party).count() == 0
    assert factories.letters() == []


def test_an_arrival_whose_promise_is_broken_is_shown_first_and_then_registered(
    app: Flask, travel: steps.Travel, staff_page: steps.SignIn
) -> None:
    # After the first day of every database of the tests.
    travel.move_to("2027-03-01 08:00:00Z")
    page = staff_page(factories.member("eva", Role.REGISTRAR, None))
    asked = refused(page, arrived_on="2027-02-01", channel="letter")
    assert "Svaret skulle ha kommit senast måndag 15 februari." in plain(asked.text)
    receipt = page.follow(page.submit(asked, "#registration"))
    assert "så ärendet är redan försenat" in receipt.text
    (case,) = cases()
    assert case.clock_started_on.isoformat() == "2027-02-01"


def test_another_day_than_the_one_that_was_asked_about_is_asked_about_again(
    app: Flask, travel: steps.Travel, staff_page: steps.SignIn
) -> None:
    travel.move_to("2027-03-01 08:00:00Z")
    page = staff_page(factories.member("eva", Role.REGISTRAR, None))
    asked = refused(page, arrived_on="2027-02-01")
    again = page.submit(asked, "#registration", changes={"arrived_on": "2027-01-04"}, status=422)
    assert "Svaret skulle ha kommit senast" in plain(again.text)
    assert cases() == []


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"arrived_on": "2031-01-01"}, "Tidpunkten har inte varit än."),
        ({"arrived_on": "2001-01-01"}, "Kommunen tog emot ärenden här först"),
        ({"arrived_on": "i går"}, "Skriv dagen som 2026-05-18"),
        ({"arrived_at": "kvart i tre"}, "Skriv klockslaget som 14:05"),
        ({"body": " "}, "Skriv vad det gäller"),
        ({"category": "finns-inte"}, "Ämnet finns inte längre."),
        ({"kind": "rykte"}, "Kommunen tar inte emot den typen."),
        ({"channel": "web"}, "Välj hur det kom in"),
        ({"reply_by": "portal"}, "Välj hur avsändaren vill få svaret"),
        ({"reply_by": "email", "email": "maria"}, "Adressen saknar @."),
        ({"level": "7"}, "Välj en nivå i listan"),
        ({"language": "xx"}, "Välj ett språk i listan"),
    ],
)
def test_bad_input_is_explained_and_keeps_the_text(desk: Page, written: dict[str, str], message: str) -> None:
    again = refused(desk, **written)
    assert any(error.startswith(message) for error in again.errors())
    if "body" not in written:
        assert steps.kept(again, "body") == SAID["body"]
    assert cases() == []


def test_a_topic_that_is_closed_while_the_form_is_open_loses_nothing(desk: Page) -> None:
    form = desk.get(ADDRESS)
    with db.transaction():
        topic = organisation.category("parker")
        assert topic
        topic.closed_at = topic.opened_at
    again = desk.submit(form, "#registration", changes=SAID, status=422)
    assert again.errors() == ["Ämnet finns inte längre. Välj ett annat i listan, eller Vet inte."]
    assert steps.kept(again, "body") == SAID["body"]


def test_what_is_out_of_reach_cannot_be_solved(desk: Page) -> None:
    again = refused(desk, category="aldre", answer="Någon ringer i dag.")
    (error,) = again.errors()
    assert error.startswith("Ärendet hör till en enhet som du inte når")
    assert steps.kept(again, "answer") == "Någon ringer i dag."
    assert cases() == []


def test_a_double_click_and_a_second_tab_make_one_case_each(desk: Page) -> None:
    first, second = desk.get(ADDRESS), desk.get(ADDRESS)
    for form in (first, first, second):
        desk.submit(form, "#registration", changes=SAID)
    assert len(cases()) == 2
    changed = desk.submit(first, "#registration", changes=SAID | {"body": "Gungan."}, status=422)
    assert "Du har redan registrerat det här formuläret" in plain(changed.text)
    desk.submit(changed, "#registration")
    assert len(cases()) == 3


def test_a_form_that_is_sent_after_a_sign_out_is_given_back_without_the_name_of_the_anonymous(
    desk: Page,
) -> None:
    form = desk.get(ADDRESS)
    with desk.client.session_transaction() as cookie:
        del cookie["_user_id"]
    given_back = desk.submit(form, "#registration", changes=MAILED | {"reply_by": "code"}, status=403)
    assert SAID["body"] in given_back.html
    (draft,) = db.session().query(Draft)
    assert "Lekplatsen" in draft.content
    assert "Maria" not in draft.content
    assert "maria@" not in draft.content


@pytest.mark.parametrize("role", NO_CASES)
def test_who_reads_no_case_registers_and_sees_nothing_else(
    app: Flask, staff_page: steps.SignIn, role: Role | None
) -> None:
    page = staff_page(as_role(role))
    number = factories.number(factories.send_in())
    closed = page.get("/handlaggning/", 403)
    assert closed.links["Registrera ett ärende"] == ADDRESS
    form = page.get(ADDRESS)
    assert not {"answer", "level"} & form.form("#registration").names()
    # What they could not fill in is not taken from a made-up post either.
    made_up = SAID | {"csrf_token": steps.token(page), "kind": "question", "channel": "desk"}
    made_up |= {"reply_by": "code", "language": "sv", "answer": "Ja.", "level": "6"}
    receipt = page.follow(page.post(ADDRESS, made_up))
    assert "Öppna ärendet" not in receipt.links
    case = cases()[-1]
    assert (case.status, case.level) == (Status.RECEIVED, case.category and case.category.rosa_level)
    page.get(steps.case_address(case.reference), 403)
    page.get(steps.case_address(number), 403)
    assert {"Ärenden", "Åtgärder"}.isdisjoint(receipt.links)


def test_what_belongs_elsewhere_is_shown_also_for_a_colleague_of_their_own(desk: Page) -> None:
    assert "Medarbetares egna synpunkter" in desk.get(ADDRESS).text


def test_the_timeline_names_who_registered(app: Flask, desk: Page, staff_page: steps.SignIn) -> None:
    register(staff_page(nobody()), channel="letter")
    shown = desk.get(steps.case_address("KB-2026-000001"))
    assert "Samir registrerade ärendet" in shown.text
    assert "Brev" in shown.text


def test_other_cases_with_the_address_are_listed_as_far_as_the_gate_goes(
    app: Flask, staff_page: steps.SignIn
) -> None:
    officer = factories.member()
    mine = factories.send_in(email="maria@exempel.se", subject="Gungan")
    factories.send_in(email="maria@exempel.se", category="aldre", subject="Hemtjänsten")
    factories.send_in(email="nils@exempel.se", subject="Bänken", body="Skriv till maria@exempel.se.")
    index_pending()
    page = staff_page(officer)
    receipt = register(page, **MAILED)
    assert "Andra ärenden med samma adress" in receipt.text
    listed = " ".join(tag.get_text(" ", strip=True) for tag in receipt.all("[aria-labelledby=andra] li"))
    assert "Gungan" in listed
    assert not {"Hemtjänsten", "Bänken"} & set(listed.split())
    db.close_read_session()
    assert [row.case_id for row in db.session().query(Reading)] == [mine.case]
