"""The page of absences: its form, what it refuses with all that was written kept, and what it offers."""

from datetime import datetime

import pytest
from flask import Flask

from portal import clock
from portal.cases.actions import handling
from portal.identity.actors import Role, Staff
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

PATH = "/handlaggning/franvaro"
FORM = "main form.form"


@pytest.fixture
def anna(app: Flask, travel: steps.Travel) -> Staff:
    travel.move_to(datetime(2026, 3, 2, 9, tzinfo=clock.STOCKHOLM))
    return factories.member("anna")


@pytest.fixture
def samir(anna: Staff) -> Staff:
    return factories.member("samir")


@pytest.fixture
def page(anna: Staff, staff_page: steps.SignIn) -> Page:
    """The browser of Anna, an officer."""
    return staff_page(anna)


def write(page: Page, status: int = 303, **fields: str) -> Document:
    changes = {"first": "2026-03-02", "last": "2026-03-06"} | fields
    return page.submit(page.get(PATH), FORM, changes=changes, status=status)


def error(shown: Document, field: str) -> str:
    assert shown.all(f".ds-error-summary a[href='#{field}']")
    return plain(shown.text_of(f"#{field}-error"))


def test_an_absence_is_written_listed_and_removed(page: Page, samir: Staff) -> None:
    shown = page.follow(write(page, substitute=str(samir.membership)))
    assert "Frånvaron är sparad." in shown.text
    assert "2–6 mars nu" in plain(shown.text)
    assert "Samir" in shown.text_of("table")
    removed = page.follow(page.submit(shown, "table form"))
    assert "Frånvaron är borttagen." in removed.text
    assert "Ingen är borta nu eller senare." in removed.text
    assert "Frånvaron finns inte längre." in page.follow(page.submit(shown, "table form")).text


BAD = [
    ({"last": "2026-03-01"}, "last", "Sista dagen är före den första. Byt plats på dagarna."),
    (
        {"first": "2026-02-02", "last": "2026-02-03"},
        "last",
        "Frånvaron är redan över. Välj en sista dag från i dag och framåt.",
    ),
    ({"last": "2029-03-06"}, "last", "Välj en sista dag inom två år."),
    ({"last": "på fredag"}, "last", "Skriv dagen som 2026-05-18"),
    ({"first": "20260302"}, "first", "Skriv dagen som 2026-05-18"),
    ({"substitute": "999"}, "substitute", "Välj någon i listan"),
]


def test_bad_input_is_refused_and_kept(page: Page, samir: Staff) -> None:
    for fields, field, expected in BAD:
        written = {"first": "2026-03-02", "last": "2026-03-06", "substitute": str(samir.membership)} | fields
        shown = write(page, 422, **written)
        assert error(shown, field) == expected
        assert [steps.kept(shown, name) for name in ("first", "last")] == [written["first"], written["last"]]
        assert field == "substitute" or steps.chosen(shown, "substitute") == written["substitute"]


def test_overlaps_rings_and_substitutes_who_are_away_are_named_with_their_days(
    page: Page, samir: Staff, staff_page: steps.SignIn
) -> None:
    write(page, substitute=str(samir.membership))
    again = write(page, 422, last="2026-03-04")
    assert error(again, "first").startswith("Anna är redan borta 2–6 mars.")
    own = staff_page(samir)
    anna = steps.chosen(page.get(PATH), "member")
    ring = write(own, 422, substitute=anna)
    assert error(ring, "substitute").startswith("Anna är borta 2–6 mars, och det skulle leda tillbaka")
    eva = factories.member("eva", Role.HEAD_OF_UNIT)
    away = write(staff_page(eva), 422, substitute=anna)
    assert error(away, "substitute") == "Anna är också borta 2–6 mars. Välj en annan."


def test_the_head_chooses_who_and_an_officer_only_themselves(
    page: Page, samir: Staff, staff_page: steps.SignIn
) -> None:
    options = [option.get_text() for option in page.get(PATH).all("#member option")]
    assert options == ["Anna, handläggare"]
    head = staff_page(factories.member("eva", Role.HEAD_OF_UNIT))
    shown = head.follow(write(head, member=str(samir.membership)))
    assert "Samir" in shown.text_of("table")
    assert "Samir" not in page.get(PATH).text_of("main section")
    # The absence of a colleague is not removed, and the answer does not reveal that it exists.
    refused = page.client.post(f"{PATH}/1/ta-bort", data={"csrf_token": token(page)})
    assert refused.status_code == 303
    assert "Samir" in head.get(PATH).text_of("table")


def token(page: Page) -> str:
    return str(page.get(PATH).find("[name=csrf_token]")["value"])


def test_the_substitute_is_offered_what_presses_and_nothing_moves(
    anna: Staff, samir: Staff, staff_page: steps.SignIn, travel: steps.Travel
) -> None:
    receipt = factories.send_in()
    factories.act(handling.take, anna, receipt)
    travel.move_to(datetime(2026, 3, 13, 9, tzinfo=clock.STOCKHOLM))
    own = {"first": "2026-03-13", "last": "2026-03-20", "substitute": str(samir.membership)}
    write(staff_page(anna), **own)
    shown = staff_page(samir).get(PATH)
    assert "Anna är borta till och med 20 mars." in plain(shown.text)
    news = staff_page(samir).get("/handlaggning/nytt")
    assert "Du ersätter Anna i dag." in news.text
    assert news.links["Frånvaro"] == PATH
    offered = staff_page(samir).get(shown.links["Fördela 1 ärende som brådskar för Anna"])
    assert steps.chosen(offered, "officer") == str(samir.membership)
    assert factories.case(receipt).officer_id == anna.membership


def test_readers_have_no_such_page(anna: Staff, staff_page: steps.SignIn) -> None:
    staff_page(factories.records_officer()).get(PATH, status=404)
