"""Jäv on the page of a case: who reports it, whom a case concerns, and who takes a mistake back."""

import pytest
from flask import Flask

from portal import db
from portal.cases import queries
from portal.cases.actions import bars, handling
from portal.cases.intake.submission import Receipt
from portal.identity import commands as identity
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.web.backoffice.colleague_forms import MAX_LISTED
from tests import factories
from tests.cases import membership_of
from tests.page import Document, Page
from tests.stateful_model import OFFICIAL
from tests.web import steps

REPORTED = "Du har anmält jäv. Någon annan tar hand om ärendet. Du kan inte längre se ärendet."
QUEUE = "/handlaggning/"


@pytest.fixture
def samir(sent: Receipt) -> Staff:
    """A colleague of Anna's in the park unit."""
    return factories.member("samir")


def address(sent: Receipt, action: str = "") -> str:
    return steps.case_address(factories.number(sent), action)


def facts(document: Document) -> list[str]:
    """What the facts of a case say of jäv."""
    terms = [term for term in document.all("dt") if term.get_text(strip=True) == "Jäv"]
    return [term.find_next("dd").get_text(strip=True) for term in terms]


def test_who_reports_jav_lands_on_the_queue_and_not_on_a_404(page: Page, sent: Receipt, samir: Staff) -> None:
    done = steps.act(page, factories.number(sent), "recuse", changes={"body": "Det är min bror."})
    assert done.location == QUEUE
    queue = page.follow(done)
    assert REPORTED in queue.text
    assert factories.number(sent) not in queue.text
    page.get(address(sent), 404)


def test_a_second_click_gets_the_same_notice(page: Page, sent: Receipt, samir: Staff) -> None:
    shown = page.get(address(sent))
    for _click in range(2):
        done = page.submit(shown, "form[action$='/recuse']")
        assert REPORTED in page.follow(done).text
    assert len(queries.bars(factories.case(sent))) == 1


def test_a_report_that_leaves_nobody_keeps_the_text_and_the_case(page: Page, sent: Receipt) -> None:
    refused = steps.act(
        page, factories.number(sent), "recuse", changes={"body": "Det är min bror."}, status=422
    )
    assert "Ingen annan kan ta hand om ärendet." in refused.text
    assert steps.kept(refused, "recuse-body") == "Det är min bror."
    page.get(address(sent))


def test_a_colleague_is_chosen_and_the_page_says_who_is_barred(
    page: Page, sent: Receipt, samir: Staff
) -> None:
    changes = {"officer": str(samir.membership)}
    done = steps.act(page, factories.number(sent), "mark_concerned", changes=changes)
    shown = page.follow(done)
    assert facts(shown) == ["Samir, ärendet rör personen"]
    assert "Samir kan inte längre se ärendet." in shown.text
    assert "Anna antecknade att ärendet rör Samir, som är jävig" in shown.text
    choices = [option.get_text() for option in shown.all("#mark_concerned-officer option")]
    assert choices == ["Välj"]
    assert "Samir" not in [option.get_text() for option in shown.all("#assign-officer option")]
    assert facts(page.get(address(sent, "/utskrift"))) == ["Samir, ärendet rör personen"]


def test_a_second_click_on_a_colleague_changes_nothing(page: Page, sent: Receipt, samir: Staff) -> None:
    shown = page.get(address(sent))
    for _click in range(2):
        page.submit(
            shown, "form[action$='/mark_concerned']", changes={"officer": str(samir.membership)}, status=303
        )
    assert len(queries.bars(factories.case(sent))) == 1


@pytest.mark.parametrize("officer", ["", "0", "x", "999999999999", "-1"])
def test_a_colleague_who_is_not_in_the_list_is_refused(
    page: Page, sent: Receipt, samir: Staff, officer: str
) -> None:
    fields = {"officer": officer, "csrf_token": steps.token(page)}
    refused = page.post(address(sent, "/mark_concerned"), fields, 422)
    assert "Välj en kollega i listan" in refused.text
    assert queries.bars(factories.case(sent)) == []


def many(count: int) -> list[int]:
    """So many colleagues in the roads unit, of the same board as the parks."""
    with db.transaction():
        unit = organisation.unit("gata")
        assert unit
        scope = identity.MembershipScope(unit=unit.id)
        numbers = OFFICIAL[200 : 200 + count]
        return [
            identity.add_member(f"Kollega {place:02} Berg", number, Role.OFFICER, scope).id
            for place, number in enumerate(numbers)
        ]


def test_many_colleagues_are_searched_by_name(page: Page, sent: Receipt) -> None:
    members = many(MAX_LISTED + 1)
    shown = page.get(address(sent))
    assert not shown.all("#mark_concerned-officer")
    form = "form[action$='/mark_concerned']"
    for name, message in (
        ("", "Skriv en del av kollegans namn"),
        ("berg", "Många heter så. Skriv mer av namnet."),
        ("Zzz", "Ingen i ärendets enheter eller nämnd heter så"),
    ):
        refused = page.submit(shown, form, changes={"name": name}, status=422)
        assert message in refused.text
        assert steps.kept(refused, "mark_concerned-name") == name
        assert not refused.all("#mark_concerned-officer")
    listed = page.submit(shown, form, changes={"name": "kollega 07"}, status=422)
    options = listed.all("#mark_concerned-officer option")
    assert [option.get_text() for option in options] == ["Välj", "Kollega 07 Berg, Gatuenheten"]
    page.submit(listed, form, changes={"officer": str(members[7])}, status=303)
    assert [bar.name for bar in queries.bars(factories.case(sent))] == ["Kollega 07 Berg"]


def test_a_barred_person_meets_the_case_nowhere(
    page: Page, sent: Receipt, samir: Staff, staff_page: steps.SignIn
) -> None:
    factories.act(handling.take, samir, sent)
    theirs = staff_page(samir)
    assert factories.number(sent) in theirs.get(QUEUE).text
    factories.act(bars.mark_concerned, factories.member(), sent, membership_of(samir))
    number = factories.number(sent)
    for where in (
        QUEUE,
        f"{QUEUE}?vy=newest",
        f"{QUEUE}?q=lekplatsen",
        "/handlaggning/atgarder",
        "/handlaggning/utkast",
    ):
        assert number not in theirs.get(where).text, where
    for part in ("", "/liknande", "/utskrift", "/arende.pdf", "/forhandsgranskning"):
        assert "Samir" not in theirs.get(address(sent, part), 404).find("main").get_text()


def test_a_second_tab_gets_the_text_back_and_nothing_of_the_case(
    page: Page, sent: Receipt, samir: Staff, staff_page: steps.SignIn
) -> None:
    theirs = staff_page(samir)
    shown = theirs.get(address(sent))
    factories.act(bars.mark_concerned, factories.member(), sent, membership_of(samir))
    form = shown.form("form[action$='/answer']")
    fields = form.fields() | {"body": "Ett långt svar."}
    refused = theirs.post(form.action, fields, 404, headers={"Sec-Fetch-Site": "same-origin"})
    assert steps.kept(refused, "mine") == "Ett långt svar."
    assert "jäv" not in refused.text.casefold()
    assert "Lekplatsen" not in refused.text
    theirs.post(address(sent, "/utkast"), fields, 404)
    theirs.post(address(sent, "/recuse"), fields, 404)
    assert steps.count("answer_draft") == 0
    assert len(queries.messages(factories.member(), factories.case(sent))) == 1


def test_the_head_lifts_a_mistake_with_a_reason(
    app: Flask, sent: Receipt, samir: Staff, staff_page: steps.SignIn
) -> None:
    head = factories.member("eva", Role.HEAD_OF_UNIT)
    factories.act(bars.mark_concerned, head, sent, membership_of(samir))
    page = staff_page(head)
    shown = page.get(address(sent))
    form = "form[action$='/lift_bar']"
    refused = page.submit(shown, form, changes={"officer": str(samir.membership)}, status=422)
    assert "Skriv varför först" in refused.text
    refused = page.submit(shown, form, changes={"body": "Fel Samir."}, status=422)
    assert "Välj en kollega i listan" in refused.text
    assert steps.kept(refused, "lift_bar-body") == "Fel Samir."
    lifted = {"officer": str(samir.membership), "body": "Fel Samir."}
    for _click in range(2):
        done = page.submit(shown, form, changes=lifted, status=303)
    after = page.follow(done)
    assert facts(after) == []
    assert "Eva tog bort jävet för Samir" in after.text
    assert not after.all(form)


def test_an_officer_sees_the_bar_and_cannot_lift_it(page: Page, sent: Receipt, samir: Staff) -> None:
    factories.act(bars.mark_concerned, factories.member(), sent, membership_of(samir))
    shown = page.get(address(sent))
    assert facts(shown) == ["Samir, ärendet rör personen"]
    assert not shown.all("form[action$='/lift_bar']")
    fields = {"officer": str(samir.membership), "body": "Nej.", "csrf_token": steps.token(page)}
    page.post(address(sent, "/lift_bar"), fields, 409)
    assert len(queries.bars(factories.case(sent))) == 1


def test_a_records_officer_marks_and_lifts_and_answers_nothing(
    app: Flask, sent: Receipt, samir: Staff, staff_page: steps.SignIn
) -> None:
    page = staff_page(factories.member("eva", Role.RECORDS_OFFICER, None))
    number = factories.number(sent)
    steps.act(page, number, "mark_concerned", changes={"officer": str(samir.membership)})
    shown = page.get(address(sent))
    actions = {
        str(form["action"]).rsplit("/", 1)[-1] for form in shown.all(f"form[action^='{address(sent)}/']")
    }
    assert {"mark_concerned", "lift_bar"} <= actions
    assert not {"recuse", "answer", "note", "take", "assign"} & actions
    steps.act(page, number, "lift_bar", changes={"officer": str(samir.membership), "body": "Fel."})
    assert queries.bars(factories.case(sent)) == []
