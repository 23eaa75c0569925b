"""Drafts of the public form, so that a text survives signing in."""

import json
import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from portal import clock, crypto
from portal.cases.enums import ReplyBy
from portal.cases.intake.models import Draft
from portal.db import changed_rows, session

TTL = timedelta(hours=1)
# The field of a sender who has chosen a code.
ANONYMOUS = ("reply_by", ReplyBy.CODE.value)
# What tells who the sender is, or joins the draft to the case that the same form becomes.
IDENTIFYING = frozenset({"name", "email", "phone", "notify_email", "notify_phone", "submission"})


def save_draft(content: dict[str, str]) -> str:
    """Store the fields of a form for at least an hour; returns the token for the browser's cookie.

    Of a sender who has chosen a code only the text is stored.
    """
    token = secrets.token_urlsafe(24)
    delete_expired()
    row = Draft(token=crypto.fingerprint("draft", token), content=json.dumps(without_identity(content)))
    # To the hour: the row may hold a name, and must not tell when its sender was here.
    row.expires_at = clock.to_hour(clock.now()) + TTL + timedelta(hours=1)
    session().add(row)
    return token


def without_identity(content: dict[str, str]) -> dict[str, str]:
    """The fields of a form; of a sender who has chosen a code without what tells who they are."""
    if content.get("reply_by") != ReplyBy.CODE:
        return content
    return {name: value for name, value in content.items() if name not in IDENTIFYING}


def delete_expired() -> int:
    """Delete expired drafts; returns their number."""
    return changed_rows(delete(Draft).where(Draft.expires_at < clock.now()))


def get_draft(token: str) -> dict[str, str]:
    """The stored fields; empty if the token is unknown or expired."""
    query = select(Draft).where(Draft.token == crypto.fingerprint("draft", token))
    draft = session().scalar(query.where(Draft.expires_at > clock.now()))
    return dict(json.loads(draft.content)) if draft else {}


def delete_draft(token: str) -> None:
    """Delete the draft of a token."""
    session().execute(delete(Draft).where(Draft.token == crypto.fingerprint("draft", token)))
