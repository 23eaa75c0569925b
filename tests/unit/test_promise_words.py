"""What the promise box and the promise calendar say."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.deadlines import Extension, Pause, explain
from portal.organisation.calendar import closed
from portal.organisation.sections import Summer
from portal.words import deadline_breakdown
from portal.words.promise import AnswerPromise, PromiseView
from tests.plain_text import plain

RECEIPT = explain(date(2026, 4, 30), 10)
BRIDGE = {date(2026, 5, 15): "klämdagen"}


@pytest.fixture(autouse=True, scope="module")
def swedish() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="sv")
    with app.app_context():
        yield


def states(view: PromiseView) -> dict[str, list[str]]:
    cells = [cell for week in view.weeks for cell in week if cell]
    return {state: [cell.iso for cell in cells if cell.state == state] for state in {c.state for c in cells}}


def labels(view: PromiseView) -> list[list[str | None]]:
    return [[f"{cell.day} {cell.label}".strip() if cell else None for cell in week] for week in view.weeks]


def test_whoever_has_not_sent_yet_sees_the_date_and_what_is_not_counted() -> None:
    view = plain(AnswerPromise.for_new(explain(date(2026, 5, 12), 10)))
    assert view.label == "Om du skickar i dag får du svar senast"
    assert (view.headline, view.iso) == ("onsdag 27 maj", "2026-05-27")
    assert view.line == "Det är 10 arbetsdagar. Helger och Kristi himmelsfärdsdag räknas inte."
    assert view.ends == ("dag 1, ons 13 maj", "svar")
    assert view.steps == [*["todo"] * 9, "due"]
    assert view.steps_text == "10 arbetsdagar till svaret."


def test_a_promise_within_the_week_skips_nothing_and_says_nothing_of_it() -> None:
    explanation = explain(date(2026, 5, 11), 2)
    assert plain(AnswerPromise.for_new(explanation)).line == "Det är 2 arbetsdagar."
    assert plain(AnswerPromise.on_receipt(explanation)).line == "2 arbetsdagar räknas."


def test_a_promise_that_waits_for_its_sender_gives_no_date_and_counts_no_further() -> None:
    view = plain(AnswerPromise.waiting(RECEIPT, date(2026, 5, 6), date(2026, 5, 12), staff=False))
    assert (view.label, view.headline) == ("Vi väntar på ditt svar", "Svarstiden står still")
    assert view.line == "Svaret behövs senast tisdag 12 maj. Sju arbetsdagar kvar."
    assert view.steps.count("done") == 3
    assert (view.iso, view.lines, view.weeks) == ("", [], [])
    late = plain(AnswerPromise.waiting(RECEIPT, date(2026, 5, 20), None, staff=True))
    assert (late.label, late.line, set(late.steps)) == ("Vi väntar på avsändaren", "", {"late"})


def test_a_later_day_is_promised_with_its_reason_and_counted_day_by_day() -> None:
    later = explain(date(2026, 4, 30), 10, extension=Extension(date(2026, 5, 18), date(2026, 5, 25)))
    view = plain(AnswerPromise.in_progress(later, date(2026, 5, 19), "Vi väntar på besiktningen."))
    assert view.headline == "måndag 25 maj"
    assert view.line.endswith("Ny dag, eftersom vi väntar på besiktningen.")
    assert view.lines[-1].note == f"dag {len(view.steps)}, svar"


def test_days_that_we_waited_are_shown_and_not_counted() -> None:
    waited = explain(date(2026, 4, 30), 10, pauses=[Pause(date(2026, 5, 5), date(2026, 5, 7))])
    view = plain(AnswerPromise.in_progress(waited, date(2026, 5, 11)))
    assert [line.text for line in view.lines if line.note == "vi väntade på svar"] == [
        "onsdag 6 maj",
        "torsdag 7 maj",
    ]
    assert [cell.label for week in view.weeks for cell in week if cell and cell.label == "väntan"] == [
        "väntan"
    ] * 2


def test_one_day_is_said_in_the_singular() -> None:
    explanation = explain(date(2026, 5, 13), 1)
    assert (
        plain(AnswerPromise.for_new(explanation)).line
        == "Det är 1 arbetsdag. Kristi himmelsfärdsdag räknas inte."
    )
    expected = "1 arbetsdag räknas. 1 dag räknas inte: Kristi himmelsfärdsdag."
    assert plain(AnswerPromise.on_receipt(explanation)).line == expected
    assert plain(AnswerPromise.for_new(explanation)).steps == ["due"]


def test_a_skipped_holiday_begins_the_sentence_with_a_capital() -> None:
    assert plain(AnswerPromise.for_new(explain(date(2025, 4, 30), 1))).line.endswith(
        "Första maj räknas inte."
    )


def test_the_receipt_counts_what_is_counted_and_what_is_not() -> None:
    view = plain(AnswerPromise.on_receipt(RECEIPT))
    assert (view.label, view.headline) == ("Du får svar senast", "måndag 18 maj")
    assert view.line == (
        "10 arbetsdagar räknas. 8 dagar räknas inte: tre helger, första maj och Kristi himmelsfärdsdag."
    )
    assert view.ends is None


def test_the_receipts_calendar_is_the_one_drawn() -> None:
    view = plain(AnswerPromise.on_receipt(RECEIPT))
    assert labels(view) == [
        [None, None, None, "30 i dag", "1 maj röd dag", "2", "3"],
        ["4 dag 1", "5 dag 2", "6 dag 3", "7 dag 4", "8 dag 5", "9", "10"],
        ["11 dag 6", "12 dag 7", "13 dag 8", "14 röd dag", "15 dag 9", "16", "17"],
        ["18 svar", None, None, None, None, None, None],
    ]
    found = states(view)
    assert (found["today"], found["due"]) == (["2026-04-30"], ["2026-05-18"])
    assert (len(found["counted"]), len(found["skipped"])) == (9, 8)


def test_the_calendar_begins_on_a_monday() -> None:
    weekdays = plain(AnswerPromise.on_receipt(RECEIPT)).weekdays
    assert weekdays[0] == ("må", "måndag")
    assert [short for short, _ in weekdays] == ["må", "ti", "on", "to", "fr", "lö", "sö"]


def test_every_day_is_told_with_its_number_or_its_reason() -> None:
    rows = plain(AnswerPromise.on_receipt(RECEIPT)).lines
    assert rows[0] == deadline_breakdown.Line("torsdag 30 april", "i dag", counted=False)
    assert rows[1] == deadline_breakdown.Line("fredag 1 maj", "första maj", counted=False)
    assert rows[2] == deadline_breakdown.Line("lördag 2 maj", "helg", counted=False)
    assert rows[4] == deadline_breakdown.Line("måndag 4 maj", "dag 1", counted=True)
    assert rows[-1] == deadline_breakdown.Line("måndag 18 maj", "dag 10, svar", counted=True)
    assert len(rows) == 19


def test_the_day_of_arrival_is_day_zero_on_a_saturday_too() -> None:
    explanation = explain(date(2026, 5, 2), 10)
    view = plain(AnswerPromise.on_receipt(explanation))
    assert view.headline == "måndag 18 maj"
    assert view.line == (
        "Ärendet kom in lördag 2 maj. Dag 1 är måndag 4 maj. "
        "10 arbetsdagar räknas. 6 dagar räknas inte: en söndag, två helger och Kristi himmelsfärdsdag."
    )
    assert plain(AnswerPromise.for_new(explanation)).line.startswith("Det är 10 arbetsdagar. Helger och")
    assert labels(view)[1][0] == "4 dag 1"
    assert view.lines[2] == deadline_breakdown.Line("måndag 4 maj", "dag 1", counted=True)


def test_a_promise_of_the_earlier_rule_is_told_where_the_counting_begins() -> None:
    delay = [Pause(date(2026, 5, 2), date(2026, 5, 4), delays_start=True)]
    view = plain(AnswerPromise.in_progress(explain(date(2026, 5, 2), 10, pauses=delay), date(2026, 5, 6)))
    assert view.headline == "tisdag 19 maj"
    assert labels(view)[1][0] == "4 start"
    assert view.lines[0].note == "kom in"
    assert view.lines[2] == deadline_breakdown.Line("måndag 4 maj", "vi räknar härifrån", counted=False)


def test_christmas_is_told_in_words_and_crosses_the_year() -> None:
    view = plain(AnswerPromise.on_receipt(explain(date(2026, 12, 23), 10)))
    assert view.headline == "onsdag 13 januari 2027"
    assert view.line == (
        "10 arbetsdagar räknas. 11 dagar räknas inte: "
        "tre helger, julafton, juldagen, nyårsafton, nyårsdagen och trettondedag jul."
    )
    assert labels(view)[0][3:5] == ["24 afton", "25 röd dag"]
    assert labels(view)[1][4] == "1 jan röd dag"


def test_the_municipalitys_own_closed_day_is_named() -> None:
    view = plain(AnswerPromise.on_receipt(explain(date(2026, 5, 12), 3, BRIDGE)))
    assert view.line.endswith("4 dagar räknas inte: en helg, Kristi himmelsfärdsdag och klämdagen.")
    assert "15 stängt" in labels(view)[0]


def test_two_own_closed_days_of_one_name_are_told_once() -> None:
    own = {date(2026, 5, day): "personaldagar" for day in (19, 20)}
    assert plain(AnswerPromise.on_receipt(explain(date(2026, 5, 18), 1, own))).line.endswith(
        "personaldagar (två dagar)."
    )


@pytest.mark.parametrize(
    ("today", "line", "done"),
    [
        (date(2026, 4, 30), "Tio arbetsdagar kvar.", 0),
        (date(2026, 5, 2), "Tio arbetsdagar kvar.", 0),
        (date(2026, 5, 4), "Dag 1 av 10. Nio arbetsdagar kvar.", 1),
        (date(2026, 5, 9), "Dag 5 av 10. Fem arbetsdagar kvar.", 5),
        (date(2026, 5, 11), "Dag 6 av 10. Fyra arbetsdagar kvar.", 6),
        (date(2026, 5, 17), "Dag 9 av 10. En arbetsdag kvar.", 9),
        (date(2026, 5, 18), "Dag 10 av 10. Sista dagen.", 9),
    ],
)
def test_an_open_case_says_which_day_it_is(today: date, line: str, done: int) -> None:
    view = plain(AnswerPromise.in_progress(RECEIPT, today))
    assert (view.label, view.headline, view.line) == ("Svar senast", "måndag 18 maj", line)
    assert view.steps == [*["done"] * done, *["todo"] * (9 - done), "due"]


def test_steps_are_told_in_words() -> None:
    assert (
        plain(AnswerPromise.in_progress(RECEIPT, date(2026, 5, 11))).steps_text
        == "6 av 10 arbetsdagar har gått."
    )
    assert (
        plain(AnswerPromise.in_progress(RECEIPT, date(2026, 5, 19))).steps_text
        == "Alla arbetsdagar har gått."
    )
    assert plain(AnswerPromise.answered(RECEIPT, date(2026, 4, 30))).steps_text == "Vi höll löftet."


@pytest.mark.parametrize(
    ("today", "line"),
    [
        (date(2026, 5, 19), "Vi är en arbetsdag sena."),
        (date(2026, 5, 21), "Vi är tre arbetsdagar sena."),
        (date(2026, 5, 24), "Vi är fyra arbetsdagar sena."),
    ],
)
def test_a_late_case_says_so_and_keeps_the_date(today: date, line: str) -> None:
    view = plain(AnswerPromise.in_progress(RECEIPT, today))
    assert (view.label, view.headline, view.line) == ("Svaret skulle ha kommit", "måndag 18 maj", line)
    assert view.late_line == line
    assert view.steps == ["late"] * 10


def test_own_closed_days_do_not_count_as_late() -> None:
    explanation = explain(date(2026, 5, 12), 1, BRIDGE)
    assert plain(AnswerPromise.in_progress(explanation, date(2026, 5, 18))).line == "Vi är en arbetsdag sena."


def test_the_calendar_of_an_open_case_marks_today_and_the_arrival() -> None:
    view = plain(AnswerPromise.in_progress(RECEIPT, date(2026, 5, 11)))
    assert states(view)["today"] == ["2026-05-11"]
    assert labels(view)[0][3] == "30 kom in"
    assert view.lines[0].note == "kom in"


def test_a_kept_promise_says_how_long_it_took() -> None:
    view = plain(AnswerPromise.answered(RECEIPT, date(2026, 5, 11)))
    assert (view.label, view.headline) == ("Vi höll löftet. Svaret tog", "6 arbetsdagar")
    assert view.line == "Vi lovade svar senast måndag 18 maj."
    assert view.steps == [*["done"] * 9, "due"]
    assert view.iso == ""
    assert "today" not in states(view)


@pytest.mark.parametrize(
    ("answered", "label", "headline"),
    [
        (date(2026, 4, 30), "Vi höll löftet. Svaret kom", "samma dag"),
        (date(2026, 5, 2), "Vi höll löftet. Svaret tog", "mindre än en arbetsdag"),
        (date(2026, 5, 4), "Vi höll löftet. Svaret tog", "1 arbetsdag"),
        (date(2026, 5, 18), "Vi höll löftet. Svaret tog", "10 arbetsdagar"),
        (date(2026, 5, 19), "Svaret kom", "1 arbetsdag för sent"),
        (date(2026, 5, 20), "Svaret kom", "2 arbetsdagar för sent"),
    ],
)
def test_an_answer_is_measured_against_the_promise(answered: date, label: str, headline: str) -> None:
    view = plain(AnswerPromise.answered(RECEIPT, answered))
    assert (view.label, view.headline) == (label, headline)


@pytest.mark.parametrize("answered", [date(2026, 4, 30), date(2026, 5, 2), date(2026, 5, 18)])
def test_a_promise_that_was_kept_is_whole(answered: date) -> None:
    view = plain(AnswerPromise.answered(RECEIPT, answered))
    assert (view.steps, view.steps_text) == ([*["done"] * 9, "due"], "Vi höll löftet.")


@given(st.dates(date(2020, 1, 1), date(2035, 10, 31)), st.integers(1, 30))
def test_the_first_step_is_the_first_day_that_counts_and_never_the_day_of_arrival(
    arrival: date, working_days: int
) -> None:
    explanation = explain(arrival, working_days)
    first = next(day.date for day in explanation.days if day.counted)
    ends = plain(AnswerPromise.for_new(explanation)).ends
    assert ends is not None
    assert ends[0].split()[3] == str(first.day)
    told = plain(AnswerPromise.on_receipt(explanation)).line
    assert told.startswith("Ärendet kom in ") == (closed(arrival) is not None)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("vi väntar på besked från Trafikverket", "Ny dag, eftersom vi väntar på besked från Trafikverket."),
        ("Vi väntar på besiktningen.", "Ny dag, eftersom vi väntar på besiktningen."),
        ("Den som kan frågan har semester.", "Ny dag, eftersom den som kan frågan har semester."),
        ("Anna är sjuk", "Ny dag. Skäl: Anna är sjuk."),
        ("på grund av sjukdom", "Ny dag. Skäl: på grund av sjukdom."),
        ("Semester.", "Ny dag. Skäl: Semester."),
    ],
)
def test_the_reason_goes_on_where_the_sentence_began(reason: str, sentence: str) -> None:
    assert deadline_breakdown.new_day(reason) == sentence


def test_a_late_answer_boasts_of_nothing() -> None:
    view = plain(AnswerPromise.answered(RECEIPT, date(2026, 5, 20)))
    assert "Vi höll" not in f"{view.label} {view.headline} {view.line}"
    assert view.steps == ["late"] * 10


def test_every_swedish_holiday_has_its_word() -> None:
    days = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(365)]
    names = {why.name for day in days if (why := closed(day)) and why.name}
    assert names == set(deadline_breakdown._HOLIDAYS)


@given(st.dates(date(2020, 1, 1), date(2035, 10, 31)), st.integers(1, 30))
def test_the_calendar_shows_every_day_of_the_explanation_once(arrival: date, working_days: int) -> None:
    explanation = explain(arrival, working_days)
    view = plain(AnswerPromise.on_receipt(explanation))
    shown = [cell.iso for week in view.weeks for cell in week if cell]
    assert shown == [arrival.isoformat(), *(day.date.isoformat() for day in explanation.days)]
    assert all(len(week) == 7 for week in view.weeks)
    assert view.weeks[0] != [None] * 7 != view.weeks[-1]
    assert all(
        cell is None or date.fromisoformat(cell.iso).weekday() == place
        for week in view.weeks
        for place, cell in enumerate(week)
    )


@given(st.dates(date(2020, 1, 1), date(2035, 10, 31)), st.integers(1, 30))
def test_the_counted_rows_are_the_promised_days(arrival: date, working_days: int) -> None:
    view = plain(AnswerPromise.on_receipt(explain(arrival, working_days)))
    assert sum(row.counted for row in view.lines) == working_days == len(view.steps)


SUMMER = Summer(start="06-22", end="08-16", reason="Den som kan frågan har semester.")


@pytest.mark.parametrize(
    ("arrival", "told"),
    [
        (date(2026, 6, 4), False),
        (date(2026, 6, 5), True),
        (date(2026, 6, 22), True),
        (date(2026, 8, 16), True),
        (date(2026, 8, 17), False),
        (date(2026, 12, 20), False),
    ],
)
def test_the_exemption_of_summer_is_told_where_it_may_come(arrival: date, told: bool) -> None:
    expected = "I sommar, till och med söndag 16 augusti, kan svaret komma senare. Då får du veta en ny dag."
    explanation = explain(arrival, 10)
    for make in (AnswerPromise.for_new, AnswerPromise.on_receipt):
        assert plain(make(explanation, SUMMER)).exemption == (expected if told else "")
    assert plain(AnswerPromise.for_new(explanation)).exemption == ""


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_a_period_of_each_year_is_found_where_it_has_one_of_the_days(first: date, length: int) -> None:
    days = [first + timedelta(days=offset) for offset in range(length + 1)]
    within = [day for day in days if (6, 22) <= (day.month, day.day) <= (8, 16)]
    expected = date(within[0].year, 8, 16) if within else None
    assert SUMMER.end_within(first, days[-1]) == expected


def test_a_period_to_the_last_of_february_ends_there_every_year() -> None:
    winter = Summer(start="02-20", end="02-29", reason="Sportlov.")
    assert winter.end_within(date(2027, 2, 28), date(2027, 2, 28)) == date(2027, 2, 28)
    assert winter.end_within(date(2028, 2, 29), date(2028, 3, 1)) == date(2028, 2, 29)
