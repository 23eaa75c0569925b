"""Senders are told who has their case: named, changed or taken over, once for one act."""

from flask import Flask

from portal.cases.actions import handling, routing
from portal.cases.lifecycle import Action
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.cases import do, membership_of

EMAIL = "maria@exempel.se"


def names() -> list[str]:
    """The names of the letters that were sent."""
    return [letter.name for letter in factories.letters()]


def people() -> tuple[Staff, Staff]:
    return factories.member("anna"), factories.member("samir")


def test_a_contact_person_is_told_with_place_and_telephone(inside: Flask, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(organisation, "unit_phone", lambda key: f"040-1 ({key})")
    anna, samir = people()
    receipt = factories.send_in(email=EMAIL)
    factories.act(routing.name_contact, anna, receipt, membership_of(samir))
    letter = factories.letters()[-1]
    assert letter.name == "contact_person"
    assert "Samir på Parkenheten är nu din kontakt." in letter.text
    assert "Telefon: 040-1 (park)" in letter.text


def test_a_text_message_names_nobody_and_has_the_telephone(inside: Flask, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(organisation, "unit_phone", lambda _key: "040-1")
    anna, samir = people()
    receipt = factories.send_in(phone="+46701740605", reply_by="sms")
    factories.act(routing.name_contact, anna, receipt, membership_of(samir))
    text = factories.letters()[-1].text
    assert "Du har fått en ny kontakt" in text
    assert "Tel 040-1." in text
    assert "Samir" not in text


def test_who_takes_a_new_case_is_named_in_one_letter(inside: Flask) -> None:
    anna, _samir = people()
    receipt = factories.send_in(email=EMAIL)
    factories.act(handling.take, anna, receipt)
    factories.act(routing.name_contact, anna, receipt, membership_of(anna))
    assert names() == ["received", "being_handled"]


def test_the_sender_of_a_new_case_is_not_told_who_will_begin(inside: Flask) -> None:
    anna, samir = people()
    receipt = factories.send_in(email=EMAIL)
    factories.act(handling.assign, anna, receipt, membership_of(samir))
    assert names() == ["received"]


def test_another_officer_is_told_whether_taken_over_or_assigned(inside: Flask) -> None:
    anna, samir = people()
    receipt = factories.send_in(email=EMAIL)
    factories.act(handling.take, anna, receipt)
    factories.act(handling.take, samir, receipt)
    factories.act(handling.assign, samir, receipt, membership_of(anna))
    assert names()[2:] == ["contact_person", "contact_person"]
    assert "Anna på Parkenheten är nu din kontakt." in factories.letters()[-1].text


def test_nothing_is_told_while_the_contact_person_is_the_same(inside: Flask) -> None:
    anna, samir = people()
    receipt = factories.send_in(email=EMAIL)
    factories.act(routing.name_contact, anna, receipt, membership_of(samir))
    factories.act(handling.take, anna, receipt)
    factories.act(handling.assign, anna, receipt, membership_of(samir))
    assert names() == ["received", "contact_person", "being_handled"]


def test_a_message_about_a_case_with_secrecy_names_nobody(inside: Flask) -> None:
    anna, samir = people()
    receipt = factories.send_in(email=EMAIL)
    do(Action.MARK_SECRECY, anna, receipt)
    factories.act(routing.name_contact, anna, receipt, membership_of(samir))
    letter = factories.letters()[-1]
    assert "Du har fått en ny kontakt i ärendet." in letter.text
    assert "Samir" not in letter.text


def test_who_was_contact_person_is_none_after_an_answer_that_did_not_help(inside: Flask) -> None:
    anna, samir = people()
    receipt = factories.send_in()
    factories.act(routing.name_contact, anna, receipt, membership_of(samir))
    do(Action.ANSWER, anna, receipt)
    do(Action.NOT_SATISFIED, factories.sender(receipt), receipt)
    assert factories.case(receipt).contact_id is None
