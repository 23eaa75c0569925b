"""Masked texts name no one, keep the rest, and take time in proportion to their length."""

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.formats.anonymisation import Details, Mask, has_whole_name, masked, names

KNOWN = Details(
    "KB", names("Maria Svensson", "Bo Ek"), ("Slottsstigen\nBurlöv 5",), kept_phones=("040-625 60 00",)
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hej Maria Svensson!\nTack.", "Hej [Skriv namn]!\nTack."),
        ("Hej Karl-Erik,\nTack.", "Hej [Skriv namn],\nTack."),
        ("Hej och tack.", "Hej och tack."),
        ("MARIAS lampa och Bos. Vi bor kvar.", "[Skriv namn] lampa och [Skriv namn]. Vi bor kvar."),
        ("Mejla maria@exempel.se.", "Mejla [Skriv e-postadress]."),
        ("Ring 0411-57 70 00.", "Ring [Skriv telefonnummer]."),
        ("Ring +46 (0)70 123 45 67 (070-1234567).", "Ring [Skriv telefonnummer] ([Skriv telefonnummer])."),
        ("Ring 040-625 60 00 eller +46406256000.", "Ring 040-625 60 00 eller +46406256000."),
        ("Numret är 870420-2392.", "Numret är [Skriv personnummer]."),
        ("Se kb-2026-000123 och KB 2026 12.", "Se [Skriv ärendenummer] och [Skriv ärendenummer]."),
        ("Östra Storgatan 12 B är klar.", "Östra [Skriv adress] är klar."),
        ("slottsstigen i BURLÖV 5", "[Skriv adress] i [Skriv adress]"),
        ("Den 2026-09-01 08.00-16.00, 1 000 000 kr.", "Den 2026-09-01 08.00-16.00, 1 000 000 kr."),
        ("Storgatan lagas i maj.", "Storgatan lagas i maj."),
    ],
)
def test_what_names_a_person_is_replaced_by_a_prompt_and_the_rest_stays(text: str, shown: str) -> None:
    assert masked(text, KNOWN) == shown


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Jag talade med Rut Alm i går.", True),
        ("Det sa hon, Åsa Öberg.", True),
        ("Rut talade med Alm. Sedan Gick hon.", False),
        ("Hej. Vi Ses i Burlöv.", False),
        ("Jag ringde SMHI och Malmö.", False),
    ],
)
def test_two_capitalised_words_in_a_row_within_a_sentence_may_be_a_name(text: str, is_name: bool) -> None:
    assert has_whole_name(text) is is_name


@given(
    st.text(alphabet="abåA 0-9\n.,@", max_size=60), st.sampled_from([*KNOWN.names, "m@x.se", "870420-2392"])
)
def test_no_known_detail_is_left_wherever_it_is_a_word_of_its_own(around: str, detail: str) -> None:
    shown = masked(f"{around}; {detail} ;{around}", KNOWN)
    assert detail not in shown.replace(Mask.NAME, "")


@pytest.mark.parametrize(
    "text",
    ["a-" * 10_000, "Hej " * 5_000, "0 " * 10_000, "Aa-" * 6_000, "\n" * 20_000, "Hej A " + "Ab " * 6_000],
)
def test_a_long_text_is_masked_in_proportion_to_its_length(text: str) -> None:
    began = thread_time()
    masked(text, KNOWN)
    has_whole_name(text)
    assert thread_time() - began < 2
