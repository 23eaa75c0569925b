"""Telephone numbers: how people write them, and which of them can take an SMS.

The Swedish ones are of the series that the numbering authority sets aside for fiction.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.formats.phone_numbers import is_in_countries, parse_mobile

ALVA = "+46701740612"


@pytest.mark.parametrize(
    "written",
    [
        "0701740612",
        "070-174 06 12",
        "070 – 174 06 12",
        "070\u2011174\u00a006\u00a012",
        "(070) 1740612",
        "070.174.06.12",
        "  0701740612\n",
        "\u202a070-174 06 12\u202c",
        "+46701740612",
        "+46 70 174 06 12",
        "+46 (0)70-174 06 12",
        "0046701740612",
        "00 46 70 174 06 12",
    ],
)
def test_a_swedish_mobile_number_is_understood_however_it_is_written(written: str) -> None:
    assert parse_mobile(written) == ALVA


@pytest.mark.parametrize("operator", ["70", "72", "73", "76", "79"])
def test_every_swedish_mobile_series_is_one(operator: str) -> None:
    assert parse_mobile(f"0{operator}1740612") == f"+46{operator}1740612"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+47 406 12 345", "+4740612345"),
        ("+45 20 12 34 56", "+4520123456"),
        ("0045 20 12 34 56", "+4520123456"),
        ("+358 50 1234567", "+358501234567"),
        ("+44 7911 123456", "+447911123456"),
        ("+1 202-555-0123", "+12025550123"),
    ],
)
def test_a_foreign_mobile_number_is_understood_with_its_country_code(written: str, number: str) -> None:
    assert parse_mobile(written) == number


@pytest.mark.parametrize("written", ["406 12 345", "20 12 34 56", "050 1234567", "07911 123456"])
def test_a_foreign_mobile_number_without_its_country_code_is_not_guessed_at(written: str) -> None:
    assert parse_mobile(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "08-465 004 12",
        "040-628 04 12",
        "+44 20 7946 0958",
        "020-12 34 56",
        "0900-123 45 67",
        "074-012 34 56",
        "112",
        "11414",
        "+883 5100 0000 0000",
    ],
)
def test_a_number_that_cannot_be_a_mobile_telephone_is_refused(written: str) -> None:
    assert parse_mobile(written) is None


@pytest.mark.parametrize(
    "written", ["070-174 06 1", "070-174 06 123", "+46 70", "+999 70 174 06 12", "+", ""]
)
def test_a_number_of_the_wrong_length_or_country_is_refused(written: str) -> None:
    assert parse_mobile(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "070-174 O6 12",
        "070-1SIGNAL",
        "tel:0701740612",
        "tel:+46701740612;phone-context=+46",
        "0701740612 ext 5",
        "0701740612x5",
        "0701740612#5",
        "070-174 06 12, 070-174 06 13",
        "070-174 06 12 / 13",
        "++46701740612",
        "070+1740612",
        "٠٧٠١٧٤٠٦١٢",
        "0701740612\x00",
        "🐄",
    ],
)
def test_what_is_not_only_a_number_is_refused_before_it_is_guessed_at(written: str) -> None:
    assert parse_mobile(written) is None


@given(st.text(st.sampled_from("+0123456789 -().") | st.characters(), max_size=300))
def test_whatever_is_written_gives_a_number_that_means_itself_or_none(written: str) -> None:
    number = parse_mobile(written)
    assert number is None or parse_mobile(number) == number


@given(st.integers(min_value=5, max_value=99), st.sampled_from([" ", "-", "", "(", ")", "\u00a0"]), st.data())
def test_forgiven_signs_change_nothing_wherever_they_stand(last: int, sign: str, data: st.DataObject) -> None:
    plain = f"07017406{last:02}"
    place = data.draw(st.integers(min_value=0, max_value=len(plain)))
    assert parse_mobile(plain[:place] + sign + plain[place:]) == f"+467017406{last:02}"


@given(st.characters(categories=["L"]), st.integers(min_value=0, max_value=10))
def test_a_letter_is_refused_wherever_it_stands(letter: str, place: int) -> None:
    assert parse_mobile("0701740612"[:place] + letter + "0701740612"[place:]) is None


@pytest.mark.parametrize(
    ("number", "countries", "expected"),
    [
        (ALVA, ["+46"], True),
        ("+263712345678", ["+46"], False),
        ("+4740612345", ["+46", "+47"], True),
        ("+4740612345", ["+4"], False),
        ("+358501234567", ["+35"], False),
        ("0701740612", ["+46"], False),
        ("", ["+46"], False),
        ("+", ["+46"], False),
    ],
)
def test_a_number_belongs_to_the_country_of_its_code(
    number: str, countries: list[str], expected: bool
) -> None:
    assert is_in_countries(number, countries) is expected
