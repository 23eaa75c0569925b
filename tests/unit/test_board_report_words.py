"""Which words have grown: counted in cases, whole, and none that names a person."""

import pytest

from portal.board_reports import word_counts
from portal.board_reports.word_counts import GrownWord, WordCounts, grown_words


def counted(*texts: str) -> WordCounts:
    counts = WordCounts()
    for text in texts:
        counts.add(text)
    return counts


def quiet(count: int) -> list[str]:
    """Cases of other things, each its own."""
    return [f"om {chr(97 + number) * 4} igen" for number in range(count)]


def grown(now: list[str], before: list[str], *names: str) -> list[GrownWord]:
    return grown_words(counted(*now, *quiet(15)), counted(*before), frozenset(names))


def test_a_word_of_five_cases_and_twice_as_many_as_before_has_grown() -> None:
    assert grown(["det är hal is"] * 5, ["det är hal is"] * 2) == [GrownWord("hal", 5, 2)]
    assert grown(["det är hal is"] * 5, ["det är hal is"] * 3) == []
    assert grown(["det är hal is"] * 4, []) == []


def test_a_word_is_counted_once_in_a_case_and_shown_in_its_most_common_form() -> None:
    now = ["en buss, buss och buss"] * 2 + ["alla bussar och bussarna"] * 3 + ["här är bussen"]
    assert grown(now, []) == [GrownWord("bussar", 6, 0)]


def test_a_word_in_more_than_a_third_of_the_cases_says_nothing() -> None:
    assert grown(["det är hal is"] * 7, []) == [GrownWord("hal", 7, 0)]
    assert grown(["det är hal is"] * 8, []) == []


def test_numbers_and_short_and_usual_words_are_no_words() -> None:
    assert grown(["så 0701234567 12b är de vi och ni"] * 6, []) == []


def test_names_of_people_are_left_out() -> None:
    texts = ["jag såg kalle där"] * 5
    assert [word.form for word in grown(texts, [], "kalle")] == ["såg"]
    assert [word.form for word in grown(["det är kalles bil"] * 5, [], "kalle")] == ["bil"]


def test_a_word_that_is_mostly_written_as_a_name_is_left_out() -> None:
    texts = ["Rektor Berit sa nej. Berit sa nej igen"] * 5
    assert [word.form for word in grown(texts, [])] == ["nej"]
    # At the beginning of a sentence every word has a capital letter.
    texts = ["Halkan är svår.\nHalkan är här, ja halkan"] * 5
    assert [word.form for word in grown(texts, [])] == ["halkan", "svår"]


def test_at_most_ten_are_shown_those_that_grew_most_first() -> None:
    now = []
    for number in range(12):
        now += [f"det är {'x' * (number + 3)}"] * (5 + number)
    words = grown(now, [])
    assert len(words) == word_counts.MAX_SHOWN
    assert words[0].now == 16


def test_what_one_case_alone_has_is_forgotten_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(word_counts, "MAX_DIFFERENT", 20)
    counts = counted(*["det är hal is"] * 6, *(f"om {chr(97 + number) * 5}" for number in range(26)))
    assert len(counts.forms) <= 21
    assert counts.stems["hal"] == 6
