"""The messages as people read them: every kind of case, with and without a promise, an officer, an answer."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template
from flask_babel import Babel
from jinja2 import StrictUndefined

from portal import config
from portal.formats.case_numbers import kept_together
from portal.notifications.channels import DeliveryFailure, PermanentFailure, TemporaryFailure
from portal.notifications.rules import Problem
from portal.words.profile_texts import profile_markup

pytestmark = pytest.mark.slow

TEMPLATES = Path(__file__).parents[2] / "templates"
EVENTS = [
    "received",
    "being_handled",
    "answered",
    "closed",
    "supplement",
    "supplement_reminder",
    "contact",
    "later_date",
    "answered_orally",
    "protected",
    "on_mina_sidor",
    "reader_changed",
    "handed_over",
    "passed_on",
    "contact_person",
    "taken_over",
    "no_answer_needed",
    "improvement",
    "answer_promised",
    "next_step",
    "split",
    "reply_received",
    "written_down",
    "record_request",
]
FOLDERS = [*EVENTS, "new_code"]
TO_STAFF = ["staff_notice", "staff_digest"]
YOUR_KINDS = ["din fråga", "ditt klagomål", "ditt beröm", "ditt förslag", "din felanmälan"]
BASE = "https://kontakt.kommun.exempel"
NEW_CODE = f"{BASE}/folj/ny-kod"
GSM_7 = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà") | set(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
GSM_7_TWICE = set("^{}\\[]~|€\f")


@pytest.fixture(autouse=True)
def app_context() -> Iterator[None]:
    config.use(config.load(env="development"))
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters["profile_markup"] = profile_markup
    app.jinja_env.filters["kept_together"] = kept_together
    Babel(app, default_locale="sv")
    with app.app_context():
        yield


def case(**changes: Any) -> dict[str, Any]:
    site = {
        "service": "Kontakt",
        "short": "Burlöv",
        "full": "Burlövs kommun",
        "phone": "040-625 60 00",
        "about": ["Medborgarhuset", "232 21 Arlöv"],
        "theme": None,
    }
    return {
        "site": site,
        "number": "KB-2026-000123",
        "kind": "klagomål",
        "your_kind": "ditt klagomål",
        "due": "måndag 18 maj",
        "contact_due": None,
        "link": f"{BASE}/folj#KB-2026-000123",
        "officer": "Sara Lind",
        "manager": "Enhetschefen Sara Lind",
        "phone": "040-625 60 01",
        "answer_wanted": True,
        "place": "Parkenheten",
        "board": "Tekniska nämnden",
        "recipient": "Förvaltningsrätten",
        "arrived": "måndag 4 maj",
        "next_step": "onsdag 30 september 2026",
        # Of a text message it is left out where there is no room: see render().
        "exemption": "",
        "part": "KB-2026-000124",
        "part_due": "onsdag 30 september 2026",
        "part_contact_due": None,
        "answer": "Lekplatsen öppnar på fredag.",
        "closed": False,
        "reason": None,
        "at": "onsdag 30 september kl. 14.05",
        "answer_by": None,
        "later": True,
        "why": None,
        "way_on": False,
        "spoken": True,
        "with_code": True,
        "code_given": False,
        "new_code_link": NEW_CODE,
        "survey_link": None,
        "own_text": "",
        "we_did": "Vi sätter upp en skylt.",
    } | changes


def every_case() -> Iterator[dict[str, Any]]:
    for due, officer, answer, closed, reason, answer_by, way_on in product(
        ["onsdag 30 september 2026", None],
        ["Sara Lind", None],
        ["Ja.", None],
        [True, False],
        ["besvarat", None],
        ["fredag 2 oktober 2026", None],
        [True, False],
    ):
        known = {"due": due, "officer": officer, "answer": answer, "closed": closed, "reason": reason}
        yield case(**known, answer_by=answer_by, way_on=way_on)


def text(event: str, **changes: Any) -> str:
    return render_template(f"email/{event}/body.txt", **case(**changes))


def html(event: str, **changes: Any) -> BeautifulSoup:
    return BeautifulSoup(render_template(f"email/{event}/body.html", **case(**changes)), "html.parser")


def words(event: str, **changes: Any) -> tuple[str, str]:
    """What a person reads in the text part and in the HTML part, on one line each."""
    shown = html(event, **changes).body
    assert shown is not None
    return " ".join(text(event, **changes).split()), " ".join(shown.get_text(" ").split())


def septets(sms: str) -> int:
    assert set(sms) <= GSM_7 | GSM_7_TWICE, set(sms) - GSM_7 - GSM_7_TWICE
    return len(sms) + sum(sign in GSM_7_TWICE for sign in sms)


@pytest.mark.parametrize("failure", [TemporaryFailure, PermanentFailure])
def test_a_failure_carries_its_reason(failure: type[DeliveryFailure]) -> None:
    assert str(failure(Problem.TRY_LATER, 451)) == "try_later 451"


@pytest.mark.parametrize("event", FOLDERS)
def test_every_message_renders_whatever_is_known(event: str) -> None:
    for known in every_case():
        for name in ("subject.txt", "body.txt", "body.html"):
            assert render_template(f"email/{event}/{name}", **known).strip()


@pytest.mark.parametrize(
    ("event", "closed", "asked"),
    [("closed", False, True), ("answered", True, True), ("answered", False, False)],
)
def test_both_parts_of_a_letter_that_closes_lead_to_the_questions(
    event: str, closed: bool, asked: bool
) -> None:
    survey = "https://kontakt.burlov.se/enkat/AbCdEfGhIjKlMnOpQrStUv"
    assert (survey in text(event, survey_link=survey, closed=closed).split()) is asked
    hrefs = [link["href"] for link in html(event, survey_link=survey, closed=closed).select("a")]
    assert (survey in hrefs) is asked


@pytest.mark.parametrize("event", FOLDERS)
def test_both_parts_name_the_case_and_the_way_to_reach_the_municipality(event: str) -> None:
    for part in words(event):
        assert "KB-2026-000123" in part
        assert "Burlövs kommun" in part
        assert "Medborgarhuset" in part
        assert "Telefon 040-625 60 00" in part


@pytest.mark.parametrize("event", FOLDERS)
@pytest.mark.parametrize("your_kind", YOUR_KINDS)
def test_a_subject_is_one_short_line(event: str, your_kind: str) -> None:
    subject = render_template(f"email/{event}/subject.txt", **case(your_kind=your_kind))
    assert subject == subject.strip()
    assert "\n" not in subject
    assert "KB-2026-000123" in subject
    assert len(subject) <= 78


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        ("received", "Vi har tagit emot ditt klagomål, KB-2026-000123"),
        ("being_handled", "Vi har börjat ta hand om ditt klagomål, KB-2026-000123"),
        ("answered", "Du har fått svar på ditt klagomål, KB-2026-000123"),
        ("closed", "Ditt ärende är avslutat, KB-2026-000123"),
        ("new_code", "Länk till en ny kod för ärende KB-2026-000123"),
    ],
)
def test_a_subject_says_what_has_happened(event: str, subject: str) -> None:
    assert render_template(f"email/{event}/subject.txt", **case()) == subject


@pytest.mark.parametrize("trimmed", [False, True])
@pytest.mark.parametrize("event", FOLDERS)
def test_the_text_part_is_set_in_clean_paragraphs(event: str, trimmed: bool) -> None:
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.jinja_options = {"trim_blocks": trimmed, "lstrip_blocks": trimmed}
    app.jinja_env.filters["profile_markup"] = profile_markup
    app.jinja_env.filters["kept_together"] = kept_together
    Babel(app, default_locale="sv")
    with app.app_context():
        for known in every_case():
            body = render_template(f"email/{event}/body.txt", **known)
            assert "\n\n\n" not in body
            assert body == body.strip()
            assert all(line == line.strip() for line in body.splitlines())
            assert (
                "\n\nMejlet skickas automatiskt. Om du vill svara gör du det i ärendet."
                "\n\nBurlövs kommun\nMedborgarhuset\n232 21 Arlöv\nTelefon" in body
            )


@pytest.mark.parametrize("your_kind", YOUR_KINDS)
def test_the_receipt_thanks_for_every_kind_and_promises_the_date(your_kind: str) -> None:
    for part in words("received", your_kind=your_kind):
        assert f"Tack. Vi har tagit emot {your_kind}." in part
        assert "Du får svar senast måndag 18 maj." in part
        assert "koden från kvittot" in part


def test_the_receipt_promises_nothing_where_nothing_is_promised() -> None:
    for part in words("received", due=None):
        assert "senast" not in part
        assert "None" not in part


def test_the_receipt_never_apologises_and_claims_no_reader() -> None:
    for part in words("received"):
        assert not re.search(r"beklag|ledsn|ursäkt|förlåt|har läst|handläggare", part, re.IGNORECASE)


@pytest.mark.parametrize("event", ["received", "being_handled", "closed"])
def test_only_the_answer_letter_holds_the_answer(event: str) -> None:
    assert all("Lekplatsen" not in part for part in words(event))


@pytest.mark.parametrize(
    ("event", "verb"), [("being_handled", "har börjat ta hand om"), ("answered", "har svarat på")]
)
def test_a_named_officer_stands_behind_the_work(event: str, verb: str) -> None:
    assert all(f"Sara Lind på Parkenheten {verb} ditt klagomål." in part for part in words(event))
    assert all("None" not in part for part in words(event, officer=None))


def test_the_answer_stands_in_both_parts() -> None:
    assert all("Lekplatsen öppnar på fredag." in part for part in words("answered"))
    assert all("Svaret står inte i mejlet" not in part for part in words("answered"))


def test_an_answer_that_may_not_stand_in_a_letter_is_said_to_be_waiting() -> None:
    for part in words("answered", answer=None):
        assert "Svaret står inte i mejlet. Öppna ärendet och läs det där." in part


def test_the_line_breaks_of_an_answer_are_kept() -> None:
    answer = "Hej Alva,\n\nlekplatsen öppnar.\n- gungan är lagad\n- sanden är ny"
    assert f"\n\n{answer}\n\n" in text("answered", answer=answer)
    letter = html("answered", answer=answer)
    shown = letter.select_one(".answer")
    assert shown is not None
    assert shown.get_text() == answer
    assert re.search(r"\.answer \{[^}]*white-space: pre-line", str(letter.style))


def test_an_answer_is_text_in_html_and_itself_in_text() -> None:
    answer = '<b>5 < 6 & "7"</b>'
    assert answer in text("answered", answer=answer)
    shown = html("answered", answer=answer).select_one(".answer")
    assert shown is not None
    assert shown.get_text() == answer
    assert shown.find("b") is None


@pytest.mark.parametrize("event", ["received", "being_handled", "answered", "closed", "new_code"])
def test_a_name_with_signs_of_its_own_is_no_markup(event: str) -> None:
    assert html(event, officer="<i>Sara</i>").find("i") is None


def test_an_answer_that_closed_the_case_says_that_writing_back_opens_it() -> None:
    sentence = "Ärendet är avslutat. Om du skriver tillbaka öppnas det igen."
    assert all(sentence in part for part in words("answered", closed=True))
    assert all(sentence not in part for part in words("answered", closed=False))


def test_a_closed_case_tells_its_reason_and_that_writing_back_opens_it() -> None:
    for part in words("closed", reason="flyttat till ett annat system"):
        assert "Skäl: flyttat till ett annat system" in part
        assert "Om du skriver tillbaka öppnas ärendet igen." in part
    assert all("Skäl" not in part for part in words("closed", reason=None))


@pytest.mark.parametrize("event", [event for event in EVENTS if event != "reader_changed"])
def test_both_parts_lead_to_the_case_and_to_a_new_code(event: str) -> None:
    link = case()["link"]
    assert {link, NEW_CODE} <= set(text(event).splitlines())
    assert [anchor["href"] for anchor in html(event).find_all("a")] == [link, NEW_CODE]


def test_a_changed_reader_is_told_of_the_link_that_contests_it_and_of_no_new_code() -> None:
    link = f"{BASE}/folj/inte-jag/en-gang"
    assert link in text("reader_changed", link=link).splitlines()
    assert [anchor["href"] for anchor in html("reader_changed", link=link).find_all("a")] == [link]


def test_the_new_code_letter_tells_how_long_its_link_holds_and_what_to_do_if_unasked() -> None:
    link = f"{BASE}/folj/ny-kod/en-gang"
    known = {name: case()[name] for name in ("site", "number", "own_text")} | {"link": link}
    assert link in render_template("email/new_code/body.txt", **known).splitlines()
    assert f'href="{link}"' in render_template("email/new_code/body.html", **known)
    for part in words("new_code", link=link):
        assert "24 timmar" in part
        assert "Har du inte bett om en ny kod?" in part


@pytest.mark.parametrize("event", FOLDERS)
def test_the_html_part_is_a_whole_document_that_fetches_nothing(event: str) -> None:
    letter = html(event)
    assert letter.html is not None
    assert letter.html["lang"] == "sv"
    assert letter.title is not None
    [heading] = letter.find_all("h1")
    assert letter.title.get_text(strip=True) == heading.get_text(strip=True)
    assert not letter.find_all(["img", "link", "script", "iframe", "object"])
    assert not letter.find_all(style=True)
    assert "url(" not in str(letter.style)
    assert "prefers-color-scheme: dark" in str(letter.style)


def test_the_html_part_names_another_language_when_told() -> None:
    letter = html("received", language="en").html
    assert letter is not None
    assert letter["lang"] == "en"


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("short", ["Burlöv", "Örnsköldsvik"])
def test_a_text_message_fits_in_one_part(event: str, short: str) -> None:
    assert len(BASE) == 30
    for known in every_case():
        known["site"]["short"] = short
        sms = render_template(f"sms/{event}.txt", **known)
        assert septets(sms) <= 160
        assert sms.endswith(f" {known['link']}")
        assert "\n" not in sms


def test_a_text_message_about_a_part_fits_in_one_part_with_the_day_of_a_contact_too() -> None:
    known = case(part_due=None, part_contact_due="onsdag 30 september 2026")
    known["site"]["short"] = "Örnsköldsvik"
    sms = render_template("sms/split.txt", **known)
    assert "vi hör av oss senast onsdag 30 september 2026." in sms
    assert septets(sms) <= 160


def test_a_moved_day_is_told_with_its_reason_in_at_most_two_parts() -> None:
    why = "Ny dag, eftersom vi väntar på besked."
    plain, marked_up = words("later_date", why=why)
    sms = render_template("sms/later_date.txt", **case(why=why))
    for message in (plain, marked_up, sms):
        assert "Vi blir senare än vi lovade." in message
        assert "senast måndag 18 maj." in message
        assert why in message
    long = render_template("sms/later_date.txt", **case(why="Ny dag. Skäl: " + "a" * 100))
    assert "Skäl" not in long
    longest = render_template("sms/later_date.txt", **case(why="å" * 100, due="onsdag 30 september 2026"))
    assert septets(longest) <= 306


def test_a_day_that_was_counted_anew_is_no_delay() -> None:
    plain, _marked_up = words("later_date", later=False, why="Ny dag, eftersom dagarna har ändrats.")
    assert "senare" not in plain
    assert "Vi har ändrat dagen då du senast får svar" in plain


@pytest.mark.parametrize("event", EVENTS)
def test_a_text_message_holds_no_case_text_and_no_name(event: str) -> None:
    for known in every_case():
        sms = render_template(f"sms/{event}.txt", **known | {"answer": "Lekplatsen"})
        assert not re.search(r"Sara|Lind|Lekplatsen|klagomål|besvarat|None", sms)
        assert sms.startswith("Kontakt Burlöv: ")
        assert "KB-2026-000123" in sms.removesuffix(known["link"])


def test_a_text_message_promises_a_date_only_where_there_is_one() -> None:
    assert "Svar senast måndag 18 maj." in render_template("sms/received.txt", **case())
    assert "enast" not in render_template("sms/received.txt", **case(due=None))


def test_every_template_is_rendered_by_these_tests() -> None:
    letters = {path.parent.name for path in (TEMPLATES / "email").glob("*/*")}
    texts = {path.stem for path in (TEMPLATES / "sms").iterdir()}
    assert letters == {*FOLDERS, *TO_STAFF}
    assert texts == set(EVENTS)


def to_staff(event: str, rest: int = 0) -> dict[str, Any]:
    line = {"number": "KB-2026-000123", "unit": "Parkenheten", "what": "Avsändaren har skrivit"}
    more = {"link": f"{BASE}/handlaggning/nytt", "choices_link": f"{BASE}/handlaggning/nytt/val"}
    many = {"lines": [line, line | {"number": "KB-2026-000124"}], "count": 2 + rest, "rest": rest}
    return case(**more, **(line if event == "staff_notice" else many))


@pytest.mark.parametrize("event", TO_STAFF)
@pytest.mark.parametrize("rest", [0, 1, 2])
def test_a_letter_to_staff_says_what_happened_where_and_no_more(event: str, rest: int) -> None:
    for part in words(event, **to_staff(event, rest)):
        for known in ("KB-2026-000123", "Parkenheten", "Avsändaren har skrivit", "Telefon 040-625 60 00"):
            assert known in part
        for hidden in ("klagomål", "Sara Lind", "Lekplatsen", "None"):
            assert hidden not in part
    body = text(event, **to_staff(event, rest))
    assert f"{BASE}/handlaggning/nytt" in body
    assert f"{BASE}/handlaggning/nytt/val" in body
    assert "\n\n\n" not in body
    assert body == body.strip()


def test_the_subject_of_a_letter_to_staff_is_one_short_line() -> None:
    notice = render_template("email/staff_notice/subject.txt", **to_staff("staff_notice"))
    assert notice == "Avsändaren har skrivit, KB-2026-000123"
    known = to_staff("staff_digest")
    subjects = "email/staff_digest/subject.txt"
    digests = [render_template(subjects, **known | {"count": number}) for number in (1, 2)]
    assert digests == ["En nyhet i dina ärenden", "2 nyheter i dina ärenden"]
