"""The readability index, against texts that are counted by hand."""

from hypothesis import given
from hypothesis import strategies as st

from portal.formats.readability import lix

# 21 words, none of more than six signs.
SHORT = "Vi har lagat gungan nu. Du kan gå dit när du vill. Den är hel, och den är ny i dag."
# 26 words, ten of them long.
LONG = (
    "Kommunen granskar samtliga lekplatser varje vecka, men gungan i parken hade skadats efter den senaste "
    "granskningen. Förvaltningen ersätter därför gungan och lagar staketet nu, i dag."
)


def test_it_is_words_a_sentence_and_the_share_of_long_words() -> None:
    assert lix(SHORT) == round(21 / 3)
    assert lix(LONG) == round(26 / 2 + 100 * 10 / 26)


def test_abbreviations_and_figures_end_no_sentence() -> None:
    assert lix(SHORT.replace("lagat", "t.ex. lagat")) == round(22 / 3)
    assert lix(SHORT.replace("nu", "nu kl. 10")) == round(23 / 3)


def test_a_line_is_a_sentence_unless_it_is_broken_inside_one() -> None:
    assert lix(f"Hej Anna\n\n{SHORT}") == round(23 / 4)
    assert lix(SHORT.replace("gungan nu", "gungan\n  nu")) == lix(SHORT)


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
