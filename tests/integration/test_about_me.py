"""The copy of what is held about a person: every table that names one is in it, or said not to be."""

import json
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from portal import clock, db
from portal.audit import read_log, readers
from portal.audit.models import Read
from portal.cases.actions import handling
from portal.cases.enums import ForWhom, Kind, NotifyBy
from portal.cases.improvements import commands
from portal.cases.improvements.rules import ImprovementState
from portal.cases.intake import saved_drafts
from portal.cases.intake.submission import Receipt, Represented
from portal.cases.lifecycle import Action
from portal.cases.locations.rules import Location
from portal.formats.places.coordinates import Spot
from portal.identity.actors import Citizen, Role
from portal.operations import migrations
from portal.operations.reminders import inform_senders
from portal.web.mina_sidor import about_me, about_me_paper
from tests import bulk_cases, factories, files, statements
from tests.cases import do
from tests.integration.files.staging import attached, staged
from tests.integration.test_improvements import DID, changed, made, published

# Where a table that names a person or a case is in the copy.
IN_THE_COPY = {
    "person": "person",
    "login": "sign_in_identifiers",
    "sign_in": "open_sessions",
    "saved_draft": "drafts",
    "case": "cases",
    "party": "sender",
    "representation": "on_behalf_of",
    "message": "messages",
    "trail": "events",
    "outbox": "deliveries",
    "read_log": "opened_by",
    "case_location": "place",
    "stored_file": "files",
    "survey_invitation": "asked_about_the_answer",
    "improvement_case": "led_to",
    "publication": "led_to",
}
STAFF = "of staff in their work, who ask their employer"
DERIVED = "the same in another form"
MINUTES = "ends within minutes or days, and holds no more than the case"
NOT_IN_THE_COPY = {
    "membership": STAFF,
    "membership_snapshot": STAFF,
    "staff_key": STAFF,
    "staff_absence": STAFF,
    "staff_mail": STAFF,
    "staff_notice": STAFF,
    "saved_view": STAFF,
    "break_glass": STAFF,
    "break_glass_code": STAFF,
    "answer_draft": "not yet sent by its officer",
    "answer_template_version": STAFF,
    "routine_follow_up": STAFF,
    "improvement": "a plan of staff, which holds nothing of a case",
    "improvement_entry": STAFF,
    "measure": "for staff only",
    "board_report": STAFF,
    "board_report_case": "a text of staff, without what a person can be recognised by",
    "board_report_comment": STAFF,
    "case_bar": "who of the staff is barred; the trail says it of the case",
    "task": "what staff must do",
    "case_handover": "what an authority had when it handed the case over; the trail says when and to whom",
    "case_relation": "related cases may be those of others",
    "past_clock": "promises of earlier rounds, which the trail has",
    "desk_visit": MINUTES,
    "code_grant": MINUTES,
    "code_link": MINUTES,
    "earlier_reader": MINUTES,
    "search_case": DERIVED,
    "search_pending": DERIVED,
    "search_text": DERIVED,
}
ROOTS = {"person", "party", "case", "membership"}

ALT = "En trasig lampa."


def naming_tables() -> set[str]:
    """The tables that name a person or a case by a foreign key, and those themselves."""
    names = set(ROOTS)
    for table in migrations.metadata().tables.values():
        if {key.column.table.name for key in table.foreign_keys} & (ROOTS | {"membership_snapshot"}):
            names.add(table.name)
    return names


def test_every_table_that_names_a_person_is_in_the_copy_or_has_a_reason() -> None:
    assert IN_THE_COPY.keys() & NOT_IN_THE_COPY.keys() == set()
    assert naming_tables() - (IN_THE_COPY.keys() | NOT_IN_THE_COPY.keys()) == set()
    known = {table.name for table in migrations.metadata().tables.values()}
    assert (IN_THE_COPY.keys() | NOT_IN_THE_COPY.keys()) - known == set()


@pytest.fixture
def known(inside: Flask) -> Iterator[Receipt]:
    """A case of Maria's with something of every kind, and one of Yusuf's."""
    maria, anna = factories.citizen(), factories.member()
    parent = Represented(ForWhom.CHILD, "Lilla Ek")
    receipt = factories.send_as(
        maria, name="Maria Ek", email="maria@exempel.se", notify_by=NotifyBy.EMAIL, for_whom=parent
    )
    factories.act(handling.take, anna, receipt)
    factories.act(handling.note, anna, receipt, "Hemlig anteckning.")
    factories.act(handling.answer, anna, receipt, "Den öppnar i juni.")
    read_log.log_display(anna, [factories.case(receipt)], Read.PDF)
    factories.send_as(factories.citizen("yusuf"), subject="Yusufs ärende")
    with db.transaction():
        saved_drafts.save(maria, Kind.QUESTION, {"subject": "Badet", "body": "När?"})
    db.close_read_session()
    return receipt


def test_the_copy_has_what_the_person_may_read_and_nothing_else(known: Receipt) -> None:
    person, [case] = about_me.person(factories.citizen()), list(about_me.cases(factories.citizen()))
    assert person["name"] == "Maria"
    assert person["identity_number"] == factories.CITIZENS["maria"]
    assert [draft["fields"] for draft in person["drafts"]] == [{"subject": "Badet", "body": "När?"}]
    assert set(IN_THE_COPY.values()) - {"person", "cases"} <= (
        person.keys() | case.keys() | case["messages"][0].keys()
    )
    assert [row["text"] for row in case["messages"]] == ["Ingen skylt säger varför.", "Den öppnar i juni."]
    assert case["sender"]["email"] == "maria@exempel.se"
    assert "Lilla Ek" in case["on_behalf_of"]
    assert [(row["who"], row["what"]) for row in case["opened_by"]] == [
        ("Handläggare, Parkenheten", "Sparade ärendet som pdf")
    ]
    assert {row["to"] for row in case["deliveries"]} == {"maria@exempel.se"}
    assert len(case["events"]) >= 3
    text = json.dumps([person, case], ensure_ascii=False)
    assert "Hemlig anteckning" not in text
    assert "Yusuf" not in text


# Senders are informed by day alone.
@time_machine.travel("2026-05-04 10:00:00Z", tick=False)
def test_the_place_the_files_the_survey_and_what_it_led_to_are_in_the_copy(inside: Flask) -> None:
    maria, head = factories.citizen(), factories.member("eva", Role.HEAD_OF_UNIT)
    place = Location("Storgatan 12", Spot(57.70887, 11.97456), 20)
    receipt = factories.send_as(maria, kind=Kind.FAULT_REPORT, location=place)
    upload = staged(files.photograph(), "lampan.jpg")
    attached(receipt, upload.handle, actor=maria, **{upload.handle: ALT})
    do(Action.ANSWER_AND_CLOSE, head, receipt)
    improvement = made(head)
    factories.act(commands.link, head, receipt, improvement)
    changed(head, improvement, ImprovementState.DONE)
    published(head, improvement)
    inform_senders()
    db.close_read_session()
    [case] = about_me.cases(maria)
    assert case["place"] == {
        "text": "Storgatan 12",
        "latitude": 57.70887,
        "longitude": 11.97456,
        "within_metres": 20,
    }
    [file] = case["messages"][0]["files"]
    assert (file["name"], file["kind"], file["description"]) == (
        "lampan.jpg",
        "JPEG-bild",
        "En trasig lampa.",
    )
    assert file["bytes"] > 0
    assert case["asked_about_the_answer"] == [{"day": clock.today().isoformat(), "answered": False}]
    assert [row["we_did"] for row in case["led_to"]] == [DID]
    printed = json.dumps(about_me_paper.case_values(case), ensure_ascii=False)
    assert all(
        text in printed for text in ("Storgatan 12", "57.70887", "lampan.jpg", "En trasig lampa.", DID)
    )


def test_a_citizen_who_is_also_staff_gets_nothing_of_their_work(known: Receipt) -> None:
    anna = factories.member()
    mine = Citizen(anna.person)
    assert list(about_me.cases(mine)) == []
    text = json.dumps(about_me.person(mine))
    assert "officer" not in text
    assert "Parkenheten" not in text


def test_the_latest_openings_are_kept_and_the_copy_says_where_it_is_cut(
    known: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = factories.member()
    read_log.log_display(officer, [factories.case(known)], Read.FILE)
    read_log.log_display(officer, [factories.case(known)], Read.PRINT)
    [whole] = about_me.cases(factories.citizen())
    assert [row["what"] for row in whole["opened_by"]][:2] == ["Skrev ut ärendet", "Öppnade en fil"]
    assert whole["opened_by_since"] is None
    monkeypatch.setattr(readers, "MAX_EXPORTED", 2)
    [cut] = about_me.cases(factories.citizen())
    assert cut["opened_by"] == whole["opened_by"][:2]
    assert cut["opened_by_since"] == cut["opened_by"][-1]["at"]
    printed = json.dumps(about_me_paper.case_values(cut), ensure_ascii=False)
    assert "Det som är äldre är inte med." in printed
    assert "Det som är äldre" not in json.dumps(about_me_paper.case_values(whole), ensure_ascii=False)


def test_the_copy_of_many_cases_costs_a_few_statements_for_each_batch(inside: Flask) -> None:
    maria = factories.citizen()
    bulk_cases.cases(120, sender_person_id=maria.person)
    list(about_me.cases(maria))
    db.close_read_session()
    with statements.counted() as counted:
        assert len(list(about_me.cases(maria))) == 120
    assert len(counted) <= 25
