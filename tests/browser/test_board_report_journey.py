"""A board's report by keyboard alone: from the press to the fixed one, which an elected person reads."""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from portal import clock, create_app, db
from portal.cases.models import Case
from portal.cli import demo
from portal.identity import queries as people
from portal.identity.models import Membership
from portal.statistics.models import CountedCell, CountedMonth, PublishedRow
from portal.statistics.published.closed_months import count_next_month
from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.test_keyboard import enter, tab_to
from tests.browser.visitor import Screen, Visitor
from tests.conftest import settings
from tests.running import Running

WIDE, NARROW = Screen(1280, "light"), Screen(320, "light")
CASES = 6
SEND = "main form button[type=submit]"


def test_a_report_from_the_press_to_an_elected_reader(visit: Visit, running: Running) -> None:
    number, month = closed_month(running)
    summary = steps.unique("Fler skriver om lekplatserna.")
    head = visit(WIDE)
    steps.sign_in(head, "Ingrid Sandell")
    head.open("/handlaggning/namndrapporter")
    follow(head, "/ny")
    write(head, "#board", "Tek")
    for field in ("#first_month", "#last_month"):
        write(head, field, month)
    send(head)
    head.sees("Utkastet är klart.")
    follow(head, "/kommentarer")
    write(head, "#summary", summary)
    send(head)
    follow(head, "/arende")
    write(head, "#nummer", number)
    send(head)
    tab_to(head, "#read")
    head.page.keyboard.press("Space")
    send(head)
    head.sees("Gungan är sönder.")
    follow(head, "/faststall")
    send(head)
    head.sees("Rapporten är fastställd.")
    title = head.h1
    elected = visit(NARROW)
    steps.sign_in(elected, "Gunnar Ahl")
    assert elected.h1 == "Uppföljning"
    follow(elected, "/namndrapporter")
    tab_to(elected, f"main a:has-text('{title}')")
    enter(elected)
    for text in (summary, "Gungan är sönder.", "Fastställd den"):
        elected.sees(text)
    assert elected.page.locator("main form").count() == 0


def follow(reader: Visitor, end: str) -> None:
    """Follow the link of the page whose address ends so, but for a version."""
    tab_to(reader, f"main a[href$='{end}'], main a[href*='{end}?version=']")
    enter(reader)


def write(reader: Visitor, field: str, text: str) -> None:
    """Write in a field, in place of what is in it; in a list, choose what begins so."""
    tab_to(reader, field)
    reader.page.keyboard.press("ControlOrMeta+A")
    reader.page.keyboard.type(text)


def send(writer: Visitor) -> None:
    """Press the button of the form."""
    tab_to(writer, SEND)
    enter(writer)


def closed_month(running: Running) -> tuple[str, str]:
    """The number of the last of six answered cases of the park unit, and their month, which is counted."""
    day = clock.today() - timedelta(days=100)
    app = create_app(settings(f"sqlite:///{running.folder}/kontakt.db"))
    with app.app_context():
        with db.transaction() as session:
            anna = next(row.id for row in people.member_rows() if row.name == steps.ANNA)
            crew = {"anna": session.get_one(Membership, anna)}
            for _place in range(CASES):
                demo.create_case(past(day), steps.unique("report"), crew)
            # The worker may have counted: a month is counted once, and these would be in the next one.
            for table in (PublishedRow, CountedCell, CountedMonth):
                session.execute(sa.delete(table))
            latest = sa.select(Case).order_by(Case.id.desc()).limit(1)
            reference = session.scalars(latest).one().reference
        while count_next_month():
            pass
    db.engine().dispose()
    return reference, day.isoformat()[:7]


def past(day: date) -> dict[str, Any]:
    """A case of a day, answered the next."""
    moment = datetime.combine(day, time(9), clock.STOCKHOLM)
    step = {"do": "answer", "who": "anna", "text": "Den är lagad.", "close": True}
    return {
        "kind": "complaint",
        "category": "parker",
        "subject": "Gungan",
        "body": "Gungan är sönder.",
        "moment": moment,
        "steps": [step | {"moment": moment + timedelta(days=1)}],
    }
