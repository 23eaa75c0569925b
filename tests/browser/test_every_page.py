"""The full matrix: every page in every state, at three widths, light and dark, with and without script."""

from itertools import product
from typing import get_args

import pytest

from portal.cases.queue.filters import View
from tests.browser import outbox, steps
from tests.browser.conftest import Visit
from tests.browser.test_board_report_journey import closed_month
from tests.browser.visitor import Scheme, Screen, Visitor
from tests.running import Running

SCREENS = [Screen(*one) for one in product((320, 768, 1280), get_args(Scheme), (True, False))]
PAGES = [
    "/",
    "/lamna",
    "/folj",
    "/folj/ny-kod",
    "/folj/tappad-kod",
    "/kvitto",
    "/logga-in",
    "/logga-in/nodatkomst",
    "/disken",
    "/utloggad",
    "/om",
    "/tillganglighet",
]
PAGES += ["/personuppgifter", "/rutiner", "/statistik", "/ni-sa-vi-gjorde", "/utkorg", "/finns-inte"]
KINDS = {
    "fraga": "Skicka frågan",
    "klagomal": "Skicka klagomålet",
    "berom": "Skicka berömmet",
    "forslag": "Skicka förslaget",
    "felanmalan": "Skicka felanmälan",
}
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 4

pytestmark = [pytest.mark.full, pytest.mark.parametrize("screen", SCREENS, ids=str)]


@pytest.fixture
def someone(visit: Visit, screen: Screen) -> Visitor:
    """Somebody who opens whatever can be opened on the pages that they come to."""
    return visit(screen)


def unfold(visitor: Visitor) -> None:
    """Open everything that is folded, and look again."""
    folded = visitor.page.locator("details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()
    visitor.look()


def test_the_pages_that_everybody_reads(someone: Visitor) -> None:
    for path in PAGES:
        someone.open(path)
        if path != "/utkorg":
            unfold(someone)
    someone.open("/")
    someone.press("English")
    for path in PAGES:
        someone.open(path)


@pytest.mark.parametrize(("kind", "send"), KINDS.items(), ids=str)
def test_each_form_empty_in_error_and_sent(someone: Visitor, kind: str, send: str) -> None:
    someone.open(f"/lamna/{kind}")
    unfold(someone)
    someone.press(send)
    for way in ("E-post", "Sms"):
        someone.page.get_by_label(way, exact=True).check()
        someone.look()
        someone.press(send)
        assert someone.status == 422
    someone.page.get_by_label("Anonymt, med en kod", exact=True).check()
    someone.write(subject=LONG, body=f"{LONG}\n\n{LONG}")
    someone.press(send)
    assert someone.page.locator("[data-code]").count() == 1


def test_the_follower_in_every_state_of_the_case(visit: Visit, screen: Screen) -> None:
    sender, officer = visit(screen), visit(screen)
    sent = steps.ask(sender, LONG, email="maria@exempel.se")
    sender.press("Öppna ärendet")
    unfold(sender)
    sender.press("Skicka till Parkenheten")
    assert sender.status == 422
    steps.sign_in(officer)
    for act in (begin, ask_back, answer, close):
        steps.find(officer, sent)
        act(officer)
        unfold(officer)
        sender.open("/folj/arende")
        unfold(sender)
    for path in letters(sender, sent):
        sender.open(path)


def begin(officer: Visitor) -> None:
    """The first reading, a note on the way."""
    steps.take(officer)
    steps.note(officer, LONG)


def ask_back(officer: Visitor) -> None:
    """The sender is asked for more."""
    steps.choose_tab(officer, "request_supplement")
    officer.page.get_by_label("Din fråga", exact=True).fill("Vilket bad menar du?")
    officer.press("Skicka frågan")


def answer(officer: Visitor) -> None:
    """Nothing written first, then an answer."""
    officer.press("Skicka svar")
    assert officer.status == 422
    steps.answer(officer, f"{LONG}\n\n{LONG}")


def close(officer: Visitor) -> None:
    """The end."""
    officer.press("Avsluta ärendet")
    officer.sees("Avslutat")


def letters(reader: Visitor, sent: steps.Sent) -> list[str]:
    """Every letter of a case as a page."""
    outbox.letter(reader, f"Vi har tagit emot din fråga, {sent.number}")
    mine = reader.page.locator("article", has_text=sent.number).locator("iframe").all()
    assert len(mine) >= 4
    return [one.get_attribute("src") or "" for one in mine]


def test_the_code_lost_wrong_and_replaced(someone: Visitor) -> None:
    sent = steps.ask(someone, email="maria@exempel.se")
    someone.press("Klar")
    steps.open_case(someone, sent, code="fel")
    someone.open("/folj/ny-kod")
    someone.press("Skicka länken")
    someone.write(number=sent.number, email="maria@exempel.se")
    someone.press("Skicka länken")
    one = outbox.letter(someone, f"Länk till en ny kod för ärende {sent.number}")
    link = outbox.opened(one).get_by_role("link", name="Hämta den nya koden").get_attribute("href") or ""
    someone.open(link)
    someone.press("Visa den nya koden")
    someone.open(link)


def test_the_queue_in_every_view(someone: Visitor) -> None:
    steps.sign_in(someone, steps.EVA)
    for view in View:
        someone.open(f"/handlaggning/?vy={view}")
    someone.open(f"/handlaggning/?vy=x&typ=klagomal&ordning=oldest&efter=x&q={LONG}")
    unfold(someone)
    someone.press("Spara vyn")
    assert someone.status == 422
    someone.page.get_by_label("Vad vyn ska heta").fill(LONG[:60])
    someone.press("Spara vyn")
    someone.press("Ta bort den här vyn")
    someone.page.context.clear_cookies()
    steps.sign_in(someone, "Ingrid Sandell")
    someone.open("/handlaggning/?vy=mine")
    someone.sees("Du har inga öppna ärenden")


def test_many_at_once_asked_wrong_looked_through_and_left(someone: Visitor) -> None:
    steps.sign_in(someone, steps.EVA)
    for deed in ("Fördela", "Lämna över", "Avsluta", "Svara"):
        someone.open("/handlaggning/")
        for box in someone.page.locator("[name=case]").all()[:3]:
            box.check()
        someone.look()
        someone.press(deed)
        for box in someone.page.locator("[name=case]").all():
            box.check()
        someone.go(someone.page.locator("[name=step]").first)
        assert someone.status == (409 if deed == "Avsluta" else 422)
    someone.write(body=LONG)
    someone.press("Förhandsgranska")
    someone.press("Ändra svaret")
    someone.open("/handlaggning/tangenter")


@pytest.mark.parametrize("name", ["Per Holm", "Ingrid Sandell", "Sofia Rahm"])
def test_the_pages_of_a_head_and_of_a_reader_of_figures(someone: Visitor, name: str) -> None:
    steps.sign_in(someone, name)
    someone.open("/handlaggning/uppfoljning?grupp=enhet")
    someone.open("/handlaggning/uppfoljning?fran=2016-01")
    assert someone.status == 422
    someone.open("/handlaggning/enheten")
    if name == "Sofia Rahm":
        return
    someone.follow("Lägg in eller ta bort frånvaro")
    someone.press("Spara frånvaron")
    assert someone.status == 422
    someone.page.get_by_label("Sista dagen", exact=True).fill("2999-01-01")
    someone.press("Spara frånvaron")
    assert someone.status == 422
    someone.open("/handlaggning/enheten/fordela-om/1")


def test_the_guide_the_routines_and_a_follow_up_wrong_and_right(visit: Visit, screen: Screen) -> None:
    head, officer = visit(screen), visit(screen)
    steps.sign_in(officer)
    for path in ("guide", "guide/forsta-dagen", "rutiner", "rutiner/gata", "platser", "platser?gata=-"):
        officer.open(f"/handlaggning/{path}")
    steps.sign_in(head, "Per Holm")
    head.open("/handlaggning/rutiner/park")
    head.press("Spara uppföljningen")
    assert head.status == 422
    head.write(body=LONG)
    head.press("Spara uppföljningen")
    # Another screen has followed it up today already.
    assert head.status in (200, 422)
    head.open("/handlaggning/rutiner/park")


def test_the_improvements_wrong_and_right_to_a_published_text(visit: Visit, screen: Screen) -> None:
    head = visit(screen)
    steps.sign_in(head, "Per Holm")
    for path in (
        "forbattringar",
        "forbattringar?lage=done",
        "sammanstallningar?fran=2027-01-01&till=2026-01-01",
    ):
        head.open(f"/handlaggning/{path}")
    head.open("/handlaggning/forbattringar/ny")
    head.press("Spara förbättringen")
    assert head.status == 422
    head.write(title=LONG, plan=LONG, due_on="2029-01-01")
    head.press("Spara förbättringen")
    unfold(head)
    head.page.get_by_label("Läge", exact=True).select_option("done")
    head.press("Spara ändringen")
    head.follow("Skriv texten")
    head.press("Förhandsgranska")
    assert head.status == 422
    head.write(you_said=LONG, we_did=LONG)
    head.press("Förhandsgranska")
    head.press("Publicera")
    head.open("/ni-sa-vi-gjorde")


def test_the_report_of_a_board_empty_wrong_written_and_fixed(someone: Visitor, running: Running) -> None:
    number, month = closed_month(running)
    steps.sign_in(someone, "Ingrid Sandell")
    someone.open("/handlaggning/namndrapporter/ny")
    someone.write(first_month=month, last_month="2016-01")
    someone.press("Gör rapporten")
    assert someone.status == 422
    someone.page.get_by_label("Nämnd", exact=True).select_option("tekniska")
    someone.write(last_month=month)
    someone.press("Gör rapporten")
    someone.page.get_by_text("Så räknar vi").click()
    someone.look()
    report = someone.page.url
    someone.follow("Skriv kommentarer")
    someone.write(**dict.fromkeys(("summary", "figures", "patterns", "shortcomings", "improvements"), LONG))
    someone.press("Spara kommentarerna")
    someone.open(f"{report}/arende?nummer=fel")
    assert someone.status == 422
    someone.open(f"{report}/arende?nummer={number}")
    someone.write(body=LONG)
    someone.press("Lägg till i rapporten")
    assert someone.status == 422
    someone.page.get_by_label("Jag har läst texten. Den säger inte vem det gäller.").check()
    someone.press("Lägg till i rapporten")
    someone.follow(f"Ändra eller ta bort {number}")
    for path in ("ta-bort", "utskrift", "faststall"):
        someone.open(f"{report}/{path}")
    someone.press("Fastställ rapporten")
    someone.open("/handlaggning/namndrapporter?namnd=finns-inte")


def test_signing_in_given_up_refused_and_wrong(someone: Visitor) -> None:
    someone.open("/handlaggning/")
    someone.go(someone.page.get_by_role("button", name="Birgitta Ström"))
    someone.write(code="fel")
    someone.press("Bekräfta")
    someone.press("Bekräfta")
    assert someone.status == 403
    steps.sign_out(someone)
    someone.open("/handlaggning/")
    someone.press("Avbryt")
    someone.open("/logga-in/personal/aterkomst")
    assert someone.status == 400


def test_two_officers_at_once(visit: Visit, screen: Screen) -> None:
    sender, first, second = visit(screen), visit(screen), visit(screen)
    sent = steps.ask(sender)
    for officer, name in ((first, steps.ANNA), (second, steps.EVA)):
        steps.sign_in(officer, name)
        steps.find(officer, sent)
    steps.take(first)
    second.page.get_by_label("Ditt svar", exact=True).fill(LONG)
    second.press("Skicka svar")
    assert second.status == 409


@pytest.mark.parametrize("name", ["Maria Ekdahl", "Yusuf Demir", "Elsa Nyström"])
def test_the_pages_of_a_citizen(someone: Visitor, name: str) -> None:
    someone.open("/logga-in")
    someone.follow("Logga in med e-legitimation")
    someone.go(someone.page.get_by_role("button", name=name))
    someone.press("Bekräfta")
    unfold(someone)
    someone.press("Lägg till ärendet")
    links = someone.page.locator("main a[href*='/arenden/']").all()
    paths = [link.get_attribute("href") or "" for link in links]
    own = ["meddelanden", "sok?sok=lekplats", "allt-om-mig", "uppgifter"]
    paths += [f"{path}/oppnat" for path in paths] + [f"/mina-sidor/{page}" for page in own]
    for path in [*paths, "/lamna/fraga", "/inloggningar", "/inloggad"]:
        someone.open(path)
        unfold(someone)
