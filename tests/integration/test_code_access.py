"""The ways in by code: a grant of half an hour, and the one-time link that replaces a lost code."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs
from time_machine import TimeMachineFixture

from portal import db
from portal.cases.intake import code_access
from portal.cases.intake.models import CodeGrant, CodeLink, CodeRequest
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case
from portal.database.errors import DatabaseUnavailable, Outage
from portal.identity.actors import CodeHolder
from portal.notifications.models import State
from tests import factories

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
MARIA = "maria@exempel.se"
SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


def granted(receipt: Receipt) -> str:
    with db.transaction():
        return code_access.grant(factories.sender(receipt))


def ask(receipt: Receipt, email: str = MARIA, number: int | None = None) -> None:
    with db.transaction():
        code_access.request_link(receipt.year, receipt.number if number is None else number, email)
        code_access.answer_requests()


def tokens() -> list[str]:
    """The token of each link that was mailed, oldest first."""
    texts = [row.text or "" for row in factories.letters() if row.name == "new_code"]
    return [found for text in texts for found in re.findall(r"/folj/ny-kod/(\S+)", text)]


def asked(receipt: Receipt) -> str:
    ask(receipt)
    return tokens()[-1]


def spend(token: str) -> tuple[Case, str] | None:
    with db.transaction():
        return code_access.spend_link(token)


def holds(token: str) -> bool:
    db.close_read_session()
    return code_access.link_holds(token)


def opens(code: str, receipt: Receipt) -> bool:
    db.close_read_session()
    return code_access.code_holder_for(code, receipt.year, receipt.number) is not None


def rows(model: type[CodeGrant] | type[CodeLink]) -> int:
    db.close_read_session()
    return len(db.session().scalars(select(model)).all())


def test_a_grant_opens_its_case_for_half_an_hour(inside: Flask, monday: TimeMachineFixture) -> None:
    receipt = factories.send_in()
    token = granted(receipt)
    assert code_access.code_holder_for_grant(token) == CodeHolder(receipt.case)
    monday.move_to(MONDAY + 30 * MINUTE - SECOND, tick=False)
    assert code_access.code_holder_for_grant(token) == CodeHolder(receipt.case)
    monday.move_to(MONDAY + 30 * MINUTE, tick=False)
    assert code_access.code_holder_for_grant(token) is None


def test_a_grant_can_be_ended_and_no_other_ends_with_it(inside: Flask) -> None:
    receipt = factories.send_in()
    first, second = granted(receipt), granted(receipt)
    with db.transaction():
        code_access.end_grants([first])
    assert code_access.code_holder_for_grant(first) is None
    assert code_access.code_holder_for_grant(second) == CodeHolder(receipt.case)


def test_a_made_up_grant_opens_nothing(inside: Flask) -> None:
    granted(factories.send_in())
    assert code_access.code_holder_for_grant("") is None
    assert code_access.code_holder_for_grant("nonsense") is None


def test_old_grants_are_removed_when_a_new_one_is_made(inside: Flask, monday: TimeMachineFixture) -> None:
    receipt = factories.send_in()
    granted(receipt)
    monday.move_to(MONDAY + HOUR, tick=False)
    granted(receipt)
    assert rows(CodeGrant) == 1


def test_the_letter_holds_the_link_and_the_link_gives_a_new_code(inside: Flask) -> None:
    receipt = factories.send_in(email=MARIA)
    token = asked(receipt)
    letter = factories.letters()[-1]
    assert (letter.recipient, letter.state) == (MARIA, State.QUEUED)
    assert token in (letter.html or "")
    found = spend(token)
    assert found
    assert found[0].id == receipt.case
    assert found[1] != receipt.code
    assert opens(found[1], receipt)


def test_the_old_code_works_until_the_link_is_spent_and_no_longer(inside: Flask) -> None:
    receipt = factories.send_in(email=MARIA)
    grant, token = granted(receipt), asked(receipt)
    assert holds(token)
    assert holds(token)
    assert opens(receipt.code, receipt)
    assert spend(token)
    assert not opens(receipt.code, receipt)
    assert code_access.code_holder_for_grant(grant) is None


def test_a_link_works_once(inside: Flask) -> None:
    token = asked(factories.send_in(email=MARIA))
    assert spend(token)
    assert not holds(token)
    assert spend(token) is None


def test_spending_one_link_ends_all_links_of_the_case_and_of_no_other(inside: Flask) -> None:
    receipt, other = factories.send_in(email=MARIA), factories.send_in(email=MARIA)
    first, second, elsewhere = asked(receipt), asked(receipt), asked(other)
    assert spend(second)
    assert not holds(first)
    assert holds(elsewhere)


def test_a_link_lives_for_a_day(inside: Flask, monday: TimeMachineFixture) -> None:
    token = asked(factories.send_in(email=MARIA))
    monday.move_to(MONDAY + 24 * HOUR - SECOND, tick=False)
    assert holds(token)
    monday.move_to(MONDAY + 24 * HOUR, tick=False)
    assert not holds(token)
    assert spend(token) is None


def test_at_most_three_links_hold_at_once(inside: Flask, monday: TimeMachineFixture) -> None:
    receipt = factories.send_in(email=MARIA)
    for _each in range(5):
        ask(receipt)
    assert len(tokens()) == rows(CodeLink) == 3
    monday.move_to(MONDAY + 25 * HOUR, tick=False)
    ask(receipt)
    assert (len(tokens()), rows(CodeLink)) == (4, 1)


def test_eight_who_ask_at_once_get_three_links(inside: Flask) -> None:
    receipt = factories.send_in(email=MARIA)
    factories.at_once(inside, 8, lambda _place: ask(receipt))
    assert len(tokens()) == rows(CodeLink) == 3


def test_eight_who_spend_one_link_at_once_make_one_new_code(inside: Flask) -> None:
    token = asked(factories.send_in(email=MARIA))
    got = factories.at_once(inside, 8, lambda _place: spend(token))
    assert len([each for each in got if each]) == 1


def test_eight_who_spend_three_links_at_once_make_one_new_code(inside: Flask) -> None:
    receipt = factories.send_in(email=MARIA)
    links = [asked(receipt) for _each in range(3)]
    got = [each for each in factories.at_once(inside, 8, lambda place: spend(links[place % 3])) if each]
    assert len(got) == 1
    assert opens(got[0][1], receipt)


@pytest.mark.parametrize("address", ["MARIA@exempel.se", "Maria@Exempel.SE"])
def test_an_address_is_the_same_in_capitals(inside: Flask, address: str) -> None:
    ask(factories.send_in(email=MARIA), address)
    assert len(tokens()) == 1


@pytest.mark.parametrize("address", ["", "maria", "mari@exempel.se", "maria@exempel.se.evil.example", "%"])
def test_a_wrong_address_gives_nothing_and_tells_nothing(inside: Flask, address: str) -> None:
    receipt = factories.send_in(email=MARIA)
    trail = len(factories.entries(receipt))
    ask(receipt, address)
    assert (tokens(), rows(CodeLink), len(factories.entries(receipt))) == ([], 0, trail)


def test_a_wrong_number_gives_nothing_and_tells_nothing(inside: Flask) -> None:
    ask(factories.send_in(email=MARIA), number=4711)
    assert (tokens(), rows(CodeLink)) == ([], 0)


def test_who_gave_no_address_cannot_be_sent_a_link(inside: Flask) -> None:
    receipt = factories.send_in()
    for address in ("", MARIA, "None"):
        ask(receipt, address)
    assert (tokens(), rows(CodeLink)) == ([], 0)


def test_the_trail_tells_of_link_and_new_code_but_holds_neither(inside: Flask) -> None:
    receipt = factories.send_in(email=MARIA)
    token = asked(receipt)
    found = spend(token)
    assert found
    entries = factories.entries(receipt)
    assert [(each.event, each.actor_kind) for each in entries[1:]] == [
        ("CodeLinkRequested", "system"),
        ("CodeReplaced", "code_holder"),
    ]
    kept = "".join(f"{each.details}{each.event}{each.actor_id}" for each in entries)
    assert token not in kept
    assert found[1] not in kept


def test_no_token_stands_in_the_tables_of_grants_and_links(inside: Flask) -> None:
    receipt = factories.send_in(email=MARIA)
    secrets = [granted(receipt).encode(), asked(receipt).encode()]
    kept = [token for model in (CodeGrant, CodeLink) for token in db.session().scalars(select(model.token))]
    assert len(kept) == 2
    assert not any(secret in token for secret in secrets for token in kept)


def damage(table: str) -> None:
    """Let no key decrypt the address of the first row of a table."""
    foreign = Fernet(Fernet.generate_key()).encrypt(b"x")
    with db.engine().begin() as connection:
        statement = f"UPDATE {table} SET email = :foreign WHERE id = (SELECT min(id) FROM {table})"
        connection.execute(sa.text(statement), {"foreign": foreign})


@pytest.mark.parametrize("table", ["code_request", "party"])
def test_a_request_that_no_key_opens_is_dropped_and_the_next_one_answered(inside: Flask, table: str) -> None:
    for receipt in (factories.send_in(email=MARIA), factories.send_in(email=MARIA)):
        with db.transaction():
            code_access.request_link(receipt.year, receipt.number, MARIA)
    damage(table)
    with capture_logs() as lines, db.transaction():
        code_access.answer_requests()
    assert (len(tokens()), db.session().scalars(select(CodeRequest.id)).all()) == (1, [])
    assert [(line["event"], line["code_request"]) for line in lines] == [("code_link.unanswered", 1)]


def test_a_request_waits_for_a_database_that_is_away(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = factories.send_in(email=MARIA)
    with db.transaction():
        code_access.request_link(receipt.year, receipt.number, MARIA)

    def away(_case: Case) -> int:
        raise DatabaseUnavailable(Outage.AWAY)

    with monkeypatch.context() as patched:
        patched.setattr(code_access, "_links", away)
        with pytest.raises(DatabaseUnavailable), db.transaction():
            code_access.answer_requests()
    with db.transaction():
        code_access.answer_requests()
    assert len(tokens()) == 1
