"""Other cases that resemble one, on a page of their own: of the same sender, and with the same words."""

import pytest
from flask import Flask

from portal import db
from portal.cases import queries
from portal.cases.actions import handling
from portal.cases.enums import ReplyBy
from portal.cases.groups import relations
from portal.cases.intake.submission import Receipt, submit
from portal.identity.actors import Staff
from tests import factories
from tests.cases import pair
from tests.page import Document, Page
from tests.web import steps

SWING = {
    "subject": "Gungställningen rostar sönder",
    "body": "Kättingen på gungställningen har rostat sönder.",
}
OPEN = {"reply_by": ReplyBy.PORTAL}


@pytest.fixture
def cases(app: Flask) -> dict[str, Receipt]:
    """Two cases of Maria, one of them with the words of another sender, and an unrelated one."""
    with app.app_context():
        maria = factories.citizen()
        with db.transaction():
            mine = {
                "swing": submit(factories.new_case(**SWING, **OPEN), maria),
                "lamp": submit(
                    factories.new_case(subject="Belysning", body="Lyktan blinkar.", **OPEN), maria
                ),
            }
        mine["same"] = factories.send_in(**SWING)
        return mine | {"other": factories.send_in(subject="Öppettider", body="När?")}


def shown(page: Page, receipt: Receipt) -> list[tuple[str, str]]:
    """How each of the listed cases resembles this one, as the link on the page of the case leads to them."""
    case = page.get(steps.case_address(factories.number(receipt)))
    rows = page.get(case.links["Visa liknande ärenden"]).all("#liknande li")
    return [(row.select("p")[0].get_text(), row.select(".tags span")[-1].get_text()) for row in rows]


def test_a_case_shows_others_of_its_sender_and_others_with_its_words(
    page: Page, cases: dict[str, Receipt]
) -> None:
    assert shown(page, cases["swing"]) == [
        ("Samma avsändare", factories.number(cases["lamp"])),
        ("Samma ord", factories.number(cases["same"])),
    ]
    assert shown(page, cases["other"]) == []


def test_a_case_that_belongs_with_this_one_stands_among_its_neighbours_alone(
    app: Flask, page: Page, cases: dict[str, Receipt], anna: Staff
) -> None:
    with app.app_context():
        pair(relations.relate, anna, cases["swing"], cases["same"])
    assert shown(page, cases["swing"]) == [("Samma avsändare", factories.number(cases["lamp"]))]


def test_a_protected_sender_is_nobodys_same(page: Page, cases: dict[str, Receipt]) -> None:
    with db.transaction():
        found = queries.case_by_id(factories.System(), cases["lamp"].case)
        assert found
        assert found.party
        found.party.protected = True
    assert shown(page, cases["swing"]) == [("Samma ord", factories.number(cases["same"]))]
    assert shown(page, cases["lamp"]) == []


def test_what_the_reader_may_not_see_has_no_similar_cases_and_is_none(
    app: Flask, cases: dict[str, Receipt], staff_page: steps.SignIn
) -> None:
    samir = staff_page(factories.member("samir", unit="gata"))
    samir.get(steps.case_address(factories.number(cases["swing"]), "/liknande"), 404)
    with app.app_context():
        own = factories.send_in(category="gator", **SWING)
    assert shown(samir, own) == []


def test_the_list_says_so_when_it_is_empty_and_is_no_reading(page: Page, cases: dict[str, Receipt]) -> None:
    listed = page.get(steps.case_address(factories.number(cases["other"]), "/liknande"))
    assert "Inga liknande ärenden" in listed.text
    page.get(steps.case_address(factories.number(cases["swing"]), "/liknande"))
    assert steps.count("read_log") == 0


def listed(page: Page, receipt: Receipt) -> Document:
    return page.get(steps.case_address(factories.number(receipt), "/liknande"))


def form_to(action: str, other: Receipt) -> str:
    """The form that does this with the other case."""
    return f"form[action$='/{action}']:has([name=number][value='{factories.number(other)}'])"


def test_one_press_relates_a_similar_case_and_leads_back_to_the_list(
    page: Page, cases: dict[str, Receipt]
) -> None:
    before = listed(page, cases["swing"])
    for _click in range(2):
        pressed = page.submit(before, form_to("relate", cases["same"]), button="Koppla")
        after = page.follow(pressed)
        assert after.path.endswith("/liknande")
        assert "Ärendena är kopplade." in after.text
    assert not after.has(form_to("relate", cases["same"]))
    assert steps.count("case_relation") == 1


def test_the_same_matter_is_merged_from_the_list_with_a_word_to_the_sender(
    page: Page, cases: dict[str, Receipt]
) -> None:
    before = listed(page, cases["swing"])
    for _click in range(2):
        pressed = page.submit(
            before, form_to("merge", cases["same"]), changes={"body": "Vi arbetar redan med gungan."}
        )
        after = page.follow(pressed)
        assert f"Ärendet är hopslaget med {factories.number(cases['same'])}." in after.text
    assert factories.case(cases["swing"]).merged_into_id == cases["same"].case
    assert steps.count("message") == len(cases) + 1
    # It waits for an answer now, and for no second one.
    assert not after.has("form[action$='/merge']")


def test_a_merge_without_a_word_to_the_sender_comes_back_on_the_case_with_the_number(
    page: Page, cases: dict[str, Receipt]
) -> None:
    refused = page.submit(listed(page, cases["swing"]), form_to("merge", cases["same"]), status=422)
    assert refused.errors() == ["Skriv till avsändaren först"]
    assert steps.kept(refused, "merge-number") == factories.number(cases["same"])


def test_what_no_merge_takes_is_not_offered_one(
    app: Flask, page: Page, cases: dict[str, Receipt], anna: Staff
) -> None:
    with app.app_context():
        factories.act(handling.answer, anna, cases["same"], "Den lagas i dag.")
    shown = listed(page, cases["swing"])
    assert not shown.has(form_to("merge", cases["same"]))
    assert shown.has(form_to("merge", cases["lamp"]))
    assert shown.has(form_to("relate", cases["same"]))


def test_an_older_page_does_not_merge_what_has_changed(
    app: Flask, page: Page, cases: dict[str, Receipt], anna: Staff
) -> None:
    before = listed(page, cases["swing"])
    with app.app_context():
        factories.act(handling.take, anna, cases["swing"])
    body = "Vi arbetar redan med gungan."
    refused = page.submit(before, form_to("merge", cases["same"]), changes={"body": body}, status=409)
    assert body in refused.html
    assert factories.case(cases["swing"]).merged_into_id is None


def test_who_only_reads_is_offered_neither(
    app: Flask, cases: dict[str, Receipt], staff_page: steps.SignIn
) -> None:
    reader = staff_page(factories.records_officer("park"))
    shown = listed(reader, cases["swing"])
    assert shown.all("#liknande li")
    assert not shown.has("form[action$='/merge']")
