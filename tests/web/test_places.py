"""The place of a fault report: on the form, and in the question whether the fault is known."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import db
from portal.budgets import rules
from portal.cases.actions import handling
from portal.cases.models import Case, CaseLocation
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

FAULT = "/lamna/felanmalan"
WRITTEN = {"subject": "Hål i gatan", "body": "Stort hål.", "reply_by": "code", "category": "gator"}
HERE = {"latitude": "55.63791", "longitude": "13.09423", "accuracy": "18.4"}


@pytest.fixture
def page(app: Flask) -> Page:
    return Page(app.test_client())


def report(page: Page, status: int = 303, **changes: Any) -> Document:
    """A fault report is filled in and sent."""
    return page.submit(page.get(FAULT), "main form", changes=WRITTEN | changes, status=status)


def stored() -> CaseLocation:
    db.close_read_session()
    return (
        db.session().scalars(sa.select(CaseLocation).order_by(CaseLocation.id.desc())).first()
        or CaseLocation()
    )


def cases() -> int:
    db.close_read_session()
    return db.session().scalar(sa.select(sa.func.count(Case.id))) or 0


def text_of(document: Document) -> str:
    return plain(document.find("main").get_text(" ", strip=True))


def test_the_form_of_fault_reports_alone_asks_the_device_where_it_is(app: Flask) -> None:
    client = app.test_client()
    for path, own in ((FAULT, True), ("/lamna/fraga", False), ("/", False), ("/handlaggning/", False)):
        answer = client.get(path)
        assert ("geolocation=(self)" in answer.headers["Permissions-Policy"]) == own, path
        assert ("place.js" in answer.text) == own, path


def test_a_place_is_kept_as_it_was_written_and_is_shown_to_its_sender(page: Page) -> None:
    receipt = page.follow(report(page, place="  Storgatan 12,  vid lekplatsen "))
    row = stored()
    assert (row.text, row.street, row.block) == ("Storgatan 12, vid lekplatsen", "storgata", 1)
    case = page.follow(page.submit(receipt, "form[action='/folj']"))
    assert "Storgatan 12, vid lekplatsen" in text_of(case)


def test_a_spot_that_a_device_shares_is_kept_to_a_metre(page: Page) -> None:
    report(page, **HERE)
    row = stored()
    assert (row.text, row.latitude, row.longitude, row.accuracy) == ("", 5563791, 1309423, 19)


def test_coordinates_are_typed_where_no_script_runs(page: Page) -> None:
    report(page, place="55,63791 13,09423")
    assert (stored().latitude, stored().longitude, stored().accuracy) == (5563791, 1309423, None)


def test_a_report_needs_no_place(page: Page) -> None:
    report(page)
    assert stored().id is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"place": "48.85, 2.35"}, "Koordinaterna ligger utanför Sverige."),
        ({"place": "59.30313, 17.99382"}, "Koordinaterna ligger utanför kommunen."),
        (HERE | {"latitude": "59.3"}, "Din plats ligger utanför kommunen."),
        ({"place": "x" * 201}, "Texten är 1 tecken för lång."),
        (HERE | {"latitude": "1e999"}, "Det gick inte att använda platsen från din telefon eller dator."),
        (HERE | {"latitude": "här"}, "Det gick inte att använda platsen från din telefon eller dator."),
        (HERE | {"longitude": ""}, "Det gick inte att använda platsen från din telefon eller dator."),
        (HERE | {"accuracy": "501"}, "Det gick inte att använda platsen från din telefon eller dator."),
        (HERE | {"accuracy": "nan"}, "Det gick inte att använda platsen från din telefon eller dator."),
    ],
)
def test_a_place_that_is_none_is_refused_and_the_text_kept(
    page: Page, wrong: dict[str, str], message: str
) -> None:
    form = report(page, 422, **wrong)
    assert message in plain(form.find("#place-error").get_text())
    assert steps.kept(form, "body") == "Stort hål."
    assert form.find("[name=latitude]").get("value", "") == ""
    page.submit(form, "main form", changes={"place": "Storgatan"}, status=303)
    assert stored().street == "storgata"


def test_a_shared_spot_is_said_in_words_when_the_form_is_drawn_again(page: Page) -> None:
    form = report(page, 422, **HERE, subject="")
    assert "Din plats är med, på ungefär 19 meter när." in text_of(form)


def test_a_known_fault_is_asked_about_and_nothing_of_its_report_is_shown(page: Page) -> None:
    report(page, place="Storg. 17 hos Maja", subject="Hemligt ämne", body="Min granne grävde.", **HERE)
    question = report(page, 200, place="storgatan 12")
    shown = text_of(question)
    assert "Ja, det är samma: Gator och belysning, storgatan, anmält" in shown
    for other in ("Hemligt", "granne", "Maja", "17", "Storg.", "KB-", "55.6"):
        assert other not in shown, other
    assert cases() == 1


def test_a_report_that_is_near_by_its_spot_alone_names_no_street(page: Page) -> None:
    report(page, place="Storgatan 17", **HERE)
    assert "Gator och belysning, nära din plats, anmält" in text_of(report(page, 200, **HERE))


def answer(page: Page, question: Document, value: str | None, status: int = 303) -> Document:
    changes = {"samma": value} if value else {}
    return page.submit(question, "main form", changes=changes, status=status)


def test_the_same_fault_is_a_case_of_its_own_and_its_sender_is_told(page: Page) -> None:
    report(page, place="Storgatan 12")
    question = report(page, 200, place="Storgatan 14", body="Jag ramlade.")
    receipt = page.follow(answer(page, question, str(question.find("[name=samma]")["value"])))
    assert "Du får svar samtidigt som den som anmälde felet först." in text_of(receipt)
    assert steps.code_of(receipt)
    newest = db.session().scalars(sa.select(Case).order_by(Case.id.desc())).first()
    assert newest is not None
    assert (newest.merged_into_id is not None, newest.messages[0].body) == (True, "Jag ramlade.")
    case = page.follow(page.submit(receipt, "form[action='/folj']"))
    assert "Du anmälde samma fel som någon annan." in text_of(case)


def test_another_fault_is_an_ordinary_case(page: Page) -> None:
    report(page, place="Storgatan 12")
    answer(page, report(page, 200, place="Storgatan 14"), "nej")
    assert cases() == 2
    assert db.session().scalar(sa.select(sa.func.count(Case.merged_into_id))) == 0


def test_who_has_not_answered_is_asked_again_with_everything_kept(page: Page) -> None:
    report(page, place="Storgatan 12")
    again = answer(page, report(page, 200, place="Storgatan 14"), None, 422)
    assert "Välj om det är samma fel eller inte" in text_of(again)
    answer(page, again, "nej")
    assert stored().text == "Storgatan 14"


def test_who_goes_back_finds_everything_in_the_form(page: Page) -> None:
    report(page, place="Storgatan 12")
    question = report(page, 200, place="Storgatan 14", **HERE)
    form = page.submit(question, "main form", button="andra", status=200)
    assert steps.kept(form, "place") == "Storgatan 14"
    assert form.find("[name=latitude]")["value"] == HERE["latitude"]
    assert cases() == 1


def test_a_report_that_was_answered_meanwhile_is_said_and_the_new_one_is_its_own(page: Page) -> None:
    officer = factories.member("samir", unit="gata")
    first = page.follow(report(page, place="Storgatan 12"))
    question = report(page, 200, place="Storgatan 14")
    number = db.session().scalars(sa.select(Case)).one()
    del first
    with db.transaction():
        handling.answer(officer, db.session().get_one(Case, number.id), "Lagat.")
    receipt = page.follow(answer(page, question, str(question.find("[name=samma]")["value"])))
    assert "Din anmälan är skickad som ett eget ärende." in text_of(receipt)


def test_who_asks_about_many_places_gets_no_answers_and_can_still_report(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    lower = replace(rules.COMPARE_PLACES, amount=2)
    monkeypatch.setattr(rules, "COMPARE_PLACES", lower)
    app = make_app(limits="on")
    with app.app_context():
        asking = Page(app.test_client())
        report(asking, place="Storgatan 12")
        report(asking, 200, place="Storgatan 14")
        report(asking, 303, place="Storgatan 14")
        assert cases() == 2


def test_reports_with_the_same_words_are_one_choice(page: Page) -> None:
    report(page, place="Storgatan 12")
    answer(page, report(page, 200, place="Storgatan 12"), "nej")
    assert cases() == 2
    assert text_of(report(page, 200, place="Storgatan 12")).count("Ja, det är samma") == 1
