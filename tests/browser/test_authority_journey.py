"""A case sent to the wrong board: marked, handed over, answered, and what each board has of it afterwards."""

from dataclasses import dataclass

import pytest

from portal import clock
from tests.browser import outbox, steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor
from tests.running import Running

LARS, SOFIA = "Lars Berg", "Sofia Rahm"
PARKS, CARE = "Tekniska nämnden", "Socialnämnden"
CARE_UNIT = "Enheten för äldre och funktionsstöd"
SENDER = "maja@exempel.se"
BODY = "Mammas hemtjänst kom inte i går heller. Hon har demens och satt ensam hela dagen."
NOTE = "Det här är inte vårt. Jag ringer socialförvaltningen."
ALONG = "Avsändaren tror att parkvärdarna är hemtjänsten."
ANSWER = "Vi beklagar. Från i dag kommer samma person varje morgon."
REGISTERED = "Klagomål på hemtjänst"
SECRET = "Uppgift om avsändaren är sekretessbelagd"
LETTERS = [
    "Vi har tagit emot ditt klagomål",
    "Vi har börjat ta hand om ditt klagomål",
    # A letter is open to read on its way: of a case with secrecy it does not say which board.
    "En annan nämnd svarar nu",
    "Du har fått svar på ditt klagomål",
]
SMALL, WIDE = Screen(320, "dark", script=False), Screen(1280, "light")


@pytest.fixture
def keepers(running: Running) -> None:
    """Each of the two boards has a records officer."""
    steps.add_records_officer(running, steps.NILS, "tekniska")
    steps.add_records_officer(running, SOFIA, "social")


@dataclass(frozen=True)
class Row:
    """A row of a register, without its moment."""

    day: str
    entered: str
    party: str
    subject: str
    unit: str


def complain(citizen: Visitor) -> steps.Sent:
    """A complaint about home care, sent to those who look after the parks."""
    citizen.open("/lamna/klagomal")
    subject = steps.unique("Hemtjänsten kom inte till Greta")
    steps.fill(citizen, subject, SENDER)
    citizen.write(body=BODY)
    citizen.press("Skicka klagomålet")
    return steps.receipt(citizen, subject)


def address(sent: steps.Sent) -> str:
    """Where the case is in the back office."""
    return f"/handlaggning/arenden/{sent.number}"


def mark(officer: Visitor) -> None:
    """Secrecy by a provision, and a subject for the register without the sender's words."""
    officer.page.get_by_text("Sekretessmarkera ärendet", exact=True).click()
    officer.page.locator("main [name=provision]:visible").select_option(value="socialtjanst")
    officer.write(public_subject=REGISTERED)
    officer.press("Sekretessmarkera")
    officer.sees("OSL 26:1")


def hand_over(officer: Visitor) -> None:
    """To home care, after a look at what goes along: first without a ground, then with one that holds."""
    officer.page.get_by_text("Lämna över", exact=True).click()
    officer.page.locator("main [name=to]:visible").select_option(label=CARE_UNIT)
    officer.write(note=ALONG)
    officer.press("Lämna över ärendet")
    assert officer.status == 422
    stays, goes = (officer.page.locator(".outgoing li", has_text=text) for text in (NOTE, BODY))
    assert "Stannar kvar" in stays.inner_text()
    assert "Följer med" in goes.inner_text()
    offered = officer.page.locator("[name=ground]").evaluate_all("found => found.map(one => one.value)")
    assert offered == ["consent", "provision-nodvandigt", "provision-uppgiftsskyldighet"]
    officer.page.get_by_label("OSL 10:2:").check()
    officer.press("Lämna över ärendet")
    officer.sees("Ärendet är överlämnat.")


def register(keeper: Visitor, sent: steps.Sent) -> list[Row]:
    """The rows of one case on all pages of a keeper's register, of today."""
    keeper.open(f"/handlaggning/register?fran={clock.today()}&till={clock.today()}")
    found = keeper.page.locator("table.register tbody tr", has_text=sent.number)
    rows = [row.locator("td").all_inner_texts() for row in found.all()]
    while following := keeper.page.locator("a[rel=next]").all():
        keeper.go(following[0])
        rows += [row.locator("td").all_inner_texts() for row in found.all()]
    return [Row(moment.split()[0], *cells) for moment, _number, *cells in rows]


def assert_shut(officer: Visitor, sent: steps.Sent) -> None:
    """No page of the case is there, and no list nor search leads to it."""
    officer.open(address(sent))
    assert (officer.h1, officer.status) == ("Sidan finns inte", 404)
    fetch = officer.page.request.get
    for tail in ("/utskrift", "/liknande", "/arende.pdf"):
        assert fetch(officer.address + address(sent) + tail).status == 404
    for query in ("vy=newest", f"q={sent.number}", f"q={sent.subject}", f"q={REGISTERED}"):
        answer = fetch(f"{officer.address}/handlaggning/?{query}")
        assert (answer.status, address(sent) in answer.text()) == (200, False)


def assert_as_it_was(keeper: Visitor, sent: steps.Sent) -> None:
    """The page of what a former board had: all of that, nothing since, and nothing to press."""
    keeper.open(address(sent))
    keeper.sees(f"{CARE} svarar för ärendet sedan")
    messages = keeper.page.locator(".message-body").all_inner_texts()
    assert messages == [BODY, NOTE, ALONG]
    facts = keeper.page.locator(".facts").inner_text()
    for text in ("Parkenheten", PARKS, SENDER, "OSL 26:1", "OSL 10:2", CARE_UNIT):
        assert text in facts
    assert keeper.page.locator("main form, main button").count() == 0
    keeper.sees_no(ANSWER)


def test_a_complaint_to_the_wrong_board_goes_to_the_right_one_and_leaves_what_it_should(
    visit: Visit, keepers: None
) -> None:
    citizen, parks, care = visit(SMALL), visit(WIDE), visit(WIDE)
    care.thorough = False
    sent = complain(citizen)
    steps.sign_in(parks)
    parks.open(address(sent))
    steps.take(parks)
    steps.note(parks, NOTE)
    mark(parks)
    hand_over(parks)
    assert_shut(parks, sent)

    citizen.press("Öppna ärendet")
    citizen.sees(f"{CARE} svarar nu. Löftet gäller: senast ")
    citizen.sees_no(NOTE)
    citizen.sees_no(ALONG)

    steps.work_as(care, LARS, f"Handläggare, {CARE_UNIT}")
    steps.find(care, sent)
    care.sees(ALONG)
    care.sees_no(NOTE)
    steps.answer(care, ANSWER)

    assert_each_board_has_its_own(visit(WIDE), visit(Screen(320, "light")), sent)
    assert_sender_was_told(citizen, sent)


def assert_each_board_has_its_own(old: Visitor, new: Visitor, sent: steps.Sent) -> None:
    """Two rows in each register; and the old board's page of the case, which ends with the handover."""
    today = clock.today().isoformat()
    steps.work_as(old, steps.NILS, f"Registrator, {PARKS}")
    assert register(old, sent) == [
        Row(today, "In", SECRET, REGISTERED, "Parkenheten"),
        Row(today, "Ut", f"Lämnat till {CARE}", REGISTERED, "Parkenheten"),
    ]
    assert_as_it_was(old, sent)
    new.thorough = False
    steps.work_as(new, SOFIA, f"Registrator, {CARE}")
    assert register(new, sent) == [
        Row(today, "In", f"Kom från {PARKS}", REGISTERED, CARE_UNIT),
        Row(today, "Ut", SECRET, REGISTERED, CARE_UNIT),
    ]


def assert_sender_was_told(citizen: Visitor, sent: steps.Sent) -> None:
    """A letter for each step without a word of what was written, and all of it on the page of the case."""
    citizen.page.reload()
    citizen.look()
    for text in (ANSWER, f"Ärendet lämnades över. {CARE} svarar nu."):
        citizen.sees(text)
    for subject in LETTERS:
        letter = outbox.letter(citizen, f"{subject}, {sent.number}")
        source = letter.locator("iframe").get_attribute("src") or ""
        words = citizen.page.request.get(citizen.address + source).text()
        assert sent.number in words
        assert not [text for text in (BODY, ANSWER, NOTE, ALONG, CARE, CARE_UNIT, LARS) if text in words]


def test_a_case_of_a_unit_without_handlers_is_placed_unread(visit: Visit) -> None:
    citizen, registrar = visit(SMALL), visit(Screen(320, "light"))
    sent = steps.ask(citizen, "När börjar skolan?", topic="Förskola och skola")
    steps.sign_in(registrar, steps.EVA)
    registrar.open("/handlaggning/utan-handlaggare")
    registrar.sees_no(sent.subject)
    registrar.follow(f"Placera {sent.number}")
    registrar.sees_no(sent.subject)
    registrar.page.locator("main [name=to]").select_option(label="Förskoleenheten")
    registrar.press("Placera ärendet")
    registrar.sees(f"{sent.number} är placerat.")
    assert not registrar.page.get_by_role("link", name=f"Placera {sent.number}").count()
