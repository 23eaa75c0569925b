"""HTTP requests to a provider: limited in time and size, and without redirects."""

import time
from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from portal.http_body import read_body

SECONDS = 5
MAX_BYTES = 256 * 1024


class Unreachable(Exception):
    """The provider gave no usable response. The message is for the log."""


class TooSlow(Unreachable):
    """The provider did not respond within SECONDS."""


@dataclass(frozen=True)
class Answer:
    """A complete response."""

    status: int
    content_type: str
    body: bytes


def request(method: str, url: str, **options: Any) -> Answer:
    """Send a request. Raises TooSlow after SECONDS, and Unreachable for any other failure."""
    deadline = time.monotonic() + SECONDS
    # No redirects: they could lead to an address inside our own network, or from https to http.
    limits: dict[str, Any] = {"allow_redirects": False, "stream": True}
    try:
        with requests.request(method, url, timeout=SECONDS, **limits, **options) as response:
            content_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
            return Answer(response.status_code, content_type, read_body(response, MAX_BYTES, deadline))
    except (requests.Timeout, ReadTimeoutError, TimeoutError) as error:
        raise TooSlow("the provider did not answer in time") from error
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise Unreachable(f"the provider could not be reached: {type(error).__name__}") from error
