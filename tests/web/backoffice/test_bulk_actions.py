"""The same thing with many cases: each in its turn, what is left is named, nothing is lost or done twice."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal import db
from portal.cases.actions import extensions, handling
from portal.cases.actions import sender as sender_actions
from portal.cases.enums import Kind, Secrecy
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.identity.actors import Role, Staff
from tests import bulk_cases, factories
from tests.page import Document, Page
from tests.page_checks import value
from tests.web import steps
from tests.web.test_queue_budget import asked

ADDRESS = "/handlaggning/flera"
# Each unit is looked up once.
UNITS_MOST = 8
MOST_SIGNS = "Den får vara högst 20 000 tecken."
ANSWER = "Lekplatsen öppnar den 1 juni."


@pytest.fixture
def three(app: Flask, travel: steps.Travel) -> list[Receipt]:
    """Three cases of her unit: to be answered by mail, by code, and a question."""
    with app.app_context():
        first = factories.send_in(email="maja@exempel.se", name="Maja Ek", subject="Gungan")
        return [
            first,
            factories.send_in(subject="Rutschen"),
            factories.send_in(subject="Badet", kind=Kind.QUESTION),
        ]


def numbers(receipts: Sequence[Receipt]) -> list[str]:
    return [factories.number(each) for each in receipts]


def choose(page: Page, deed: str, cases: Sequence[str], status: int = 200, at: str = ADDRESS) -> Document:
    """Mark cases in the queue and press a button over it."""
    fields = {"csrf_token": steps.token(page), "case": list(cases), "action": deed}
    return page.post(at, fields, status)


def go_on(page: Page, shown: Document, button: str, status: int = 200, **changes: Any) -> Document:
    """Fill the page of a deed in, and press one of its buttons."""
    return page.submit(shown, "main form", changes=changes, button=button, status=status)


def close_anyway(page: Page, cases: Sequence[str]) -> Document:
    """Post what the page has no button for."""
    fields = {"csrf_token": steps.token(page), "case": list(cases), "action": "close", "step": "do"}
    return page.post(ADDRESS, fields, 409)


def answered(page: Page, cases: Sequence[str], button: str = "step=do", status: int = 200) -> Document:
    """Answer cases, past the preview."""
    preview = go_on(page, choose(page, "answer", cases), "step=preview", body=ANSWER)
    return go_on(page, preview, button, status)


def statuses(receipts: Sequence[Receipt]) -> list[Status]:
    return [factories.case(each).status for each in receipts]


def whys(shown: Document) -> dict[str, str]:
    """Why each that was left was left, by its number."""
    found = {}
    for item in shown.all(".picks li"):
        why = item.select_one(".why")
        if why is not None:
            box, link = item.select_one("[name=case]"), item.select_one("a")
            number = str(box["value"]) if box else link.get_text() if link else ""
            found[number] = why.get_text(strip=True)
    return found


def marked(shown: Document) -> list[str]:
    return [str(box["value"]) for box in shown.all("[name=case][checked]")]


def test_many_are_assigned_at_once_and_told_of_with_links(
    page: Page, anna: Staff, three: list[Receipt]
) -> None:
    asked = choose(page, "assign", numbers(three))
    assert (asked.h1, marked(asked)) == ("Fördela 3 ärenden", numbers(three))
    told = go_on(page, asked, "Fördela ärendena", officer=str(anna.membership))
    assert told.h1 == "3 ärenden är fördelade."
    assert [told.links[each] for each in numbers(three)] == [steps.case_address(n) for n in numbers(three)]
    assert {factories.case(each).officer_id for each in three} == {anna.membership}


def test_many_are_handed_over_and_what_is_not_seen_any_more_has_no_link(
    page: Page, three: list[Receipt]
) -> None:
    told = go_on(page, choose(page, "hand_over", numbers(three)), "Lämna över ärendena", to="category-gator")
    assert told.h1 == "3 ärenden är överlämnade."
    assert not set(numbers(three)) & set(told.links)
    assert factories.number(three[0]) in told.text


def test_what_would_leave_its_board_waits_for_a_ground_and_stays_marked(
    page: Page, three: list[Receipt]
) -> None:
    asked = choose(page, "hand_over", numbers(three[:2]))
    left = go_on(page, asked, "step=do", 409, to="unit-grundskola", note="Ni känner skolan.")
    assert left.h1 == "Inget ärende är ändrat."
    assert set(whys(left).values()) == {"Ärendet går till en annan nämnd eller verksamhetsgren. Välj grund."}
    assert (marked(left), left.find("#to [selected]")["value"]) == (numbers(three[:2]), "unit-grundskola")
    assert steps.kept(left, "note") == "Ni känner skolan."
    assert go_on(page, left, "step=do", ground="no_secrecy").h1 == "2 ärenden är överlämnade."


def test_each_case_goes_or_is_named_with_its_reason(page: Page, anna: Staff, three: list[Receipt]) -> None:
    with db.transaction() as writer:
        marked_case = writer.get(Case, three[0].case)
        assert marked_case
        marked_case.secrecy = Secrecy.MARKED
        marked_case.secrecy_provision = "OSL 21:1"
    asked = choose(page, "hand_over", numbers(three))
    left = go_on(page, asked, "step=do", 409, to="unit-grundskola", ground="no_secrecy")
    assert left.h1 == "2 ärenden är överlämnade."
    assert list(whys(left)) == [factories.number(three[0])]
    assert "Ärendet har sekretess." in whys(left)[factories.number(three[0])]
    assert go_on(page, left, "step=do", ground="consent").h1 == "1 ärende är överlämnat."


def test_only_the_answered_are_closed_and_the_others_named(
    page: Page, anna: Staff, three: list[Receipt]
) -> None:
    factories.act(handling.answer, anna, three[0], "I dag.")
    asked = choose(page, "close", numbers(three))
    assert (asked.h1, marked(asked)) == ("Avsluta 1 ärende", numbers(three[:1]))
    now = "Ärendet är inte besvarat än."
    assert whys(asked) == dict.fromkeys(numbers(three[1:]), now)
    told = go_on(page, asked, "Avsluta ärendet", 409, case=numbers(three))
    assert (told.h1, whys(told)) == ("1 ärende är avslutat.", dict.fromkeys(numbers(three[1:]), now))
    assert "De här 2 ärendena är kvar" in told.text
    assert marked(told) == numbers(three[1:])
    assert statuses(three) == [Status.CLOSED, Status.RECEIVED, Status.RECEIVED]


def test_nothing_can_be_done_says_so(page: Page, three: list[Receipt]) -> None:
    asked = choose(page, "close", numbers(three))
    assert (asked.h1, marked(asked)) == ("Inget av ärendena går att avsluta: de är inte besvarade", [])


def test_an_answer_to_many_is_looked_through_before_it_is_sent(page: Page, three: list[Receipt]) -> None:
    asked, courtesy = choose(page, "answer", numbers(three)), "2 av ärendena är klagomål. Beklaga"
    assert courtesy in asked.text
    assert courtesy not in go_on(page, asked, "step=preview", body="Vi beklagar det som hände. Tack.").text
    preview = go_on(page, asked, "Förhandsgranska", body=ANSWER)
    assert preview.text_of(".message-body") == ANSWER
    assert "Maja Ek, mejl till m•••@exempel.se" in preview.text
    assert "Anonym, läser svaret med sin kod" in preview.text
    assert statuses(three) == [Status.RECEIVED] * 3
    told = go_on(page, preview, "Skicka svaren")
    assert told.h1 == "3 svar är skickade."
    assert statuses(three) == [Status.ANSWERED] * 3
    assert [each.name for each in factories.letters()].count("answered") == 1


def test_enter_in_the_answer_leads_to_the_preview_and_back_again_with_the_text(
    page: Page, three: list[Receipt]
) -> None:
    asked = choose(page, "answer", numbers(three))
    preview = page.submit(asked, "main form", changes={"body": "Rad ett.\n\nRad två."}, status=200)
    changing = go_on(page, preview, "Ändra svaret")
    assert steps.kept(changing, "body") == "Rad ett.\n\nRad två."
    assert marked(changing) == numbers(three)


def test_an_answer_to_many_may_close_them_too(page: Page, three: list[Receipt]) -> None:
    assert answered(page, numbers(three), "Skicka och avsluta").h1 == "3 svar är skickade."
    assert statuses(three) == [Status.CLOSED] * 3


@pytest.mark.parametrize("deed", ["assign", "hand_over", "close", "answer"])
def test_a_second_click_does_nothing_twice(
    staff_page: steps.SignIn, anna: Staff, three: list[Receipt], deed: str
) -> None:
    # One who still sees a case that was handed over: nobody of its former unit does.
    page = staff_page(factories.member("eva", Role.REGISTRAR, None))
    if deed == "close":
        for each in three:
            factories.act(handling.answer, anna, each, "I dag.")
    shown = choose(page, deed, numbers(three))
    changes = {"assign": {"officer": str(anna.membership)}, "hand_over": {"to": "unit-gata"}}
    if deed == "answer":
        shown = go_on(page, shown, "step=preview", body=ANSWER)
    first = go_on(page, shown, "step=do", **changes.get(deed, {}))
    before = steps.stored()
    second = go_on(page, shown, "step=do", **changes.get(deed, {}))
    assert (second.h1, steps.stored()) == (first.h1, before)


def test_somebody_who_was_first_is_told_of_and_the_case_stays_marked(
    page: Page, three: list[Receipt]
) -> None:
    shown = go_on(page, choose(page, "answer", numbers(three)), "step=preview", body=ANSWER)
    factories.act(handling.take, factories.member("eva", Role.REGISTRAR, None), three[1])
    told = go_on(page, shown, "step=do", 409)
    assert told.h1 == "2 svar är skickade."
    assert whys(told) == {factories.number(three[1]): "Någon hann före. Läs det nya först."}
    assert (marked(told), steps.kept(told, "body")) == ([factories.number(three[1])], ANSWER)
    again = go_on(page, go_on(page, told, "step=preview"), "step=do")
    assert (again.h1, statuses(three)) == ("1 svar är skickat.", [Status.ANSWERED] * 3)


def test_what_changes_before_the_preview_is_told_there(
    page: Page, three: list[Receipt], travel: steps.Travel
) -> None:
    asked = choose(page, "answer", numbers(three))
    travel.shift(60)
    factories.act(sender_actions.reply, factories.sender(three[0]), three[0], "Den är lagad nu.")
    preview = go_on(page, asked, "step=preview", body=ANSWER)
    assert whys(preview) == {factories.number(three[0]): "Någon hann före. Läs det nya först."}
    assert marked(preview) == numbers(three[1:])


def test_what_one_may_not_see_is_named_by_the_number_that_was_sent_and_no_more(
    page: Page, three: list[Receipt]
) -> None:
    hidden = factories.number(factories.send_in(category="gator", subject="Hemlig gata"))
    sent = [*numbers(three[:1]), hidden, "KB-2026-000999", "skräp"]
    asked = choose(page, "assign", sent)
    none = "Det finns inget ärende med det numret som du kan se."
    assert whys(asked) == dict.fromkeys(sent[1:], none)
    assert "Hemlig gata" not in asked.html
    told = close_anyway(page, sent)
    assert {number: why for number, why in whys(told).items() if number != sent[0]} == dict.fromkeys(
        sent[1:], none
    )


def test_an_officer_who_may_have_only_some_gets_those(page: Page, three: list[Receipt]) -> None:
    samir = factories.member("samir", unit="gata")
    eva = factories.member("eva", Role.REGISTRAR, None)
    asked = choose(page, "assign", numbers(three))
    options = [str(each["value"]) for each in asked.all("#officer option")]
    assert str(eva.membership) in options
    assert str(samir.membership) not in options
    refused = go_on(page, asked, "step=do", 422, officer=str(samir.membership))
    assert refused.errors() == ["Välj en handläggare i listan"]


def test_who_answered_badly_before_may_not_have_that_one_again(
    page: Page, anna: Staff, three: list[Receipt], staff_page: steps.SignIn
) -> None:
    factories.act(handling.answer, anna, three[0], "Nej.")
    factories.act(sender_actions.not_satisfied, factories.sender(three[0]), three[0], "Jo.")
    eva = staff_page(factories.member("eva", Role.REGISTRAR, None))
    asked = choose(eva, "assign", numbers(three))
    told = go_on(eva, asked, "step=do", 409, officer=str(anna.membership))
    assert whys(told) == {factories.number(three[0]): "Den du valde kan inte få ärendet."}


WRONG = [
    ("assign", {"officer": ""}, "officer", "Välj en handläggare i listan"),
    ("hand_over", {"to": ""}, "to", "Välj ämne eller enhet"),
    ("answer", {"body": " "}, "body", "Skriv svaret först"),
    (
        "answer",
        {"body": "a" * 20_001},
        "body",
        "Texten är 1 tecken för lång. Den får vara högst 20 000 tecken.",
    ),
]


@pytest.mark.parametrize(("deed", "written", "field", "message"), WRONG)
def test_an_error_keeps_what_was_marked_and_written(
    page: Page, three: list[Receipt], deed: str, written: dict[str, str], field: str, message: str
) -> None:
    refused = go_on(page, choose(page, deed, numbers(three)), "step", 422, **written)
    assert refused.errors() == [message]
    assert refused.find(".ds-error-summary a")["href"] == f"#{field}"
    assert marked(refused) == numbers(three)
    assert steps.kept(refused, field).strip() == written[field].strip()


def test_none_marked_is_said_in_the_queue(page: Page, three: list[Receipt]) -> None:
    shown = choose(page, "assign", [], 422)
    assert (shown.h1, shown.text_of(".ds-error-summary li")) == ("Alla öppna", "Markera minst ett ärende")


def test_an_unknown_deed_is_asked_for(page: Page, three: list[Receipt]) -> None:
    for deed in ("", "take", "answer_and_close", "\x00"):
        shown = choose(page, deed, numbers(three), 422)
        assert "Välj vad du vill göra med ärendena" in shown.text_of(".ds-error-summary")


def test_at_most_a_hundred_at_once(page: Page, three: list[Receipt]) -> None:
    many = [*numbers(three), *(f"KB-2026-{number:06d}" for number in range(1000, 1137))]
    shown = choose(page, "assign", many, 422)
    assert len(shown.all(".picks li")) == 100
    said = "Du kan göra högst 100 ärenden åt gången. Här är de 100 första av dina 140."
    assert shown.text_of(".ds-error-summary li") == said
    assert marked(shown) == numbers(three)


def test_the_same_number_twice_is_one_case(page: Page, three: list[Receipt]) -> None:
    assert choose(page, "assign", numbers([three[0], three[0]])).h1 == "Fördela 1 ärende"


def test_a_stale_page_asks_again_with_all_kept(page: Page, three: list[Receipt]) -> None:
    shown = page.post(ADDRESS, {"case": numbers(three), "action": "answer"}, 422)
    assert "Försök igen." in shown.text_of(".ds-error-summary")
    assert marked(shown) == numbers(three)
    fields = {"case": numbers(three), "action": "answer", "step": "do", "body": ANSWER}
    shown = page.post(ADDRESS, fields, 422)
    assert "Allt du skrev finns kvar." in shown.text_of(".ds-error-summary")
    assert (steps.kept(shown, "body"), marked(shown)) == (ANSWER, numbers(three))
    assert statuses(three) == [Status.RECEIVED] * 3


def test_whoever_only_reads_does_nothing_with_many(three: list[Receipt], staff_page: steps.SignIn) -> None:
    reader = staff_page(factories.member("eva", Role.RECORDS_OFFICER, None))
    before = steps.stored()
    close_anyway(reader, numbers(three))
    assert steps.stored() == before


def test_the_page_of_fifty_costs_as_much_as_the_page_of_five(staff_page: steps.SignIn, page: Page) -> None:
    eva = staff_page(factories.member("eva", Role.REGISTRAR, None))
    bulk_cases.cases(50, unsatisfied=False)
    written = [f"KB-2026-{bulk_cases.FIRST_NUMBER + each:06d}" for each in range(50)]
    costs = []
    for count in (5, 50):
        token = steps.token(eva)
        with asked() as (statements, _loaded):
            fields = {"csrf_token": token, "case": written[:count], "action": "assign"}
            shown = eva.post(ADDRESS, fields, 200)
        assert len(shown.all(".picks li")) == count
        costs.append(len(statements))
    assert costs[1] <= costs[0] + UNITS_MOST


def test_the_way_back_is_the_queue_as_it_was(page: Page, three: list[Receipt]) -> None:
    shown = choose(page, "assign", numbers(three), at=f"{ADDRESS}?vy=newest")
    assert shown.links["Ärenden"] == "/handlaggning/?vy=newest"
    assert page.get(f"{ADDRESS}?vy=newest", 303).location == "/handlaggning/?vy=newest"


def test_the_keys_have_a_page_that_every_page_of_staff_leads_to(page: Page) -> None:
    shown = page.get(page.get("/handlaggning/").links["Tangenter"])
    assert (shown.h1, shown.has("dialog")) == ("Tangenter", False)
    assert shown.links["Gå till dina ärenden"] == "/handlaggning/?vy=mine"
    assert page.get("/handlaggning/").has("dialog#tangenter")


SUMMER = "Den som kan frågan har semester."


@pytest.fixture
def summer(travel: steps.Travel) -> None:
    travel.move_to("2026-07-01 08:00:00Z")


def test_many_are_extended_at_once_and_each_sender_is_told(
    app: Flask, summer: None, page: Page, three: list[Receipt]
) -> None:
    asked = choose(page, "extend", numbers(three))
    assert (asked.h1, value(asked.find("#reason"), "value")) == ("Flytta fram svaret i 3 ärenden", SUMMER)
    with app.app_context():
        told = go_on(page, asked, "step=do", until="2026-08-20")
    assert told.h1 == "3 ärenden har en ny dag, och avsändarna får veta det."
    for receipt in three:
        case = factories.case(receipt)
        assert (case.due_answer, case.extended_for_summer) == (date(2026, 8, 20), True)
        assert factories.entries(receipt)[-1].event == "DeadlineExtended"


def test_a_case_that_cannot_be_extended_is_named_with_why(
    page: Page, anna: Staff, three: list[Receipt]
) -> None:
    factories.act(handling.request_supplement, anna, three[0], "Vilken gunga?")
    factories.act(extensions.extend, anna, three[1], date(2026, 7, 1), "Vi väntar på delar.")
    asked = choose(page, "extend", numbers(three))
    assert whys(asked) == {factories.number(three[0]): "Ni väntar på invånaren."}
    assert asked.text.count("svar senast") == 2
    left = go_on(page, asked, "step=do", 409, until="2026-06-15", reason="Vi väntar på delar.")
    assert left.h1 == "1 ärende har en ny dag, och avsändaren får veta det."
    assert whys(left) == {factories.number(three[1]): "Svaret ska redan komma den dagen eller senare."}
    assert value(left.find("#reason"), "value") == "Vi väntar på delar."


@pytest.mark.parametrize(
    ("until", "error"),
    [
        ("", "Skriv dagen som 2026-05-18"),
        ("2026-05-04", "Välj en dag som inte har varit"),
        ("2026-06-06", "Välj en arbetsdag"),
        ("2028-06-07", "Välj en dag inom ett år"),
    ],
)
def test_a_day_that_no_case_can_have_is_refused_before_any_is_changed(
    page: Page, three: list[Receipt], until: str, error: str
) -> None:
    asked = choose(page, "extend", numbers(three))
    refused = go_on(page, asked, "step=do", 422, until=until, reason="Vi väntar på delar.")
    assert error in refused.text
    assert (marked(refused), value(refused.find("#reason"), "value")) == (
        numbers(three),
        "Vi väntar på delar.",
    )
    assert {factories.case(each).extended_to for each in three} == {None}
