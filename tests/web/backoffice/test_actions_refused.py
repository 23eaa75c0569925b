"""What goes wrong with a deed: what was written is kept, its field shown; or what can be done instead."""

from collections.abc import Callable

import pytest
from bs4 import Tag
from flask import Flask

from portal.cases.actions import handling, routing
from portal.cases.groups import merging
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from tests import factories
from tests.cases import pair
from tests.page import Document, Page
from tests.web import steps

WORD = "Vi arbetar redan med lekplatsen."
MANY = "a" * 201
LONG = "Texten är 1 tecken för lång. Den får vara högst 200 tecken."
NO_CASE = "Det ärendet går inte att välja. Kontrollera numret."
NO_DAY = "Skriv dagen som 2026-05-18"
TOO_LATE = "Någon hann före"
NOT_NOW = "Det går inte att göra så med ärendet som det är nu."

Prepare = Callable[[Staff, Receipt], None]


@pytest.fixture
def sent(app: Flask, travel: steps.Travel) -> Receipt:
    """A case of Maja's; another of hers has gone before, and a hidden one."""
    with app.app_context():
        factories.send_in(subject="Nummer ett")
        factories.send_in(category="gator", subject="Nummer två, en annan enhets")
        return factories.send_in(email="maja@exempel.se", name="Maja Ek")


def apart_from_readings() -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, apart from who has read what, and what somebody has begun to write."""
    private = {"read_log", "answer_draft"}
    return {table: rows for table, rows in steps.stored().items() if table not in private}


WRONG: list[tuple[str, dict[str, str], str, str]] = [
    ("message_sender", {"body": ""}, "body", "Skriv meddelandet först"),
    ("request_supplement", {"body": "", "until": "2026-05-11"}, "body", "Skriv frågan först"),
    ("request_supplement", {"body": "Vilken gunga?", "until": "i morgon"}, "until", NO_DAY),
    (
        "request_supplement",
        {"body": "Vilken gunga?", "until": "2026-05-04"},
        "until",
        "Välj en dag som inte har varit",
    ),
    ("record_call", {"body": ""}, "body", "Skriv först vad ni pratade om"),
    ("extend", {"until": "", "reason": "Besiktning"}, "until", NO_DAY),
    ("extend", {"until": "2026-02-30", "reason": "Besiktning"}, "until", NO_DAY),
    ("extend", {"until": "2026-06-01", "reason": " "}, "reason", "Skriv skälet"),
    ("extend", {"until": "2026-06-01", "reason": MANY}, "reason", LONG),
    ("extend", {"until": "2026-05-03", "reason": "Besiktning"}, "until", "Välj en dag som inte har varit"),
    (
        *("extend", {"until": "2026-05-08", "reason": "Besiktning"}, "until"),
        "Välj en dag efter den som redan är lovad",
    ),
    ("extend", {"until": "2026-06-06", "reason": "Besiktning"}, "until", "Välj en arbetsdag"),
    ("extend", {"until": "2028-06-01", "reason": "Besiktning"}, "until", "Välj en dag inom ett år"),
    ("hand_over", {"to": ""}, "to", "Välj ämne eller enhet"),
    ("name_contact", {"officer": ""}, "officer", "Välj en handläggare i listan"),
    ("transfer", {"system": "", "number": "LC-4711"}, "system", "Skriv vilket system"),
    ("transfer", {"system": "Lifecare", "number": ""}, "number", "Skriv numret"),
    ("redirect", {"reason": "", "way": "Nämnden"}, "reason", "Skriv varför"),
    ("redirect", {"reason": "Överklagande", "way": ""}, "way", "Skriv vart avsändaren ska vända sig"),
    ("merge", {"number": "", "body": WORD}, "number", "Skriv ett ärendenummer"),
    ("merge", {"number": "KB-2026-000001", "body": ""}, "body", "Skriv till avsändaren först"),
    (
        *("merge", {"number": "KB-2026-000003", "body": WORD}, "number"),
        "Det är det här ärendet. Skriv numret på det andra.",
    ),
    ("merge", {"number": "KB-2026-000002", "body": WORD}, "number", NO_CASE),
    ("merge", {"number": "KB-2026-000099", "body": WORD}, "number", NO_CASE),
    ("merge", {"number": "lekplatsen", "body": WORD}, "number", NO_CASE),
    ("relate", {"number": "KB-2026-000003"}, "number", NO_CASE),
    ("relate", {"number": "KB-2026-000002"}, "number", NO_CASE),
    ("relate", {"number": ""}, "number", "Skriv ett ärendenummer"),
    ("split", {"subject": ""}, "subject", "Skriv en rubrik"),
    ("split", {"subject": MANY}, "subject", LONG),
]


def is_unfolded(field: Tag) -> bool:
    """Whether a field is in something open, or on the tab that is chosen."""
    tab = field.find_parent(class_="tab")
    if tab:
        return tab.select_one("[name=skriv][checked]") is not None
    return field.find_parent("details", open=True) is not None


@pytest.mark.parametrize(
    ("action", "written", "field", "message"), WRONG, ids=[f"{row[0]}-{row[2]}-{row[3]}" for row in WRONG]
)
def test_an_error_keeps_what_was_written_and_leads_to_its_field(
    page: Page, sent: Receipt, action: str, written: dict[str, str], field: str, message: str
) -> None:
    shown, before = page.get(steps.case_address(factories.number(sent))), apart_from_readings()
    asked = page.submit(shown, f"form[action$='/{action}']", changes=written, status=422)
    assert asked.errors() == [message]
    assert asked.find(".ds-error-summary a")["href"] == f"#{action}-{field}"
    assert asked.text_of(f"#{action}-{field}-error") == message
    assert is_unfolded(asked.find(f"#{action}-{field}"))
    for name, text in written.items():
        assert steps.kept(asked, f"{action}-{name}").strip() == text.strip()
    assert apart_from_readings() == before


@pytest.mark.parametrize("to", ["unit-finns-inte", "unit-", "kategori", "board-ks", "unit-1"])
def test_a_place_that_is_none_is_not_handed_to(page: Page, sent: Receipt, to: str) -> None:
    fields = page.get(steps.case_address(factories.number(sent))).form("form[action$='/hand_over']").fields()
    address = steps.case_address(factories.number(sent), "/hand_over")
    assert page.post(address, fields | {"to": to}, 422).errors() == ["Välj ämne eller enhet"]


def answered(anna: Staff, sent: Receipt) -> None:
    factories.act(handling.answer, anna, sent, "Den 1 juni.")


def closed(anna: Staff, sent: Receipt) -> None:
    factories.act(handling.answer, anna, sent, "Den 1 juni.", close=True)


def waiting(anna: Staff, sent: Receipt) -> None:
    factories.act(handling.request_supplement, anna, sent, "Vilken gunga?")


def flagged(anna: Staff, sent: Receipt) -> None:
    factories.act(routing.flag_record, anna, sent, True)


def merged(anna: Staff, sent: Receipt) -> None:
    pair(merging.merge, anna, sent, factories.send_in(), WORD)


def fresh(_anna: Staff, _sent: Receipt) -> None:
    """As it came in."""


GOOD: dict[str, dict[str, str]] = {
    "request_supplement": {"body": "Vilken?"},
    "answer": {"body": "Mitt svar."},
    "message_sender": {"body": "Hej."},
    "record_call": {"body": "Vi pratade."},
    "extend": {"until": "2026-06-01", "reason": "Besiktning"},
    "transfer": {"system": "Lifecare", "number": "LC-4711"},
    "redirect": {"reason": "Överklagande", "way": "Nämnden"},
    "merge": {"number": "KB-2026-000001", "body": WORD},
    "split": {"subject": "Skylten"},
    "hand_over": {"to": "unit-gata", "note": "Ni känner korsningen."},
}
NOT_ALLOWED: list[tuple[Prepare, str]] = [
    *((closed, action) for action in ("take", "unmerge", *GOOD)),
    *((answered, action) for action in ("flag_record", "resume", "extend")),
    *((waiting, action) for action in ("request_supplement", "reopen")),
    *((fresh, action) for action in ("close", "resume", "reopen")),
    *((flagged, "extend"), (merged, "split")),
]


@pytest.mark.parametrize(
    ("prepare", "action"), NOT_ALLOWED, ids=[f"{row[1]}-{row[0].__name__}" for row in NOT_ALLOWED]
)
def test_what_cannot_be_done_now_is_a_409_that_says_what_can(
    page: Page, anna: Staff, sent: Receipt, prepare: Prepare, action: str
) -> None:
    prepare(anna, sent)
    before, written = apart_from_readings(), GOOD.get(action, {})
    told = posted(page, sent, action, written)
    assert (told.h1, NOT_NOW in told.text) == (TOO_LATE, True)
    assert "Skriv anteckning" in [each.get_text() for each in told.all("ul[aria-labelledby=kan-goras] li")]
    assert told.links["Till ärendet"] == steps.case_address(factories.number(sent))
    assert apart_from_readings() == before
    for text in [written["note"]] if action == "hand_over" else written.values():
        assert text in steps.given_back(told)


def posted(page: Page, sent: Receipt, action: str, written: dict[str, str]) -> Document:
    """A form that the page does not show, sent all the same."""
    address = steps.case_address(factories.number(sent), f"/{action}")
    return page.post(address, written | {"csrf_token": steps.token(page)}, 409)


@pytest.mark.parametrize("action", ["extend", "merge", "hand_over"])
def test_nothing_is_asked_to_be_mended_in_a_form_that_cannot_be_used(
    page: Page, anna: Staff, sent: Receipt, action: str
) -> None:
    closed(anna, sent)
    assert NOT_NOW in posted(page, sent, action, {}).text


def test_a_reader_is_offered_what_a_reader_can_do(sent: Receipt, staff_page: steps.SignIn) -> None:
    reader = staff_page(factories.member("eva", Role.RECORDS_OFFICER, None))
    address = steps.case_address(factories.number(sent), "/message_sender")
    told = reader.post(address, {"body": "Hej", "csrf_token": steps.token(reader)}, 409)
    offered = told.text_of("ul[aria-labelledby=kan-goras]")
    assert (NOT_NOW in told.text, "rubrik" in offered, "avsändaren" in offered) == (True, True, True)
    assert not any(word in offered for word in ("Svara", "Skriv", "Besvara", "Lämna över"))


@pytest.mark.parametrize("action", ["transfer", "redirect", "extend", "split", "merge"])
def test_whoever_comes_second_gets_every_line_back(
    page: Page, anna: Staff, sent: Receipt, action: str
) -> None:
    shown = page.get(steps.case_address(factories.number(sent)))
    factories.act(handling.take, anna, sent)
    late = page.submit(shown, f"form[action$='/{action}']", changes=GOOD[action], status=409)
    assert (late.h1, NOT_NOW in late.text) == (TOO_LATE, False)
    assert [steps.kept(late, f"mine-{name}") for name in GOOD[action]] == list(GOOD[action].values())


def removed(page: Page, sent: Receipt, number: str) -> Document:
    """Take a relation away that the page does not show."""
    fields = {"number": number, "csrf_token": steps.token(page)}
    return page.post(steps.case_address(factories.number(sent), "/unrelate"), fields, 422)


@pytest.mark.parametrize("number", ["KB-2026-000002", "KB-2026-000099", "", "x"])
def test_a_relation_to_what_is_not_seen_is_not_taken_away_and_the_page_says_so(
    page: Page, sent: Receipt, number: str
) -> None:
    before = apart_from_readings()
    asked = removed(page, sent, number)
    assert (NO_CASE if number else "Skriv ett ärendenummer") in asked.text_of(".ds-error-summary")
    assert apart_from_readings() == before
