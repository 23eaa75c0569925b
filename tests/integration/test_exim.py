"""Delivery to Debian's mail server: what it takes, refuses, defers and does not relay."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal import config
from portal.notifications import delivery, tokens
from portal.notifications.models import State
from portal.notifications.rules import Problem
from portal.notifications.tokens import Purpose
from tests import exim_server, factories
from tests.exim_server import BUSY, UNKNOWN, Exim

MARIA = "maria@exempel.se"


@pytest.fixture
def exim(inside: Flask) -> Iterator[Exim]:
    with exim_server.server() as running:
        mail = {"mail_server": running.host, "mail_port": running.port, "mail_security": "none"}
        mail |= {"mail_return_path": "studs@exempel.se"}
        config.use(config.settings().model_copy(update=mail))
        yield running


def test_what_it_takes_arrives_whole_and_on_one_connection(exim: Exim) -> None:
    for _each in range(5):
        factories.send_in(email=MARIA)
    assert delivery.deliver_due() == 5
    assert {row.state for row in factories.letters()} == {State.SENT}
    received = {str(letter["Message-ID"]): letter for letter in exim.received()}
    assert set(received) == {row.message_id for row in factories.letters()}
    assert exim.connections() == 1
    row = factories.letters()[0]
    letter = received[row.message_id]
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert letter["Envelope-to"] == MARIA
    assert letter["Return-path"] == f"<studs+{tokens.make(Purpose.BOUNCE, row.id)}@exempel.se>"
    assert letter["Subject"] == row.subject
    body = letter.get_body(("plain",))
    assert body
    assert body.get_content().split() == (row.text or "").split()


def test_what_it_refuses_defers_and_does_not_relay_is_told_apart(exim: Exim) -> None:
    for to in (UNKNOWN, BUSY, "maria@annanstans.example", MARIA):
        factories.send_in(email=to)
    assert delivery.deliver_due() == 4
    seen = {row.recipient: (row.state, row.problem, row.reply_code) for row in factories.letters()}
    assert seen[UNKNOWN] == (State.FAILED, Problem.ADDRESS_REFUSED, 550)
    assert seen[BUSY] == (State.QUEUED, Problem.TRY_LATER, 451)
    assert seen["maria@annanstans.example"] == (State.QUEUED, Problem.RELAY_DENIED, 550)
    assert seen[MARIA] == (State.SENT, None, None)
    assert [letter["Envelope-to"] for letter in exim.received()] == [MARIA]
