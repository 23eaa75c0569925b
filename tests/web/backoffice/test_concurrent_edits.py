"""Two members of staff at one case: each sees that the other is there, and the later loses nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.cases.actions import handling, routing
from portal.cases.answers import drafts as answer_drafts
from portal.cases.groups import merging
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from tests import factories
from tests.cases import membership_of, pair
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

Act = Callable[..., None]


@pytest.fixture
def eva() -> Staff:
    return factories.member("eva", Role.REGISTRAR, None)


@pytest.fixture
def act(app: Flask) -> Act:
    """Somebody does something meanwhile, in an application of their own."""

    def done(command: Callable[..., Any], *given: Any) -> None:
        with app.app_context():
            factories.act(command, *given)

    return done


@pytest.fixture
def page(sent: Receipt, eva: Staff, staff_page: steps.SignIn) -> Page:
    """Eva's browser: she comes second."""
    return staff_page(eva)


def here(page: Page, sent: Receipt) -> list[str]:
    shown = page.get(steps.case_address(factories.number(sent)))
    return [plain(each.get_text()) for each in shown.all(".company li")]


def test_somebody_alone_with_a_case_is_told_of_nobody(page: Page, sent: Receipt) -> None:
    assert here(page, sent) == []
    assert here(page, sent) == []


def test_a_colleague_who_has_just_opened_the_case_is_named_for_ten_minutes(
    page: Page, sent: Receipt, anna: Staff, act: Act, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    other = staff_page(anna)
    for minute in (0, 2):
        travel.move_to(f"2026-05-04 08:0{minute}:00Z")
        other.get(steps.case_address(factories.number(sent)))
    assert here(page, sent) == ["Anna har ärendet öppet sedan kl. 10.02."]
    assert here(other, sent) == ["Eva har ärendet öppet sedan kl. 10.02."]
    travel.move_to("2026-05-04 08:12:00Z")
    assert here(page, sent) == []


def test_a_colleague_who_has_just_changed_the_case_is_said_to_have(
    page: Page, sent: Receipt, anna: Staff, act: Act, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    act(handling.note, anna, sent, "Hen har ringt.")
    assert here(page, sent) == ["Anna ändrade ärendet kl. 10.00."]
    travel.move_to("2026-05-04 08:03:00Z")
    staff_page(anna).get(steps.case_address(factories.number(sent)))
    assert here(page, sent) == ["Anna ändrade ärendet kl. 10.00 och öppnade det senast kl. 10.03."]


def test_a_colleague_who_has_begun_an_answer_is_said_to_have_and_no_more(
    page: Page, sent: Receipt, anna: Staff, act: Act
) -> None:
    act(answer_drafts.save_draft, anna, sent, "Vi har tänkt oss")
    assert here(page, sent) == ["Anna har ett påbörjat svar."]
    assert "tänkt oss" not in page.get(steps.case_address(factories.number(sent))).text


def late(act: Act, page: Page, sent: Receipt, anna: Staff, action: str, changes: dict[str, str]) -> Document:
    """Eva reads, Anna notes and answers, and Eva is too late."""
    shown = page.get(steps.case_address(factories.number(sent)))
    act(handling.note, anna, sent, "Per ringde henne.")
    act(handling.answer, anna, sent, "Den 1 juni.")
    return page.submit(shown, f"form[action$='/{action}']", changes=changes, status=409)


def test_whoever_comes_second_reads_what_happened_meanwhile_and_what_was_said(
    page: Page, sent: Receipt, anna: Staff, act: Act
) -> None:
    act(handling.take, anna, sent)
    told = late(act, page, sent, anna, "answer", {"body": "Mitt svar."})
    happened = [" ".join(each.get_text().split()) for each in told.all(".timeline li")]
    assert happened == [
        "Anna svarade i dag kl. 10.00 · handläggare, Parkenheten",
        "Anna skrev en anteckning i dag kl. 10.00 · handläggare, Parkenheten",
    ]
    assert [each.get_text() for each in told.all(".message-body")] == ["Per ringde henne.", "Den 1 juni."]


def test_a_merge_meanwhile_is_told_with_what_was_said_to_the_sender(
    page: Page, sent: Receipt, anna: Staff, app: Flask
) -> None:
    shown = page.get(steps.case_address(factories.number(sent)))
    with app.app_context():
        pair(merging.merge, anna, sent, factories.send_in(), "Vi arbetar redan med det.")
    told = page.submit(shown, "form[action$='/answer']", changes={"body": "Mitt svar."}, status=409)
    assert [each.get_text() for each in told.all(".message-body")] == ["Vi arbetar redan med det."]


def test_whoever_comes_second_goes_on_with_their_text_in_the_case_as_it_is_now(
    page: Page, sent: Receipt, anna: Staff, act: Act
) -> None:
    told = late(act, page, sent, anna, "answer", {"body": "Mitt svar.\n\nÅÄÖ <b>"})
    before = steps.count("message"), steps.count("trail")
    shown = page.submit(told, "form[action$='/answer']", button="Fortsätt med min text", status=200)
    assert "Inget är skickat eller sparat än." in shown.text
    assert steps.kept(shown, "answer-body") == "Mitt svar.\n\nÅÄÖ <b>"
    assert shown.find(".ds-alert a")["href"] == "#answer-body"
    assert (steps.count("message"), steps.count("trail")) == before
    done = page.follow(page.submit(shown, "form[action$='/answer']"))
    assert "Svaret är skickat till Maja Ek med mejl." in done.text


def test_a_form_of_several_fields_comes_back_field_by_field_and_goes_on(
    page: Page, sent: Receipt, anna: Staff, act: Act
) -> None:
    shown = page.get(steps.case_address(factories.number(sent)))
    act(handling.take, anna, sent)
    written = {"until": "2026-06-01", "reason": "Besiktning"}
    told = page.submit(shown, "form[action$='/extend']", changes=written, status=409)
    assert [each.get_text() for each in told.all("main form label")] == ["Ny sista dag för svaret", "Skälet"]
    changed = {"reason": "Besiktningen dröjer"}
    again = page.submit(told, "form[action$='/extend']", changes=changed, button="again", status=200)
    assert again.find("#extend-reason").find_parent("details", open=True)
    assert steps.kept(again, "extend-until") == "2026-06-01"
    done = page.follow(page.submit(again, "form[action$='/extend']"))
    assert "Svaret är flyttat till" in done.text


def test_what_can_no_longer_be_done_is_given_back_to_copy(
    page: Page, sent: Receipt, anna: Staff, act: Act
) -> None:
    told = late(act, page, sent, anna, "request_supplement", {"body": "Vilken gunga?", "until": "2026-05-11"})
    assert steps.given_back(told) == ["Vilken gunga?", "2026-05-11"]
    assert not told.has("button[name=again]")
    assert all(tag.has_attr("readonly") for tag in told.all("textarea[id^=mine-], input[id^=mine-]"))


def test_two_who_go_on_again_and_again_are_still_told_of_each_other(
    page: Page, sent: Receipt, anna: Staff, act: Act
) -> None:
    told = late(act, page, sent, anna, "answer", {"body": "Mitt svar."})
    shown = page.submit(told, "form[action$='/answer']", button="again", status=200)
    act(routing.name_contact, anna, sent, membership_of(anna))
    again = page.submit(shown, "form[action$='/answer']", status=409)
    assert [each.get_text() for each in again.all(".timeline strong")] == [
        "Anna utsåg Anna till kontaktperson"
    ]
    assert steps.given_back(again) == ["Mitt svar."]


@pytest.mark.parametrize("read_to", ["", "x", "-1", "９", "9" * 40])
def test_a_page_that_did_not_say_how_far_it_was_read_is_told_the_latest(
    page: Page, sent: Receipt, anna: Staff, act: Act, read_to: str
) -> None:
    form = page.get(steps.case_address(factories.number(sent))).form("form[action$='/answer']")
    act(handling.take, anna, sent)
    fields = form.fields() | {"body": "Mitt svar.", "happened": read_to}
    told = page.post(form.action, fields, 409)
    assert [each.get_text() for each in told.all(".timeline strong")] == [
        "Anna började handlägga",
        "Ärendet kom in",
    ]


def test_a_button_without_a_version_is_refused_without_its_token_also_when_sent_again(
    page: Page, sent: Receipt
) -> None:
    address = steps.case_address(factories.number(sent), "/uppgifter/1")
    page.post(address, {"again": "1"}, 422)
