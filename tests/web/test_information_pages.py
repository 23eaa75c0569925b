"""The pages on personal data and accessibility: dated, complete, and true of the installation."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.organisation import queries as organisation
from portal.organisation.loading import load
from portal.organisation.profile import Profile
from tests.page import Page
from tests.web import steps

PROFILES = [load(name) for name in ("burlov", "botkyrka", "nacka")]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Profile]:
    """Install a profile with other values of a section."""

    def install(profile: Profile, **changes: object) -> Profile:
        changed = profile.model_copy(update=changes)
        monkeypatch.setattr(organisation, "profile", lambda: changed)
        return changed

    return install


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
@pytest.mark.parametrize("path", ["/personuppgifter", "/tillganglighet"])
def test_the_pages_are_dated(
    page: Page, installed: Callable[..., Profile], profile: Profile, path: str
) -> None:
    installed(profile)
    assert "Uppdaterad 28 november 2026" in page.get(path).text_of("header.stack")


def test_a_profile_without_the_sections_has_pages_without_a_date(
    page: Page, installed: Callable[..., Profile]
) -> None:
    installed(PROFILES[0], privacy=None, accessibility=None, documents=())
    for path in ("/personuppgifter", "/tillganglighet"):
        assert "Uppdaterad" not in page.get(path).text
    assert "fråga efter dataskyddsombudet" in page.get("/personuppgifter").text


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_the_page_on_personal_data_names_what_the_regulation_asks_for(
    page: Page, installed: Callable[..., Profile], profile: Profile
) -> None:
    installed(profile)
    shown = page.get("/personuppgifter")
    assert profile.privacy
    for board in profile.boards:
        assert board.name in shown.text
    expected = [
        *(profile.privacy.officer_email, profile.privacy.officer_phone, profile.privacy.officer_address),
        *("artikel 6.1 e", "artikel 6.1 c", "artikel 15", "artikel 16–18", "artikel 21"),
        *(
            "Om någon annan skriver om dig",
            "Integritetsskyddsmyndigheten",
            "Inget beslut om dig fattas automatiskt",
        ),
    ]
    assert [text for text in expected if text not in shown.text] == []
    links = set(shown.links.values())
    assert {"https://www.imy.se", f"mailto:{profile.privacy.officer_email}"} <= links
    assert {document.href for document in profile.documents if document.href} <= links


# A word of the page for each kind of personal data in the database, by its table.
STORED = {
    "survey_answer": "Vi sparar enhet, slags ärende och dag",
    "survey_invitation": "tas bort efter 90",
    "survey_comment": "för sig, med enhet och månad",
    "person": "personnummer",
    "party": "din e-postadress eller ditt telefonnummer",
    "representation": "organisationsnummer",
    "message": "Det du skriver, vad vi svarar",
    "login": "vilken e-legitimation du använde",
    "sign_in": "Din inloggning tar slut",
    "draft": "Ett formulär som väntar på att du loggar in",
    "saved_draft": "Ett utkast som du sparar på Mina sidor tar vi bort efter 30 dagar",
    "code_link": "En länk till en ny kod gäller i 24 timmar",
    "code_grant": "stängs efter 30 minuter",
    "outbox": "Texten i mejl och sms som vi har skickat tar vi bort efter 30 dagar",
    "read_log": "Varje gång någon i personalen öppnar ett ärende antecknas det",
    "membership_snapshot": "uppdrag och enhet, både nu och när något gjordes",
    "case_bar": "jäv",
    "search_text": "Ord ur ärendet sparas",
}


@pytest.mark.parametrize("table", STORED)
def test_what_is_stored_is_told(app: Flask, page: Page, table: str) -> None:
    assert STORED[table] in page.get("/personuppgifter").text


# Each thing that the pages say about an anonymous sender, and the test that would fail if it were not so.
PROVEN = {
    "inte heller din IP-adress eller webbläsare": (
        "integration/test_anonymity.py",
        "test_no_trace_of_an_anonymous_sender_is_left",
    ),
    "av den går det inte att räkna ut koden": (
        "web/test_lost_code.py",
        "test_the_code_is_in_no_table_in_any_writing",
    ),
    "Om du är inloggad och väljer en kod kopplas ärendet inte till dig": (
        "web/test_anonymous_and_signed_in.py",
        "test_no_row_that_names_a_person_is_tied_to_an_anonymous_case",
    ),
    "en nyckel som försvinner inom en timme": (
        "integration/test_counters.py",
        "test_the_salt_of_a_process_lives_an_hour",
    ),
    "välj Klar på kvittot": ("web/test_receipt.py", "test_klar_makes_this_device_forget_the_code"),
    "och Stäng i ärendet": ("web/test_follow.py", "test_close_ends_it_on_this_device_and_on_the_server"),
    "Annars finns de kvar i webbläsaren i 30 minuter": (
        "web/test_receipt.py",
        "test_it_lives_half_an_hour_and_the_server_sees_to_it",
    ),
    "Ett ärende som du öppnat med kod stängs efter 30 minuter": (
        "web/test_follow.py",
        "test_the_case_stays_open_for_half_an_hour",
    ),
    "sparar vi svaren utan koppling till ärendet": (
        "integration/test_surveys.py",
        "test_nothing_that_is_kept_of_an_answer_names_its_case_or_its_moment",
    ),
    "Enhetens chef läser det": (
        "integration/test_surveys.py",
        "test_free_texts_are_read_by_the_head_of_the_unit_and_the_records_of_its_board",
    ),
    "gäller i 30 dagar och tas bort efter 90": (
        "integration/test_surveys.py",
        "test_a_link_is_open_for_thirty_days_and_its_case_is_asked_again_after_ninety",
    ),
    "tar någon annan än den som svarade över ärendet": (
        "integration/test_escalation.py",
        "test_the_one_who_answered_can_neither_take_answer_nor_end_it",
    ),
    "Ingen kan ta fram koden åt dig igen": (
        "integration/test_code_access.py",
        "test_who_gave_no_address_cannot_be_sent_a_link",
    ),
}


def test_what_the_pages_say_of_an_anonymous_sender_is_proven_by_a_test(page: Page) -> None:
    said = page.get("/personuppgifter").text + page.get("/om").text
    for sentence, (file, name) in PROVEN.items():
        assert sentence in said
        assert f"def {name}(" in (Path(__file__).parents[1] / file).read_text(encoding="utf-8"), name


@pytest.mark.parametrize(
    ("degree", "sentence"),
    [
        ("full", "Tjänsten är helt förenlig med lagen."),
        ("partial", "Tjänsten är delvis förenlig med lagen."),
        ("none", "Tjänsten är inte förenlig med lagen."),
    ],
)
def test_the_accessibility_statement_says_how_far_the_law_is_met(
    page: Page, installed: Callable[..., Profile], degree: str, sentence: str
) -> None:
    statement = PROFILES[0].accessibility
    assert statement
    installed(PROFILES[0], accessibility=statement.model_copy(update={"conformance": degree}))
    shown = page.get("/tillganglighet")
    assert sentence in shown.text
    assert "Tjänsten bedömdes senast 28 november 2026." in shown.text
    assert [text for text in (statement.assessed_by, *statement.shortcomings) if text not in shown.text] == []
    assert "Burlövs kommun står bakom tjänsten Kontakt Burlöv." in shown.text
    assert shown.links["Anmäl till Digg"] == "https://www.digg.se/tdosanmalan"


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_each_profile_has_the_topic_of_barriers(profile: Profile) -> None:
    assert profile.accessibility
    assert profile.category(profile.accessibility.category)


def test_a_report_of_a_barrier_becomes_a_case_with_a_receipt(page: Page) -> None:
    form = page.get(page.get("/tillganglighet").links["Berätta om en brist"])
    assert steps.chosen(form, "category") == "tillganglighet"
    written = {"subject": "Skärmläsaren läser inte felet", "body": "I formuläret.", "reply_by": "code"}
    receipt = page.follow(page.submit(form, "main form", changes=written))
    assert steps.number_of(receipt)
    page.follow(page.submit(receipt, "form[action='/folj']"))
    assert "Tillgänglighet i våra digitala tjänster" in steps.latest(page).text


def test_a_link_with_an_unknown_topic_chooses_none(page: Page) -> None:
    assert steps.chosen(page.get("/lamna/klagomal?amne=finns-inte"), "category") == ""
