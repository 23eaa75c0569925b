"""Questions at the desk: what the page shows by how the person is known, and what is written down there."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, config, db
from portal.audit.models import Read, Reading
from portal.cases.actions import handling, secrecy
from portal.cases.desk.rules import VISIT_TTL
from portal.cases.intake import codes
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

DESK = "/handlaggning/fraga"
CODE_FORM = "form[action$='/fraga/kod']"
NOTE = "Ring inte före lunch."


@pytest.fixture
def eva(app: Flask, travel: steps.Travel) -> Staff:
    """A registrar."""
    return factories.member("eva", Role.REGISTRAR, None)


@pytest.fixture
def desk(eva: Staff, staff_page: steps.SignIn) -> Page:
    """The browser of the registrar."""
    return staff_page(eva)


def spoken(receipt: Receipt) -> str:
    """The code of a receipt in its groups, as it is read aloud."""
    return " ".join(codes.groups(str(receipt.code)))


def ask(desk: Page, number: str, code: str, status: int = 303) -> Document:
    return desk.submit(desk.get(DESK), CODE_FORM, changes={"number": number, "code": code}, status=status)


def opened(desk: Page, receipt: Receipt) -> Document:
    """The case of a person who has read its code aloud."""
    return desk.follow(ask(desk, factories.number(receipt), spoken(receipt)))


def looks() -> list[tuple[int, Read]]:
    db.close_read_session()
    rows = db.session().scalars(sa.select(Reading).order_by(Reading.id))
    return [(row.case_id, row.what) for row in rows]


def without_token(page: Document) -> str:
    """A page without what each request has of its own."""
    html = re.sub(r'name="(csrf_token|acting_as)" type="hidden" value="[^"]*"', "", page.html)
    return re.sub(r'value="[^"]*"', "", html)


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        (Role.REGISTRAR, None, 200),
        (Role.OFFICER, "medborgarservice", 200),
        (Role.HEAD_OF_UNIT, "medborgarservice", 200),
        (Role.OFFICER, "park", 404),
        (Role.HEAD_OF_UNIT, "park", 404),
        (Role.RECORDS_OFFICER, None, 404),
    ],
)
def test_who_serves_the_desk_has_the_page_and_its_link(
    app: Flask, travel: steps.Travel, staff_page: steps.SignIn, role: Role, unit: str | None, status: int
) -> None:
    page = staff_page(factories.member("anna", role, unit))
    page.get(DESK, status)
    assert ("Fråga om ett ärende" in page.get("/handlaggning/").links) == (status == 200)


def test_the_code_shows_what_the_sender_reads_and_nothing_more(desk: Page, eva: Staff, app: Flask) -> None:
    receipt = factories.send_in(subject="Gungan", email="maja@exempel.se", name="Maja Ek")
    factories.act(handling.note, factories.member("samir"), receipt, NOTE)
    with db.transaction() as writer:
        writer.get_one(Case, receipt.case).internal_subject = "Kedjan på gungan"
    shown = opened(desk, receipt)
    by_sender = Page(app.test_client())
    own = by_sender.follow(steps.open_case(by_sender, factories.number(receipt), spoken(receipt)))
    for body in [tag.get_text() for tag in own.all(".message-body")]:
        assert body in shown.text
    assert [tag.get_text() for tag in shown.all(".message-body")] == ["Ingen skylt säger varför."]
    terms = {tag.get_text(strip=True): tag.find_next("dd").get_text() for tag in own.all(".facts dt")}  # type: ignore[union-attr]
    for term in shown.all(".facts dt"):
        assert term.find_next("dd").get_text() == terms[term.get_text(strip=True)]  # type: ignore[union-attr]
    timeline = {tag.get_text(strip=True) for tag in own.all(".timeline strong")}
    assert {tag.get_text(strip=True) for tag in shown.all(".timeline strong")} <= timeline
    for hidden in (NOTE, "Kedjan på gungan", "maja@exempel.se", "Maja Ek"):
        assert hidden not in shown.html
    assert str(receipt.code) not in shown.response.request.url
    assert looks() == [(receipt.case, Read.DESK_CODE)]


def test_a_wrong_number_a_wrong_code_and_a_malformed_one_get_the_same_page(desk: Page) -> None:
    receipt = factories.send_in()
    number, code = factories.number(receipt), spoken(receipt)
    wrong = "ABCD EFGH JKLM NPQR"
    pages = [ask(desk, number, wrong, 422), ask(desk, "KB-2026-000999", code, 422), ask(desk, "x", "y", 422)]
    assert len({without_token(page) for page in pages}) == 1
    assert pages[0].errors() == ["Numret och koden hör inte ihop. Jämför med kvittot."]
    assert looks() == []


def test_after_five_wrong_codes_no_code_is_tried(desk: Page) -> None:
    receipt = factories.send_in()
    off = config.settings()
    config.use(off.model_copy(update={"limits": "on"}))
    try:
        for _time in range(5):
            ask(desk, factories.number(receipt), "ABCD EFGH JKLM NPQR", 422)
        stopped = ask(desk, factories.number(receipt), spoken(receipt), 429)
        other = factories.send_in()
        ask(desk, factories.number(other), spoken(other))
    finally:
        config.use(off)
    assert "Numret har fått för många fel koder" in stopped.text


def test_malformed_numbers_do_not_stop_each_other(desk: Page) -> None:
    off = config.settings()
    config.use(off.model_copy(update={"limits": "on"}))
    try:
        for turn in range(6):
            ask(desk, f"KB-{turn}", "ABCD EFGH JKLM NPQR", 422)
    finally:
        config.use(off)


def test_the_number_alone_shows_only_what_is_public(desk: Page) -> None:
    receipt = factories.send_in(subject="Gungan hos Maja")
    form = "form[action$='/fraga/offentligt']"
    asked = desk.submit(desk.get(DESK), form, changes={"nummer": factories.number(receipt)}, status=200)
    shown = asked
    assert shown.h1 == factories.number(receipt)
    for fact in ("Klagomål", "Parkenheten", "4 maj", "Nytt"):
        assert fact in shown.text.replace("\N{NO-BREAK SPACE}", " ")
    for hidden in ("Gungan hos Maja", "Ingen skylt säger varför."):
        assert hidden not in shown.html
    assert looks() == [(receipt.case, Read.DESK_PUBLIC)]


def test_a_secret_case_is_as_one_that_does_not_exist(desk: Page) -> None:
    receipt = factories.send_in()
    factories.act(secrecy.mark_secrecy, factories.member(unit=None), receipt, "halsa", confirmed=True)
    pages = [
        desk.get(f"{DESK}/offentligt?nummer={number}", 404)
        for number in (factories.number(receipt), "KB-2026-000999", "x", "")
    ]
    assert pages[0].h1 == "Det finns inget som du får berätta"
    assert len({without_token(page) for page in pages}) == 1
    assert looks() == []


def test_what_the_person_says_is_in_both_threads(desk: Page, app: Flask) -> None:
    receipt = factories.send_in()
    shown = opened(desk, receipt)
    saved = desk.submit(shown, "form[method=post][novalidate]", changes={"body": "Båda.", "via": "phone"})
    assert "Det är inskrivet i ärendet." in desk.follow(saved).text
    assert plain(shown.text_of("header .due-line")) == "Svar senast tisdag 19 maj"
    by_sender = Page(app.test_client())
    own = by_sender.follow(steps.open_case(by_sender, factories.number(receipt), spoken(receipt)))
    assert "Du · i telefon · nedskrivet av Eva, " in plain(own.all(".message h3")[-1].get_text())
    assert "hade koden" not in own.text
    by_staff = desk.get(steps.case_address(factories.number(receipt)))
    assert "hade koden" in by_staff.all(".message h3")[-1].get_text()


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("2026-05-05T09:00", "Tiden är i framtiden."),
        ("2026-05-01T09:00", "Tiden är före ärendet."),
        ("i går", "Skriv tiden som 2026-05-18 14:30"),
        ("2026-05-04T09:00+02:00", "Skriv tiden som 2026-05-18 14:30"),
    ],
)
def test_a_time_that_cannot_be_is_asked_for_again_with_the_text(desk: Page, at: str, message: str) -> None:
    shown = opened(desk, factories.send_in())
    fields = {"body": "Båda gungorna.", "via": "phone", "at": at}
    again = desk.submit(shown, "form[method=post][novalidate]", changes=fields, status=422)
    assert again.errors()[0].startswith(message)
    assert steps.kept(again, "body") == "Båda gungorna."


def test_a_visit_that_is_over_gives_the_text_back(desk: Page, travel: steps.Travel) -> None:
    shown = opened(desk, factories.send_in())
    travel.shift(VISIT_TTL + timedelta(seconds=1))
    fields = {"body": "Båda gungorna.", "via": "phone"}
    over = desk.submit(shown, "form[method=post][novalidate]", changes=fields, status=410)
    assert over.h1 == "Besöket är avslutat"
    assert "Båda gungorna." in over.find("#mine").get_text()
    desk.get(shown.path, 410)


def test_a_visit_is_ended_by_its_button_and_is_not_a_colleagues(desk: Page, staff_page: steps.SignIn) -> None:
    shown = opened(desk, factories.send_in())
    colleague = staff_page(factories.member("samir", Role.REGISTRAR, None))
    colleague.get(shown.path, 404)
    desk.submit(shown, "form[action$='/avsluta']")
    desk.get(shown.path, 410)


def test_the_page_of_the_case_writes_down_what_was_said(desk: Page) -> None:
    receipt = factories.send_in()
    fields = {"body": "Båda.", "via": "desk", "known": "unverified"}
    steps.act(desk, factories.number(receipt), "record_reply", changes=fields)
    shown = desk.get(steps.case_address(factories.number(receipt)))
    assert "Okänd person · på besök" in plain(shown.all(".message h3")[-1].get_text())
    missing = {"body": "Båda.", "via": "", "known": ""}
    steps.act(desk, factories.number(receipt), "record_reply", changes=missing, status=422)


def test_the_first_line_of_the_profile_is_the_one_of_these_tests(app: Flask, travel: steps.Travel) -> None:
    assert organisation.first_line().key == "medborgarservice"


def test_what_is_public_of_a_waiting_case_does_not_speak_to_its_sender(desk: Page) -> None:
    receipt, anna = factories.send_in(), factories.member("anna")
    factories.act(handling.take, anna, receipt)
    reply_by = clock.today() + timedelta(days=7)
    factories.act(handling.request_supplement, anna, receipt, "Vad heter gatan?", None, reply_by)
    shown = desk.get(f"{DESK}/offentligt?nummer={factories.number(receipt)}")
    told = " ".join(tag.get_text(" ") for tag in shown.all(".tag, .ds-tag, .facts")).casefold()
    assert "väntar på" in told
    for word in ("du", "ditt", "dig", "din"):
        assert word not in re.findall(r"\w+", told)


def test_a_refused_post_that_shows_the_case_is_in_the_read_log(desk: Page) -> None:
    receipt = factories.send_in()
    onward = ask(desk, factories.number(receipt), spoken(receipt))
    shown = desk.post(onward.location, {"csrf_token": steps.token(desk)}, 422)
    assert "Ingen skylt säger varför." in shown.text
    assert looks() == [(receipt.case, Read.DESK_CODE)]


ODD_TIMES = ["0001-01-01T00:00", "9999-12-31T23:59", "1899-12-31T12:00", "2026-05-04T10:00+02:00", "i går"]


@pytest.mark.parametrize("at", ODD_TIMES)
def test_a_time_that_is_none_is_refused_and_the_text_is_kept(desk: Page, at: str) -> None:
    receipt = factories.send_in()
    said = {"body": "Kedjan är av.", "via": "phone", "at": at}
    refused = desk.submit(opened(desk, receipt), "form[novalidate]", changes=said, status=422)
    assert [plain(error) for error in refused.errors()] == ["Skriv tiden som 2026-05-18 14:30"]
    assert (steps.kept(refused, "body"), steps.kept(refused, "at")) == ("Kedjan är av.", at)
    token = {"csrf_token": steps.token(desk, DESK), "known": "staff"}
    address = f"/handlaggning/arenden/{factories.number(receipt)}/record_reply"
    on_case = desk.post(address, token | said, 422)
    assert "Skriv tiden som 2026-05-18 14:30" in plain(on_case.text)
    assert "Kedjan är av." in on_case.text


def bodies(receipt: Receipt) -> list[str]:
    db.close_read_session()
    return [message.body for message in factories.case(receipt).messages][1:]


@pytest.mark.parametrize("at_desk", [True, False])
def test_the_same_words_are_kept_once_of_a_form_and_again_of_the_next(
    desk: Page, travel: steps.Travel, at_desk: bool
) -> None:
    receipt = factories.send_in()
    shown = opened(desk, receipt)
    form = "form[novalidate]" if at_desk else "form[action$='/record_reply']"
    said = {"body": "Hur går det?", "via": "phone"} | ({} if at_desk else {"known": "staff"})
    page = shown if at_desk else desk.get(steps.case_address(factories.number(receipt)))
    for _click in range(2):
        travel.shift(timedelta(seconds=1))
        desk.submit(page, form, changes=said, status=303)
    assert bodies(receipt) == ["Hur går det?"]
    desk.submit(desk.get(page.path), form, changes=said, status=303)
    assert bodies(receipt) == ["Hur går det?"] * 2
