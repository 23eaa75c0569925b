"""Every route that changes something has a budget, or a reason why it needs none; and each budget holds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask

from portal import config
from portal.budgets import rules
from portal.budgets.rules import Budget
from portal.web.support.route_budgets import BUDGETS, UNLIMITED, Route
from tests.architecture import routes
from tests.architecture.routes import Visitors
from tests.web import steps

# What gets past each guard; a route of everyone's is tried by a stranger.
VISITOR = {"follow": "code_holder", "mina_sidor": "citizen", "backoffice": "staff"}
# Forms that are read before they are counted, so that what was written can be given back.
VALID = {
    "public.send": steps.WRITTEN,
    "follow.reply": {"body": "Hej"},
    "mina_sidor.reply": {"body": "Hej"},
    "backoffice.register_case": {
        "body": "Hej",
        "kind": "question",
        "channel": "phone",
        "reply_by": "code",
        "language": "sv",
    },
}


def unclassified(app: Flask) -> set[Route]:
    posts = {("POST", rule.endpoint) for rule in routes.rules(app, "POST")}
    return posts - set(BUDGETS) - set(UNLIMITED)


def test_every_post_has_a_budget_or_a_reason(app: Flask) -> None:
    assert unclassified(app) == set()


@pytest.mark.own_app
def test_a_post_that_nobody_classified_is_found(app: Flask) -> None:
    app.add_url_rule("/slarvig", "careless", lambda: "ok", methods=["POST"])
    assert unclassified(app) == {("POST", "careless")}


def test_no_budget_is_left_of_a_route_that_is_gone(app: Flask) -> None:
    existing = {(method, rule.endpoint) for method in ("GET", "POST") for rule in routes.rules(app, method)}
    assert (set(BUDGETS) | set(UNLIMITED)) - existing == set()
    assert set(BUDGETS) & set(UNLIMITED) == set()


def test_budgets_have_names_of_their_own() -> None:
    budgets = [value for value in vars(rules).values() if isinstance(value, Budget)]
    assert len({budget.name for budget in budgets}) == len(budgets)


@pytest.fixture
def used_up(app: Flask, visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application with its limits on, and nothing left of any budget of a route."""
    for name, value in list(vars(rules).items()):
        if isinstance(value, Budget) and value is not rules.POST:
            monkeypatch.setattr(rules, name, replace(value, amount=0))
    for route, budget in BUDGETS.items():
        monkeypatch.setitem(BUDGETS, route, replace(budget, amount=0))  # type: ignore[arg-type]
    off = config.settings()
    config.use(off.model_copy(update={"limits": "on"}))
    yield app
    config.use(off)


def statuses(app: Flask, visitors: Visitors, table: Mapping[Route, object]) -> dict[Route, int]:
    """What each route of a table answers to a visitor that its guard lets in."""
    answers = {}
    for method, endpoint in table:
        rule = next(rule for rule in routes.rules(app, method) if rule.endpoint == endpoint)
        page = visitors[VISITOR.get(endpoint.partition(".")[0], "stranger")]
        fields: dict[str, object] = {"csrf_token": steps.token(page), **VALID.get(endpoint, {})}
        if endpoint == "public.upload":
            fields["attachments"] = BytesIO(b"Hej"), "hej.txt"
        response = page.client.open(routes.address(rule), method=method, data=fields)
        answers[method, endpoint] = response.status_code
    return answers


def test_nothing_is_done_over_any_budget(used_up: Flask, visitors: Visitors) -> None:
    assert {route for route, status in statuses(used_up, visitors, BUDGETS).items() if status != 429} == set()


def test_what_ends_access_is_never_refused(used_up: Flask, visitors: Visitors) -> None:
    assert 429 not in statuses(used_up, visitors, UNLIMITED).values()
