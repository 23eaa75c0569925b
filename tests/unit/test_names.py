"""The given name of a greeting, from names as people and providers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.formats.names import given_name


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Maja Svensson", "Maja"),
        ("Svensson, Maja", "Maja"),
        ("Svensson,Maja", "Maja"),
        ("SVENSSON, MAJA KARIN", "Maja"),
        ("Svensson, Maja Karin", "Maja"),
        ("von Essen, Anna-Karin", "Anna-Karin"),
        ("ANNA-KARIN VON ESSEN", "Anna-Karin"),
        ("Maja", "Maja"),
        ("  Maja \t Svensson ", "Maja"),
        ("Ma\u200bja Svensson", "Maja"),
        ("\ufeffMaja\u00ad Svensson", "Maja"),
        ("\u202eMaja\u202c Svensson", "Maja"),
        ("Svensson\u200b, \u200bMaja", "Maja"),
        ("Åsa Öberg", "Åsa"),
        ("A\u030asa O\u0308berg", "Åsa"),
        ("Dr. Maja Svensson", "Maja"),
        ("Svensson, Dr Maja", "Maja"),
        ("Fru Maja Svensson", "Maja"),
        ("Maja Svensson, ordförande", "Maja"),
        ("Maja Svensson, Jr.", "Maja"),
        ("Maja Svensson, 041-12 34 56", "Maja"),
        ("Maja Svensson,", "Maja"),
        (", Maja", "Maja"),
        ("Svensson, Maja, Malmö", "Maja"),
        ("E. Maja Svensson", "Maja"),
        ("Li Wei", "Li"),
        ("李 伟", "李"),
        ("محمد علی", "محمد"),
        ("Jean-Luc Picard", "Jean-Luc"),
        ("D'Arcy Wretzky", "D'Arcy"),
    ],
)
def test_the_given_name_is_the_one_of_a_greeting(name: str, greeted: str) -> None:
    assert given_name(name) == greeted


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ",", ",,", "-", "Svensson,", "Svensson, ", "M Svensson", "M. S.", "maja@exempel.se"),
        *("0701740605", "\u200b", "Herr", "Dr.", "???", "a" * 200, "https://exempel.se"),
    ],
)
def test_no_name_at_all_is_better_than_a_wrong_one(name: str) -> None:
    assert given_name(name) == ""


@given(st.text())
def test_a_greeting_never_has_a_comma_or_a_space(name: str) -> None:
    greeted = given_name(name)
    assert "," not in greeted
    assert not greeted or greeted.split() == [greeted]
