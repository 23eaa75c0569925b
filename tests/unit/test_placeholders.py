"""What stands in braces: found whatever its capitals, refused when unknown, and never a hole in the text."""

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from portal.organisation.placeholders import ALL, Placeholder, fill, unknown
from portal.words.placeholders import PLACEHOLDER

VALUES = {
    Placeholder.NAME: "Maja",
    Placeholder.NUMBER: "KB-2026-000123",
    Placeholder.SUBJECT: "Lekplatsen {namn}",
    Placeholder.OFFICER: "Anna Lindqvist",
    Placeholder.DUE: "senast måndag 18 maj",
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hej {namn},", "Hej Maja,"),
        ("Hej { Namn },\n{HANDLÄGGARE}", "Hej Maja,\nAnna Lindqvist"),
        ("Du får svar {svar  senast}.", "Du får svar senast måndag 18 maj."),
        ("{handla\u0308ggare}", "Anna Lindqvist"),
        ("Om {rubrik}", "Om Lekplatsen {namn}"),
        ("Ingen", "Ingen"),
    ],
)
def test_each_is_replaced_once_by_its_value(text: str, filled: str) -> None:
    assert unknown(text) == []
    assert fill(text, VALUES) == filled


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hej {namn},", "Hej,"),
        ("Hej, {namn}.", "Hej,."),
        ("Tack {namn} för din fråga.", "Tack för din fråga."),
        ("{namn}, tack för din fråga.", "Tack för din fråga."),
        ("Hej.\n{namn}: öppet igen", "Hej.\nÖppet igen"),
        ("{namn}", ""),
        ("{namn}{nummer}", "KB-2026-000123"),
    ],
)
def test_a_missing_name_leaves_no_hole(text: str, filled: str) -> None:
    assert fill(text, VALUES | {Placeholder.NAME: ""}) == filled


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Hej {förnamn} och {namn} och {förnamn}", ["{förnamn}"]),
        ("Hej {}", ["{}"]),
        ("Hej {namn", ["{"]),
        ("Hej namn}", ["}"]),
        ("{na\nmn}", ["{", "}"]),
        ("{{namn}}", ["{", "}"]),
        ("{namn.__class__}", ["{namn.__class__}"]),
    ],
)
def test_what_is_none_is_named(text: str, wrong: list[str]) -> None:
    assert unknown(text) == wrong


@given(st.lists(st.sampled_from([*ALL, "Hej", " ", ",", "\n", "ö"])), st.sets(st.sampled_from(Placeholder)))
def test_nothing_in_braces_is_left_whatever_is_missing(parts: list[str], missing: set[Placeholder]) -> None:
    values = {each: "" if each in missing else each.name for each in Placeholder}
    filled = fill("".join(parts), values)
    assert unknown(filled) == []
    assert not {"{", "}", "\0"} & set(filled)


def test_each_has_its_words_and_an_example() -> None:
    app = Flask(__name__)
    Babel(app, default_locale="sv")
    with app.app_context():
        assert set(PLACEHOLDER) == set(Placeholder)
        assert all(str(each.text) and str(each.example) for each in PLACEHOLDER.values())
