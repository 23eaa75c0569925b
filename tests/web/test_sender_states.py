"""Each state of a case has its own sentences for its sender, and none of those of another state."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal import clock, config, db
from portal.cases.actions import readers, routing
from portal.cases.enums import HandoverGround, ReaderChange, VerifiedReader
from portal.cases.groups import merging
from portal.cases.intake import codes, earlier_readers
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.identity.actors import Role, Staff
from portal.organisation.models import Unit
from tests import factories
from tests.cases import do, pair
from tests.page import Document, Page
from tests.web import steps

Bring = Callable[[Staff, Receipt], None]

LEFT = "arbetsdagar kvar"
ASKED = "Vi behöver ditt svar för att komma vidare."
STILL = "Svarstiden står still"
MOVED = "Ny dag, eftersom vi väntar på en besiktning."
MOVED_TO = "Vi flyttade fram svaret till"
ADDED = "Det du skriver läggs till i ärendet."
CHOOSE = "Välj sedan om du vill tacka, skriva mer eller säga att du inte är nöjd."
HELPED = "Jag är inte nöjd"
MORE = "Om du skriver mer öppnas ärendet igen."
KEPT = "Vi höll löftet."
BOARD = "svarar nu. Löftet gäller: senast"
TOGETHER = "Vi tar hand om ärendet tillsammans med ett annat. Du får svaret här"
ELSEWHERE = "Flyttat till ett annat system"
OTHERWISE = "Hanteras på ett annat sätt"
PASSED_ON = "Lämnat till den som ska ha det"
READ = "Läst. Inget mer svar behövs."
TAKEN_BACK = "Du tog tillbaka ärendet"
TAKE_BACK = "Ja, ta tillbaka det"
THANKED = "Du tackade för svaret"
UNHAPPY = "Du var inte nöjd med svaret."
ASKS = "Svara på två frågor"
TELLS = "sms till 07•• ••• •05"
OURS = [
    *(LEFT, ASKED, STILL, MOVED, MOVED_TO, ADDED, CHOOSE, HELPED, MORE, KEPT, TOGETHER, ELSEWHERE, OTHERWISE),
    *(BOARD, PASSED_ON, READ, TAKEN_BACK, TAKE_BACK, THANKED, UNHAPPY, TELLS),
    ASKS,
]
NEW = {LEFT, ADDED, TAKE_BACK, TELLS}
DONE = {CHOOSE, HELPED, KEPT, TELLS}


def by(*actions: Action) -> Bring:
    """What an officer does with a case, in turn."""

    def bring(officer: Staff, receipt: Receipt) -> None:
        for action in actions:
            do(action, officer, receipt)

    return bring


def then(action: Action, *before: Action) -> Bring:
    """What the sender does, after what an officer has done."""

    def bring(officer: Staff, receipt: Receipt) -> None:
        by(*before)(officer, receipt)
        do(action, factories.sender(receipt), receipt)

    return bring


def read(officer: Staff, receipt: Receipt) -> None:
    then(Action.REPLY, Action.ANSWER)(officer, receipt)
    do(Action.NO_ANSWER_NEEDED, officer, receipt)


def to_another_board(officer: Staff, receipt: Receipt) -> None:
    factories.member("samir", unit="grundskola")
    with db.transaction() as writer:
        school = writer.scalars(sa.select(Unit).filter_by(key="grundskola")).one()
    factories.act(routing.hand_over, officer, receipt, school, HandoverGround.NO_SECRECY)


def answered_where_it_was_handed(officer: Staff, receipt: Receipt) -> None:
    do(Action.HAND_OVER, officer, receipt)
    do(Action.ANSWER, factories.member("eva", Role.REGISTRAR, None), receipt)


def answered_by_another_board(officer: Staff, receipt: Receipt) -> None:
    to_another_board(officer, receipt)
    do(Action.ANSWER, factories.member("samir", unit="grundskola"), receipt)


def together(*actions: Action) -> Bring:
    """What an officer does with the case that this one is answered with."""

    def bring(officer: Staff, receipt: Receipt) -> None:
        other = factories.send_in()
        pair(merging.merge, officer, receipt, other, "Vi svarar er tillsammans.")
        by(*actions)(officer, other)

    return bring


def contested(receipt: Receipt) -> None:
    """An earlier reader says that they did not change the code."""
    with db.transaction() as writer:
        case = writer.get_one(Case, receipt.case)
        token = earlier_readers.keep_reader(case, ReaderChange.NEW_CODE)
    with db.transaction():
        earlier = earlier_readers.by_token(token)
        assert earlier
        readers.contest(earlier)


STATES: dict[str, tuple[Bring, str, set[str]]] = {
    "new": (by(), "Nytt", NEW),
    "handled": (by(Action.TAKE), "Pågår", NEW),
    "asked": (by(Action.REQUEST_SUPPLEMENT), "Vi behöver ditt svar", (NEW - {ADDED}) | {ASKED, STILL}),
    "extended": (by(Action.EXTEND), "Nytt", NEW | {MOVED, MOVED_TO}),
    "handed over": (by(Action.HAND_OVER), "Nytt", NEW),
    "handed to another board": (to_another_board, "Nytt", NEW | {BOARD}),
    "merged": (by(Action.MERGE), "Pågår", NEW | {TOGETHER}),
    "answered with another": (together(Action.ANSWER), "Besvarat", DONE),
    "closed with another": (together(Action.ANSWER_AND_CLOSE), "Avslutat", DONE | {ASKS}),
    "closed after another": (together(Action.ANSWER, Action.CLOSE), "Avslutat", DONE | {ASKS}),
    "answered where it was handed": (answered_where_it_was_handed, "Besvarat", DONE),
    "answered by another board": (answered_by_another_board, "Besvarat", DONE),
    "opened again": (by(Action.ANSWER_AND_CLOSE, Action.REOPEN), "Pågår", NEW),
    "protected": (by(Action.PROTECT), "Nytt", NEW - {TELLS}),
    "answered": (by(Action.ANSWER), "Besvarat", DONE),
    "answered aloud": (by(Action.ANSWER_ORALLY), "Besvarat", DONE),
    "closed": (by(Action.ANSWER_AND_CLOSE), "Avslutat", DONE | {ASKS}),
    "transferred": (by(Action.TRANSFER), "Avslutat", {CHOOSE, HELPED, ELSEWHERE, TELLS}),
    "redirected": (by(Action.REDIRECT), "Avslutat", {CHOOSE, HELPED, OTHERWISE, TELLS}),
    "passed on": (by(Action.FORWARD), "Avslutat", {CHOOSE, HELPED, PASSED_ON, TELLS}),
    "read": (read, "Avslutat", {CHOOSE, HELPED, READ, TELLS}),
    "withdrawn": (then(Action.WITHDRAW), "Avslutat", {MORE, TAKEN_BACK, TELLS}),
    "thanked": (then(Action.THANK, Action.ANSWER), "Avslutat", {MORE, HELPED, KEPT, THANKED, TELLS, ASKS}),
    "not satisfied": (then(Action.NOT_SATISFIED, Action.ANSWER), "Pågår", NEW | {UNHAPPY}),
}


def shown(page: Page, receipt: Receipt) -> Document:
    assert receipt.code
    steps.open_case(page, factories.number(receipt), receipt.code)
    return steps.latest(page)


def test_each_state_has_its_own_sentences_and_none_of_anothers(
    app: Flask, page: Page, travel: time_machine.Traveller
) -> None:
    with app.app_context():
        officer = factories.member()
    faults = []
    for name, (bring, status, expected) in STATES.items():
        with app.app_context():
            receipt = factories.send_in(reply_by="sms", phone="+46701740605")
            bring(officer, receipt)
        seen = shown(page, receipt)
        found = {ours for ours in OURS if ours in seen.text}
        if seen.text_of(".tags .ds-tag") != status or found != expected:
            faults.append((name, seen.text_of(".tags .ds-tag"), found - expected, expected - found))
    assert faults == []


def test_a_contested_case_is_closed_to_everybody_who_had_it_and_shows_nothing_of_it(
    app: Flask, page: Page
) -> None:
    with app.app_context():
        receipt = factories.send_in()
        do(Action.ANSWER_AND_CLOSE, factories.member(), receipt)
    opened = shown(page, receipt).path
    with app.app_context():
        contested(receipt)
    assert page.get(opened, 303).location.startswith("/folj")
    assert receipt.code
    stopped = steps.open_case(page, factories.number(receipt), receipt.code, status=422)
    assert stopped.h1 == "Läsningen är stoppad"
    assert [text for text in OURS if text in stopped.text] == []
    assert "Lekplatsen" not in stopped.text


def test_what_was_contested_is_read_again_with_the_new_code_alone(app: Flask, page: Page) -> None:
    with app.app_context():
        receipt, officer = factories.send_in(), factories.member()
        contested(receipt)
        submission = "a" * 22
        factories.act(
            readers.restore_reader, officer, receipt, "Visade legitimation.", VerifiedReader.CODE, submission
        )
    assert receipt.code
    steps.open_case(page, factories.number(receipt), receipt.code, status=422)
    code = codes.code(config.settings().code_key, submission)
    steps.open_case(page, factories.number(receipt), code)
    assert steps.latest(page).text_of(".tags .ds-tag") == "Nytt"


@pytest.mark.parametrize("state", ["withdrawn", "transferred", "redirected", "passed on"])
def test_no_promise_is_drawn_of_a_case_that_is_not_answered_here(
    app: Flask, page: Page, travel: time_machine.Traveller, state: str
) -> None:
    with app.app_context():
        receipt = factories.send_in()
        STATES[state][0](factories.member(), receipt)
    assert shown(page, receipt).all(".promise, .due-line") == []


def test_the_promised_day_stands_under_the_title(app: Flask, page: Page) -> None:
    receipt = factories.send_in()
    seen = shown(page, receipt)
    promised = seen.find(".promise time")
    assert seen.text_of("header .due-line") == f"Svar senast {' '.join(promised.get_text().split())}"


def test_a_late_case_says_so_in_words_under_the_title(
    app: Flask, page: Page, travel: time_machine.Traveller
) -> None:
    receipt = factories.send_in()
    travel.move_to(clock.now() + timedelta(days=30))
    said = shown(page, receipt).text_of("header .due-line")
    assert re.fullmatch(r"Svaret skulle ha kommit .+\. Vi är .+ arbetsdagar sena\.", said)


@pytest.mark.parametrize(("head", "taker"), [(True, "enhetschefen Samir"), (False, "någon annan")])
def test_who_is_not_happy_is_told_who_takes_over(app: Flask, page: Page, head: bool, taker: str) -> None:
    with app.app_context():
        receipt = factories.send_in()
        do(Action.ANSWER, factories.member(), receipt)
        if head:
            factories.member("samir", Role.HEAD_OF_UNIT)
    assert f"Om du inte är nöjd tar {taker} över ärendet. Berätta varför." in shown(page, receipt).text


def test_under_ones_own_name_nothing_says_that_we_do_not_know_who_it_is(
    app: Flask, page: Page, citizen_page: steps.SignIn
) -> None:
    for browser, told, other in (
        (page, "Vi vet inte vem du är", "kopplas inte till din inloggning"),
        (citizen_page(factories.citizen()), "kopplas inte till din inloggning", "Vi vet inte vem du är"),
    ):
        form = browser.get(steps.COMPLAINT)
        receipt = steps.send(browser)
        for seen in (form, receipt):
            assert told in seen.text
            assert other not in seen.text
