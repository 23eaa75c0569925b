"""The pages of a board's reports: who has which, from press to fixed, bad input and two at once."""

from datetime import date
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import update

from portal import db
from portal.board_reports import commands
from portal.board_reports.models import BoardReport, BoardReportCase
from portal.board_reports.rules import Section
from portal.cases.actions import secrecy
from portal.cases.intake.submission import Receipt
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Board
from portal.statistics.figures.definitions import DEFINITIONS, Definition
from portal.statistics.inside.rules import Months
from portal.statistics.published.closed_months import count_next_month
from portal.translation import lazy_gettext as _l
from tests import factories
from tests.page import Document, Page
from tests.plain_text import plain
from tests.statements import counted
from tests.web import steps

LIST = "/handlaggning/namndrapporter"
MARCH = Months(date(2026, 3, 1), date(2026, 3, 1))
WRITTEN = {"first_month": "2026-03", "last_month": "2026-03", "board": "tekniska"}
BUDGET = {"list": 10, "report": 14}


class Office(NamedTuple):
    """A head of administration, a draft that they have made, and a case that came in during its months."""

    head: Staff
    report: int
    case: Receipt

    def address(self, more: str = "") -> str:
        return f"{LIST}/{self.report}{more}"


def head_of_administration() -> Staff:
    with db.transaction():
        administration = organisation.administration("samhallsbyggnad")
        scope = identity.MembershipScope(administration=administration.id if administration else None)
        role = Role.HEAD_OF_ADMINISTRATION
        return people.as_staff(identity.add_member("Samir", factories.NUMBERS["samir"], role, scope))


@pytest.fixture
def case(app: Flask, travel: steps.Travel) -> Receipt:
    """One of five cases of the park unit in March, none answered; the month is counted."""
    with app.app_context():
        for day in range(2, 6):
            factories.past(date(2026, 3, day))
        body = "Jag heter Maja Ek och bor på Storgatan 1. Gungan är trasig."
        receipt = factories.past(date(2026, 3, 9), name="Maja Ek", email="maja@exempel.se", body=body)
        while count_next_month():
            pass
    return receipt


@pytest.fixture
def office(case: Receipt, app: Flask) -> Office:
    with app.app_context():
        head = head_of_administration()
        report = commands.create(head, "tekniska", MARCH)
        assert isinstance(report, int)
        return Office(head, report, case)


@pytest.fixture
def page(office: Office, staff_page: steps.SignIn) -> Page:
    """The browser of the head."""
    return staff_page(office.head)


def fixed(office: Office) -> None:
    with db.transaction():
        commands.fix(office.head, office.report, stored(office).version)


def stored(office: Office) -> BoardReport:
    db.close_read_session()
    row = db.session().get(BoardReport, office.report)
    assert row
    return row


def texts_of(section: str, shown: Document) -> list[list[str]]:
    """The cells of the rows of a section."""
    rows = shown.all(f"section[aria-labelledby={section}] tbody tr")
    return [[plain(cell.get_text(" ", strip=True)) for cell in row.select("th, td")] for row in rows]


def test_one_press_makes_a_draft_and_a_second_gives_the_same(case: Receipt, staff_page: steps.SignIn) -> None:
    page = staff_page(factories.member("samir", Role.HEAD_OF_UNIT))
    empty = page.get(LIST)
    assert "Siffrorna räknas åt dig." in empty.text
    form = page.get(empty.links["Gör en rapport"])
    assert "Den senaste är mars 2026." in plain(form.text)
    # All that is counted, where no four months from January are.
    assert steps.kept(form, "first_month") == steps.kept(form, "last_month") == "2026-03"
    made = page.submit(form, "main form")
    shown = page.follow(made)
    assert plain(shown.h1) == "Tekniska nämnden, mars 2026"
    assert "Utkastet är klart." in shown.text
    assert "Inget mönster syns under perioden." in shown.text_of("[aria-labelledby=monster]")
    assert "Räknat den 4 maj 2026." in plain(shown.text)
    assert texts_of("kom-in", shown)[0] == ["Kom in", "5"]
    assert texts_of("i-tid", shown)[0][0] == "Svar i tid"
    assert texts_of("brister", shown)[0] == ["Svar som kom för sent", "100 % av omkring 5"]
    assert "Så räknar vi" in shown.text
    assert page.submit(form, "main form").location == made.location
    assert "Tekniska nämnden, mars 2026" in plain(page.get(LIST).text)


# What is wrong in the form of a new one, at which field it is explained, and how.
WRONG = [
    ({"first_month": "2026-04"}, "last_month", "Välj en sista månad som inte är före den första"),
    ({"first_month": "2016-04"}, "first_month", "Välj högst 24 månader"),
    ({"first_month": "igår"}, "first_month", "Skriv år och månad, till exempel 2026-05"),
    ({"last_month": "0001-01"}, "last_month", "Skriv år och månad, till exempel 2026-05"),
    ({"last_month": "2026-04"}, "last_month", "Månaderna till och med mars 2026 är färdiga."),
    ({"board": "social"}, "board", "Välj en nämnd i listan"),
    ({"first_month": "2025-02", "last_month": "2025-02"}, "last_month", "Inget kom in till nämnden"),
]


def test_bad_input_is_explained_at_its_field_and_kept(page: Page) -> None:
    for changes, field, message in WRONG:
        fields = WRITTEN | changes | {"csrf_token": steps.token(page)}
        refused = page.post(f"{LIST}/ny", fields, 422)
        assert plain(refused.text_of(f"#{field}-error")).startswith(message)
        for name in ("first_month", "last_month"):
            assert steps.kept(refused, name) == fields[name]


def test_without_a_counted_month_there_is_no_report_yet(
    app: Flask, travel: steps.Travel, staff_page: steps.SignIn
) -> None:
    page = staff_page(factories.member("samir", Role.HEAD_OF_UNIT))
    refused = page.post(f"{LIST}/ny", WRITTEN | {"csrf_token": steps.token(page)}, 422)
    assert refused.errors() == ["Ingen månad är färdig än. Försök igen nästa månad."]


# Of a draft: its page, its comments, its choice of cases, and to fix it; and the page of a fixed one.
READS = {
    ("officer", "park"): (200, 404, 200, 404, 200),
    ("officer", "grundskola"): (404, 404, 404, 404, 404),
    ("head_of_unit", "park"): (200, 200, 200, 404, 200),
    ("head_of_unit", "grundskola"): (404, 404, 404, 404, 404),
    ("head_of_unit", None): (200, 200, 200, 200, 200),
    ("process_owner", None): (200, 200, 403, 403, 200),
    ("analyst", None): (404, 403, 403, 403, 200),
    ("elected", None): (404, 403, 403, 403, 200),
    ("registrar", None): (404, 404, 404, 404, 200),
    ("administrator", None): (403, 403, 403, 403, 403),
}


def test_each_role_has_what_it_may_and_nothing_else_exists(
    app: Flask, office: Office, staff_page: steps.SignIn
) -> None:
    fixed(office)
    with app.app_context():
        draft = commands.create(office.head, "tekniska", MARCH)
    addresses = [f"{LIST}/{draft}{more}" for more in ("", "/kommentarer", "/arende", "/faststall")]
    answers = {}
    for role, unit in READS:
        actor = factories.member("anna", Role(role), unit)
        browser = staff_page(actor).client
        codes = [browser.get(address).status_code for address in [*addresses, office.address()]]
        answers[role, unit] = tuple(codes)
        with db.transaction():
            identity.end_membership(actor.membership or 0)
    assert answers == READS


def test_the_elected_read_what_is_fixed_and_have_nothing_to_press(
    office: Office, staff_page: steps.SignIn
) -> None:
    elected = staff_page(factories.member("anna", Role.ELECTED, None))
    start = elected.follow(elected.get("/handlaggning/", 303))
    assert start.links["Nämndens rapporter"] == LIST
    assert "En rapport finns här när den är fastställd." in elected.get(LIST).text
    fixed(office)
    listed = elected.get(LIST)
    assert "Fastställd den 4 maj 2026 av Samir" in plain(listed.text)
    assert "Gör en rapport" not in listed.links
    shown = elected.get(office.address())
    assert not shown.has("main form")
    links = [link for link in shown.links if link.startswith("Hämta")]
    assert links == ["Hämta som pdf", "Hämta som Excel"]


def test_comments_are_kept_when_refused_and_when_another_was_first(page: Page, office: Office) -> None:
    form = page.get(page.get(office.address()).links["Skriv kommentarer"])
    for detail in ("19840609-2380", "KB-2026-000001"):
        changes = {"summary": f"Maria, {detail}, var nöjd."}
        wrong = page.submit(form, "main form", changes=changes, status=422)
        # No tick keeps it.
        assert not wrong.has("main input[type=checkbox]")
        assert "alla kan läsa texten" in wrong.text_of("#summary-error")
    with db.transaction():
        theirs = {Section.SUMMARY: "Det tog för lång tid."}
        commands.comment(office.head, office.report, theirs, stored(office).version)
    late = page.submit(
        wrong, "main form", changes={"summary": "Det gick bra.", "patterns": "Skyltar."}, status=409
    )
    assert steps.kept(late, "summary") == "Det gick bra."
    assert "Det tog för lång tid." in late.text_of(".panel")
    # Of the sections that another has not changed nothing is said, as of those that this writer has not.
    assert len(late.all(".panel")) == 2
    shown = page.follow(page.submit(late, "main form"))
    assert "Kommentarerna är sparade." in shown.text
    assert "Det gick bra." in shown.text_of("section[aria-labelledby=sammanfattning]")
    assert "Skyltar." in shown.text_of("section[aria-labelledby=monster]")


def test_two_write_in_different_sections_and_both_texts_are_kept(page: Page, office: Office) -> None:
    form = page.get(office.address("/kommentarer"))
    with db.transaction():
        theirs = {Section.SUMMARY: "Det tog för lång tid."}
        commands.comment(office.head, office.report, theirs, stored(office).version)
    late = page.submit(form, "main form", changes={"patterns": "Skyltar."}, status=409)
    assert steps.kept(late, "summary") == "Det tog för lång tid."
    assert steps.kept(late, "patterns") == "Skyltar."
    page.follow(page.submit(late, "main form"))
    with db.transaction():
        commands.comment(office.head, office.report, {Section.SUMMARY: "Det gick."}, stored(office).version)
    # One who has emptied nothing removes nothing.
    shown = page.follow(page.submit(page.get(office.address("/kommentarer")), "main form"))
    assert "Det gick." in shown.text_of("section[aria-labelledby=sammanfattning]")
    assert "Skyltar." in shown.text_of("section[aria-labelledby=monster]")


def test_no_head_fixes_what_was_changed_after_they_read_it(page: Page, office: Office) -> None:
    read = page.get(office.address()).links["Fastställ"]
    with db.transaction():
        commands.comment(office.head, office.report, {Section.SUMMARY: "Nytt."}, stored(office).version)
    changed = page.get(read, 409)
    assert "Någon hann ändra rapporten före dig." in changed.text
    assert "Nytt." in changed.text
    question = page.get(changed.links["Fastställ"])
    assert "Rapporten är fastställd." in page.follow(page.submit(question, "main form")).text


def test_a_fixed_report_is_what_it_was_when_the_board_and_the_definitions_are_renamed(
    page: Page, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed(office)
    before = page.get(office.address()).text_of("main")
    with db.transaction() as writer:
        writer.execute(update(Board).where(Board.key == "tekniska").values(name="Stadsnämnden"))
    for key in ("received", "small"):
        monkeypatch.setitem(DEFINITIONS, key, Definition(_l("Annat"), _l("Räknas på ett annat sätt.")))
    db.close_read_session()
    shown = page.get(office.address())
    assert plain(shown.h1) == "Tekniska nämnden, mars 2026"
    assert shown.text_of("main") == before
    assert "Tekniska nämnden, mars 2026" in plain(page.get(LIST).text_of("ul.plain"))


def test_a_draft_says_that_fixed_reports_have_some_of_its_months(
    app: Flask, page: Page, office: Office
) -> None:
    fixed(office)
    with app.app_context():
        same = commands.create(office.head, "tekniska", MARCH)
        longer = commands.create(office.head, "tekniska", Months(date(2026, 2, 1), MARCH.last))
    assert "i en fastställd rapport" not in page.get(f"{LIST}/{same}").text
    assert "i en fastställd rapport, för mars 2026." in plain(page.get(f"{LIST}/{longer}").text)
    assert "i en fastställd rapport" not in page.get(f"{LIST}/{longer}/utskrift").text


def test_what_is_not_shown_by_topic_is_not_said_to_be_nothing(page: Page, office: Office) -> None:
    assert "Inget förslag kom in." in page.get(office.address()).text_of("section[aria-labelledby=forslag]")
    with db.transaction() as writer:
        row = writer.get_one(BoardReport, office.report)
        row.content = row.content | {"suggestions": "small"}
    shown = page.get(office.address())
    assert "Förslag kom in. Antalet per ämne visas inte." in shown.text
    assert "Inget förslag" not in shown.text
    assert shown.text.count("Antal är avrundade till närmaste femtal.") == 1


def test_an_officer_reads_when_there_will_be_a_report(case: Receipt, staff_page: steps.SignIn) -> None:
    assert "En rapport finns här när en chef har gjort den." in staff_page(factories.member()).get(LIST).text


def test_a_second_press_that_removes_leads_on(page: Page, office: Office) -> None:
    number = factories.number(office.case)
    proposal = page.get(office.address("/arende"), query_string={"nummer": number})
    shown = page.follow(page.submit(proposal, "main form", changes={"read": "y", "body": "En gunga."}))
    chosen = page.get(shown.links[f"Ändra eller ta bort {number}"])
    for _press in range(2):
        assert page.submit(chosen, "form[action$='/ta-bort']").location == office.address()
    question = page.get(office.address("/ta-bort"))
    for _press in range(2):
        assert page.submit(question, "main form").location == LIST


def test_a_chosen_case_is_masked_read_changed_and_removed(page: Page, office: Office) -> None:
    ask = page.get(page.get(office.address()).links["Välj ett ärende"])
    unknown = page.submit(ask, "main form", changes={"nummer": "KB-2026-999999"}, status=422)
    assert unknown.errors() == ["Vi hittar inget sådant ärende som du kan se. Kontrollera numret."]
    number = factories.number(office.case)
    proposal = page.submit(unknown, "main form", changes={"nummer": number}, status=200)
    text = steps.kept(proposal, "body")
    assert "Gungan är trasig." in text
    assert not [detail for detail in ("Maja", "Storgatan") if detail in text]
    unread = page.submit(proposal, "main form", status=422)
    assert unread.errors() == ["Läs texten och kryssa i rutan"]
    read = {"read": "y"}
    for wrong in ("Tack till 19840609-2380.", f"Se {number}."):
        refused = page.submit(unread, "main form", changes=read | {"body": wrong}, status=422)
        assert "alla kan läsa texten" in refused.text_of("#body-error")
    named = page.submit(unread, "main form", changes=read | {"body": "Maja vill gunga."}, status=422)
    assert named.errors() == ["Det ser ut att stå ett namn i texten. Ta bort det, eller kryssa i rutan."]
    shown = page.follow(page.submit(named, "main form", changes=read | {"body": "Ett barn vill gunga."}))
    assert "Ett barn vill gunga." in shown.text_of("section[aria-labelledby=arenden]")
    page.submit(named, "main form", changes=read | {"body": "Ett barn vill gunga."})
    assert len(stored_cases(office)) == 1
    change = page.get(shown.links[f"Ändra eller ta bort {number}"])
    changed = page.follow(page.submit(change, "main form", changes=read | {"body": "Gungan var trasig."}))
    assert "Gungan var trasig." in changed.text
    late = page.submit(change, "main form", changes=read | {"body": "Gungan är hel."}, status=409)
    assert (steps.kept(late, "body"), "Gungan var trasig." in late.text) == ("Gungan är hel.", True)
    for _press in range(2):
        gone = page.follow(page.submit(late, "form[action$='/ta-bort']"))
        assert "Ärendet är borttaget ur rapporten." in gone.text
    assert stored_cases(office) == []


def stored_cases(office: Office) -> list[str]:
    db.close_read_session()
    return [row.body for row in db.session().query(BoardReportCase).filter_by(report_id=office.report)]


def test_the_text_of_a_case_that_became_secret_is_shown_to_none(
    page: Page, office: Office, staff_page: steps.SignIn
) -> None:
    number = factories.number(office.case)
    proposal = page.get(office.address("/arende"), query_string={"nummer": number})
    page.submit(proposal, "main form", changes={"read": "y", "body": "Gungan är trasig."})
    factories.act(secrecy.mark_secrecy, factories.member(), office.case, "halsa")
    shown = page.get(office.address())
    assert "Gungan är trasig." not in shown.text
    assert "En text visas inte." in shown.text
    assert "tas bort" in page.get(office.address("/faststall")).text
    gone = page.get(shown.links["Ändra eller ta bort texten som inte visas"])
    assert not gone.has("#body")
    page.follow(page.submit(gone, "form[action$='/ta-bort']"))
    assert stored_cases(office) == []


def test_a_draft_is_counted_again_fixed_once_and_then_closed(page: Page, office: Office) -> None:
    shown = page.get(office.address())
    again = page.follow(page.submit(shown, "form[action$='/rakna-om']"))
    assert "Siffrorna är räknade igen." in again.text
    question = page.get(again.links["Fastställ"])
    assert "Rapporten kan inte ändras sedan." in question.text
    assert "Ingen sammanfattning är skriven." in question.text
    with db.transaction():
        commands.comment(office.head, office.report, {Section.SUMMARY: "Bra."}, stored(office).version)
    stale = page.submit(question, "main form", status=409)
    assert "Någon hann ändra rapporten före dig." in stale.text
    assert stored(office).fixed_at is None
    done = page.follow(page.submit(page.get(office.address("/faststall")), "main form"))
    assert "Rapporten är fastställd." in done.text
    assert "Fastställd den 4 maj 2026 av Samir" in plain(done.text)
    assert not done.has("main form")
    assert page.submit(question, "main form").location == office.address()
    for more in ("/kommentarer", "/arende", "/ta-bort"):
        page.get(office.address(more), 404)


def test_a_draft_is_deleted_once_it_is_confirmed_and_no_button_works_without_its_token(
    page: Page, office: Office
) -> None:
    for more in ("/rakna-om", "/ta-bort", "/faststall", "/kommentarer"):
        assert page.post(office.address(more), {"version": "1"}, 422).has(".ds-error-summary")
    assert stored(office).fixed_at is None
    question = page.get(page.get(office.address()).links["Ta bort utkastet"])
    assert "De går inte att få tillbaka." in question.text
    listed = page.follow(page.submit(question, "main form"))
    assert "Utkastet är borttaget." in listed.text
    assert page.submit(question, "main form").location == LIST
    page.get(office.address(), 404)


def test_a_page_costs_the_same_however_much_is_in_it(page: Page, office: Office) -> None:
    for name, address in {"list": LIST, "report": office.address()}.items():
        page.get(address)
        with counted() as statements:
            page.get(address)
        assert len(statements) <= BUDGET[name], "\n".join(statements)
