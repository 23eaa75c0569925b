"""No text of a stranger costs more than its length: every function and every expression that reads texts."""

import contextlib
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from time import thread_time
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel

from tests import hostile_texts
from tests.hostile_texts import FEW, TEXTS

# Seconds of processor time for a text of 20 000 characters. What is linear takes a tenth of it.
LIMIT = 0.25
ATTEMPTS = 3
FUNCTIONS = hostile_texts.functions()
PATTERNS = hostile_texts.patterns()
ANYWHERE = {"QUADRATIC", *filter(hostile_texts.is_used_anywhere, PATTERNS)}
CHOSEN = [pytest.param(name, marks=[] if name in FEW else [pytest.mark.full]) for name in TEXTS]


@pytest.fixture(autouse=True)
def speaking() -> Iterator[None]:
    """Messages need a language."""
    app = Flask(__name__)
    Babel(app, default_locale="sv")
    with app.test_request_context():
        yield


def cost(call: Callable[[], Any]) -> float:
    """The seconds that a call takes; the least of several, if one is slow."""
    least = LIMIT + 1
    for _attempt in range(ATTEMPTS):
        started = thread_time()
        with contextlib.suppress(Exception):
            result = call()
            if inspect.isgenerator(result):
                list(result)
        least = min(least, thread_time() - started)
        if least <= LIMIT:
            break
    return least


def slow_functions(functions: dict[str, Callable[..., Any]], text: str) -> list[str]:
    slow = []
    for name, function in functions.items():
        arguments = hostile_texts.arguments(function, text) or {}
        # A cache would answer for the second attempt.
        read = inspect.unwrap(function)
        if cost(partial(read, **arguments)) > LIMIT:
            slow.append(name)
    return slow


def slow_patterns(patterns: dict[str, re.Pattern[str]], text: str) -> list[str]:
    slow = []
    for name, pattern in patterns.items():
        # An expression that is only matched from the start of a text may be slow from every other place.
        used = (
            (pattern.search, partial(pattern.sub, ""))
            if name in ANYWHERE
            else (pattern.match, pattern.fullmatch)
        )
        if max(cost(partial(call, text)) for call in used) > LIMIT:
            slow.append(name)
    return slow


@pytest.mark.parametrize("name", CHOSEN)
def test_every_function_that_takes_a_text_is_linear(name: str) -> None:
    assert slow_functions(FUNCTIONS, TEXTS[name]) == []


@pytest.mark.parametrize("name", CHOSEN)
def test_every_expression_is_linear(name: str) -> None:
    assert slow_patterns(PATTERNS, TEXTS[name]) == []


def test_the_functions_that_read_most_are_among_those_tried() -> None:
    assert {
        "portal.cases.search.analysis.stored",
        "portal.cases.search.snippets.snippet",
        "portal.cases.reference_numbers.parse",
        "portal.cases.intake.codes.normalise",
        "portal.cases.answers.rules.prompts",
        "portal.cases.queue.filters.read",
        "portal.formats.cleaning.body",
        "portal.formats.names.given_name",
        "portal.formats.phone_numbers.parse_mobile",
        "portal.notifications.segments.count",
        "portal.organisation.placeholders.fill",
        "portal.web.forms.many_lines",
        "portal.web.support.address_fields.email_problem",
        "portal.words.masks.masked_email",
    } <= set(FUNCTIONS)


def test_every_exclusion_is_of_something_that_exists() -> None:
    for name, reason in hostile_texts.EXCLUDED_MODULES.items():
        importlib.import_module(name)
        assert reason
    for name, reason in hostile_texts.EXCLUDED.items():
        module, _dot, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))
        assert reason


def test_a_function_and_an_expression_that_are_not_linear_are_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A shorter text and less time, so that what is slow does not take long.
    monkeypatch.setattr(sys.modules[__name__], "LIMIT", 0.02)
    quadratic = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
    text = TEXTS["one_word"][:2000]

    def careless(text: str) -> list[str]:
        return quadratic.findall(text)

    assert slow_functions({"careless": careless}, text) == ["careless"]
    assert slow_patterns({"QUADRATIC": quadratic}, text) == ["QUADRATIC"]
