"""Drafts: what was written in a form survives a sign-in on the way."""

import json
import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from portal import clock, crypto
from portal.cases.models import Draft
from portal.db import session

TTL = timedelta(hours=1)


def save_draft(content: dict[str, str]) -> str:
    """Keep what was written for an hour; gives the token that only the browser's cookie holds."""
    token, now = secrets.token_urlsafe(24), clock.now()
    session().execute(delete(Draft).where(Draft.expires_at < now))
    row = Draft(token=crypto.fingerprint("draft", token), content=json.dumps(content), expires_at=now + TTL)
    session().add(row)
    return token


def get_draft(token: str) -> dict[str, str]:
    """What was written; empty when it is too old or was never there."""
    query = select(Draft).where(Draft.token == crypto.fingerprint("draft", token))
    found = session().scalar(query.where(Draft.expires_at > clock.now()))
    return dict(json.loads(found.content)) if found else {}


def delete_draft(token: str) -> None:
    """Forget it: it has been sent."""
    session().execute(delete(Draft).where(Draft.token == crypto.fingerprint("draft", token)))
