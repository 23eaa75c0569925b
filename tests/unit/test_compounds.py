"""Compounds are split into the listed words that they are made of."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.search import analysis, compounds
from portal.cases.search.word_forms import MAX_LETTERS, fold, stem


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("gatubelysning", "gata belysning"),
        ("Gatubelysningen", "gatan belysningen"),
        ("snöröjningen", "snö röjning"),
        ("lekplatserna", "lek plats"),
        ("förskoleplats", "förskola plats"),
        ("äldreomsorgen", "äldre omsorg"),
        ("hemtjänst", "hem tjänst"),
        ("bygglovet", "bygg lov"),
        ("parkeringsböter", "parkering böter"),
        ("sophämtning", "sopor hämtning"),
        ("cykelbanan", "cykel bana"),
        ("vattenläckan", "vatten läcka"),
        ("lekplatsgungan", "lekplats gunga"),
        ("bygglovshandläggare", "bygglov handläggare"),
        ("elräkningen", "el räkning"),
        ("skolmat", "skolan mat"),
    ],
)
def test_a_compound_is_split_into_its_parts(compound: str, parts: str) -> None:
    assert compounds.parts(fold(compound)) == tuple(stem(fold(word)) for word in parts.split())


@pytest.mark.parametrize(
    "word", ["kontakt", "inspark", "balkong", "gunga", "sturebyparken", "en", "", "12b", "cafépark"]
)
def test_what_is_not_made_of_listed_words_alone_is_no_compound(word: str) -> None:
    assert compounds.parts(fold(word)) == ()


@given(st.text(alphabet="abdeghiklmnoprstuväåö", max_size=MAX_LETTERS))
def test_every_word_has_an_answer(word: str) -> None:
    parts = compounds.parts(word)
    assert len(parts) != 1
    assert all(parts)


@given(st.lists(st.sampled_from(["gatu", "snö", "lek", "parkerings", "is", "el"]), max_size=20))
def test_the_longest_words_cost_no_more_than_their_length(forms: list[str]) -> None:
    word = "".join(forms)[:MAX_LETTERS]
    started = time.thread_time()
    compounds.parts.__wrapped__(word)
    assert time.thread_time() - started < 0.05


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Gatubelysningen är trasig", "belysning"),
        ("Gatubelysningen är trasig", "gatan"),
        ("Ingen snöröjning än", "röjning"),
        ("Fick parkeringsböter", "parkering"),
        ("Tre förskoleplatser", "plats"),
        ("Gatu-belysningen", "belysning"),
    ],
)
def test_a_part_finds_the_compound(text: str, query: str) -> None:
    assert analysis.places(analysis.clean(text), analysis.parse(query).terms)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Belysningen på gatan är trasig", "gatubelysning"),
        ("Gatubelysningen", '"gata belysning"'),
        ("Gatubelysningen trasig", '"belysning trasig"'),
    ],
)
def test_a_compound_is_not_its_parts_and_no_phrase_runs_into_it(text: str, query: str) -> None:
    assert not analysis.places(analysis.clean(text), analysis.parse(query).terms)
