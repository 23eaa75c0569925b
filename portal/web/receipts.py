"""Receipts that a browser has just got: each in a cookie for its own address, under a handle."""

import json
import secrets
from dataclasses import asdict
from datetime import timedelta

from cryptography.fernet import InvalidToken
from flask import Response, make_response, redirect, request, session, url_for

from portal import crypto
from portal.cases.intake.submission import Receipt
from portal.config import settings
from portal.web.headers import cookie_name
from portal.web.support import cookies

COOKIE_TTL = timedelta(minutes=30)
MAX_RECEIPTS = 8
NO_REFERRER = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
# The person who may read it, in the receipt of a case that staff have registered.
OWNER = "owner"


def redirect_to(receipt: Receipt, kind: str, owner: int | None = None) -> Response:
    """Redirect to the receipt, whose number and code are in a cookie for its own address."""
    handle = secrets.token_urlsafe(16)
    path = url_for(cookies.RECEIPT_PAGES[kind], handle=handle)
    answer = make_response(redirect(path, 303))
    handles = [*session.get(kind, []), handle]
    session[kind] = handles[-MAX_RECEIPTS:]
    for old in handles[:-MAX_RECEIPTS]:
        cookies.end_receipt(answer, old, kind)
    content = asdict(receipt) | ({OWNER: owner} if owner else {})
    # In a cookie and not in the address: the code must reach no log, history or referrer.
    answer.set_cookie(
        cookie_name(cookies.RECEIPT, path),
        crypto.cookie_cipher(cookies.RECEIPT).encrypt(json.dumps(content).encode()).decode(),
        max_age=int(COOKIE_TTL.total_seconds()),
        path=path,
        httponly=True,
        secure=not settings().development,
        samesite="Lax",
    )
    return answer


def read(path: str, owner: int | None = None) -> Receipt | None:
    """The receipt at an address; None if it has expired, was ended, or is another person's."""
    try:
        token = request.cookies.get(cookie_name(cookies.RECEIPT, path), "")
        # The ttl too: a browser may send a cookie past its max-age.
        plain = crypto.cookie_cipher(cookies.RECEIPT).decrypt(token, ttl=int(COOKIE_TTL.total_seconds()))
    except InvalidToken:
        return None
    content = json.loads(plain)
    return Receipt(**content) if content.pop(OWNER, None) == owner else None


def latest(kind: str) -> str | None:
    """The handle of the latest receipt of this browser; None if there is none."""
    handles = session.get(kind, [])
    return str(handles[-1]) if handles else None


def forget(answer: Response, kind: str, handle: str) -> None:
    """End a receipt in this browser."""
    session[kind] = [other for other in session.get(kind, []) if other != handle]
    cookies.end_receipt(answer, handle, kind)
