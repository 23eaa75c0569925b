"""A changed reader: earlier addresses are told, one of them shuts everyone out, staff give it back."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.audit.models import TrailEntry
from portal.cases.enums import ReaderChange, TaskKind, VerifiedReader
from portal.cases.intake import code_access, earlier_readers
from portal.cases.intake.models import EarlierReader
from portal.cases.models import Case, Task
from portal.identity.actors import Citizen, Role, Staff
from portal.identity.models import Person
from portal.notifications import delivery
from portal.notifications.models import OutboxMessage, State
from tests import factories
from tests.page import Document, Page
from tests.statements import counted
from tests.web import steps
from tests.web.steps import SignIn, Travel

NUMBER = "KB-2026-000001"
PHONE = "+46701740605"
CITIZEN = Callable[[Citizen], Page]
DAY = 24 * 3600


@pytest.fixture
def code(app: Flask, travel: Travel) -> str:
    """The code of a case that Maja sent with her e-mail address."""
    return steps.code_of(steps.send(Page(app.test_client()), steps.MAILED))


@pytest.fixture
def maria(code: str, citizen_page: CITIZEN) -> Page:
    """The browser of a person who has added that case to Mina sidor."""
    page = citizen_page(factories.citizen())
    adopt(page, code)
    return page


def adopt(page: Page, code: str, **more: object) -> None:
    changes = {"number": NUMBER, "code": code, **more}
    page.submit(page.get("/mina-sidor"), "form[action='/mina-sidor']", changes=changes)


def officer() -> Staff:
    """An officer who reads a case without a topic."""
    return factories.member("eva", Role.REGISTRAR, None)


def answer_requests(page: Page) -> None:
    """The worker answers the requests for a new code."""
    with page.client.application.app_context(), db.transaction():
        code_access.answer_requests()


def letters(name: str) -> list[OutboxMessage]:
    return [letter for letter in factories.letters() if letter.name == name]


def contest_link(letter: OutboxMessage) -> str:
    link = re.search(r"/folj/inte-jag/[A-Za-z0-9_-]+", letter.text or "")
    assert link
    return link[0]


def case() -> Case:
    db.close_read_session()
    row = db.session().get(Case, 1)
    assert row
    return row


def contested(page: Page) -> Document:
    """The reader contested by the link of the letter."""
    asked = page.get(contest_link(letters("reader_changed")[0]))
    return page.submit(asked, "main form", status=200)


def new_code(page: Page) -> str:
    """A new code by the link that a request gives."""
    page.submit(page.get("/folj/ny-kod"), "main form", changes={"number": NUMBER, "email": "maja@exempel.se"})
    with page.client.application.app_context():
        delivery.deliver_due()
        address = re.search(r"/folj/ny-kod/[A-Za-z0-9_-]+", letters("new_code")[-1].text or "")
    assert address
    return steps.code_of(page.submit(page.get(address[0]), "main form", status=200))


def test_adoption_is_told_to_the_earlier_address_with_number_and_time_alone(maria: Page) -> None:
    (letter,) = letters("reader_changed")
    assert letter.recipient == "maja@exempel.se"
    assert NUMBER in (letter.text or "")
    assert "4 maj kl. 10.00" in (letter.text or "")
    for secret in ("Maria", "Lekplatsen", "skylt", "Maja"):
        assert secret not in f"{letter.subject}{letter.text}{letter.html}"


def test_a_new_code_is_told_too(page: Page, code: str) -> None:
    new_code(page)
    assert [letter.recipient for letter in letters("reader_changed")] == ["maja@exempel.se"]


def test_every_address_that_was_known_is_told(code: str, citizen_page: CITIZEN) -> None:
    with db.transaction() as session:
        party = session.get_one(Case, 1).party
        assert party
        party.phone = PHONE
    adopt(citizen_page(factories.citizen()), code)
    assert {letter.recipient for letter in letters("reader_changed")} == {"maja@exempel.se", PHONE}


def test_nothing_is_sent_to_an_address_that_is_not_safe(code: str, citizen_page: CITIZEN) -> None:
    adopt(citizen_page(factories.citizen()), code, unsafe=True)
    assert letters("reader_changed") == []
    assert case().reader_change is ReaderChange.ADOPTED


@pytest.mark.parametrize("which", ["person", "party"])
def test_nothing_is_sent_for_a_protected_sender(code: str, citizen_page: CITIZEN, which: str) -> None:
    actor = factories.citizen()
    with db.transaction() as session:
        party = session.get_one(Case, 1).party
        assert party
        protected = session.get_one(Person, actor.person) if which == "person" else party
        protected.protected = True
    adopt(citizen_page(actor), code)
    assert letters("reader_changed") == []


def test_a_changed_address_is_told_to_the_one_before(maria: Page) -> None:
    new = {"notify_by": "email", "email": "ny@exempel.se"}
    maria.submit(maria.get("/mina-sidor/uppgifter"), "main form", changes=new)
    assert len(letters("reader_changed")) == 1
    saved = maria.submit(maria.get("/mina-sidor/uppgifter"), "main form", changes=new | {"ongoing": True})
    assert "De gäller också dina pågående ärenden." in maria.follow(saved).text
    assert [letter.recipient for letter in letters("reader_changed")] == ["maja@exempel.se"] * 2
    party = case().party
    assert party
    assert (party.email, case().reader_change) == ("ny@exempel.se", ReaderChange.NEW_ADDRESS)
    maria.submit(maria.get("/mina-sidor/uppgifter"), "main form", changes=new | {"ongoing": True})
    assert len(letters("reader_changed")) == 2


def test_looking_at_the_link_contests_nothing(app: Flask, maria: Page) -> None:
    before = steps.stored()
    address = contest_link(letters("reader_changed")[0])
    for scanner in (Page(app.test_client()), maria):
        scanner.get(address)
        scanner.client.head(address)
    assert steps.stored() == before
    maria.post(address, {}, 422)
    assert steps.stored() == before


def test_a_contested_reader_shuts_both_out_and_stops_what_is_sent(page: Page, code: str, maria: Page) -> None:
    assert contested(page).h1 == "Läsningen är stoppad"
    maria.get(f"/mina-sidor/arenden/{NUMBER}", 404)
    steps.open_case(page, NUMBER, code, status=422)
    assert case().reader_contested_at
    assert {letter.state for letter in factories.letters()} == {State.WITHHELD}
    # Nobody works in this unit, which is a task of its own.
    tasks = db.session().scalars(sa.select(Task.kind).where(Task.kind != TaskKind.NO_HANDLER)).all()
    assert [*tasks] == [TaskKind.READER_CONTESTED]
    events = [*db.session().scalars(sa.select(TrailEntry.event).order_by(TrailEntry.id))]
    assert events[-2:] == ["CaseAdopted", "ReaderContested"]
    # Coming back, and asking for a new code by the same mailbox, change nothing.
    before = steps.stored()
    assert page.get(contest_link(letters("reader_changed")[0])).h1 == "Läsningen är stoppad"
    page.submit(page.get("/folj/ny-kod"), "main form", changes={"number": NUMBER, "email": "maja@exempel.se"})
    answer_requests(page)
    assert steps.stored() == before


def test_nothing_is_sent_while_the_reader_is_contested(page: Page, maria: Page, staff_page: SignIn) -> None:
    contested(page)
    steps.act(staff_page(officer()), NUMBER, "take")
    assert [letter.name for letter in factories.letters() if letter.state is State.QUEUED] == []


def test_a_new_code_is_contested_by_the_old_one_and_ends_what_it_opened(
    app: Flask, page: Page, code: str
) -> None:
    new, thief = new_code(page), Page(app.test_client())
    read = thief.follow(steps.open_case(thief, NUMBER, new))
    thief.get(read.path)
    asked = steps.open_case(page, NUMBER, code, status=422)
    assert asked.h1 == "Ärendet läses på ett nytt sätt"
    stopped = page.submit(asked, "form[action='/folj/inte-jag']", status=200)
    assert stopped.h1 == "Läsningen är stoppad"
    assert thief.get(read.path, 303).location == "/folj"
    steps.open_case(thief, NUMBER, new, status=422)


def test_a_code_that_never_was_contests_nothing(page: Page, maria: Page) -> None:
    before = steps.stored()
    form = {"csrf_token": steps.token(page), "number": NUMBER, "code": "2222-2222-2222-2222"}
    page.post("/folj/inte-jag", form, 410)
    page.get("/folj/inte-jag/gissad", 410)
    assert steps.stored() == before


def test_it_can_be_said_for_seven_days(page: Page, code: str, maria: Page, travel: Travel) -> None:
    address = contest_link(letters("reader_changed")[0])
    travel.shift(7 * DAY - 1)
    asked = page.get(address)
    travel.shift(1)
    page.get(address, 410)
    page.submit(asked, "main form", status=410)
    assert not steps.open_case(page, NUMBER, code, status=422).has("form[action='/folj/inte-jag']")
    travel.shift(1)
    with page.client.application.app_context():
        factories.run_jobs()
    assert steps.count("earlier_reader") == 0


def test_staff_see_the_new_name_and_are_warned_before_they_write(
    maria: Page, staff_page: SignIn, travel: Travel
) -> None:
    anna = staff_page(officer())
    shown = anna.get(steps.case_address(NUMBER))
    assert "Läsare ändrad 4 maj: tillagt på Mina sidor." in shown.text
    assert "Maja" not in shown.text
    assert "Maria" in shown.text
    assert "Vänta med känsliga uppgifter" in shown.text
    assert shown.has("form[action$='/answer']")
    travel.shift(7 * DAY)
    later = staff_page(officer()).get(steps.case_address(NUMBER))
    assert "Vänta med känsliga uppgifter" not in later.text


def test_an_answer_waits_while_the_reader_is_contested(page: Page, maria: Page, staff_page: SignIn) -> None:
    contested(page)
    anna = staff_page(officer())
    shown = anna.get(steps.case_address(NUMBER))
    assert "Läsningen är stoppad" in shown.text
    for action in ("answer", "message_sender", "request_supplement"):
        assert not shown.has(f"form[action$='/{action}']")
    form = {"csrf_token": steps.token(anna), "body": "Svar", "version": str(case().version)}
    anna.post(steps.case_address(NUMBER, "/answer"), form, 409)


def restored(anna: Page, reader: VerifiedReader, status: int) -> Document:
    fields = {"reader": reader.value, "body": "Hon kom till receptionen med legitimation."}
    return steps.act(anna, NUMBER, "restore_reader", changes=fields, status=status)


def test_staff_give_the_reading_back_with_a_new_code_that_is_shown_once(
    page: Page, code: str, maria: Page, staff_page: SignIn
) -> None:
    contested(page)
    anna = staff_page(officer())
    new = steps.code_of(restored(anna, VerifiedReader.CODE, 200))
    assert page.follow(steps.open_case(page, NUMBER, new)).h1 == steps.WRITTEN["subject"]
    steps.open_case(page, NUMBER, code, status=422)
    maria.get(f"/mina-sidor/arenden/{NUMBER}", 404)
    party = case().party
    assert party
    assert (party.name, party.email, party.person_id) == ("Maja Ek", "maja@exempel.se", None)
    shown = anna.get(steps.case_address(NUMBER))
    assert "Läsare ändrad 4 maj: återlämnat av kommunen." in shown.text
    assert not shown.has("form[action$='/restore_reader']")
    assert new not in shown.html.replace("-", "")
    assert case().open_tasks == []
    assert steps.count("earlier_reader") == 0


def test_staff_give_the_reading_back_to_the_person(page: Page, maria: Page, staff_page: SignIn) -> None:
    contested(page)
    restored(staff_page(officer()), VerifiedReader.PERSON, 303)
    assert maria.get(f"/mina-sidor/arenden/{NUMBER}").h1 == steps.WRITTEN["subject"]


def test_a_person_is_a_choice_only_where_one_is_known(page: Page, code: str, staff_page: SignIn) -> None:
    new_code(page)
    contested(page)
    anna = staff_page(officer())
    shown = anna.get(steps.case_address(NUMBER))
    choices = [str(option["value"]) for option in shown.all("#restore_reader-reader option")]
    assert choices == ["", VerifiedReader.CODE]
    form = {"csrf_token": steps.token(anna), "body": "Hon ringde.", "reader": VerifiedReader.PERSON.value}
    anna.post(steps.case_address(NUMBER, "/restore_reader"), form, 422)


def test_the_parts_of_a_case_are_shut_with_it(page: Page, code: str, staff_page: SignIn) -> None:
    steps.act(staff_page(officer()), NUMBER, "split", changes={"subject": "Gungorna"})
    new = new_code(page)
    steps.open_case(page, "KB-2026-000002", new)
    contested(page)
    steps.open_case(page, "KB-2026-000002", new, status=422)
    db.close_read_session()
    assert all(row.reader_contested_at for row in db.session().scalars(sa.select(Case)))


def test_a_new_code_for_a_case_on_mina_sidor_is_answered_in_the_owners_channel(
    page: Page, maria: Page
) -> None:
    page.submit(page.get("/folj/ny-kod"), "main form", changes={"number": NUMBER, "email": "maja@exempel.se"})
    answer_requests(page)
    (letter,) = letters("on_mina_sidor")
    assert letter.recipient == "maja@exempel.se"
    assert f"/mina-sidor/arenden/{NUMBER}" in (letter.text or "")
    assert "Någon bad om en ny kod." in maria.get(f"/mina-sidor/arenden/{NUMBER}").text


@pytest.mark.parametrize("number", [NUMBER, "KB-2026-009999", "nonsens"])
@pytest.mark.parametrize("email", ["maja@exempel.se", "eva@exempel.se"])
def test_a_request_for_a_new_code_is_the_same_work_for_every_pair(
    page: Page, code: str, number: str, email: str
) -> None:
    form = page.get("/folj/ny-kod")
    with counted() as statements:
        page.submit(form, "main form", changes={"number": number, "email": email})
    # The profile, and the row of the request: the case is looked up by the worker.
    assert [statement for statement in statements if '"case"' in statement or "FROM case" in statement] == []
    assert [re.split(r"\s+", statement)[0] for statement in statements].count("INSERT") == 1
    assert steps.count("code_request") == 1


def test_the_token_of_the_letter_is_in_no_table(maria: Page) -> None:
    token = contest_link(letters("reader_changed")[0]).rsplit("/", 1)[-1]
    assert token not in steps.everything()
    assert earlier_readers.by_token(token)
    assert db.session().scalar(sa.select(sa.func.count(EarlierReader.id))) == 1
