"""The pages of improvements: made from many cases, changed, published, and read by the public and senders."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update

from portal import db
from portal.cases.actions import handling
from portal.cases.improvements import commands
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import ImprovementState
from portal.cases.intake.submission import Receipt
from portal.identity.actors import Role, Staff
from portal.notifications.staff.overdue import notify_overdue
from portal.operations.reminders import inform_senders
from tests import factories
from tests.integration.test_improvements import DID, SAID, changed, hide, links, made, published, stored
from tests.page import Document, Page
from tests.plain_text import plain
from tests.web import steps

LIST, PUBLIC, COMPILED = "/handlaggning/forbattringar", "/ni-sa-vi-gjorde", "/handlaggning/sammanstallningar"
SignIn = Callable[[Staff], Page]


@pytest.fixture
def head(app: Flask, travel: steps.Travel) -> Staff:
    """The head of the park unit."""
    return factories.member("samir", Role.HEAD_OF_UNIT)


@pytest.fixture
def office(head: Staff, staff_page: SignIn) -> Page:
    """The browser of the head."""
    return staff_page(head)


def address(improvement: int, more: str = "") -> str:
    return f"{LIST}/{improvement}{more}"


def numbers(*receipts: Receipt) -> list[str]:
    return [factories.number(receipt) for receipt in receipts]


def chosen(page: Page, receipts: list[Receipt]) -> Document:
    """The page that asks to which improvement these cases are linked."""
    fields = {"case": numbers(*receipts), "action": "link_improvement", "csrf_token": steps.token(page)}
    return page.post("/handlaggning/flera", fields, 200)


def test_many_cases_are_linked_to_a_new_improvement_in_one_step(office: Page) -> None:
    receipts = [factories.send_in() for _ in range(3)]
    asked = chosen(office, receipts)
    wrong = office.submit(asked, "main form", changes={"improvement": "new-park"}, button="step", status=422)
    assert "Skriv kort vad ni ska göra" in wrong.text
    filled = {"improvement": "new-park", "title": "Skyltar vid lekplatser", "due_on": "2026-06-01"}
    done = office.submit(wrong, "main form", changes=filled, button="step", status=200)
    assert "3 ärenden är kopplade till förbättringen." in done.text
    assert len({link.improvement_id for link in links()}) == 1
    listed = office.get(LIST)
    assert "3 ärenden" in plain(listed.text)
    assert "Skyltar vid lekplatser" in office.get(steps.case_address(factories.number(receipts[0]))).text


def test_a_case_is_linked_from_its_page_and_the_link_removed_there(office: Page, head: Staff) -> None:
    improvement, receipt = made(head), factories.send_in()
    shown = office.get(steps.case_address(factories.number(receipt)))
    asked = office.submit(shown, "form:has([value=link_improvement])", button="action", status=200)
    office.submit(asked, "main form", changes={"improvement": str(improvement)}, button="step", status=200)
    shown = office.get(steps.case_address(factories.number(receipt)))
    assert "Skyltar vid stängda lekplatser" in shown.text
    office.submit(shown, "form[action$='/unlink_improvement']")
    assert links() == []


def test_a_link_to_one_that_is_over_is_refused_with_the_reason(office: Page, head: Staff) -> None:
    improvement, receipt = made(head), factories.send_in()
    asked = chosen(office, [receipt])
    changed(head, improvement, ImprovementState.DROPPED)
    gone = office.submit(
        asked, "main form", changes={"improvement": str(improvement)}, button="step", status=422
    )
    assert "Välj en förbättring i listan" in gone.text


def test_a_new_one_keeps_what_was_written_when_it_is_refused(office: Page) -> None:
    form = office.get(f"{LIST}/ny")
    written = {"title": "Skyltar", "plan": "En i varje park.", "due_on": "2026-05-01"}
    refused = office.submit(form, "main form", changes=written, status=422)
    assert "Dagen har redan varit." in refused.text
    assert steps.kept(refused, "plan") == "En i varje park."
    saved = office.follow(office.submit(refused, "main form", changes={"due_on": "2026-06-01"}))
    assert "Förbättringen är sparad." in saved.text


def test_a_change_that_another_was_before_is_shown_again_with_the_text(office: Page, head: Staff) -> None:
    improvement = made(head)
    form = office.get(address(improvement))
    changed(head, improvement, ImprovementState.UNDER_WAY)
    late = office.submit(form, "main form", changes={"title": "Bättre skyltar"}, status=409)
    assert steps.kept(late, "title") == "Bättre skyltar"
    again = office.follow(office.submit(late, "main form"))
    assert "Ändringen är sparad." in again.text
    assert "Samir ändrade läget från Planerad till Pågår" in again.text
    assert "till Bättre skyltar" in again.text
    assert stored(improvement).title == "Bättre skyltar"


def test_a_text_is_previewed_published_corrected_and_taken_away(
    office: Page, head: Staff, page: Page
) -> None:
    improvement, receipt = made(head), factories.send_in()
    factories.act(commands.link, head, receipt, improvement)
    assert "Inget är publicerat än" in page.get(PUBLIC).text
    office.get(address(improvement, "/text"), 404)
    changed(head, improvement, ImprovementState.DONE)
    form = office.get(address(improvement, "/text"))
    preview = office.submit(
        form, "main form", changes={"you_said": SAID, "we_did": DID}, button="step", status=200
    )
    assert "1 avsändare får veta det." in preview.text
    assert "Inget är publicerat än" in page.get(PUBLIC).text
    office.follow(office.submit(preview, "main form", button="step=publish"))
    shown = page.get(PUBLIC)
    assert SAID in shown.text
    assert DID in shown.text
    assert "Maj 2026" in plain(shown.text)
    assert factories.number(receipt) not in shown.text
    opened = office.get(address(improvement))
    office.follow(office.submit(opened, "form[action$='/avpublicera']"))
    assert "Inget är publicerat än" in page.get(PUBLIC).text
    assert SAID in office.get(address(improvement)).text


@pytest.mark.parametrize("text", ["Tack till 19840609-2380.", "Se KB-2026-000001."])
def test_a_text_with_a_personnummer_or_a_case_number_is_never_public(
    office: Page, head: Staff, page: Page, text: str
) -> None:
    improvement = made(head)
    changed(head, improvement, ImprovementState.DONE)
    form = office.get(address(improvement, "/text"))
    for field in ("you_said", "we_did"):
        wrong = {"you_said": SAID, "we_did": DID, f"behall_personnummer_{field}": "1"} | {field: text}
        fields = wrong | {"csrf_token": steps.token(office), "step": "publish", "version": "2"}
        refused = office.post(address(improvement, "/text"), fields, 422)
        assert "alla kan läsa texten" in refused.text
    assert form.has("main form")
    assert "Inget är publicerat än" in page.get(PUBLIC).text


def test_the_preview_warns_of_the_name_of_a_sender(office: Page, head: Staff) -> None:
    improvement = made(head)
    receipt = factories.send_in(email="maria@example.org", name="Maria Ekdahl")
    factories.act(commands.link, head, receipt, improvement)
    changed(head, improvement, ImprovementState.DONE)
    form = office.get(address(improvement, "/text"))
    named = {"you_said": "Ekdahl ville ha en skylt.", "we_did": DID}
    assert (
        "Ekdahl"
        in office.submit(form, "main form", changes=named, button="step", status=200).find(".ds-alert").text
    )


def test_the_holder_of_a_code_reads_what_the_case_led_to(
    office: Page, head: Staff, page: Page, app: Flask
) -> None:
    receipt = steps.send(page, {"category": "parker"})
    number, code = steps.number_of(receipt), steps.code_of(receipt)
    improvement = made(head)
    asked = office.post(
        "/handlaggning/flera",
        {"case": number, "action": "link_improvement", "csrf_token": steps.token(office)},
        200,
    )
    office.submit(asked, "main form", changes={"improvement": str(improvement)}, button="step", status=200)
    changed(head, improvement, ImprovementState.DONE)
    published(head, improvement)
    with app.app_context():
        assert inform_senders() == 1
    shown = page.follow(steps.open_case(page, number, code))
    assert SAID in shown.text
    assert "Vi berättade vad det du skrev ledde till" in shown.text


def test_only_the_linked_cases_that_a_reader_sees_are_on_the_page(
    office: Page, head: Staff, staff_page: SignIn
) -> None:
    improvement, receipt = made(head), factories.send_in(subject="Mitt barn är sjukt")
    factories.act(commands.link, head, receipt, improvement)
    hide(receipt)
    assert factories.number(receipt) in office.get(address(improvement)).text
    shown = staff_page(factories.member("anna", Role.REGISTRAR, None)).get(address(improvement))
    assert factories.number(receipt) not in shown.text
    assert not shown.has("main form[method=post]")


def test_one_of_another_board_does_not_exist(office: Page) -> None:
    elsewhere = made(factories.member("eva", Role.HEAD_OF_UNIT, "aldre"), "aldre")
    office.get(address(elsewhere), 404)
    office.get(address(2_000_000_000), 404)
    assert not office.get(LIST).has(f"a[href='{address(elsewhere)}']")


def test_the_overdue_ones_are_on_the_page_of_the_head_and_among_the_notices(
    office: Page, head: Staff, app: Flask
) -> None:
    improvement = made(head)
    with db.transaction() as session:
        session.execute(update(Improvement).values(due_on=date(2026, 4, 1)))
    assert "Försenade förbättringar" in office.get("/handlaggning/enheten").text
    with app.app_context():
        assert notify_overdue() == 1
    shown = office.get("/handlaggning/nytt")
    assert "En förbättring skulle ha varit klar" in shown.text
    assert shown.has(f"a[href='{address(improvement)}']")
    assert count(shown) == "1"
    assert count(office.get(address(improvement))) == ""
    assert count(office.get(LIST)) == ""


def count(page: Document) -> str:
    """How many notices the head of the page says are not seen."""
    return "".join(filter(str.isdigit, page.text_of("a[href='/handlaggning/nytt']")))


def test_a_compilation_names_no_improvement_that_its_reader_may_not_read(
    head: Staff, staff_page: SignIn, travel: steps.Travel
) -> None:
    school = factories.member("anna", Role.HEAD_OF_UNIT, "grundskola")
    own, elsewhere = made(school, "grundskola"), made(head, title="Fler bänkar")
    receipt = factories.send_in(category="skola")
    for improvement in (own, elsewhere):
        factories.act(commands.link, factories.member("samir", Role.REGISTRAR, None), receipt, improvement)
    owner = factories.member("eva", Role.PROCESS_OWNER, None)
    titles = ["Skyltar vid stängda lekplatser", "Fler bänkar"]
    # Those who count alone see quarters that have ended.
    travel.move_to("2026-07-01 08:00:00Z")
    for reader, expected in ((school, titles[:1]), (owner, titles)):
        page = staff_page(reader)
        shown = page.get(f"{COMPILED}?vad=skola&fran=2026-04-01&till=2026-06-30")
        links = shown.all("section[aria-labelledby=ledde] li a")
        assert [link.get_text() for link in links] == expected
        for link in links:
            page.get(str(link["href"]))


def test_an_officer_has_no_compilations_and_publishes_nothing(head: Staff, staff_page: SignIn) -> None:
    improvement, page = made(head), staff_page(factories.member())
    changed(head, improvement, ImprovementState.DONE)
    page.get(COMPILED, 404)
    page.get(address(improvement, "/text"), 404)
    token = steps.token(page)
    for path in ("/avpublicera", "/beratta"):
        page.post(address(improvement, path), {"csrf_token": token, "version": "2"}, 404)


@pytest.mark.parametrize(
    ("period", "problem"),
    [
        ("fran=2026-05-01&till=2026-04-01", "Välj en sista dag som inte är före den första"),
        ("fran=2010-01-01&till=2026-04-01", "Välj en period på högst tio år"),
        ("fran=i-fjol", "Skriv dagen med år, månad och dag"),
    ],
)
def test_a_period_that_is_none_is_shown_again_with_the_problem(
    office: Page, period: str, problem: str
) -> None:
    shown = office.get(f"{COMPILED}?{period}", 422)
    assert problem in shown.text


def test_addresses_with_unusable_values_say_so(office: Page, page: Page) -> None:
    shown = office.get(f"{LIST}?lage=x&enhet=y&efter=z")
    assert len(shown.all(".ds-alert")) == 3
    assert "så alla nämnder visas" in page.get(f"{PUBLIC}?namnd=x").text


def test_the_pages_of_answered_cases_are_not_changed_by_a_link(office: Page, head: Staff) -> None:
    receipt = factories.send_in()
    factories.act(handling.answer, head, receipt, "Svar.", close=True)
    before = factories.case(receipt).status
    factories.act(commands.link, head, receipt, made(head))
    assert factories.case(receipt).status is before


def test_no_form_of_a_head_does_anything_without_its_token(office: Page, head: Staff) -> None:
    improvement = made(head)
    changed(head, improvement, ImprovementState.DONE)
    published(head, improvement)
    before = steps.stored()
    filled = {"title": "Nytt", "you_said": "Nytt", "we_did": "Nytt", "step": "publish", "version": "3"}
    for path in ("/text", "/avpublicera", "/beratta", ""):
        office.post(address(improvement, path), filled, 422)
    office.post(f"{LIST}/ny", filled, 422)
    after = steps.stored()
    assert after | {"read_log": []} == before | {"read_log": []}
