"""Swedish as a municipal editor writes it, where that can be measured. Each rule is shown what breaks it."""

from collections.abc import Callable, Iterable

import pytest

from tests.architecture import swedish

Texts = list[tuple[str, str]]


@pytest.fixture(scope="module")
def everything() -> Texts:
    return list(swedish.of_all())


@pytest.fixture(scope="module")
def citizens() -> Texts:
    return list(swedish.of_citizens())


def faults(texts: Iterable[tuple[str, str]], rule: Callable[[str], list[str]]) -> set[tuple[str, str]]:
    return {(where, fault) for where, text in texts for fault in rule(text)}


def test_a_condition_begins_with_om(everything: Texts) -> None:
    assert faults(everything, swedish.inverted) == set()


def test_no_text_uses_the_words_of_an_office(everything: Texts) -> None:
    assert faults(everything, swedish.forbidden) == set()


def test_a_sentence_for_citizens_has_at_most_twenty_words(citizens: Texts) -> None:
    assert faults(citizens, swedish.long_sentences) == set()


def test_texts_of_every_kind_are_read(everything: Texts) -> None:
    places = {where for where, _text in everything}
    expected = {
        "templates/public/form.html",
        "templates/email/answered/body.txt",
        "templates/sms/closed.txt",
        "templates/backoffice/case.html",
        "portal/words/promise.py",
        "nacka.toml",
        "person.html",
    }
    assert {place.replace("body.html", "body.txt") for place in places} >= expected


@pytest.mark.parametrize("verb", swedish.VERBS)
def test_every_verb_is_found_where_it_begins_a_condition(verb: str) -> None:
    assert swedish.inverted(f"Välj det som passar. {verb} du fel flyttar vi ärendet.") != []
    assert swedish.inverted(f"{verb} numret inte gäller det inte.") != []


@pytest.mark.parametrize(
    "text",
    [
        "Gör du fel flyttar vi ärendet.",
        "Är ärendet komplext får du en kontaktperson.",
        "Har %(officer)s svarat stängs det.",
        "Skickar du i dag får du svar senast",
        "Tappar du koden kan du <a href='/'>få en ny</a>.",
        "Stämmer inte adressen kommer inget mejl.",
        "Läs först: Öppnas ett ärende räknas det igen.",
    ],
)
def test_a_condition_without_om_is_found(text: str) -> None:
    assert len(swedish.inverted(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Om det blir fel flyttar vi ärendet.",
        "Är du osäker? Skriv till oss ändå.",
        "Har du tappat koden?",
        "Gör en felanmälan",
        "Hör av dig igen om något är oklart.",
        "Har fått svar",
        "Väntar på svar",
    ],
)
def test_questions_requests_and_labels_are_left_alone(text: str) -> None:
    assert swedish.inverted(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sex arbetsdagar återstår.",
        "Vänligen vänta.",
        "Det går ej.",
        "Ange gata samt ort.",
        "Skriv t.ex. en adress.",
        "Du är inloggad hos kommunen.",
        "Ogiltig e-postadress",
    ],
)
def test_the_word_of_an_office_is_found(text: str) -> None:
    assert len(swedish.forbidden(text)) == 1


@pytest.mark.parametrize("text", ["Hejsan i dokumentet.", "Samtalet", "Mejlet kom fram.", "E-post"])
def test_a_word_inside_another_is_left_alone(text: str) -> None:
    assert swedish.forbidden(text) == []


def test_a_long_sentence_is_found_and_what_is_filled_in_counts_as_one_word() -> None:
    assert swedish.long_sentences("Ett två tre fyra fem. " + "ord " * 21) == ["ord " * 20 + "ord"]
    assert swedish.long_sentences("ord " * 19 + "%(due)s.") == []
