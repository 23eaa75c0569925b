"""Personnummer and samordningsnummer: official test numbers hold, what only looks like one does not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.formats.identity_numbers import find, is_valid

EXPECTED = Path(__file__).parents[1] / "expected"


def official(name: str) -> list[str]:
    lines = (EXPECTED / f"test-{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


PERSONNUMMER, SAMORDNINGSNUMMER = official("personnummer"), official("samordningsnummer")
ONE = PERSONNUMMER[200]


def with_check_digit(digits: str) -> str:
    """Eleven digits and the twelfth that makes them hold."""
    return next(digits + last for last in "0123456789" if _luhn(digits[2:] + last))


def _luhn(digits: str) -> bool:
    doubled = [sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0


def test_the_lists_are_as_long_as_they_should_be() -> None:
    assert len(PERSONNUMMER) == len(set(PERSONNUMMER)) == 412
    assert len(SAMORDNINGSNUMMER) == len(set(SAMORDNINGSNUMMER)) == 2264


def test_every_official_test_personnummer_holds() -> None:
    assert [number for number in PERSONNUMMER if not is_valid(number)] == []


def test_every_official_test_samordningsnummer_holds() -> None:
    assert [number for number in SAMORDNINGSNUMMER if not is_valid(number)] == []


@given(st.sampled_from(PERSONNUMMER + SAMORDNINGSNUMMER), st.integers(2, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(number: str, place: int, step: int) -> None:
    changed = str((int(number[place]) + step) % 10)
    assert not is_valid(number[:place] + changed + number[place + 1 :])


@pytest.mark.parametrize(
    "date",
    [
        *("19840229", "20000229", "18991231", "20251231"),
        *("19840666", "19840060", "19840691"),
    ],
)
def test_a_date_that_can_be_holds(date: str) -> None:
    assert is_valid(with_check_digit(f"{date}238"))


@pytest.mark.parametrize(
    "date",
    [
        *("19830229", "19000229", "19840231", "19840631", "19841301", "19840001", "19840100", "00000101"),
        *("19840132", "19840159", "19840692", "19841361"),
    ],
)
def test_a_date_that_cannot_be_does_not_hold_though_its_check_digit_does(date: str) -> None:
    assert not is_valid(with_check_digit(f"{date}238"))


@pytest.mark.parametrize(
    "written",
    [
        "",
        ONE[2:],
        ONE + "0",
        ONE[:-1],
        f"{ONE[:8]}-{ONE[8:]}",
        f" {ONE}",
        f"{ONE}\n",
        ONE.replace(ONE[-1], "A"),
        ONE.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        ONE.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        ONE.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
        "-" + ONE[1:],
        "TF" + ONE[2:],
    ],
)
def test_only_twelve_plain_digits_hold(written: str) -> None:
    assert not is_valid(written)


@given(st.text(max_size=14))
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_valid(text) in (True, False)


WAYS = (
    "{0}{1}{2}{3}-{4}",
    "{0}{1}{2}{3}{4}",
    "{1}{2}{3}-{4}",
    "{1}{2}{3}+{4}",
    "{1}{2}{3} {4}",
    "{0}{1}{2}{3} - {4}",
    "{0}{1}-{2}-{3}-{4}",
    "{0}{1}-{2}-{3} {4}",
    "{1} {2} {3}-{4}",
    "{0}{1}{2}{3}\N{EN DASH}{4}",
    "{0}{1}{2}{3}\N{NON-BREAKING HYPHEN}{4}",
    "{1}{2}{3}\N{NO-BREAK SPACE}{4}",
)
AROUND = st.sampled_from(["", " ", "Mitt nummer är ", "(", "\n", ".", "pnr:", "å"])
OFFICIAL = PERSONNUMMER + SAMORDNINGSNUMMER
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@given(
    st.sampled_from(PERSONNUMMER + SAMORDNINGSNUMMER), st.sampled_from(WAYS), AROUND, AROUND, st.booleans()
)
def test_a_number_is_found_in_a_text_however_it_is_written(
    number: str, way: str, before: str, after: str, wide: bool
) -> None:
    written = way.format(number[:2], number[2:4], number[4:6], number[6:8], number[8:])
    written = written.translate(WIDE) if wide else written
    assert find(f"{before}{written}{after}") == [written]


@pytest.mark.parametrize(
    "text",
    [
        "Ring 070-123 45 67 eller 0701234567.",
        "08-465 004 00",
        "KB-2026-000123",
        "Mötet är 2026-11-28 kl. 10.30.",
        "Fakturan 12345678901234567890",
        f"1{ONE}",
        f"{ONE}1",
        "",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert find(text) == []


@given(st.integers(0, 9_999_999_999).map(lambda number: f"07{number % 100_000_000:08}"))
def test_a_mobile_number_is_never_taken_for_one(number: str) -> None:
    assert find(f"Ring {number}.") == []
