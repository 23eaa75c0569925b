"""People who send in and staff who answer, with a browser each. Nobody gives up: no answer, asked again."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from queue import Queue
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

from portal import clock
from tests.crash_recovery.victims import Web
from tests.running import PATIENCE

WAYS = ("code", "email", "sms")
KINDS = ("fraga", "klagomal", "berom", "forslag", "felanmalan")
NUMBER = re.compile(r"KB-[0-9]{4}-[0-9]{6}")
CUT_OFF = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@dataclass
class Told:
    """What the portal has acknowledged, and how often somebody had to ask again."""

    cases: list["Acknowledged"] = field(default_factory=list)
    actions: list["Done"] = field(default_factory=list)
    asked_again: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Acknowledged:
    """A receipt: which form, its case, how the answer is wanted, and when the form was last sent."""

    submission: str
    number: str
    way: str
    last_sent: datetime


@dataclass(frozen=True)
class Done:
    """What a member of staff has done with a case, and when the form was last sent."""

    number: str
    action: str
    last_sent: datetime


class Browser:
    """A person's browser, which remembers its cookies however often the other side dies."""

    def __init__(self, web: Web, told: Told, session: str | None = None) -> None:
        self.web, self.told, self.last_sent = web, told, clock.now()
        self._client = requests.Session()
        self._client.trust_env = False
        if session:
            self._client.cookies.set("kontakt", session, domain="localhost.local")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, path: str) -> BeautifulSoup:
        """Open a page."""
        answer = self._ask("GET", path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}\n{answer.text}"
        return BeautifulSoup(answer.content, "html.parser")

    def latest_receipt(self) -> str:
        """The address of the receipt of what was sent last."""
        return self._ask("GET", "/kvitto").headers["Location"]

    def send(self, path: str, form: str, changes: dict[str, str]) -> dict[str, str]:
        """Fill in a form of a page and send it until it is acknowledged; gives what was sent."""
        page = self.get(path)
        found = page.select_one(form)
        assert found, f"{path} has no {form}\n{page}"
        fields = _hidden(found) | changes
        answer = self._ask("POST", urljoin(path, str(found.get("action") or "")), fields)
        assert answer.status_code == 303, f"{path}: {answer.status_code}\n{answer.text}"
        return fields

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> requests.Response:
        """Until there is an answer."""
        while self.web.up.wait(PATIENCE):
            self.last_sent = clock.now()
            try:
                return self._client.request(
                    method, self.web.address + path, data=fields, allow_redirects=False, timeout=PATIENCE
                )
            except CUT_OFF:
                self.told.asked_again.append(method)
        raise AssertionError("the web process did not come back")


def _hidden(form: Tag) -> dict[str, str]:
    return {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[type=hidden]")}


def send_in(web: Web, told: Told, waiting: "Queue[str]", place: int) -> None:
    """Somebody new sends something in and reads the receipt."""
    with Browser(web, told) as person:
        sent = person.send(f"/lamna/{KINDS[place % len(KINDS)]}", "form.form", written(place))
        last_sent = person.last_sent
        found = NUMBER.search(person.get(person.latest_receipt()).select_one("main").text)  # type: ignore[union-attr]
    assert found, "a receipt without a number"
    told.cases.append(Acknowledged(sent["submission"], found[0], sent["reply_by"], last_sent))
    waiting.put(found[0])


def written(place: int) -> dict[str, str]:
    """What the person at this place writes: by code, e-mail and SMS in turn."""
    return {
        "category": "parker",
        "subject": f"Lekplats {place}",
        "body": f"Gungan är trasig.\nDet är den {place}:e.",
        "reply_by": WAYS[place % len(WAYS)],
        "email": f"medborgare-{place}@exempel.se" if WAYS[place % len(WAYS)] == "email" else "",
        # Fictional numbers only: 070-174 06 05 to 99 belong to nobody.
        "phone": f"070-17406{5 + place % 95:02}" if WAYS[place % len(WAYS)] == "sms" else "",
    }


def handle(staff: Browser, number: str, and_close: bool) -> None:
    """Somebody takes a case and answers it."""
    case = f"/handlaggning/arenden/{number}"
    staff.send(case, "form[action$='/take']", {})
    staff.told.actions.append(Done(number, "take", staff.last_sent))
    text = {"body": f"Vi lagar gungan i {number}."} | ({"close": "1"} if and_close else {})
    staff.send(case, "form[action$='/answer']", text)
    staff.told.actions.append(Done(number, "answer and close" if and_close else "answer", staff.last_sent))
