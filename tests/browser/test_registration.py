"""Ten calls registered by keyboard alone, each in less than a minute of typing, and by who has no role."""

from dataclasses import dataclass, field
from statistics import median

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.visitor import Screen, Visitor

ADDRESS = "/handlaggning/registrera"
# Signs a minute of who types for a living, slowly; each key counts, those that move about too.
SPEED = 200
MOST_SECONDS = 45
WIDE = Screen(1280, "light")
# The kind that is asked for its place.
FAULT = 4


@dataclass(frozen=True)
class Call:
    """A call to register: the text, and the fields that differ from their defaults."""

    said: str
    topic: str = ""
    kind: int = 0
    channel: int = 0
    email: str = ""
    answer: str = ""


CALLS = (
    Call("När töms återvinningen vid Gränsvägen?", "Av", answer="Varje torsdag."),
    Call("Gatlampan vid Dalbyvägen 12 är släckt sedan i måndags.", "Gator", kind=4),
    Call("Lekplatsen i Svenshögsparken är stängd och ingen skylt säger varför.", "Pa", kind=1),
    Call("Vill tacka hemtjänsten för fint bemötande i helgen.", "Be", kind=2),
    Call("Hur söker man bygglov för ett uterum?", "By", email="nils@exempel.se"),
    Call("Vilka tider har simhallen på annandagen?", "Ku", answer="Tio till fyra."),
    Call("Snön är inte plogad på Kornvägen.", "Gator", kind=4, channel=1),
    Call("Föreslår fler cykelställ vid stationen.", kind=3, channel=1),
    Call("Hittar inte blanketten för förskoleplats på webben.", "W", email="maria@exempel.se"),
    Call("Vem ringer jag om trasigt vattenrör på gatan?", answer="VA-jouren, dygnet runt."),
)


@dataclass
class Keyboard:
    """Counts the keys that are pressed."""

    visitor: Visitor
    pressed: list[str] = field(default_factory=list)

    def press(self, key: str, times: int = 1) -> None:
        """Press a key that moves or sends."""
        for _time in range(times):
            self.visitor.page.keyboard.press(key)
            self.pressed.append(key)

    def type(self, text: str) -> None:
        """Type a text."""
        self.visitor.page.keyboard.type(text)
        self.pressed.extend(text)

    def on(self, name: str) -> None:
        """The field of this name has the focus."""
        assert self.visitor.page.evaluate("() => document.activeElement.name") == name


def register(clerk: Visitor, call: Call) -> int:
    """Register one call from the open form to its receipt; returns how many keys it took."""
    keys = Keyboard(clerk)
    keys.on("body")
    keys.type(call.said)
    keys.press("Tab")
    keys.on("kind")
    keys.press("ArrowRight", call.kind)
    keys.press("Tab")
    keys.on("category")
    keys.type(call.topic)
    keys.press("Tab")
    if call.kind == FAULT:
        keys.on("place")
        keys.press("Tab")
    keys.on("channel")
    keys.press("ArrowRight", call.channel)
    if call.email or call.answer:
        keys.press("Tab")
        keys.on("reply_by")
    if call.email:
        keys.press("ArrowDown")
        keys.press("Tab")
        keys.on("email")
        keys.type(call.email)
    if call.answer:
        keys.press("Tab")
        keys.on("answer")
        keys.type(call.answer)
        # The choices that are seldom used, and then the button.
        keys.press("Tab", 2)
    with clerk.page.expect_navigation():
        keys.press("Enter")
    return len(keys.pressed)


def test_ten_calls_are_registered_by_keyboard_alone_each_within_a_minute(visit: Visit) -> None:
    clerk = visit(WIDE)
    steps.sign_in(clerk, steps.EVA)
    keys = []
    for call in CALLS:
        clerk.page.goto(f"{clerk.address}{ADDRESS}")
        keys.append(register(clerk, call))
        assert "är registrerat" in clerk.h1
        solved = clerk.page.get_by_text("Svaret är sparat och ärendet är avslutat.").count()
        assert bool(solved) is bool(call.answer)
    clerk.look()
    assert max(keys) <= SPEED
    assert median(keys) <= SPEED * MOST_SECONDS / 60, keys


def test_staff_without_a_membership_register_without_script(visit: Visit) -> None:
    stranger = visit(Screen(320, "light", script=False))
    steps.sign_in(stranger, "Birgitta Ström")
    stranger.follow("Registrera ett ärende")
    stranger.write(body=steps.unique("Gungan är trasig"))
    stranger.press("Registrera")
    assert "är registrerat" in stranger.h1
    stranger.follow("Skriv ut till avsändaren")
    stranger.follow("Tillbaka till kvittot")
    stranger.follow("Registrera nästa")
    assert (stranger.h1, stranger.status) == ("Registrera ett ärende", 200)


def test_what_the_form_asks_and_refuses_is_whole_on_every_screen(stranger: Visitor) -> None:
    steps.sign_in(stranger, steps.EVA)
    stranger.open(ADDRESS)
    stranger.press("Registrera")
    stranger.sees("Skriv vad det gäller")
    stranger.write(body="Gungan är trasig")
    stranger.page.get_by_label("E-post", exact=True).check()
    stranger.write(email="maria@exempel.se")
    stranger.page.get_by_label("Anonym, läser svaret med koden").check()
    stranger.press("Registrera")
    stranger.sees("sparar vi varken namn eller adress")
    stranger.page.locator("form summary").click()
    stranger.page.locator("[name=arrived_on]").fill("2001-01-01")
    stranger.press("Registrera")
    stranger.sees("Kommunen tog emot ärenden här först")
