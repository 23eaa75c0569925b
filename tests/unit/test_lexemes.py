"""The lexemes of the index: those of a case, and the expressions that look for them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.search import analysis, lexemes

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def holds(expression: str, having: set[str]) -> bool:
    """Whether an expression holds, as the databases read it."""
    python = re.sub(r"[a-z][a-z0-9]*", lambda match: str(match[0] in having), expression)
    return bool(eval(python.replace("|", " or ").replace("&", " and ")))


@given(MOMENTS, MOMENTS, st.booleans())
def test_each_moment_on_the_way_is_in_one_span(start: datetime, other: datetime, down: bool) -> None:
    having = set(lexemes.of_moment(other))
    *spans, rest = lexemes.windows(lexemes.unit_of(start), down)
    is_rest = other < rest.begins if down else other >= rest.begins
    times = sum(holds(span.expression, having) for span in spans) + is_rest
    beyond = (
        lexemes.unit_of(other) > lexemes.unit_of(start)
        if down
        else lexemes.unit_of(other) < lexemes.unit_of(start)
    )
    assert times == 1 or (beyond and times <= 1)


@given(MOMENTS)
def test_the_first_span_is_of_days_and_all_of_them_are_of_decades(start: datetime) -> None:
    first, second, *_others, rest = lexemes.windows(lexemes.unit_of(start), down=True)
    assert timedelta() < start - second.begins + timedelta(days=1) < timedelta(days=5)
    assert start - rest.begins > timedelta(days=19 * 365)
    assert first.expression.count("|") < lexemes.FACTOR + 1


@pytest.mark.parametrize(
    "word", ["gunga", "belysningen", "å" * 64, "12b", "070-123 45 67", "gatubelysning", "e-post"]
)
def test_what_a_query_finds_in_a_text_its_expression_finds_in_the_lexemes(word: str) -> None:
    having = lexemes.of_rows(analysis.stored(f"En {word} är trasig"))
    for length in range(4, len(word) + 1):
        terms = analysis.parse(word[:length]).terms
        if terms and all(analysis.places(f"En {word} är trasig", [term]) for term in terms):
            assert holds(lexemes.of_terms(terms), having)
    assert not holds(lexemes.of_terms(analysis.parse("elefant").terms), having)


@given(st.text(min_size=4), st.text())
def test_no_text_has_a_hit_that_its_lexemes_have_not(query: str, more: str) -> None:
    text = analysis.clean(f"{more} {query}")
    terms = analysis.parse(query).terms
    if terms and all(analysis.places(text, [term]) for term in terms):
        assert holds(lexemes.of_terms(terms), lexemes.of_rows(analysis.stored(text)))
