"""Two people at once: one wins, the other is told, and nothing is lost in silence. On both databases."""

from collections.abc import Callable
from functools import partial
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from portal import db
from portal.cases import queries
from portal.cases.actions import handling
from portal.cases.actions import sender as sender_actions
from portal.cases.intake import code_access
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import NotAllowed, Status
from portal.cases.models import Case, Message
from portal.cases.transitions import Conflict
from portal.identity import commands as identity
from portal.identity.actors import Role, Staff
from portal.identity.models import Person
from portal.identity.oidc.identified import Identified
from tests import factories

Done = Callable[[], None]
LOST = (Conflict, db.StaleVersion, NotAllowed)


def outcome(work: Done) -> str:
    """Whether it was done, or how it was refused."""
    try:
        work()
    except LOST as refusal:
        return type(refusal).__name__
    return "done"


def both(app: Flask, *work: Done) -> list[str]:
    """What became of things that several people did at once."""
    return factories.at_once(app, len(work), lambda place: outcome(work[place]))


def as_read(
    command: Callable[..., None], actor: Staff, receipt: Receipt, *given: object, **more: object
) -> Done:
    """Something done by somebody who read the page as it is now."""
    version = factories.case(receipt).version
    return lambda: factories.act(command, actor, receipt, *given, version=version, **more)


def bodies(receipt: Receipt) -> list[str]:
    return [message.body for message in factories.case(receipt).messages]


def sequence(receipt: Receipt) -> list[int]:
    return [entry.sequence for entry in factories.entries(receipt)]


def test_of_two_who_take_a_case_at_once_one_gets_it_and_the_other_is_told(inside: Flask) -> None:
    receipt, anna, samir = factories.send_in(), factories.member(), factories.member("samir")
    got = both(inside, *(as_read(handling.take, each, receipt) for each in (anna, samir)))
    assert sorted(got) == ["Conflict", "done"]
    assert factories.case(receipt).officer_id == (anna, samir)[got.index("done")].membership
    assert [entry.event for entry in factories.entries(receipt)] == ["CaseReceived", "CaseTaken"]


def test_of_two_who_answer_at_once_one_answer_is_sent_and_the_other_is_told(inside: Flask) -> None:
    receipt, anna, samir = (
        factories.send_in(email="maria@exempel.se"),
        factories.member(),
        factories.member("samir"),
    )
    answers = [(anna, "Ja."), (samir, "Nej.")]
    got = both(inside, *(as_read(handling.answer, who, receipt, text) for who, text in answers))
    assert sorted(got) == ["Conflict", "done"]
    assert bodies(receipt)[1:] == [answers[got.index("done")][1]]
    assert [row.name for row in factories.letters()] == ["received", "answered"]


def test_of_one_who_answers_and_one_who_closes_at_once_nothing_is_half_done(inside: Flask) -> None:
    receipt, anna, samir = factories.send_in(), factories.member(), factories.member("samir")
    factories.act(handling.answer, anna, receipt, "Första svaret")
    got = both(
        inside,
        as_read(handling.answer, anna, receipt, "Andra svaret"),
        as_read(handling.close, samir, receipt),
    )
    case = factories.case(receipt)
    assert sorted(got) == ["Conflict", "done"]
    assert (case.status is Status.CLOSED) is (got[1] == "done")
    assert ("Andra svaret" in bodies(receipt)) is (got[0] == "done")


def test_a_double_click_at_once_is_one_click(inside: Flask) -> None:
    receipt, anna = factories.send_in(email="maria@exempel.se"), factories.member()
    click = as_read(handling.answer, anna, receipt, "Ja.")
    assert both(inside, *[click] * 8) == ["done"] * 8
    assert bodies(receipt)[1:] == ["Ja."]
    assert [row.name for row in factories.letters()] == ["received", "answered"]


def test_a_sender_who_clicks_twice_at_once_replies_once(inside: Flask) -> None:
    receipt = factories.send_in()
    click = partial(factories.act, sender_actions.reply, factories.sender(receipt), receipt, "En sak till")
    assert both(inside, *[click] * 8) == ["done"] * 8
    assert bodies(receipt)[1:] == ["En sak till"]


def test_a_reply_that_comes_while_somebody_answers_is_never_lost(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    got = both(
        inside,
        as_read(handling.answer, anna, receipt, "Ja.", close=True),
        lambda: factories.act(sender_actions.reply, factories.sender(receipt), receipt, "En sak till"),
    )
    assert got[1] == "done"
    assert "En sak till" in bodies(receipt)
    assert ("Ja." in bodies(receipt)) is (got[0] == "done")
    assert factories.case(receipt).status in (Status.IN_PROGRESS, Status.RECEIVED, Status.CLOSED)


def test_eight_notes_at_once_are_all_kept_in_one_unbroken_trail(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()

    def note(place: int) -> None:
        factories.act(handling.note, anna, receipt, f"Anteckning {place}")

    factories.at_once(inside, 8, note)
    assert sorted(bodies(receipt)[1:]) == [f"Anteckning {place}" for place in range(8)]
    assert sequence(receipt) == list(range(1, 10))


def test_staff_and_a_sender_who_lost_the_code_never_stop_each_other(inside: Flask) -> None:
    receipt, anna = factories.send_in(email="maria@exempel.se"), factories.member()

    def work(place: int) -> None:
        if place % 2:
            factories.act(handling.note, anna, receipt, f"Anteckning {place}")
        else:
            with db.transaction():
                code_access.request_link(receipt.year, receipt.number, "maria@exempel.se")
                code_access.answer_requests()

    factories.at_once(inside, 8, work)
    assert len(bodies(receipt)) == 5
    assert sequence(receipt) == list(range(1, 9))


def test_who_changes_a_row_that_has_changed_since_is_stopped_by_its_version(inside: Flask) -> None:
    receipt = factories.send_in()
    stale = factories.case(receipt)
    factories.act(handling.note, factories.member(), receipt, "Någon hann före")
    with pytest.raises(db.StaleVersion):
        _overwrite(stale)
    assert factories.case(receipt).public_subject == "Lekplatsen är stängd"


def _overwrite(stale: Case) -> None:
    """Write a case as it was read, whatever has happened to it since."""
    with db.transaction() as writer:
        writer.add(stale)
        stale.public_subject = "Den andras ord"


def test_two_transactions_that_both_read_first_come_one_after_the_other(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member()
    have_read = Barrier(2)

    def work(place: int) -> None:
        queries.case_by_id(anna, receipt.case)
        have_read.wait(30)
        factories.act(handling.note, anna, receipt, f"Anteckning {place}")

    factories.at_once(inside, 2, work)
    assert len(bodies(receipt)) == 3
    assert sequence(receipt) == [1, 2, 3]


def test_cases_of_many_senders_do_not_wait_for_each_others_text(inside: Flask) -> None:
    receipts = [factories.send_in() for _each in range(8)]
    anna = factories.member()

    def work(place: int) -> None:
        factories.act(handling.take, anna, receipts[place])
        factories.act(handling.answer, anna, receipts[place], f"Svar {place}")
        factories.act(
            sender_actions.reply, factories.sender(receipts[place]), receipts[place], f"Tack {place}"
        )

    factories.at_once(inside, 8, work)
    for place, receipt in enumerate(receipts):
        assert bodies(receipt)[1:] == [f"Svar {place}", f"Tack {place}"]
        assert sequence(receipt) == [1, 2, 3, 4]


def test_somebody_who_signs_in_eight_times_at_once_is_one_person(inside: Flask) -> None:
    who = Identified("http://issuer.test", "subject", "Anna", factories.NUMBERS["anna"])

    def sign_in(_place: int) -> str:
        with db.transaction():
            return identity.sign_in("personal", who)

    tokens = factories.at_once(inside, 8, sign_in)
    db.close_read_session()
    assert len(set(tokens)) == 8
    assert len(db.session().scalars(select(Person)).all()) == 1


def test_nothing_said_is_ever_changed(inside: Flask) -> None:
    receipt, anna = factories.send_in(), factories.member(role=Role.HEAD_OF_UNIT)
    factories.act(handling.answer, anna, receipt, "Ja.")
    before = [(each.id, each.body, each.arrived_at) for each in factories.case(receipt).messages]
    factories.act(sender_actions.reply, factories.sender(receipt), receipt, "Tack")
    factories.act(handling.answer, anna, receipt, "Varsågod.", close=True)
    after = [(each.id, each.body, each.arrived_at) for each in factories.case(receipt).messages]
    assert after[:2] == before
    assert len(db.session().scalars(select(Message)).all()) == 4
