"""The forms and addresses that an audience reaches, for the tools to attack."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

from tests.architecture import routes
from tests.page_checks import value
from tests.running import PATIENCE

# Enough for cases in each state, whose pages have different forms.
PAGES_OF_A_RULE = 8
# The part of an address that chooses between forms.
CHOOSING = "action"
TOKEN = "csrf_token"
CONTROLS = "input[name], select[name], textarea[name], button"

Pairs = tuple[tuple[str, str], ...]
Kind = tuple[str, str, str, frozenset[str]]


@dataclass(frozen=True)
class Target:
    """A request that a page leads to: the address without its query, its variable parts, the fields.

    `page` is where it was found, and empty for one that no page leads to.
    """

    method: str
    path: str
    endpoint: str
    arguments: Pairs
    fields: Pairs
    hidden: frozenset[str] = frozenset()
    page: str = "/"

    @property
    def kind(self) -> Kind:
        """What two targets have in common when attacking one of them is enough."""
        chosen = dict(self.arguments).get(CHOOSING, "")
        return self.method, self.endpoint, chosen, frozenset(name for name, _value in self.fields)

    @property
    def parts(self) -> list[str]:
        """The names of the fields that a user fills in, chooses or presses."""
        return [name for name, _value in self.fields if name not in self.hidden and name != TOKEN]

    @property
    def background(self) -> set[str]:
        """What many targets of an endpoint share: variable parts of the address, and hidden fields."""
        places = {name for name, _value in self.arguments} - {CHOOSING}
        return places | self.hidden - {TOKEN}

    @property
    def attackable(self) -> bool:
        """Whether there is anything to change besides the token."""
        return bool(self.arguments) or any(name != TOKEN for name, _value in self.fields)


@dataclass
class Crawler:
    """Reads the pages of a site with the cookies of a session; follows links and submits no form."""

    address: str
    rules: Map
    session: requests.Session
    skipped: frozenset[str] = frozenset()
    targets: dict[Kind, Target] = field(default_factory=dict)

    def walk(self, start: Iterable[str]) -> dict[Kind, Target]:
        """The targets of all pages that can be reached, one of each kind."""
        waiting = deque(start)
        known = set(waiting)
        visits: Counter[str] = Counter()
        while waiting:
            path = waiting.popleft()
            target = self._target("GET", path, path)
            if target is None or visits[target.endpoint] >= PAGES_OF_A_RULE:
                continue
            visits[target.endpoint] += 1
            links = [link for link in self._links(path) if link not in known]
            known.update(links)
            waiting.extend(links)
        return {
            kind: one for kind, one in self.targets.items() if not any(covers(k, kind) for k in self.targets)
        }

    def _links(self, path: str) -> list[str]:
        """Where a page leads on this site; its forms are noted on the way."""
        here = urljoin(self.address, path)
        response = self.session.get(here, allow_redirects=False, timeout=PATIENCE)
        links = [response.headers["Location"]] if "Location" in response.headers else []
        if response.headers.get("Content-Type", "").startswith("text/html"):
            soup = BeautifulSoup(response.text, "html.parser")
            for form in soup.find_all("form"):
                self._note_form(soup, form, path)
            links += [value(link, "href") for link in soup.select("a[href]")]
        absolute = [urljoin(here, link).partition("#")[0] for link in links]
        return [link.removeprefix(self.address) for link in absolute if link.startswith(f"{self.address}/")]

    def _note_form(self, soup: BeautifulSoup, form: Tag, page: str) -> None:
        """A target for each button, whose name or address may be its own."""
        controls = controls_of(soup, form)
        # Of several with the same name the first counts, such as the first radio button.
        fields = dict(map(filled, (tag for tag in reversed(controls) if tag.name != "button")))
        hidden = frozenset(value(tag, "name") for tag in controls if value(tag, "type") == "hidden")
        action = urljoin(urljoin(self.address, page), value(form, "action"))
        for button in [tag for tag in controls if tag.name == "button"] or [Tag(name="button")]:
            name = value(button, "name")
            pressed = {name: value(button, "value")} if name else {}
            address = urljoin(action, value(button, "formaction")).removeprefix(self.address)
            pairs = tuple((fields | pressed).items())
            self._target(value(form, "method").upper() or "GET", address, page, pairs, hidden)

    def _target(
        self, method: str, address: str, page: str, fields: Pairs = (), hidden: frozenset[str] = frozenset()
    ) -> Target | None:
        """Note what an address leads to; None for an address that has no route or is to be skipped."""
        parts = urlsplit(address)
        try:
            endpoint, arguments = self.rules.bind("localhost").match(parts.path, method)
        except (HTTPException, RequestRedirect):
            return None
        if endpoint in self.skipped:
            return None
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        places = tuple((name, str(part)) for name, part in arguments.items())
        target = Target(method, parts.path, str(endpoint), places, (*query, *fields), hidden, page)
        if target.attackable:
            self.targets.setdefault(target.kind, target)
        return target


def covers(one: Kind, other: Kind) -> bool:
    """Whether the first is the same request with more fields."""
    return one[:-1] == other[:-1] and one[-1] > other[-1]


def controls_of(soup: BeautifulSoup, form: Tag) -> list[Tag]:
    """The fields and buttons of a form, inside it or belonging to it by its id."""
    inside = [tag for tag in form.select(CONTROLS) if not tag.get("form")]
    return [*inside, *soup.select(f"[form='{value(form, 'id')}']")] if form.get("id") else inside


def filled(control: Tag) -> tuple[str, str]:
    """A field's name, with a value that the page offers."""
    if control.name == "textarea":
        return value(control, "name"), control.get_text()
    options = [value(option, "value") for option in control.find_all("option")]
    return value(control, "name"), next(filter(None, options), value(control, "value"))


def dealt(reached: dict[str, dict[Kind, Target]]) -> dict[str, list[Target]]:
    """Each kind of target to one of the audiences that reach it, so that all have about as much to attack."""
    shares: dict[str, list[Target]] = {audience: [] for audience in reached}
    kinds: dict[Kind, list[str]] = {}
    for audience, targets in reached.items():
        for kind in targets:
            kinds.setdefault(kind, []).append(audience)
    # What few reach is dealt first.
    for kind, audiences in sorted(kinds.items(), key=lambda item: len(item[1])):
        least = min(audiences, key=lambda audience: weight(shares[audience]))
        shares[least].append(reached[least][kind])
    return shares


def weight(targets: Iterable[Target]) -> int:
    """How many parameters there are to attack."""
    return sum(len(target.parts) for target in targets)


def unlinked(rule: Rule, method: str, names: Iterable[str], token: str) -> Target:
    """A target that no page leads to, with fields of these names."""
    arguments = tuple((name, routes.PARTS[name]) for name in rule.arguments)
    fields = ((TOKEN, token), *((name, "1") for name in names))
    return Target(method, routes.address(rule), str(rule.endpoint), arguments, fields, page="")


def addresses(rules: Map) -> Iterator[str]:
    """Every page that has no variable part in its address."""
    return (rule.rule for rule in rules.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments)
