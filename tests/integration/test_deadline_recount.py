"""The dates counted anew when a closed day is added: which cases move, and what their senders are told."""

import datetime as dt

import pytest
from time_machine import TimeMachineFixture

from portal.cases.actions import extensions
from portal.cases.lifecycle import Action, Status
from portal.identity.actors import Role
from portal.organisation.loading import SHIPPED
from portal.words import dates
from tests import factories
from tests.cases import MONDAY, brought_to, do, state, told
from tests.installation import BURLOV, Installation

BOTKYRKA = (SHIPPED / "botkyrka.toml").read_text(encoding="utf-8")
DUE, LATER = dt.date(2026, 3, 16), dt.date(2026, 3, 31)


def closing_on(text: str, day: dt.date) -> str:
    """A profile with one closed day more."""
    return f'{text}\n[[closed_days]]\ndate = {day}\nname = "flyttdagen"\n'


CLOSER = closing_on(BURLOV, dt.date(2026, 3, 13))


@pytest.fixture
def monday(own: Installation, time_machine: TimeMachineFixture) -> Installation:
    """An installation on a Monday morning."""
    time_machine.move_to(MONDAY, tick=False)
    return own


def recount(installation: Installation) -> str:
    """What the command answers."""
    return installation.app.test_cli_runner().invoke(args=["cases", "recount"]).output


def test_a_closed_day_that_is_added_moves_the_open_cases_that_it_touches(monday: Installation) -> None:
    moved, officer = factories.send_in(email="maria@exempel.se"), factories.member()
    done, later = brought_to(Status.CLOSED), factories.send_in()
    factories.act(extensions.extend, officer, later, LATER, "Vi väntar på en besiktning.")
    monday.becomes(CLOSER)
    assert factories.case(moved).due_answer == DUE
    assert recount(monday) == "1 dates have moved.\n"
    assert [factories.case(each).due_answer for each in (moved, done, later)] == [
        dt.date(2026, 3, 17),
        DUE,
        LATER,
    ]
    assert [told(each)[-1] for each in (moved, done, later)] == [
        *("DeadlineRecounted", "CaseAnsweredAndClosed", "DeadlineExtended")
    ]
    assert factories.entries(moved)[-1].actor_kind == "system"
    assert "tisdag 17 mars" in (factories.letters()[-1].text or "")


def test_counting_anew_twice_moves_nothing_more(monday: Installation) -> None:
    receipt = factories.send_in()
    monday.becomes(CLOSER)
    recount(monday)
    before = state(receipt)
    assert recount(monday) == "0 dates have moved.\n"
    assert state(receipt) == before


def test_a_closed_day_that_is_taken_away_gives_the_first_date_back(monday: Installation) -> None:
    receipt = factories.send_in()
    for text in (CLOSER, BURLOV):
        monday.becomes(text)
        recount(monday)
    assert factories.case(receipt).due_answer == DUE
    assert told(receipt) == ["CaseReceived", "DeadlineRecounted", "DeadlineRecounted"]


@pytest.fixture
def botkyrka(monday: Installation) -> Installation:
    """The same, where only a first contact is promised."""
    monday.becomes(BOTKYRKA)
    return monday


def test_a_first_contact_that_is_promised_later_is_told_as_that(botkyrka: Installation) -> None:
    receipt = factories.send_in(email="maria@exempel.se", category=None)
    botkyrka.becomes(closing_on(BOTKYRKA, dt.date(2026, 3, 4)))
    assert recount(botkyrka) == "1 dates have moved.\n"
    assert (factories.case(receipt).due_contact, factories.case(receipt).due_answer) == (
        dt.date(2026, 3, 5),
        None,
    )
    letter = factories.letters()[-1]
    for part in (letter.text or "", letter.html or ""):
        assert "Vi har ändrat dagen då vi senast hör av oss om ditt klagomål." in part
        assert "torsdag 5 mars" in dates.breakable(part)
    assert "svar på" not in (letter.text or "")
    assert (letter.subject or "").startswith("Ny dag då vi hör av oss")


def test_who_has_been_contacted_is_not_told_of_another_day_for_it(botkyrka: Installation) -> None:
    receipt = factories.send_in(email="maria@exempel.se", category=None)
    do(Action.MESSAGE_SENDER, factories.member("eva", Role.REGISTRAR, None), receipt, "Vi har börjat.")
    before = told(receipt)
    botkyrka.becomes(closing_on(BOTKYRKA, dt.date(2026, 3, 4)))
    assert recount(botkyrka) == "0 dates have moved.\n"
    assert told(receipt) == before
