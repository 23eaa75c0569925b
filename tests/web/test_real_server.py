"""What only a real server shows: big posts over a real connection."""

import pytest
import requests
from bs4 import BeautifulSoup

from tests.running import PATIENCE, Running

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=grns"])
def test_somebody_who_sends_too_much_gets_a_page_and_not_a_broken_connection(
    running: Running, kind: str
) -> None:
    body = b'--grns\r\nContent-Disposition: form-data; name="body"\r\n\r\n' + b"a" * (51 * MEGABYTE)
    answer = requests.post(
        f"{running.address}/lamna/klagomal", data=body, headers={"Content-Type": kind}, timeout=PATIENCE
    )
    assert answer.status_code == 413
    assert BeautifulSoup(answer.text, "html.parser").h1.get_text() == "Det du skickade är för stort"  # type: ignore[union-attr]
    assert requests.get(f"{running.address}/healthz", timeout=PATIENCE).ok


def test_thirty_megabytes_of_text_are_given_back(running: Running) -> None:
    body = "Mitt namn är långt. " * (31 * MEGABYTE // 21)
    answer = requests.post(f"{running.address}/lamna/klagomal", data={"body": body}, timeout=PATIENCE)
    assert answer.status_code == 422
    assert body in answer.text
