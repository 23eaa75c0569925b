"""A case that was opened from a list: the next one, the way back, and the buttons that go on."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from flask import Flask

from portal import clock
from portal.cases.actions import handling
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Status
from portal.identity.actors import Staff
from tests import factories
from tests.page import Document, Page
from tests.statements import counted
from tests.web import steps

NOON = datetime(2026, 5, 4, 8, tzinfo=UTC)
QUEUE = "/handlaggning/"
NEXT, PREVIOUS, POSITION = "a[rel=next]", "a[rel=prev]", ".list-line .muted"
ANSWER = "form[action$='/answer']"


@pytest.fixture
def three(app: Flask, travel: steps.Travel) -> list[Receipt]:
    """Three cases of Anna's unit, the first one the most urgent."""
    sent = []
    with app.app_context():
        for days, subject in ((3, "Ett"), (2, "Två"), (1, "Tre")):
            with clock.at(NOON - timedelta(days=days)):
                sent.append(factories.send_in(subject=subject))
    return sent


def opened(page: Page, subject: str, **parameters: str) -> Document:
    """A case, by its link in the list."""
    shown = page.get(QUEUE, query_string=parameters)
    (link,) = [link for link in shown.all("td.what a") if link.get_text(strip=True) == subject]
    return page.get(str(link["href"]))


def step(page: Page, shown: Document, where: str = NEXT) -> Document:
    """The page that a link to the next case, or the one before, leads to."""
    return page.follow(page.get(str(shown.find(where)["href"]), 303))


def position(shown: Document) -> str:
    return shown.text_of(POSITION)


def test_from_the_first_to_the_last_and_back(page: Page, three: list[Receipt]) -> None:
    first = opened(page, "Ett")
    assert (first.h1, position(first), first.all(PREVIOUS)) == ("Ett", "1 av 3", [])
    second = step(page, first)
    assert (second.h1, position(second)) == ("Två", "2 av 3")
    third = step(page, second)
    assert (third.h1, position(third), third.all(NEXT)) == ("Tre", "3 av 3", [])
    assert "Det var det sista i listan" in third.text
    assert step(page, third, PREVIOUS).h1 == "Två"


def test_the_way_back_is_to_the_list_that_the_case_was_opened_from(page: Page, three: list[Receipt]) -> None:
    shown = opened(page, "Två", vy="unassigned", typ="klagomal", ordning="newest")
    assert position(shown) == "2 av 3"
    assert step(page, shown).h1 == "Ett"
    back = urlsplit(str(shown.find(".back a")["href"]))
    assert (back.path, parse_qs(back.query)) == (
        QUEUE,
        {"vy": ["unassigned"], "typ": ["klagomal"], "ordning": ["newest"]},
    )
    assert shown.text_of(".back a") == "Att fördela"


def test_without_a_list_there_is_no_next_case(page: Page, three: list[Receipt]) -> None:
    shown = page.get(steps.case_address(factories.number(three[0])))
    assert (shown.all(NEXT), shown.all(PREVIOUS), shown.all("[value=next]")) == ([], [], [])
    assert page.get(steps.case_address(factories.number(three[0]), "/nasta"), 303).location.endswith(
        factories.number(three[0])
    )


@pytest.mark.parametrize("place", ["x", "ZHVl", "ÅÄÖ", "a" * 500, ""])
def test_a_place_that_cannot_be_read_is_none(page: Page, three: list[Receipt], place: str) -> None:
    number = factories.number(three[0])
    shown = page.get(steps.case_address(number), query_string={"vy": "mine", "plats": place})
    assert (shown.all(NEXT), shown.all("[value=next]")) == ([], [])
    assert page.get(steps.case_address(number, "/nasta"), 303, query_string={"plats": place})


def test_the_place_of_another_case_is_none(page: Page, three: list[Receipt]) -> None:
    place = parse_qs(urlsplit(str(opened(page, "Två").find(NEXT)["href"])).query)["plats"][0]
    shown = page.get(steps.case_address(factories.number(three[0])), query_string={"plats": place})
    assert shown.all(NEXT) == []


def test_a_list_too_long_for_an_address_does_not_go_along(page: Page, three: list[Receipt]) -> None:
    shown = page.get(QUEUE, query_string={"q": "ett " * 500, "vy": "newest"})
    assert all("plats" not in str(link["href"]) for link in shown.all("td.what a"))


def test_every_page_and_form_of_the_case_keeps_the_list(page: Page, three: list[Receipt]) -> None:
    shown = opened(page, "Två", vy="newest", typ="klagomal")
    carried = dict(parse_qsl(urlsplit(shown.response.request.url).query))
    assert set(carried) == {"vy", "typ", "plats"}
    number = factories.number(three[1])
    for link in shown.all(f"a[href*='{number}/']"):
        assert dict(parse_qsl(urlsplit(str(link["href"])).query)) == carried, link
    for form in shown.all(f"form[action*='{number}']"):
        assert dict(parse_qsl(str(form.select_one("[name=lista]")["value"]))) == carried  # type: ignore[index]
    noted = page.submit(shown, "form[action$='/note']", changes={"body": "Hej."})
    assert dict(parse_qsl(urlsplit(noted.location).query)) == carried
    refused = page.submit(shown, "form[action$='/note']", changes={"body": ""}, status=422)
    assert dict(parse_qsl(urlsplit(str(refused.find(NEXT)["href"])).query)) == carried
    draft = page.submit(shown, ANSWER, button="save", changes={"body": "Ett utkast."})
    assert dict(parse_qsl(urlsplit(draft.location).query)) == carried
    preview = page.follow(page.submit(page.follow(draft), ANSWER, button="preview"))
    assert preview.find("[value=next]").get_text(strip=True) == "Skicka, avsluta och nästa"
    two_drafts = page.submit(shown, ANSWER, changes={"body": "Ett annat."}, status=409)
    assert dict(parse_qsl(urlsplit(two_drafts.links["Behåll det nyare utkastet"]).query)) == carried
    changes = {"body": "Ett svar.", "version": "99"}
    conflict = page.submit(page.follow(draft), ANSWER, changes=changes, status=409)
    assert dict(parse_qsl(urlsplit(str(conflict.find(NEXT)["href"])).query)) == carried


def test_answered_and_closed_the_next_case_is_shown_and_names_the_earlier_one(
    page: Page, three: list[Receipt]
) -> None:
    shown = page.follow(
        page.submit(opened(page, "Ett"), ANSWER, button="close=next", changes={"body": "Ja."})
    )
    number = factories.number(three[0])
    assert (shown.h1, position(shown)) == ("Två", "1 av 2")
    notice = shown.find(".ds-alert[role=status]")
    assert notice.get_text(" ", strip=True) == f"{number} är besvarat och avslutat."
    assert notice.find("a")["href"] == steps.case_address(number)  # type: ignore[index]
    assert factories.case(three[0]).status is Status.CLOSED


def test_after_the_last_case_the_list_is_shown_with_the_notice(page: Page, three: list[Receipt]) -> None:
    sent = page.submit(opened(page, "Tre"), ANSWER, button="close=next", changes={"body": "Ja."})
    shown = page.follow(sent)
    assert (urlsplit(sent.location).path, shown.h1) == (QUEUE, "Alla öppna")
    text = f"{factories.number(three[2])} är besvarat och avslutat. Det var det sista i listan."
    assert shown.find(".ds-alert[role=status]").get_text(" ", strip=True) == text


def test_an_answered_case_is_closed_and_the_next_one_shown(
    page: Page, three: list[Receipt], anna: Staff
) -> None:
    factories.act(handling.answer, anna, three[1], "Ja.")
    shown = opened(page, "Två", vy="newest", ordning="oldest")
    closed = page.follow(page.submit(shown, "form[action$='/close']", button="close=next"))
    assert closed.h1 == "Tre"
    assert f"{factories.number(three[1])} är avslutat." in closed.text
    assert factories.case(three[1]).status is Status.CLOSED


def test_what_cannot_be_sent_stays_with_its_text(page: Page, three: list[Receipt], anna: Staff) -> None:
    shown = opened(page, "Ett")
    empty = page.submit(shown, ANSWER, button="close=next", changes={"body": " "}, status=422)
    assert (empty.h1, empty.find("[value=next]").get_text(strip=True)) == ("Ett", "Skicka, avsluta och nästa")
    factories.act(handling.note, anna, three[0], "Nytt.")
    factories.act(handling.take, factories.member("samir"), three[0])
    late = page.submit(shown, ANSWER, button="close=next", changes={"body": "Mitt svar."}, status=409)
    assert (late.h1, steps.given_back(late)) == ("Någon hann före", ["Mitt svar."])
    assert late.text_of(".lead") == "Svaret är inte skickat. Din text är sparad som utkast."
    assert step(page, late).h1 == "Två"
    assert factories.case(three[0]).status is Status.IN_PROGRESS


def test_a_second_click_answers_no_other_case(page: Page, three: list[Receipt]) -> None:
    shown = opened(page, "Ett")
    first, second = (
        page.submit(shown, ANSWER, button="close=next", changes={"body": "Ja."}, status=status)
        for status in (303, 303)
    )
    assert first.location == second.location
    statuses = [factories.case(receipt).status for receipt in three]
    assert statuses == [Status.CLOSED, Status.RECEIVED, Status.RECEIVED]


def test_back_and_sent_again_changes_nothing_more(page: Page, three: list[Receipt]) -> None:
    shown = opened(page, "Ett")
    page.submit(shown, ANSWER, button="close=next", changes={"body": "Ja."})
    again = page.submit(shown, ANSWER, button="close=next", changes={"body": "Ett annat svar."}, status=409)
    assert steps.given_back(again) == ["Ett annat svar."]
    assert step(page, again).h1 == "Två"


def test_two_tabs_go_through_two_lists(page: Page, three: list[Receipt]) -> None:
    urgent, newest = opened(page, "Två"), opened(page, "Två", vy="newest")
    sent = page.submit(newest, ANSWER, button="close=next", changes={"body": "Ja."})
    assert page.follow(sent).h1 == "Ett"
    assert step(page, urgent).h1 == "Tre"


def test_a_case_that_is_closed_meanwhile_says_so_and_leads_on(
    page: Page, three: list[Receipt], anna: Staff
) -> None:
    shown = opened(page, "Ett")
    address = str(step(page, shown).response.request.url)
    factories.act(handling.answer_and_close, anna, three[1], "Ja.")
    closed = page.get(address)
    assert position(closed) == "Inte kvar i listan"
    assert step(page, closed).h1 == "Tre"
    assert step(page, shown).h1 == "Tre"


def test_a_case_out_of_scope_has_a_next_one_too(page: Page, three: list[Receipt], anna: Staff) -> None:
    shown = opened(page, "Ett")
    hand_over = {"to": "unit-gata", "note": "Er fråga."}
    answered = opened(page, "Ett")
    page.submit(shown, "form[action$='/hand_over']", changes=hand_over)
    page.get(steps.case_address(factories.number(three[0])), 404)
    assert step(page, shown).h1 == "Två"
    gone = page.submit(answered, ANSWER, button="close=next", changes={"body": "Mitt svar."}, status=404)
    assert ("Mitt svar." in gone.text, step(page, gone).h1) == (True, "Två")


def test_what_is_searched_for_has_a_next_case_without_a_position(page: Page, three: list[Receipt]) -> None:
    shown = opened(page, "Två", q="skylt", ordning="oldest")
    assert (shown.all(POSITION), shown.text_of(".back a")) == ([], "Sökningen")
    assert step(page, shown).h1 == "Tre"
    ended = step(page, step(page, shown))
    assert "Det var det sista i listan." in ended.text


def test_the_page_of_the_list_is_kept_too(app: Flask, page: Page) -> None:
    with app.app_context():
        for number in range(26):
            factories.send_in(subject=f"Ärende {number}")
    first = page.get(QUEUE)
    second = page.get(str(first.find(NEXT)["href"]))
    shown = page.get(str(second.find("td.what a")["href"]))
    assert position(shown) == "26 av 26"
    assert page.get(str(shown.find(".back a")["href"])).text_of(".pager, nav .muted") == "26–26 av 26"


@pytest.mark.parametrize(("parameters", "more"), [({}, 1), ({"vy": "newest"}, 0), ({"q": "skylt"}, 0)])
def test_a_list_costs_a_case_one_statement_at_most(
    page: Page, three: list[Receipt], parameters: dict[str, str], more: int
) -> None:
    address = str(opened(page, "Två", **parameters).response.request.url)
    plain, along = (_cost(page, url) for url in (address.partition("?")[0], address))
    assert along == plain + more


def _cost(page: Page, address: str) -> int:
    page.get(address)
    with counted() as statements:
        page.get(address)
    return len(statements)
