"""Metrics: figures for a scraper that has the token, and no page for anybody else."""

from collections.abc import Callable

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from portal import db
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Problem
from tests import factories
from tests.page import Page

TOKEN = "k7Qm2xV9sLr4Tn8Zp1Wc6Yb3Hd5Jf0Ga"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


def figures(page: Page) -> dict[tuple[str, ...], float]:
    text = page.get("/metrics", headers=AUTHORIZED).response.get_data(as_text=True)
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sorted(sample.labels.values())): sample.value for sample in samples}


def test_what_waits_and_what_failed_is_counted(make_app: Callable[..., Flask]) -> None:
    app = make_app(metrics_token=TOKEN)
    page = Page(app.test_client())
    assert figures(page)["kontakt_outbox_waiting", "email"] == 0
    with app.app_context():
        for _each in range(3):
            factories.send_in(email="maria@exempel.se")
        with db.transaction() as writer:
            row = writer.get_one(OutboxMessage, min(letter.id for letter in factories.letters()))
            row.state, row.problem, row.reply_code = State.FAILED, Problem.ADDRESS_REFUSED, 550
    seen = figures(page)
    assert seen["kontakt_outbox_waiting", "email"] == 2
    assert seen["kontakt_outbox_waiting", "sms"] == 0
    assert seen["kontakt_outbox_oldest_seconds", "email"] >= 0
    assert seen["kontakt_outbox_undelivered", "address_refused", "email", "failed"] == 1
    assert seen["kontakt_jobs_failing",] == 0


@pytest.mark.parametrize(
    ("token", "sent"),
    [
        (TOKEN, None),
        (TOKEN, "Bearer wrong"),
        (TOKEN, TOKEN),
        (TOKEN, "Bearer \u00e5"),
        ("", "Bearer "),
        ("short", "Bearer short"),
    ],
)
def test_without_the_token_there_is_no_such_page(
    make_app: Callable[..., Flask], token: str, sent: str | None
) -> None:
    page = Page(make_app(metrics_token=token).test_client())
    page.get("/metrics", 404, headers={"Authorization": sent} if sent is not None else {})
