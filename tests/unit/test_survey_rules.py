"""The shares of the survey: no period with fewer than five answers, and only the days of the period."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.statistics.survey_rules import (
    SurveyCount,
    SurveyFigures,
    complete,
    nested_figures,
    survey_figures,
)
from portal.statistics.unit_rules import Period, Share, periods
from portal.surveys.rules import Helped, Treatment

FIRST = dt.date(2026, 5, 4)
WEEK = Period(FIRST, FIRST + dt.timedelta(days=6))
COUNTS = st.lists(
    st.builds(
        SurveyCount,
        st.dates(FIRST - dt.timedelta(days=3), FIRST + dt.timedelta(days=9)),
        st.sampled_from(Helped),
        st.sampled_from(Treatment),
        st.integers(1, 4),
    ),
    max_size=8,
)


@pytest.mark.parametrize(("count", "is_shown"), [(4, False), (5, True)])
def test_fewer_than_five_answers_give_no_figure(count: int, is_shown: bool) -> None:
    counts = [SurveyCount(FIRST, Helped.YES, Treatment.BAD, count)]
    expected = SurveyFigures(Share(count, count), Share(0, count)) if is_shown else None
    assert survey_figures(counts, WEEK) == expected


@given(COUNTS)
def test_each_answer_of_the_period_is_counted_once(counts: list[SurveyCount]) -> None:
    inside = [row for row in counts for _ in range(row.count) if FIRST <= row.day <= WEEK.last]
    figures = survey_figures(counts, WEEK)
    if len(inside) < 5:
        assert figures is None
    else:
        assert figures
        assert figures.helped == Share([row.helped for row in inside].count(Helped.YES), len(inside))
        good = [row.treatment for row in inside].count(Treatment.GOOD)
        assert figures.treated_well == Share(good, len(inside))


@given(
    st.lists(
        st.tuples(
            st.integers(1, 2),
            st.integers(1, 2),
            st.sampled_from(Helped),
            st.sampled_from(Treatment),
            st.integers(1, 4),
        ),
        max_size=12,
    )
)
def test_a_part_has_five_answers_and_each_of_them_once(
    rows: list[tuple[int, int, Helped, Treatment, int]],
) -> None:
    parts = complete(rows)
    for place in {row[:2] for row in rows}:
        count = sum(row[4] for row in rows if row[:2] == place)
        assert (place in parts) == (count >= 5)
        if place in parts:
            sums = parts[place]
            assert sums["survey"] == count
            assert sum(sums[f"helped.{helped}"] for helped in Helped) == count
            assert sum(sums[f"treatment.{treatment}"] for treatment in Treatment) == count


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 7)), max_size=6))
def test_no_two_periods_differ_by_fewer_than_five_answers(answers: list[tuple[int, int]]) -> None:
    counts = [
        SurveyCount(FIRST - dt.timedelta(days=ago), Helped.NO, Treatment.BAD, count) for ago, count in answers
    ]
    shown = [row.helped.total for row in nested_figures(counts, periods(FIRST + dt.timedelta(days=3))) if row]
    for place, total in enumerate(shown):
        assert all(total == other or total - other >= 5 for other in [0, *shown[:place]])


def test_a_period_with_one_answer_more_than_a_shorter_one_is_not_shown() -> None:
    monday = dt.date(2026, 5, 4)
    five = SurveyCount(dt.date(2026, 4, 20), Helped.YES, Treatment.GOOD, 5)
    one = SurveyCount(dt.date(2026, 3, 3), Helped.NO, Treatment.BAD, 1)
    shown = SurveyFigures(Share(5, 5), Share(5, 5))
    assert nested_figures([five, one], periods(monday)) == [None, shown, None]
    assert nested_figures([five], periods(monday)) == [None, shown, shown]
