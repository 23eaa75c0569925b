"""What the box of the contact promise says: a human being gets in touch, and nothing of an answer."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel

from portal.cases.deadlines import explain
from portal.words.contact import ContactPromise
from portal.words.promise import PromiseView
from tests.plain_text import plain

FRIDAY, MONDAY, TUESDAY, THURSDAY = (date(2026, 5, day) for day in (8, 11, 12, 14))
TWO_DAYS = explain(FRIDAY, 2)


@pytest.fixture(autouse=True, scope="module")
def swedish() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="sv")
    with app.app_context():
        yield


def told(view: PromiseView) -> str:
    ends = view.ends or ()
    return " ".join(
        [view.label, view.headline, view.steps_text, view.line, *ends, *(line.note for line in view.lines)]
    )


@pytest.mark.parametrize(
    "view",
    [
        lambda promise: plain(ContactPromise.for_new(promise)),
        lambda promise: plain(ContactPromise.on_receipt(promise)),
        lambda promise: plain(ContactPromise.in_progress(promise, MONDAY)),
    ],
    ids=["new", "receipt", "in progress"],
)
def test_no_answer_is_promised_where_only_contact_is(view: object) -> None:
    made = view(TWO_DAYS)  # type: ignore[operator]
    assert made.headline == "tisdag 12 maj"
    assert "svar" not in told(made).lower()
    assert made.lines[-1].note == "dag 2, vi hör av oss"
    assert made.weeks == []


def test_whoever_has_not_sent_yet_sees_when_somebody_gets_in_touch() -> None:
    view = plain(ContactPromise.for_new(TWO_DAYS))
    assert view.label == "Om du skickar i dag hör vi av oss senast"
    assert view.ends == ("dag 1, mån 11 maj", "vi hör av oss")
    assert view.line == "Det är 2 arbetsdagar. Helger räknas inte."


def test_a_case_that_nobody_has_been_in_touch_about_is_late_after_its_day() -> None:
    assert plain(ContactPromise.in_progress(TWO_DAYS, TUESDAY)).line.endswith("Sista dagen.")
    late = plain(ContactPromise.in_progress(TWO_DAYS, THURSDAY))
    assert set(late.steps) == {"late"}
    assert late.label == "Vi skulle ha hört av oss"


def test_a_contact_that_was_made_says_when() -> None:
    view = plain(ContactPromise.contacted(TWO_DAYS, MONDAY))
    assert (view.label, view.headline, view.iso) == ("Vi hörde av oss", "måndag 11 maj", "2026-05-11")
    assert view.line == "Vi lovade att göra det senast tisdag 12 maj."
    assert view.steps == view.lines == view.weeks == []
