"""How a person who reads on Mina sidor is notified: in the form, for one case, and what staff see of it."""

import re

import pytest

from portal import db
from portal.cases.enums import NotifyBy, ReplyBy
from portal.cases.intake.submission import Receipt, submit
from portal.identity import commands as identity
from portal.identity.actors import Citizen
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps
from tests.web.test_fresh_sign_in import age

EMAIL, PHONE = "maria@exempel.se", "+46701740605"
PORTAL = steps.WRITTEN | {"reply_by": "portal"}
ASKED = "Välj hur du vill få veta när det händer något"


@pytest.fixture
def maria(page: Page) -> Citizen:
    return factories.citizen()


@pytest.fixture
def mine(maria: Citizen, citizen_page: steps.SignIn) -> Page:
    return citizen_page(maria)


def save(person: Citizen, way: NotifyBy, email: str | None = None, phone: str | None = None) -> None:
    with db.transaction():
        identity.save_contact_choices(person.person, way, email, phone)


def sent(person: Citizen, **given: object) -> Receipt:
    with db.transaction():
        return submit(factories.new_case(reply_by=ReplyBy.PORTAL, **given), person)


def first_case() -> tuple[NotifyBy, str | None, str | None]:
    case = factories.case(Receipt(1, 2026, 1, None, True))
    assert case.party
    return case.notify_by, case.party.email, case.party.phone


def test_who_has_not_chosen_is_asked_and_keeps_what_they_wrote(mine: Page) -> None:
    asked = steps.refused(mine, {"reply_by": "portal"})
    assert asked.errors() == [ASKED]
    assert steps.kept(asked, "body") == PORTAL["body"]
    assert "Om vi behöver fråga dig något får du inget meddelande." in asked.text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ({"notify_by": "email", "notify_email": EMAIL}, (NotifyBy.EMAIL, EMAIL, None)),
        ({"notify_by": "sms", "notify_phone": "070-174 06 05"}, (NotifyBy.SMS, None, PHONE)),
        ({"notify_by": "none", "notify_email": EMAIL}, (NotifyBy.NONE, None, None)),
    ],
    ids=["e-mail", "sms", "declined"],
)
def test_the_choice_of_the_form_is_that_of_the_case(
    mine: Page, written: dict[str, str], kept: tuple[NotifyBy, str | None, str | None]
) -> None:
    steps.send(mine, PORTAL | written)
    assert first_case() == kept


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ({"notify_by": "email"}, "Skriv din e-postadress"),
        ({"notify_by": "email", "notify_email": "maria"}, "Adressen saknar @"),
        ({"notify_by": "sms", "notify_phone": "040-628 04 00"}, "Det är inget mobilnummer"),
        ({"notify_by": "brevduva"}, ASKED),
    ],
)
def test_an_address_that_cannot_be_used_is_asked_for_again(
    mine: Page, written: dict[str, str], text: str
) -> None:
    (told,) = steps.refused(mine, {"reply_by": "portal"} | written).errors()
    assert told.startswith(text)


def test_a_post_without_the_choice_is_as_the_person_has_chosen(maria: Citizen, mine: Page) -> None:
    save(maria, NotifyBy.EMAIL, EMAIL)
    mine.post(steps.COMPLAINT, PORTAL | {"csrf_token": steps.token(mine, steps.COMPLAINT)}, 303)
    assert first_case() == (NotifyBy.EMAIL, EMAIL, None)


def test_a_stranger_is_asked_once_they_have_signed_in(page: Page) -> None:
    form = page.get(steps.COMPLAINT)
    assert not form.has("[name=notify_by]")
    page.submit(form, "main form", changes=PORTAL, status=303)


@pytest.mark.parametrize("reply_by", ["code", "email"])
def test_nothing_more_is_asked_of_who_reads_elsewhere(mine: Page, reply_by: str) -> None:
    steps.send(mine, steps.MAILED | {"reply_by": reply_by})


def notification(page: Page, receipt: Receipt) -> Document:
    case = page.get(f"/mina-sidor/arenden/{factories.number(receipt)}")
    return page.get(case.links["Ändra hur du får meddelanden"])


def test_a_sender_changes_the_way_of_one_case(maria: Citizen, mine: Page) -> None:
    receipt, other = (sent(maria, notify_by=NotifyBy.EMAIL, email=EMAIL) for _ in range(2))
    form = notification(mine, receipt)
    assert steps.kept(form, "email") == EMAIL
    refused = mine.submit(form, "main form", changes={"notify_by": "sms", "phone": "12"}, status=422)
    assert refused.errors()
    new = {"notify_by": "sms", "phone": "070-174 06 05"}
    changed = mine.follow(mine.submit(form, "main form", changes=new))
    assert changed.text_of("[data-color=success]").startswith("Ditt val är sparat.")
    assert "sms till 07•• ••• •05" in changed.text
    assert first_case() == (NotifyBy.SMS, None, PHONE)
    assert factories.case(other).notify_by is NotifyBy.EMAIL
    assert [letter.recipient for letter in factories.letters() if letter.name == "reader_changed"] == [EMAIL]


def test_a_changed_way_needs_a_fresh_sign_in_and_waits_for_it(maria: Citizen, mine: Page) -> None:
    receipt = sent(maria)
    age(mine, 60)
    new = {"notify_by": "email", "email": EMAIL}
    again = mine.submit(notification(mine, receipt), "main form", changes=new, status=403)
    assert first_case()[0] is NotifyBy.NONE
    found = re.search(r"utkast%3D([\w-]+)", again.links["Logga in igen"])
    assert found
    age(mine, 0)
    address = f"/mina-sidor/arenden/{factories.number(receipt)}/meddelanden?utkast={found[1]}"
    mine.submit(mine.get(address), "main form", status=303)
    assert first_case() == (NotifyBy.EMAIL, EMAIL, None)


def test_anothers_case_and_a_closed_one_have_no_such_page(
    maria: Citizen, mine: Page, citizen_page: steps.SignIn, staff_page: steps.SignIn
) -> None:
    number = factories.number(sent(maria))
    address = f"/mina-sidor/arenden/{number}/meddelanden"
    citizen_page(factories.citizen("yusuf")).get(address, 404)
    staff = staff_page(factories.member())
    steps.act(staff, number, "answer", changes={"body": "Ja."}, button="Skicka och avsluta")
    assert mine.get(address, 303).location.endswith(f"/mina-sidor/arenden/{number}")
    assert "Ändra hur du får meddelanden" not in mine.get(f"/mina-sidor/arenden/{number}").links


STILL = "Svarstiden står still tills avsändaren svarar."
STAFF = {
    NotifyBy.NONE: (
        "Avsändaren läser svaret på Mina sidor, och får inget meddelande.",
        "Avsändaren får inget meddelande om frågan, utan läser den i ärendet. Svarstiden går därför vidare.",
        "Frågan ligger på Mina sidor. Avsändaren får inget meddelande. Svarstiden går vidare.",
    ),
    NotifyBy.EMAIL: (
        "Avsändaren läser svaret på Mina sidor, och får ett mejl om det.",
        "Avsändaren får frågan. Svarstiden står still tills svaret kommer.",
        f"Frågan ligger på Mina sidor. Avsändaren får ett mejl. {STILL}",
    ),
    NotifyBy.SMS: (
        "Avsändaren läser svaret på Mina sidor, och får ett sms om det.",
        "Avsändaren får frågan. Svarstiden står still tills svaret kommer.",
        f"Frågan ligger på Mina sidor. Avsändaren får ett sms. {STILL}",
    ),
}


@pytest.mark.parametrize("way", NotifyBy)
def test_staff_read_truly_what_the_sender_gets_to_know(
    maria: Citizen, staff_page: steps.SignIn, way: NotifyBy
) -> None:
    receipt = sent(maria, notify_by=way, email=EMAIL, phone=PHONE)
    staff, number = staff_page(factories.member()), factories.number(receipt)
    answer, question, done = STAFF[way]
    shown = staff.get(steps.case_address(number)).text
    assert answer in shown
    assert question in shown
    asked = staff.follow(steps.act(staff, number, "request_supplement", changes={"body": "Vilken?"}))
    assert plain(asked.text_of("[data-color=success]")) == done


def test_the_sender_reads_by_when_a_reply_is_needed_though_the_clock_runs(
    travel: steps.Travel, maria: Citizen, mine: Page, staff_page: steps.SignIn
) -> None:
    number = factories.number(sent(maria))
    changes = {"body": "Vilken?", "until": "2026-05-11"}
    steps.act(staff_page(factories.member()), number, "request_supplement", changes=changes)
    shown = mine.get(f"/mina-sidor/arenden/{number}")
    assert shown.text_of("#lofte") == "Svar senast"
    needed = "Vi behöver ditt svar för att komma vidare. Svaret behövs senast måndag 11 maj."
    assert needed in plain(shown.text)
    assert "inga meddelanden om ärendet" in shown.text
