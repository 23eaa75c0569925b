"""How often one sender may try. The limits count the sender of the tries, never the case."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from portal.budgets import rules
from tests.page import Page
from tests.running import free_port
from tests.web import steps

MakeApp = Callable[..., Flask]
NO_CODE = "2222-2222-2222-2222"
KIND = "För många försök"


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The application with its limits on."""
    return make_app(limits="on", oidc_staff_issuer=f"http://127.0.0.1:{free_port()}")


def sender(app: Flask, address: str) -> Page:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return Page(client)


def guess(page: Page, number: str, times: int, status: int = 422) -> None:
    for _try in range(times):
        steps.open_case(page, number, NO_CODE, status=status)


def test_the_twenty_first_wrong_code_is_refused_and_others_are_not_hindered(app: Flask) -> None:
    guesser, owner = sender(app, "192.0.2.1"), sender(app, "192.0.2.2")
    receipt = steps.send(owner)
    number, code = steps.number_of(receipt), steps.code_of(receipt)
    guess(guesser, number, 20)
    assert steps.open_case(guesser, number, NO_CODE, status=429).h1 == KIND
    assert steps.open_case(guesser, number, code, status=429).h1 == KIND
    assert owner.follow(steps.open_case(owner, number, code)).h1 == steps.WRITTEN["subject"]


def test_right_codes_are_not_counted(app: Flask) -> None:
    page = sender(app, "192.0.2.1")
    receipt = steps.send(page)
    for _time in range(25):
        steps.open_case(page, steps.number_of(receipt), steps.code_of(receipt))
    guess(page, steps.number_of(receipt), 20)


def test_it_is_forgotten_after_ten_minutes(app: Flask, travel: steps.Travel) -> None:
    page = sender(app, "192.0.2.1")
    guess(page, "KB-2026-000001", 20)
    travel.shift(599)
    guess(page, "KB-2026-000001", 1, 429)
    travel.shift(2)
    guess(page, "KB-2026-000001", 1)


def test_links_to_new_codes_are_limited_as_codes_are(app: Flask) -> None:
    page = sender(app, "192.0.2.1")
    form, changes = page.get("/folj/ny-kod"), {"number": "KB-2026-000001", "email": "maja@exempel.se"}
    for _try in range(20):
        page.submit(form, "main form", changes=changes)
    assert page.submit(form, "main form", changes=changes, status=429).h1 == KIND


@pytest.fixture
def three_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit as it is, and a lower one to reach it sooner."""
    assert (rules.SEND_CASE.amount, rules.SEND_CASE.ceiling, rules.WRITE_ON_CASE.amount) == (60, 1200, 60)
    for name in ("SEND_CASE", "WRITE_ON_CASE"):
        monkeypatch.setattr(rules, name, replace(getattr(rules, name), amount=3))


def test_a_sender_over_the_limit_keeps_what_they_wrote_for_later(
    app: Flask, travel: steps.Travel, three_cases: None
) -> None:
    page = sender(app, "192.0.2.1")
    for _case in range(3):
        steps.send(page)
    late = page.submit(page.get(steps.COMPLAINT), "main form", changes=steps.MAILED, status=429)
    assert "Det du skrev finns kvar. Skicka igen kl. 10.11." in late.text
    assert late.response.headers["Retry-After"] == "600"
    for field in ("subject", "body", "email", "name"):
        assert steps.kept(late, field) == steps.MAILED[field]
    assert steps.count("case") == 3
    steps.send(sender(app, "192.0.2.2"))
    travel.shift(601)
    page.submit(late, "main form")
    assert steps.count("case") == 5


def test_a_reply_over_the_limit_is_kept_too(app: Flask, three_cases: None) -> None:
    page = sender(app, "192.0.2.1")
    shown = steps.opened(page)
    for number in range(3):
        page.submit(shown, "#body", changes={"body": f"Svar {number}"})
    late = page.submit(shown, "#body", changes={"body": "Ett till"}, status=429)
    assert steps.kept(late, "body") == "Ett till"
    assert steps.count("message") == 4


def test_a_refused_form_is_not_counted_as_a_case(app: Flask, three_cases: None) -> None:
    page = sender(app, "192.0.2.1")
    for _try in range(4):
        steps.refused(page, {"subject": ""})
    steps.send(page)


def test_all_together_have_a_ceiling_with_a_kind_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SEND_CASE", replace(rules.SEND_CASE, ceiling=2))
    for last in (1, 2):
        steps.send(sender(app, f"192.0.2.{last}"))
    page = sender(app, "192.0.2.3")
    late = page.submit(page.get(steps.COMPLAINT), "main form", changes=steps.WRITTEN, status=429)
    assert steps.kept(late, "body") == steps.WRITTEN["body"]
    assert steps.count("case") == 2


def test_sixty_sign_ins_are_tried_and_no_more(app: Flask) -> None:
    page = sender(app, "192.0.2.1")
    for _try in range(60):
        page.get("/logga-in/personal", 400)
    assert page.get("/logga-in/personal", 429).h1 == KIND
