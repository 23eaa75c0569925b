"""The readability index, against texts that are counted by hand."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.answers.readability import HARD, lix

# 21 words, none of more than six signs.
SHORT = "Vi har lagat gungan nu. Du kan gå dit när du vill. Den är hel, och den är ny i dag."
# 26 words, ten of them long.
LONG = (
    "Kommunen granskar samtliga lekplatser varje vecka, men gungan i parken hade skadats efter den senaste "
    "granskningen. Förvaltningen ersätter därför gungan och lagar staketet nu, i dag."
)

# An index of 65, which the short sentences of a template lower.
HARD_BODY = (
    "Parkenheten har besiktigat gungorna på lekplatsen och funnit att flera infästningar är skadade av rost, "
    "vilket innebär att gungorna måste vara avstängda tills reservdelarna har levererats. Vi räknar med att "
    "leverantören kan montera de nya delarna under hösten, men eftersom beställningen omfattar flera "
    "lekplatser i kommunen kan tidpunkten komma att ändras."
)


def test_it_is_words_a_sentence_and_the_share_of_long_words() -> None:
    assert lix(SHORT) == round(21 / 3)
    assert lix(LONG) == round(26 / 2 + 100 * 10 / 26)


def test_abbreviations_and_figures_end_no_sentence() -> None:
    assert lix(SHORT.replace("lagat", "t.ex. lagat")) == round(22 / 3)
    assert lix(SHORT.replace("nu", "nu kl. 10")) == round(23 / 3)


def test_a_line_that_ends_no_sentence_is_none() -> None:
    assert lix(SHORT.replace("gungan nu", "gungan\n  nu")) == lix(SHORT)
    assert lix(SHORT.replace("gungan nu", "gungan\n\nNu")) == lix(SHORT)
    assert lix(SHORT.replace(". ", ".\n\n")) == lix(SHORT)
    assert lix(SHORT.replace("nu. Du", "t.ex.\nnu du")) == round(22 / 2)
    assert lix(SHORT.replace("nu. Du", "nu.\n2 maj kan du")) == round(24 / 3)


def test_an_item_of_a_list_is_a_sentence_if_it_has_five_words() -> None:
    items = ["ditt namn och din ort", "hur det gick för dig", "var du var den dagen", "när du kan ses här"]
    for mark in ("- ", "• ", "1. ", "  2) "):
        assert lix("Vi vill veta\n" + "\n".join(mark + item for item in items)) == round(23 / 4)
        short = "\n".join(mark + word for item in items for word in item.split())
        assert lix(f"Vi vill veta\n{short}\nnu.") == 24
    assert lix("- " + SHORT.replace(". ", "\n- ")) == lix(SHORT)
    assert lix("- " + SHORT.replace("när du", "när\n  du").replace(". ", "\n- ")) == lix(SHORT)


@pytest.mark.parametrize("greeting", ["Hej Anna Ek,\n\n", "Hej!\n", "Hej\n", "\nHejsan Bo! ", "God dag, "])
@pytest.mark.parametrize(
    "closing", ["Vänliga hälsningar\nAnna Ek", "Med vänlig hälsning,\nBo", "Hälsningar\nBo", "Mvh Bo", ""]
)
def test_greeting_and_signature_are_not_measured(greeting: str, closing: str) -> None:
    signature = f"\n\n{closing}\nParkenheten, Exempelkommun\n0123-45 67 89" if closing else ""
    for text in (SHORT, LONG):
        assert lix(f"{greeting}{text}{signature}") == lix(text)


def templates() -> list[str]:
    """The Swedish templates of every profile."""
    profiles = Path("portal/organisation/profiles").glob("*.toml")
    every = [row for file in profiles for row in tomllib.loads(file.read_text())["answer_templates"]]
    texts = {str(row["text"]) for row in every if row["language"] == "sv"}
    return sorted(texts)


@pytest.mark.parametrize("template", templates())
def test_a_template_makes_no_hard_answer_easy_and_no_easy_one_hard(template: str) -> None:
    for body, is_hard in ((HARD_BODY, True), (SHORT, False)):
        around = re.sub(r"\[Skriv[^]]*\]|(?=\nVänliga)", f"\n{body}\n", template, count=1)
        index = lix(
            around.format(namn="Anna Ek", handläggare="Bo Ek", enhet="Parkenheten", kommun="Exempelkommun")
        )
        assert index is not None
        assert (index >= HARD) == is_hard, (index, around)


def test_addresses_are_no_words() -> None:
    address = "park.och.gator@exempel.se https://exempel.se/lekplatser www.exempel.se/lekplatser"
    assert lix(SHORT.replace("gungan", f"gungan {address}")) == lix(SHORT)


def test_too_few_words_have_no_index() -> None:
    assert lix("Förvaltningen beklagar det inträffade.") is None
    assert lix("") is None


@given(st.text(max_size=200))
def test_every_text_has_an_index_or_none(text: str) -> None:
    index = lix(text)
    assert index is None or index > 0


def test_a_text_of_nothing_but_ends_is_read_at_once() -> None:
    for part in (". ", '."', "\n", "\n ", "- ", "a-"):
        assert lix(part * 5_000) is None or part in ("a-",)
