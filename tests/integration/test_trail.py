"""The trail: every change in order, each entry sealing the one before, and no word about anybody."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, db, events, hash_chain
from portal.audit import read_log, trail
from portal.audit.models import Read, Reading, TrailEntry
from portal.cases.actions import handling
from portal.cases.actions import sender as sender_actions
from portal.cases.events import NoteAdded
from portal.cases.intake import code_access
from portal.cases.intake.submission import Receipt
from portal.events import publish
from portal.identity import queries as people
from portal.identity.actors import Citizen, Staff, System
from tests import factories

PERSONAL = (
    "Maria",
    "Ekström",
    "maria@exempel.se",
    "Grannen",
    "klagar",
    "Svaret",
    "Anteckningen",
    "Tillägget",
)


@pytest.fixture
def lived(inside: Flask) -> Receipt:
    """A case to which everything has happened, full of personal data."""
    receipt = factories.send_in(
        subject="Grannen", body="Grannen klagar", name="Maria Ekström", email="maria@exempel.se"
    )
    officer, sender = factories.member(), factories.sender(receipt)
    samir = people.membership(factories.member("samir").membership)
    factories.act(handling.assign, officer, receipt, samir)
    factories.act(handling.take, officer, receipt)
    factories.act(handling.note, officer, receipt, "Anteckningen om Maria")
    factories.act(handling.answer, officer, receipt, "Svaret till Maria")
    factories.act(handling.close, officer, receipt)
    factories.act(sender_actions.reply, sender, receipt, "Tillägget")
    factories.act(handling.answer, officer, receipt, "Svaret igen", close=True)
    with db.transaction():
        code_access.request_link(receipt.year, receipt.number, "maria@exempel.se")
        code_access.answer_requests()
    return receipt


def chain(entries: Sequence[TrailEntry]) -> list[bool]:
    """Of each entry, whether its seal fits what it says and the seal before it."""
    seals = [hash_chain.GENESIS_SEAL, *(entry.seal for entry in entries)]
    return [trail.seal(before, entry) == entry.seal for before, entry in zip(seals, entries, strict=False)]


def changed(receipt: Receipt, sequence: int, /, **values: Any) -> None:
    """Somebody has changed an entry behind the portal's back."""
    where = TrailEntry.case_id == receipt.case, TrailEntry.sequence == sequence
    with db.transaction() as writer:
        writer.execute(sa.update(TrailEntry).where(*where).values(values))


def test_everything_that_happens_is_told_in_its_order(lived: Receipt) -> None:
    assert [entry.event for entry in factories.entries(lived)] == [
        "CaseReceived",
        "CaseAssigned",
        "CaseTaken",
        "NoteAdded",
        "CaseAnswered",
        "CaseClosed",
        "CaseReopened",
        "CaseAnsweredAndClosed",
        "CodeLinkRequested",
    ]


def test_each_case_counts_from_one_without_a_gap(lived: Receipt) -> None:
    other = factories.send_in()
    factories.act(handling.note, factories.member(), other, "Text")
    assert [entry.sequence for entry in factories.entries(lived)] == list(range(1, 10))
    assert [entry.sequence for entry in factories.entries(other)] == [1, 2]


def test_every_seal_fits(lived: Receipt) -> None:
    assert chain(factories.entries(lived)) == [True] * 9


def test_every_seal_fits_whatever_zone_the_server_lives_in(lived: Receipt) -> None:
    case = factories.case(lived)
    if db.engine().dialect.name == "postgresql":
        db.session().expire_all()
        db.session().execute(sa.text("SET TIME ZONE 'Europe/Stockholm'"))
    assert chain(trail.timeline(System(), case)) == [True] * 9


@pytest.mark.parametrize(
    "values",
    [
        {"event": "CaseClosed"},
        {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"actor_kind": "system"},
        {"actor_id": 4711},
        {"actor_snapshot_id": None},
        {"details": {"message": 4711}},
        {"seal": b"\0" * 32},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_entry_breaks_the_chain(lived: Receipt, values: dict[str, Any]) -> None:
    changed(lived, 4, **values)
    assert chain(factories.entries(lived))[3] is False


def test_a_missing_entry_breaks_the_chain(lived: Receipt) -> None:
    with db.transaction() as writer:
        writer.execute(sa.delete(TrailEntry).where(TrailEntry.sequence == 4))
    assert False in chain(factories.entries(lived))


def test_an_entry_resealed_by_somebody_breaks_the_chain_after_it(lived: Receipt) -> None:
    entries = factories.entries(lived)
    before, forged = entries[2].seal, entries[3]._replace(event="CaseClosed")
    changed(lived, 4, event="CaseClosed", seal=trail.seal(before, forged))
    assert chain(factories.entries(lived))[3:5] == [True, False]


def test_an_entry_of_another_case_does_not_fit(lived: Receipt) -> None:
    entry = factories.entries(lived)[0]
    moved = entry._replace(case_id=entry.case_id + 1)
    assert trail.seal(hash_chain.GENESIS_SEAL, moved) != entry.seal


def test_two_entries_cannot_have_one_place(lived: Receipt) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        changed(lived, 4, sequence=5)


def test_no_word_about_anybody_is_in_the_trail(lived: Receipt) -> None:
    db.close_read_session()
    rows = db.session().execute(sa.text("SELECT event, actor_kind, actor_id, details FROM trail")).all()
    kept = "\n".join(str(tuple(row)) for row in rows)
    assert "NoteAdded" in kept
    assert [word for word in PERSONAL if word.lower() in kept.lower()] == []


def test_only_ids_are_told_beside_the_event(lived: Receipt) -> None:
    details = [entry.details for entry in factories.entries(lived)]
    names = {"officer", "officer_snapshot", "message", "new_to_sender"}
    assert {name for each in details for name in each} == names
    assert all(isinstance(value, int) for each in details for value in each.values())


def test_who_did_it_is_told_by_kind_and_membership(lived: Receipt) -> None:
    officer = factories.member()
    assert [(entry.actor_kind, entry.actor_id) for entry in factories.entries(lived)] == [
        ("code_holder", None),
        *[("staff", officer.membership)] * 5,
        ("code_holder", None),
        ("staff", officer.membership),
        ("system", None),
    ]


def test_a_citizen_is_told_by_an_id_alone(inside: Flask) -> None:
    receipt = factories.send_in()
    with db.transaction():
        publish(NoteAdded(case=receipt.case, at=clock.now(), actor=Citizen(4711), message=1))
    entry = factories.entries(receipt)[-1]
    assert (entry.actor_kind, entry.actor_id) == ("citizen", 4711)


def test_what_is_undone_leaves_no_entry(inside: Flask) -> None:
    receipt, officer = factories.send_in(), factories.member()
    with pytest.raises(RuntimeError, match="undone"):
        factories.act(_note_and_fail, officer, receipt)
    factories.act(handling.note, officer, receipt, "Text")
    assert [(each.sequence, each.event) for each in factories.entries(receipt)] == [
        (1, "CaseReceived"),
        (2, "NoteAdded"),
    ]


def _note_and_fail(actor: Staff, case: Any) -> None:
    handling.note(actor, case, "Text")
    raise RuntimeError("undone")


def test_staff_who_open_a_case_are_logged_and_senders_are_not(lived: Receipt) -> None:
    officer, found = factories.member(), factories.case(lived)
    for actor in (officer, factories.sender(lived), System(), Citizen(1), Staff(1)):
        read_log.log_display(actor, [found], Read.CASE)
    db.close_read_session()
    rows = db.session().scalars(sa.select(Reading)).all()
    assert [(row.case_id, row.membership_id) for row in rows] == [(lived.case, officer.membership)]
    assert list(read_log.readings(officer, found)) == rows


def test_a_listener_cannot_set_off_another_event(lived: Receipt, monkeypatch: pytest.MonkeyPatch) -> None:
    def chatty(event: NoteAdded) -> None:
        publish(event)

    monkeypatch.setattr(events, "_listeners", {NoteAdded: [chatty]})
    with pytest.raises(RuntimeError, match="publishes nothing"), db.transaction():
        publish(NoteAdded(case=lived.case, at=clock.now(), actor=System(), message=1))
