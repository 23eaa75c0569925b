"""The copy of what is held about a person: every table that names one is in it, or said not to be."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask

from portal import db
from portal.audit import read_log
from portal.audit.models import Read
from portal.cases.actions import handling
from portal.cases.enums import ForWhom, Kind, NotifyBy
from portal.cases.intake import saved_drafts
from portal.cases.intake.submission import Receipt, Represented
from portal.identity.actors import Citizen
from portal.operations import migrations
from portal.web.mina_sidor import about_me
from tests import bulk_cases, factories, statements

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
    "measure": "for staff only",
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
    "statistics_promise": DERIVED,
    "statistics_pending": DERIVED,
}
ROOTS = {"person", "party", "case", "membership"}


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
    assert set(IN_THE_COPY.values()) - {"person", "cases"} <= person.keys() | case.keys()
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


def test_a_citizen_who_is_also_staff_gets_nothing_of_their_work(known: Receipt) -> None:
    anna = factories.member()
    mine = Citizen(anna.person)
    assert list(about_me.cases(mine)) == []
    text = json.dumps(about_me.person(mine))
    assert "officer" not in text
    assert "Parkenheten" not in text


def test_the_copy_of_many_cases_costs_a_few_statements_for_each_batch(inside: Flask) -> None:
    maria = factories.citizen()
    bulk_cases.cases(120, sender_person_id=maria.person)
    list(about_me.cases(maria))
    db.close_read_session()
    with statements.counted() as counted:
        assert len(list(about_me.cases(maria))) == 120
    assert len(counted) <= 25
