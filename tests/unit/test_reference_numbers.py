"""Case numbers as people read and write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases import reference_numbers

PREFIXES = st.from_regex(r"[A-Z]{1,5}", fullmatch=True)
YEARS, SERIES = st.integers(1000, 9999), st.integers(1, 999_999_999)


def test_a_number_is_written_with_prefix_year_and_six_digits() -> None:
    assert reference_numbers.formatted("KB", 2026, 413) == "KB-2026-000413"


def test_a_year_of_more_than_a_million_cases_only_makes_the_number_longer() -> None:
    assert reference_numbers.formatted("KB", 2026, 1_000_000) == "KB-2026-1000000"


@given(PREFIXES, YEARS, SERIES)
def test_what_is_written_is_read_back(prefix: str, year: int, number: int) -> None:
    assert reference_numbers.parse(prefix, reference_numbers.formatted(prefix, year, number)) == (
        year,
        number,
    )


@pytest.mark.parametrize(
    "text", ["kb-2026-000413", " KB 2026 000413 ", "KB2026000413", "KB–2026—000413", "kb\u00a02026-000413\n"]
)
def test_small_letters_spaces_and_hyphens_are_forgiven(text: str) -> None:
    assert reference_numbers.parse("KB", text) == (2026, 413)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KB",
        "000413",
        "2026-000413",
        "KN-2026-000413",
        "KB-26-000413",
        "KB-2026-0004130000",
        "KB-2026-00041a",
        "KB-2026-٠٠٠٤١٣",
        "KB-2026-000413; DROP TABLE",
        "KB/2026/000413",
        "KB-2026-000413\x00",
    ],
)
def test_what_no_number_can_be_is_refused(text: str) -> None:
    assert reference_numbers.parse("KB", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Ärende KB-2026-000413,",
        "ärendenummer: KB-2026-000413.",
        "nr. KB–2026–413",
        "Case no. KB-2026-000413",
        "(KB-2026-000413)",
        "”KB-2026-000413”",
        "KB\u22122026\u2212413",
        "\ufeffKB-2026-000413\u200b",
        "KB-2026\u00ad-000413",
        "ＫＢ－２０２６－０００４１３",
        "KB-2026-413",
        "KB2026 413",
        "KB-2026-000 413",
        "\u202aKB-2026-000413\u202c",
        "KB-2026-000413\u2028",
        "\tKB-2026-000413\t",
    ],
)
def test_what_is_copied_along_with_a_number_is_forgiven(text: str) -> None:
    assert reference_numbers.parse("KB", text) == (2026, 413)


@pytest.mark.parametrize("text", ["KB2026413", "413", "000413", "KB-2026-0004130000"])
def test_a_number_whose_year_is_not_plain_is_refused(text: str) -> None:
    assert reference_numbers.parse("KB", text) is None


@pytest.mark.parametrize(
    "text", ["413", "000413", " 413 ", "nr 413", "ärende 000413,", "\u200b413", "４１３"]
)
def test_a_number_alone_is_one_of_the_year_that_the_caller_names(text: str) -> None:
    assert reference_numbers.parse("KB", text, 2026) == (2026, 413)


@pytest.mark.parametrize("text", ["0701740612", "413 kg", "4 13", "-", "", "12B", "2026-413"])
def test_what_is_not_a_number_alone_is_none_of_the_year(text: str) -> None:
    assert reference_numbers.parse("KB", text, 2026) is None


@given(st.text())
def test_nothing_that_is_written_can_break_the_reading(text: str) -> None:
    found = reference_numbers.parse("KB", text)
    assert found is None or found[1] <= 999_999_999
