"""The queue and the case of staff with texts that would burst them: no page is wider than its screen."""

from portal import create_app, db
from portal.cases.actions import handling
from portal.cases.models import Case
from portal.identity.models import Membership
from portal.identity.queries import as_staff
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


def look_at(officer: Visitor, sent: steps.Sent, larger: bool) -> None:
    """The case and the queue."""
    steps.sign_in(officer)
    steps.find(officer, sent)
    for page in (officer.page.url, "/handlaggning/?vy=newest"):
        officer.open(page)
        if larger:
            wide, inner = officer.page.evaluate(TWICE_AS_LARGE)
            assert wide <= inner


def test_no_text_makes_a_page_of_staff_wider_than_its_screen(running: Running, visit: Visit) -> None:
    sent = send(visit(Screen(280, "light")))
    write_notes(running, sent)
    for width, larger in ((280, False), (360, True), (1280, True)):
        officer = visit(Screen(width, "light"))
        officer.thorough = False
        look_at(officer, sent, larger)


def test_a_case_of_staff_is_low_where_nothing_is_opened(visit: Visit) -> None:
    officer = visit(Screen(1280, "light"))
    officer.thorough = False
    steps.sign_in(officer)
    officer.open("/handlaggning/?vy=newest&q=Lekplatsen i Svenshögsparken")
    officer.go(officer.page.locator("td.what a").first)
    assert officer.page.evaluate("document.documentElement.scrollHeight") <= MAX_HEIGHT
