"""Unguessable names of outbox messages, in addresses that others call: reports, bounces and unsubscribing.

A token is the id of the message and an HMAC of it, so nothing is stored.
"""

import hmac
from enum import StrEnum

from portal import crypto
from portal.config import settings

# 80 bits: the token is part of the local part of an address, which has at most 64 characters (RFC 5321).
BYTES = 10
MAX_ID = 2**63 - 1


class Purpose(StrEnum):
    """What a token is for; one of another purpose is not accepted."""

    BOUNCE = "bounce"
    REPORT = "report"
    UNSUBSCRIBE = "unsubscribe"


def make(purpose: Purpose, message: int) -> str:
    """The token of a message, in lower case: local parts of addresses may lose their case on the way."""
    mac = crypto.mac(settings().code_key, f"message {purpose.value}", str(message))
    return f"{message}-{mac[:BYTES].hex()}"


def read(purpose: Purpose, token: str) -> int | None:
    """The id of the message; None if the token was not made for this purpose."""
    number, _dash, _mac = token.partition("-")
    # As many characters as MAX_ID has: int() of a longer text costs work in proportion to its square.
    if not number.isascii() or not number.isdigit() or len(number) > len(str(MAX_ID)):
        return None
    message = int(number)
    is_ours = hmac.compare_digest(make(purpose, message).encode(), token.lower().encode())
    return message if is_ours and message <= MAX_ID else None
