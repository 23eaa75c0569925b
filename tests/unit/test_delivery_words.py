"""Each state and each problem of a message has its words."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from portal.notifications import delivery_words
from portal.notifications.models import State
from portal.notifications.rules import Medium, Problem


@pytest.fixture(autouse=True)
def app_context() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="sv")
    with app.app_context():
        yield


def test_no_state_medium_or_problem_lacks_its_words() -> None:
    assert set(delivery_words.STATES) == set(State)
    assert set(delivery_words.MEDIA) == set(Medium)
    assert set(delivery_words.PROBLEMS) == set(Problem)


def test_a_problem_is_followed_by_the_code_of_the_reply() -> None:
    assert delivery_words.problem_text(Problem.ADDRESS_REFUSED, 550) == (
        "Mottagarens server tar inte emot adressen. (550)"
    )
    assert delivery_words.problem_text(Problem.UNREACHABLE) == "Det gick inte att nå servern."
    assert delivery_words.problem_text(None) == ""


def test_a_text_from_before_there_were_codes_is_not_shown() -> None:
    assert delivery_words.problem_text("E-postservern maria@exempel.se") == "Något gick fel."
