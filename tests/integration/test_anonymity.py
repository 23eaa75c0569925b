"""Anonymous means anonymous: what a sender does leaves no trace of who, in database, log or any file."""

import hashlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
import sqlalchemy as sa
from bs4 import BeautifulSoup
from requests.adapters import HTTPAdapter

from portal import config, db
from portal.cases.intake import code_access
from portal.files.models import StoredContent
from portal.files.storage import folder
from portal.operations import migrations
from tests import files as sent_files
from tests import postgres
from tests.conftest import settings
from tests.running import PATIENCE, Running, portal

ADDRESS = "127.0.0.77"
BROWSER = "Sallsynt-Webblasare/77.31 (Okand Dator; Lekplats OS)"
PROXY = "203.0.113.77"
NAME, EMAIL = "Okand Avsandare", "okand.avsandare@hemligt.example"
# What the picture says of who took it: tests/files.py.
PICTURED = ("Agda", "Hemlig", "Kamerafabriken", "Modell 77", "2026:03:01")
SUBJECT, BODY, REPLY = "Lekplatsen ar stangd i Arlov", "Ingen skylt sager varfor.", "Hur lange till?"


class FromAddress(HTTPAdapter):
    """Connects from an address of its own, so that it can be told from every other."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As usual, from that address."""
        super().init_poolmanager(*args, source_address=(ADDRESS, 0), **kwargs)


@dataclass
class Sender:
    """Somebody who wants to be nobody."""

    home: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.mount("http://", FromAddress())
        who = {"User-Agent": BROWSER, "X-Forwarded-For": PROXY, "Forwarded": f"for={PROXY}"}
        self.session.headers.update(who | {"Referer": f"{self.home}/?namn={NAME.split()[0]}", "From": EMAIL})

    def get(self, path: str) -> requests.Response:
        """Open an address."""
        return self.session.get(urljoin(self.home, path), timeout=PATIENCE)

    def send(self, path: str, form: str = "main form", picture: bytes = b"", **changes: str) -> BeautifulSoup:
        """Fill in the form of a page and send it; gives the page that comes of it."""
        answer = self.get(path)
        shown = BeautifulSoup(answer.text, "html.parser")
        found = shown.select_one(form)
        assert found is not None, f"{path} has no {form}"
        fields = {str(tag["name"]): str(tag.get("value", "")) for tag in found.select("input[type=hidden]")}
        action = urljoin(answer.url, str(found.get("action", "")))
        return self.post(action, fields | changes, picture)

    def post(self, path: str, fields: dict[str, str], picture: bytes = b"") -> BeautifulSoup:
        """Send fields to an address, and a picture with them."""
        attached = {"attachments": ("bild.jpg", picture, "image/jpeg")} if picture else None
        address = urljoin(self.home, path)
        answer = self.session.post(address, data=fields, files=attached, timeout=PATIENCE)
        return BeautifulSoup(answer.text, "html.parser")


def at_loopback(running: Running) -> str:
    return f"http://127.0.0.1:{urlsplit(running.address).port}"


def use_everything(sender: Sender) -> None:
    """Send in, read by code, write back, guess wrong, and go wrong in every way that is logged somewhere."""
    written = {"subject": SUBJECT, "body": BODY, "reply_by": "code", "name": NAME, "email": EMAIL}
    receipt = sender.send("/lamna/klagomal", picture=sent_files.photograph(), **written)
    number, code = receipt.select_one(".receipt .number"), receipt.select_one("[data-code]")
    assert number
    assert code
    opened = sender.send("/folj", number=number.get_text(strip=True), code=str(code["data-code"]))
    assert BODY in opened.get_text()
    assert REPLY in sender.send("/folj/arende", "#formular", body=REPLY).get_text()
    for guess in ("2222-2222-2222-2222", "fel", NAME):
        assert "hör inte ihop" in sender.send("/folj", number="KB-2026-000001", code=guess).get_text()
    sender.send("/folj/ny-kod", number="KB-2026-000001", email=EMAIL)
    go_wrong(sender)


def go_wrong(sender: Sender) -> None:
    """Errors of every sort, which is where logs like to tell who it was."""
    for path in ("/finns-inte", "/logga-ut", "/logga-in/personal/aterkomst?code=x&state=y", "/handlaggning/"):
        sender.get(path)
    sender.post("/lamna/klagomal", {"body": "utan biljett"})
    sender.session.post(f"{sender.home}/folj", data=b"a" * 51 * 1024 * 1024, timeout=PATIENCE)
    for nonsense in (
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n",
    ):
        where = ("127.0.0.1", urlsplit(sender.home).port or 0)
        with socket.create_connection(where, timeout=PATIENCE, source_address=(ADDRESS, 0)) as raw:
            raw.sendall(nonsense)
            raw.shutdown(socket.SHUT_WR)
            raw.recv(4096)


def traces() -> Iterator[bytes]:
    """Who it was, as it might be written down: plainly, as bytes, or under a hash without a secret."""
    for text in (
        ADDRESS,
        PROXY,
        BROWSER,
        NAME,
        EMAIL,
        NAME.split()[1],
        EMAIL.split("@")[0],
        BROWSER.split()[0],
        *PICTURED,
    ):
        yield text.encode()
        yield text.encode("utf-16-le")
    for text in (ADDRESS, PROXY, BROWSER, f"{ADDRESS}|{BROWSER}"):
        for way in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(way, text.encode())
            yield from (digest.hexdigest().encode(), digest.digest())


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield from ((path.name, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


def columns() -> Iterator[tuple[str, bytes]]:
    """Every value of every table, what is encrypted opened with the portal's own keys."""
    with db.engine().connect() as connection:
        for table in migrations.metadata().sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                yield from ((f"{table.name}.{name}", as_bytes(value)) for name, value in row.items())


def contents() -> Iterator[tuple[str, bytes]]:
    """Every stored file as it is read with the portal's own keys."""
    with db.engine().connect() as connection:
        for name, key in connection.execute(sa.select(StoredContent.name, StoredContent.key)):
            yield name, b"".join(folder.read(name, key))


def as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def found(places: Iterator[tuple[str, bytes]]) -> list[str]:
    """Where a trace stands, and which."""
    looked_for = list(traces())
    return [f"{place}: {trace!r}" for place, held in places for trace in looked_for if trace in held]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> str:
    if request.param == "postgresql":
        return postgres.fresh_database(f"kontakt_anonymous_{worker_id}")
    return f"sqlite:///{tmp_path}/kontakt.db"


def test_no_trace_of_an_anonymous_sender_is_left(url: str, tmp_path: Path) -> None:
    with portal(tmp_path, PORTAL_DATABASE_URL=url) as running:
        use_everything(Sender(at_loopback(running)))
        config.use(settings(url, storage=f"{tmp_path}/files"))
        db.bind(url)
        # The address that a new code was asked for with is kept, encrypted, until the worker answers.
        assert found(files(tmp_path)) == []
        with db.transaction():
            code_access.answer_requests()
        held = list(columns())
        assert any(BODY.encode() in value for _place, value in held), "the search finds nothing at all"
        assert any(REPLY.encode() in value for _place, value in held)
        assert found(iter(held)) == []
        stored = list(contents())
        assert any(content.startswith(b"\xff\xd8") for _name, content in stored), "no picture was kept"
        assert found(iter(stored)) == []
        assert found(files(tmp_path)) == []
        assert "Kontakt" in running.said()
    db.engine().dispose()
    kept = dict(files(tmp_path))
    assert "log" in kept
    if url.startswith("sqlite"):
        assert BODY.encode() in b"".join(kept.values()), "the search reads other files than the database"
    assert found(iter(kept.items())) == []


@pytest.mark.parametrize("trace", [ADDRESS, BROWSER, hashlib.sha256(ADDRESS.encode()).hexdigest()])
def test_a_trace_that_is_left_is_found(tmp_path: Path, trace: str) -> None:
    (tmp_path / "fil").write_text(f"innan {trace} efter")
    assert found(files(tmp_path))
