"""Calls to a provider: nobody is waited for long, nothing is read beyond a limit, no redirect is followed."""

import time
from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

SECONDS = 5
MAX_BYTES = 256 * 1024


class Unreachable(Exception):
    """The provider did not answer in a way that can be used; the text is for the log."""


class TooSlow(Unreachable):
    """It let us wait."""


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    content_type: str
    body: bytes


def call(method: str, url: str, **given: Any) -> Answer:
    """One call. Raises Unreachable when there is no answer in time, or too much of one."""
    ends = time.monotonic() + SECONDS
    try:
        with requests.request(
            method, url, timeout=SECONDS, allow_redirects=False, stream=True, **given
        ) as answer:
            kind = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
            return Answer(answer.status_code, kind, _body(answer, ends))
    except (requests.Timeout, ReadTimeoutError) as error:
        raise TooSlow("the provider did not answer in time") from error
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise Unreachable(f"the provider could not be reached: {type(error).__name__}") from error


def _body(answer: requests.Response, ends: float) -> bytes:
    """A little at a time: a provider that drips must not hold us longer than one that is silent."""
    body = b""
    while part := answer.raw.read1(65536, decode_content=True):
        body += part
        if len(body) > MAX_BYTES:
            raise Unreachable("the provider's answer is too long")
        if time.monotonic() > ends:
            raise TooSlow("the provider's answer takes too long")
    return body
