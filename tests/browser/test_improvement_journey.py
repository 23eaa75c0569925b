"""From ten cases to their senders: linked at once, done, published, sent as letters, and read with a code."""

from portal import create_app, db
from portal.cases.improvements import senders
from portal.identity.actors import System
from tests import factories
from tests.browser import outbox, steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen
from tests.conftest import settings
from tests.running import Running

WIDE, NARROW = Screen(1280, "light"), Screen(320, "light")
DID = "Vi sätter upp en skylt samma dag."


def test_ten_cases_lead_to_an_improvement_and_each_sender_gets_to_know_what_was_done(
    visit: Visit, running: Running
) -> None:
    sender, head = visit(NARROW), visit(WIDE)
    sent = steps.ask(sender, "Varför är lekplatsen stängd?")
    numbers = [sent.number, *_arrived(running, 9)]
    steps.sign_in(head, "Per Holm")
    head.open("/handlaggning/?vy=newest&amne=parker")
    for number in numbers:
        head.page.locator(f"[name=case][value='{number}']").check()
    head.press("Koppla till förbättring")
    title = steps.unique("Skyltar")
    head.page.get_by_label("Förbättring", exact=True).select_option("new-park")
    head.write(title=title, due_on="2029-01-01")
    head.press("Koppla ärendena")
    head.sees("10 ärenden är kopplade till förbättringen.")
    head.open("/handlaggning/forbattringar")
    head.follow(title)
    assert all(number in head.page.locator("main").inner_text() for number in numbers)
    head.page.get_by_label("Läge", exact=True).select_option("done")
    head.press("Spara ändringen")
    head.follow("Skriv texten")
    head.write(you_said="Ni ville veta varför lekplatser är stängda.", we_did=DID)
    head.press("Förhandsgranska")
    head.sees("10 avsändare får veta det.")
    head.press("Publicera")
    _inform(running)
    sender.open("/ni-sa-vi-gjorde")
    sender.sees(DID)
    steps.open_case(sender, sent)
    sender.sees(DID)
    sender.sees("Vi berättade vad det du skrev ledde till")
    # The one who reads with a code alone gets no letter.
    letters = [f"Det här ledde det du skrev till, {number}" for number in numbers[1:]]
    for subject in letters:
        outbox.letter(head, subject)
    assert DID in outbox.opened(outbox.letter(head, letters[-1])).locator("body").inner_text()
    assert sent.number not in head.page.locator("main").inner_text()


def _arrived(running: Running, count: int) -> list[str]:
    """The numbers of more cases that have come in, to be answered by e-mail."""
    app = create_app(settings(f"sqlite:///{running.folder}/kontakt.db"))
    with app.app_context():
        numbers = []
        for number in range(count):
            receipt = factories.send_in(subject="Lekplatsen", email=f"avsandare{number}@exempel.se")
            numbers.append(factories.number(receipt))
    db.engine().dispose()
    return numbers


def _inform(running: Running) -> None:
    """What the worker does by day, whatever the time is now."""
    app = create_app(settings(f"sqlite:///{running.folder}/kontakt.db"))
    with app.app_context():
        with db.transaction():
            links = senders.waiting(System())
        for link in links:
            with db.transaction():
                senders.inform(System(), link)
    db.engine().dispose()
