"""Drafts of the public form, so that a text survives signing in."""

import json
import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from portal import clock, crypto
from portal.cases.models import Draft
from portal.db import session

TTL = timedelta(hours=1)


def save_draft(content: dict[str, str]) -> str:
    """Store the fields of a form for an hour; returns the token for the browser's cookie."""
    token = secrets.token_urlsafe(24)
    now = clock.now()
    session().execute(delete(Draft).where(Draft.expires_at < now))
    row = Draft(token=crypto.fingerprint("draft", token), content=json.dumps(content), expires_at=now + TTL)
    session().add(row)
    return token


def get_draft(token: str) -> dict[str, str]:
    """The stored fields; empty if the token is unknown or expired."""
    query = select(Draft).where(Draft.token == crypto.fingerprint("draft", token))
    draft = session().scalar(query.where(Draft.expires_at > clock.now()))
    return dict(json.loads(draft.content)) if draft else {}


def delete_draft(token: str) -> None:
    """Delete the draft of a token."""
    session().execute(delete(Draft).where(Draft.token == crypto.fingerprint("draft", token)))
