"""What people do: each scenario as requests whose answers are checked, and the floor to compare it with."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from portal import clock
from tests.bench import sessions
from tests.bench.filling import words
from tests.bench.serving import floor
from tests.bench.serving.load import Exhausted, Unit, check, get, post
from tests.bench.sessions import User
from tests.bench.subjects import LETTER, SUBMISSION, Case, Subjects

BARE, SELECT, INSERT, FORM = "floor: bare", "floor: select", "floor: insert", "floor: form"
QUEUE = "/handlaggning/"


@dataclass(frozen=True)
class Scenario:
    """A name, what is done for each unit, the floor that it is compared with, and the least share of it."""

    name: str
    unit: Callable[[int], Unit]
    floor: str = ""
    least: float = 0.0
    writes: bool = False


def floors() -> list[Scenario]:
    """The floors."""
    wanted = floor.WANTED
    return [
        Scenario(BARE, _page(lambda _number: f"{floor.PREFIX}/bare", wanted)),
        Scenario(SELECT, _page(lambda number: f"{floor.PREFIX}/select/{_floor_row(number)}", wanted)),
        Scenario(INSERT, _page(lambda number: f"{floor.PREFIX}/insert/{_floor_row(number)}", wanted)),
        Scenario(FORM, _floor_form),
    ]


def _floor_row(number: int) -> int:
    return number * 37 % floor.ROWS + 1


def _floor_form(number: int) -> Unit:
    path = f"{floor.PREFIX}/form"
    check((yield get(path)), 200, b"<form")
    check((yield post(path, urlencode({"subject": f"Rubrik {number}", "body": "Text " * 40}))), 303)


def scenarios(subjects: Subjects) -> list[Scenario]:
    """What is measured: first what reads, then what changes cases."""
    reading = [*_public(subjects), *_lists(subjects), *_searches(subjects), *_figures(subjects)]
    return [*reading, *_changes(subjects)]


def _public(subjects: Subjects) -> list[Scenario]:
    citizen, receipt = subjects.citizen, subjects.receipt
    own = _page(lambda _number: "/mina-sidor", "Hej ", citizen)
    return [
        Scenario("start", _page(lambda _number: "/", "Säg det till kommunen"), SELECT),
        Scenario("statistics", _page(lambda _number: "/statistik", "Håller vi vad vi lovar?"), SELECT, 0.40),
        Scenario("Mina sidor", own, SELECT, 0.40),
        Scenario("receipt", lambda _number: _once(get(receipt.path, receipt.cookie), "KB-"), SELECT),
    ]


def _lists(subjects: Subjects) -> list[Scenario]:
    officer, registrar = subjects.officer, subjects.registrar
    rows = "/handlaggning/arenden/KB-"
    deep = f"{QUEUE}?vy=newest&efter={subjects.deep_cursor}"
    filtered = f"{QUEUE}?vy=newest&typ=klagomal&vag=web&lage=closed"
    pages = {
        "queue, officer": (QUEUE, officer),
        "queue, registrar": (QUEUE, registrar),
        "queue, 1 000 pages in": (deep, registrar),
        "queue, filtered": (filtered, registrar),
        "queue, overdue": (f"{QUEUE}?vy=overdue", registrar),
        "queue, newest": (f"{QUEUE}?vy=newest", registrar),
    }
    made = [Scenario(name, _fixed(path, rows, user), SELECT, 0.35) for name, (path, user) in pages.items()]
    return [*made, Scenario("case page", _case_page(subjects.readable, officer), INSERT, 0.35)]


def _searches(subjects: Subjects) -> list[Scenario]:
    found, user = "/handlaggning/arenden/KB-", subjects.registrar
    queries = {
        "search, rare": (words.RARE, found),
        "search, common": (words.COMMON, found),
        "search, phrase": (f'"{words.PHRASE}"', found),
        "search, no hit": (words.NO_HIT, words.NO_HIT),
    }
    made = []
    for name, (query, wanted) in queries.items():
        path = f"{QUEUE}?vy=newest&q={quote(query)}"
        made.append(Scenario(name, _fixed(path, wanted, user), SELECT, 0.30))
    return [*made, Scenario("search, number", _number_search(subjects.readable, user), SELECT, 0.30)]


def _figures(subjects: Subjects) -> list[Scenario]:
    """The figures inside: closed months of all boards, the cases of a head, and the page of their unit."""
    figures = "/handlaggning/uppfoljning"
    today = clock.today()
    # Three years that end with this month, whose cases are not counted yet.
    first = f"{today.year - 3}-{today.month + 1:02d}" if today.month < 12 else f"{today.year - 2}-01"
    three_years = f"{figures}?fran={first}&till={today:%Y-%m}&grupp=enhet"
    pages = {
        "figures, analyst": (figures, subjects.analyst),
        "figures, three years": (three_years, subjects.analyst),
        "figures, head": (figures, subjects.head),
        "head of unit": ("/handlaggning/enheten", subjects.head),
    }
    return [Scenario(name, _fixed(path, "<table", user), SELECT) for name, (path, user) in pages.items()]


def _changes(subjects: Subjects) -> list[Scenario]:
    waiting = subjects.waiting
    return [
        Scenario("form and post", _send, FORM, 0.40, writes=True),
        Scenario("take", _act("take", waiting[0::2], subjects.officer), INSERT, writes=True),
        Scenario("answer", _act("answer", waiting[1::2], subjects.officer), INSERT, writes=True),
    ]


def _once(request: bytes, wanted: str, status: int = 200) -> Unit:
    check((yield request), status, wanted.encode())


def _page(path: Callable[[int], str], wanted: str, user: User | None = None) -> Callable[[int], Unit]:
    # One cookie for a run: to encrypt it for each request would be the client's time.
    cookies: list[str] = []

    def unit(number: int) -> Unit:
        if user and (number == 0 or not cookies):
            cookies[:] = [user.cookie]
        return _once(get(path(number), cookies[0] if user else ""), wanted)

    return unit


def _fixed(path: str, wanted: str, user: User) -> Callable[[int], Unit]:
    return _page(lambda _number: path, wanted, user)


def _case_page(cases: Sequence[Case], user: User) -> Callable[[int], Unit]:
    return _page(lambda number: f"{QUEUE}arenden/{cases[number % len(cases)].reference}", "</form>", user)


def _number_search(cases: Sequence[Case], user: User) -> Callable[[int], Unit]:
    """The exact number of a case leads to its page."""

    def unit(number: int) -> Unit:
        reference = cases[number % len(cases)].reference
        return _once(get(f"{QUEUE}?q={reference}", user.cookie), reference, 303)

    return unit


def _send(number: int) -> Unit:
    page = yield get("/lamna/klagomal", sessions.cookie())
    check(page, 200, b"Skicka")
    found = SUBMISSION.search(page)
    assert found
    fields = {
        "submission": found[1].decode(),
        "csrf_token": sessions.form_token(),
        "body": f"Den har blinkat sedan i måndags, och barnen går där varje morgon. Stolpe {number}.",
    }
    check((yield post("/lamna/klagomal", urlencode(LETTER | fields), sessions.cookie())), 303, b"/kvitto/")


def _act(action: str, cases: Sequence[Case], user: User) -> Callable[[int], Unit]:
    """Each unit takes the next case: one that is done cannot be done again."""
    left: Iterator[Case] = iter(cases)

    def unit(number: int) -> Unit:
        case = next(left, None)
        if case is None:
            raise Exhausted(action)
        fields = {
            "version": str(case.version),
            "happened": str(case.happened),
            "csrf_token": sessions.form_token(),
            "acting_as": str(user.person),
            "body": f"Hej! Vi har lagat lampan vid stolpe {number}. Tack för att du skrev.",
        }
        path = f"{QUEUE}arenden/{case.reference}/{action}"
        return _once(post(path, urlencode(fields), user.cookie), "Location", 303)

    return unit
