"""What only a real server shows: large posts over a real connection."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from bs4 import BeautifulSoup

from portal.web.request_limits import MAX_POST
from tests.running import PATIENCE, Running, free_port, web

MEGABYTE = 1024 * 1024
TOO_LARGE = "Det du skickade är för stort"
PARTS = "multipart/form-data; boundary=grns"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Running]:
    """The pages alone, without cases."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copy(sqlite_template, folder / "kontakt.db")
    with web(folder, free_port(), PORTAL_LIMITS="off") as pages:
        yield pages


def heading(answer: requests.Response) -> str:
    found = BeautifulSoup(answer.text, "html.parser").h1
    assert found
    return found.get_text()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", PARTS, "text/csv"])
@pytest.mark.parametrize("size", [MAX_POST + 1, 2 * MEGABYTE - 5])
def test_too_much_gets_a_page_and_not_a_broken_connection(running: Running, kind: str, size: int) -> None:
    with requests.Session() as browser:
        for _again in range(2):
            answer = browser.post(
                f"{running.address}/lamna/klagomal",
                data=b"body=" + b"a" * (size - 5),
                headers={"Content-Type": kind},
                timeout=PATIENCE,
            )
            assert (answer.status_code, heading(answer)) == (413, TOO_LARGE)
        assert browser.get(f"{running.address}/healthz", timeout=PATIENCE).ok


def test_a_body_without_a_length_is_measured_as_it_comes(running: Running) -> None:
    for chunks, status in ((5, 422), (64, 413)):
        answer = requests.post(
            f"{running.address}/lamna/klagomal",
            data=(b"a" * 8192 for _chunk in range(chunks)),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            timeout=PATIENCE,
        )
        assert answer.status_code == status


def test_much_more_is_not_read_at_all(running: Running) -> None:
    """The connection is closed after the answer, whatever is left of 50 MB."""
    where = urlsplit(running.address)
    head = f"POST /lamna/klagomal HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: {50 * MEGABYTE}\r\n"
    with socket.create_connection((where.hostname, where.port), PATIENCE) as connection:
        connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode())
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert requests.get(f"{running.address}/healthz", timeout=PATIENCE).ok


def test_the_longest_text_is_given_back(running: Running) -> None:
    body = ("Mitt namn är långt. " * (MAX_POST // 40)).strip()
    answer = requests.post(f"{running.address}/lamna/klagomal", data={"body": body}, timeout=PATIENCE)
    assert answer.status_code == 422
    assert body in answer.text


@pytest.mark.parametrize("length", ["-1", "abc", "1, 2", "99999999999999999999"])
def test_a_length_that_is_none_is_refused(running: Running, length: str) -> None:
    where = urlsplit(running.address)
    with socket.create_connection((where.hostname, where.port), PATIENCE) as connection:
        connection.sendall(f"POST /folj HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
        answer = connection.makefile("rb").read()
    assert answer[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 413"}
