"""Pages with texts that would burst them, or twice as large: no page is wider than its screen."""

from datetime import date
from urllib.parse import urljoin

import pytest

from portal import create_app, db
from portal.cases.actions import handling
from portal.cases.models import Case
from portal.identity.models import Membership
from portal.identity.queries import as_staff
from portal.words import dates
from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor
from tests.conftest import settings
from tests.running import Running

SUBJECT, NAME, MESSAGES = "a" * 180, "Anna-Karin" * 8, 20
TWICE_AS_LARGE = """() => {
  document.documentElement.style.fontSize = "200%"
  return [document.documentElement.scrollWidth, innerWidth]
}"""
MAX_HEIGHT = 1500
# The texts that are broken as the date of the promise, which is drawn smaller the longer it is.
BROKEN = """dates => dates.filter(date => {
  const line = document.querySelector(".promise-date")
  line.className = "promise-date" + (date.length > 22 ? " longest" : date.length > 20 ? " long" : "")
  line.textContent = date
  return line.getBoundingClientRect().height > 1.5 * parseFloat(getComputedStyle(line).fontSize)
})"""
PUBLIC = (
    "/",
    "/lamna",
    "/lamna/felanmalan",
    "/folj",
    "/folj/ny-kod",
    "/om",
    "/statistik",
    "/personuppgifter",
    "/rutiner",
    "/logga-in",
    "/ni-sa-vi-gjorde",
    "/folj/tappad-kod",
    "/disken",
)
OWN = ("", "/meddelanden", "/uppgifter", "/allt-om-mig", "/sok?sok=lekplats")
STAFF = tuple(
    f"/handlaggning/{path}"
    for path in (
        "?vy=newest",
        "registrera",
        "enheten",
        "rutiner",
        "guide",
        "atgarder",
        "tangenter",
        "mallar/ny",
    )
)
# As wide as their text alone.
NARROW = tuple(
    f"/handlaggning/{path}"
    for path in (
        "nytt",
        "nytt/val",
        "utkast",
        "platser",
        "forbattringar",
        "forbattringar/ny",
        "forbattringar/1",
        "sammanstallningar",
        "uppfoljning?grupp=amne",
        "enkatsvar",
        "franvaro",
        "rutiner/park",
        "guide/forsta-dagen",
    )
)


def send(sender: Visitor) -> steps.Sent:
    """Create a case whose subject has no space and whose sender has a long name."""
    sender.open("/lamna/fraga")
    subject = steps.unique(SUBJECT)
    steps.fill(sender, subject, "maja@exempel.se")
    sender.write(name=NAME, body="b" * 200)
    sender.press("Skicka frågan")
    return steps.receipt(sender, subject)


def write_notes(running: Running, sent: steps.Sent) -> None:
    """As many notes as a long conversation has, each a word without a space."""
    app = create_app(settings(f"sqlite:///{running.folder}/kontakt.db"))
    with app.app_context():
        with db.transaction():
            case = db.session().query(Case).filter_by(number=int(sent.number.rsplit("-", 1)[1])).one()
            membership = db.session().query(Membership).filter_by(unit_id=case.handling_unit_id).first()
            assert membership
            for number in range(MESSAGES):
                handling.note(as_staff(membership), case, f"{number}" * 200)
        db.engine().dispose()


def is_wider(visitor: Visitor, path: str) -> bool:
    """Whether a page with text twice as large is wider than its screen."""
    visitor.page.goto(urljoin(visitor.address, path))
    wide, inner = visitor.page.evaluate(TWICE_AS_LARGE)
    return bool(wide > inner)


def test_no_page_is_wider_than_its_screen_with_text_twice_as_large(running: Running, visit: Visit) -> None:
    sender, officer = visit(Screen(280, "light")), visit(Screen(280, "light"))
    sender.thorough = officer.thorough = False
    sent = send(sender)
    write_notes(running, sent)
    receipt = sender.page.url
    steps.sign_in(officer, "Per Holm")
    steps.find(officer, sent)
    case = officer.page.url
    wider = [path for path in (receipt, *PUBLIC) if is_wider(sender, path)]
    for width in (280, 1280):
        officer.page.set_viewport_size({"width": width, "height": 800})
        wider += [path for path in (case, *STAFF) if is_wider(officer, path)]
    officer.page.set_viewport_size({"width": 280, "height": 800})
    wider += [path for path in NARROW if is_wider(officer, path)]
    assert wider == []


def test_no_own_page_is_wider_than_its_screen_with_text_twice_as_large(visit: Visit) -> None:
    citizen = visit(Screen(280, "light"))
    citizen.thorough = False
    steps.sign_in_to_mina_sidor(citizen, steps.MARIA)
    case = citizen.page.locator("main a[href*='/arenden/']").first.get_attribute("href") or ""
    paths = [case, f"{case}/oppnat", *(f"/mina-sidor{page}" for page in OWN)]
    assert [path for path in paths if is_wider(citizen, path)] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_no_promised_date_is_on_two_lines(visit: Visit, width: int) -> None:
    stranger = visit(Screen(width, "light"))
    stranger.open("/lamna/klagomal")
    days = [date(2026, month, day) for month in range(1, 13) for day in range(20, 27)]
    written = [
        dates.formatted_date(day, pattern, language)
        for day in days
        for pattern in ("EEEE d MMMM", "EEEE d MMMM y")
        for language in ("sv", "en")
    ]
    assert stranger.page.evaluate(BROKEN, written) == []


@pytest.mark.unchanged_demo
def test_a_case_of_staff_is_low_where_nothing_is_opened(visit: Visit) -> None:
    officer = visit(Screen(1280, "light"))
    officer.thorough = False
    steps.sign_in(officer)
    officer.open("/handlaggning/?vy=newest&q=Lekplatsen i Svenshögsparken")
    officer.go(officer.page.locator("td.what a").first)
    assert officer.page.evaluate("document.documentElement.scrollHeight") <= MAX_HEIGHT


def test_the_bulk_bar_lies_within_a_telephone_with_a_row_for_each_choice(visit: Visit) -> None:
    officer = visit(Screen(360, "light"))
    officer.thorough = False
    steps.sign_in(officer, steps.EVA)
    officer.page.locator("[name=case]").first.check()
    bar, send = officer.page.locator(".many-bar"), officer.page.get_by_role("button", name="Lämna över")
    within, outer = send.bounding_box(), bar.bounding_box()
    assert within
    assert outer
    assert within["x"] + within["width"] <= outer["x"] + outer["width"]
    for choice in bar.locator("select").all():
        box = choice.bounding_box()
        assert box
        assert box["width"] > outer["width"] / 3


def test_the_bulk_bar_moves_no_row_and_hides_no_heading(visit: Visit) -> None:
    officer = visit(Screen(1280, "light"))
    officer.thorough = False
    steps.sign_in(officer, steps.EVA)
    row, heading = officer.page.locator("tr[data-number]").first, officer.page.locator(".queue thead")
    before = row.bounding_box(), heading.bounding_box()
    officer.page.locator("[name=case]").first.check()
    assert (row.bounding_box(), heading.bounding_box()) == before
    bar, above = officer.page.locator(".many-bar").bounding_box(), before[1]
    assert bar
    assert above
    assert bar["y"] >= above["y"] + above["height"]
