"""Streets: however a street is written it is the same one, and other words are none."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.formats.places import streets


@pytest.mark.parametrize(
    "text",
    [
        "Storgatan 12",
        "storgatan 12 B",
        "STORGATAN 12",
        "Storg. 12",
        "Stor gatan 12",
        "vid Storgatan 12, lekplatsen",
        "utanför Storgatan 12",
        "Hål i gatan på Storgatan 12",
        "Storgata 12",
    ],
)
def test_a_street_is_the_same_however_it_is_written(text: str) -> None:
    found = streets.find(text)
    assert found is not None
    assert (found.key, found.house) == ("storgata", 12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Carl Gustafs väg 46", "Carl Gustafsvägen"),
        ("Dalbyv. 3", "dalby vägen 3"),
        ("Kapellgränd", "Kapellgränden 1"),
        ("Linné allén 2", "LINNEALLÉN"),
        ("Karl Johans gata", "på Karl Johansgatan 5"),
    ],
)
def test_two_ways_of_writing_one_street_have_one_key(one: str, other: str) -> None:
    first, second = streets.find(one), streets.find(other)
    assert first is not None
    assert second is not None
    assert first.key == second.key


@pytest.mark.parametrize(
    ("one", "other"), [("Storgatan", "Norra Storgatan"), ("Storgatan", "Storvägen"), ("Ågatan", "Agatan")]
)
def test_different_streets_have_different_keys(one: str, other: str) -> None:
    first, second = streets.find(one), streets.find(other)
    assert first is not None
    assert second is not None
    assert first.key != second.key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lekplatsen i Svanetorp",
        "cykelvägen mot Lund",
        "hålet i gatan",
        "Trasig belysning.",
        "parkeringen",
        "55.63791, 13.09423",
        "12",
    ],
)
def test_a_text_without_a_street_has_none(text: str) -> None:
    assert streets.find(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kalle Svensson Storgatan 3", "Storgatan"),
        ("hos Anna Berg Norra Storgatan 3", "Norra Storgatan"),
        ("Kalle Svensson stor gatan 3", "stor gatan"),
        ("Kalle Svensson Norra stor gatan 3", "Norra stor gatan"),
        ("Anna Berg 3", "Berg"),
    ],
)
def test_no_words_before_a_street_are_its_own(text: str, name: str) -> None:
    found = streets.find(text)
    assert found is not None
    assert found.name == name
    assert "kalle" not in found.key


def test_a_lamppost_or_a_telephone_is_no_house() -> None:
    found = streets.find("Storgatan 123456")
    assert found is not None
    assert found.house is None


def test_the_name_is_as_it_was_written() -> None:
    found = streets.find("vid Norra Storgatan 3, till vänster")
    assert found is not None
    assert found.name == "Norra Storgatan"


@pytest.mark.parametrize("sign", ["²", "①", "௰", "½"])
def test_a_sign_that_is_no_decimal_is_no_house(sign: str) -> None:
    found = streets.find(f"Storgatan {sign}")
    assert found is not None
    assert found.house is None


@given(st.text(max_size=400))
@example("Torget ²")
def test_any_text_has_a_street_with_a_key_or_none(text: str) -> None:
    found = streets.find(text)
    assert found is None or found.key
