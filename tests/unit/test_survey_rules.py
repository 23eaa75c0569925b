"""The shares of the survey: no period with fewer than five answers, and only the days of the period."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.statistics.survey_rules import SurveyCount, SurveyFigures, survey_figures
from portal.statistics.unit_rules import Period, Share
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
