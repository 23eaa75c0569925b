"""What is new for a member of staff: the count in the head, the list, and the choice of e-mail."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.audit.models import Reading
from portal.cases.actions import bars, handling, sender
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Staff
from portal.notifications.staff import mail_settings
from portal.notifications.staff.mail_settings import MailSettings
from portal.notifications.staff.models import StaffNotice
from portal.notifications.staff.rules import MailChoice
from tests import factories
from tests.page import Page

LIST, CHOICES = "/handlaggning/nytt", "/handlaggning/nytt/val"
SUBJECT = "Lekplatsen är stängd"


@pytest.fixture
def anna(inside: Flask) -> Staff:
    return factories.member()


@pytest.fixture
def page(anna: Staff, staff_page: Callable[[Staff], Page]) -> Page:
    return staff_page(anna)


def replied(actor: Staff) -> Receipt:
    receipt = factories.send_in()
    factories.act(handling.take, actor, receipt)
    factories.act(sender.reply, factories.sender(receipt), receipt, "Jag glömde säga var.")
    return receipt


def label(page: Page, path: str = "/handlaggning/") -> str:
    """The words of the link in the head."""
    link = page.get(path).find(f".site-nav a[href='{LIST}']")
    return str(link.get_text(strip=True))


def test_the_head_tells_how_much_is_new(page: Page, anna: Staff) -> None:
    assert label(page) == "Nytt"
    replied(anna)
    replied(anna)
    assert label(page) == "Nytt (2)"


def test_the_list_names_what_which_case_and_when_and_leads_there(page: Page, anna: Staff) -> None:
    first, second = replied(anna), replied(anna)
    shown = page.get(LIST)
    links = [link["href"] for link in shown.all("li.panel a")]
    numbers = [factories.number(receipt) for receipt in (second, first)]
    assert links == [f"/handlaggning/arenden/{number}" for number in numbers]
    for text in ("Avsändaren har skrivit", SUBJECT, "Parkenheten", "Oläst", "Markera allt som läst"):
        assert text in shown.text
    # A row with number and subject is no display of the text.
    assert db.session().scalar(sa.select(sa.func.count(Reading.id))) == 0


def test_to_open_the_case_marks_its_notices_and_no_others(page: Page, anna: Staff) -> None:
    opened, other = replied(anna), replied(anna)
    path = f"/handlaggning/arenden/{factories.number(opened)}"
    assert label(page, path) == "Nytt (1)"
    assert label(page) == "Nytt (1)"
    query = sa.select(StaffNotice.case_id).where(StaffNotice.seen_at.is_(None))
    db.close_read_session()
    assert db.session().scalars(query).all() == [other.case]


def test_to_look_at_the_list_marks_nothing_and_the_button_marks_all(page: Page, anna: Staff) -> None:
    replied(anna)
    shown = page.get(LIST)
    assert label(page) == "Nytt (1)"
    done = page.submit(shown, "main form")
    shown = page.get(done.location or LIST)
    assert "Allt är märkt som läst." in shown.text
    assert label(page) == "Nytt"
    assert SUBJECT in shown.text
    assert not shown.has("main form")
    assert "Oläst" not in shown.text


def test_a_form_whose_token_is_too_old_marks_nothing(page: Page, anna: Staff) -> None:
    replied(anna)
    page.submit(page.get(LIST), "main form", changes={"csrf_token": "gammal"}, status=422)
    assert label(page) == "Nytt (1)"


def test_a_case_that_one_may_not_see_does_not_exist_in_the_list(page: Page, anna: Staff) -> None:
    factories.member("samir")
    receipt = replied(anna)
    factories.act(bars.recuse, anna, receipt)
    shown = page.get(LIST)
    assert SUBJECT not in shown.text
    assert factories.number(receipt) not in shown.text
    assert "Inget nytt" in shown.text
    assert label(page) == "Nytt"


def test_the_notices_of_others_are_not_shown(anna: Staff, staff_page: Callable[[Staff], Page]) -> None:
    replied(anna)
    samir = staff_page(factories.member("samir"))
    assert "Inget nytt" in samir.get(LIST).text
    samir.get("/handlaggning/nytt/last", 405)


def test_the_list_has_fifty_on_a_page(page: Page, anna: Staff) -> None:
    receipt = replied(anna)
    with db.transaction() as writer:
        notice = writer.scalars(sa.select(StaffNotice)).one()
        columns = {"membership_id": anna.membership, "case_id": receipt.case, "kind": notice.kind}
        rows = [columns | {"created_at": notice.created_at} for _notice in range(50)]
        writer.execute(sa.insert(StaffNotice), rows)
    first = page.get(LIST)
    assert len(first.all("li.panel")) == 50
    older = first.find("a[rel=next]")["href"]
    assert len(page.get(str(older)).all("li.panel")) == 1
    assert "Platsen i listan gick inte att läsa" in page.get(f"{LIST}?efter=fel").text


def test_the_address_and_the_choice_are_stored(page: Page, anna: Staff) -> None:
    shown = page.get(CHOICES)
    assert shown.find("input[name=choice][checked]")["value"] == "digest"
    done = page.submit(shown, "main form", changes={"choice": "at_once", "email": " Anna@Kommun.exempel "})
    assert "Ditt val är sparat." in page.get(done.location or CHOICES).text
    chosen = mail_settings.mail_settings(anna)
    assert chosen == MailSettings("Anna@kommun.exempel", MailChoice.AT_ONCE)
    page.submit(page.get(CHOICES), "main form", changes={"choice": "none", "email": ""})
    db.close_read_session()
    assert mail_settings.mail_settings(anna) == MailSettings("", MailChoice.NONE)


@pytest.mark.parametrize(
    ("choice", "email", "message"),
    [
        ("digest", "", "Skriv din e-postadress i arbetet"),
        ("at_once", "anna.kommun.exempel", "Adressen saknar @"),
        ("none", "anna@", "Skriv det som är efter @"),
        ("ibland", "anna@kommun.exempel", "Välj när du vill få mejl"),
    ],
)
def test_a_choice_that_cannot_be_kept_is_explained_and_what_was_written_stays(
    page: Page, anna: Staff, choice: str, email: str, message: str
) -> None:
    refused = page.submit(
        page.get(CHOICES), "main form", changes={"choice": choice, "email": email}, status=422
    )
    assert message in refused.text
    assert refused.find("input[name=email]").get("value", "") == email
    assert mail_settings.mail_settings(anna).address == ""


def test_an_address_outside_the_domains_of_staff_is_refused(
    page: Page, anna: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_settings, "address_domains", lambda: frozenset({"kommun.exempel"}))
    refused = page.submit(
        page.get(CHOICES), "main form", changes={"email": "anna@privat.exempel"}, status=422
    )
    assert "Skriv en adress som slutar på kommun.exempel" in refused.text
    page.submit(page.get(CHOICES), "main form", changes={"email": "anna@kommun.exempel"})
    assert mail_settings.mail_settings(anna).address == "anna@kommun.exempel"
