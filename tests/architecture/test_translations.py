"""House rules of the translations. Each rule is also shown a sample that breaks it."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo

from portal.web import languages
from tests.architecture import catalogues

LANGUAGES = sorted(set(languages.NAMES) - {"sv"})
SAMPLES = {
    "portal/words/labels.py": '_l("Besvarat")\n_staff("Fördela")\n',
    "portal/web/public/forms.py": '_("Skriv något först")\nngettext("%(num)s dag", "%(num)s dagar", 2)\n',
    "portal/web/backoffice/queue/page.py": '_("Att fördela")\n',
    "templates/public/start.html": '<p title="{{ _("Rubrik") }}">{% trans %}Hej{% endtrans %}</p>',
    "templates/backoffice/queue.html": '{{ _("Utan ämne") }}',
    "templates/sms/closed.txt": '{{ _("Ärende %(number)s är avslutat.", number=number) }}',
}


@pytest.fixture(scope="module")
def asked() -> Catalog:
    return catalogues.asked()


@pytest.fixture(params=LANGUAGES)
def translated(request: pytest.FixtureRequest) -> Catalog:
    return catalogues.translated(request.param)


def sample(*pairs: tuple[str | tuple[str, str], str | tuple[str, ...]]) -> Catalog:
    catalog = Catalog(locale="en")
    for text, translation in pairs:
        catalog.add(text, translation)
    return catalog


def test_every_language_that_can_be_chosen_has_its_texts() -> None:
    folders = [file.name for file in catalogues.FOLDER.iterdir() if file.is_dir()]
    assert sorted(folders) == LANGUAGES


def test_every_text_that_a_citizen_reads_is_translated(asked: Catalog, translated: Catalog) -> None:
    assert catalogues.untranslated(asked, translated) == []


def test_a_text_without_translation_is_found_and_a_plural_needs_both_forms() -> None:
    texts = sample(("Sms", ""), ("Kod", ""), (("%(num)s dag", "%(num)s dagar"), ("", "")))
    half = sample(("Kod", ""), (("%(num)s dag", "%(num)s dagar"), ("%(num)s day", "")))
    found = catalogues.untranslated(texts, half)
    assert [line.split(": ")[1] for line in found] == ["Sms", "Kod", "%(num)s dag"]


def test_the_same_word_in_another_meaning_is_another_text() -> None:
    texts, translations = Catalog(locale="en"), sample(("en", "a"))
    texts.add("en", context="number")
    assert catalogues.untranslated(texts, translations) == [": en"]


def test_no_translation_is_left_over(asked: Catalog, translated: Catalog) -> None:
    assert catalogues.unused(asked, translated) == []


def test_a_translation_of_what_is_gone_is_found() -> None:
    assert catalogues.unused(sample(("Kod", "")), sample(("Kod", "Code"), ("Gammalt", "Old"))) == ["Gammalt"]


def test_no_translation_is_a_guess(translated: Catalog) -> None:
    assert catalogues.fuzzy(translated) == []


def test_a_guess_is_found() -> None:
    guessed = sample(("Kod", "Code"))
    guessed.add("Rubrik", "Rubric", flags=["fuzzy"])
    assert catalogues.fuzzy(guessed) == ["Rubrik"]


def test_every_translation_keeps_the_marks_of_its_text(translated: Catalog) -> None:
    assert catalogues.changed_marks(translated) == []


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Hej %(name)s", "Hello %(namn)s"),
        ("Hej %(name)s", "Hello"),
        ("Hej %(name)s", "Hello %(name)"),
        ("Hälften", "50 %"),
        ("Läs på <strong>%(address)s</strong>.", "Read at %(address)s."),
        (("En sak väntar", "%(many)s saker väntar"), ("%(many)s thing waits", "%(many)s things wait")),
    ],
)
def test_a_changed_mark_is_found(text: str | tuple[str, str], translation: str | tuple[str, ...]) -> None:
    assert len(catalogues.changed_marks(sample((text, translation)))) == 1


def test_marks_may_change_places() -> None:
    moved = sample(("%(who)s svarade %(when)s.", "On %(when)s, %(who)s answered."))
    assert catalogues.changed_marks(moved) == []


def test_nobody_shouts(asked: Catalog, translated: Catalog) -> None:
    assert catalogues.shouting(asked) == []
    assert catalogues.shouting(translated) == []


def test_an_exclamation_mark_is_found_in_text_and_translation() -> None:
    loud = sample(("Tack!", "Thanks"), (("En dag", "Flera dagar"), ("One day", "Many days!")))
    assert catalogues.shouting(loud) == ["Tack!", "Many days!"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    written = BytesIO()
    write_mo(written, catalogues.translated(language))
    written.seek(0)
    with catalogues.po_file(language).with_suffix(".mo").open("rb") as file:
        compiled = catalogues.contents(read_mo(file))
    assert compiled == catalogues.contents(read_mo(written)), "run make messages"


def test_what_only_staff_read_is_not_asked_for(tmp_path: Path) -> None:
    for name, text in SAMPLES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert set(catalogues.contents(catalogues.asked(tmp_path))) == {
        ("Besvarat", None),
        ("Skriv något först", None),
        ("%(num)s dag", None),
        ("Rubrik", None),
        ("Hej", None),
        ("Ärende %(number)s är avslutat.", None),
    }
