"""Drafts of the public form that signed-in people save, to send another day.

What is saved is not received: it is no official document until it is sent. A draft names its person, so it
may not be tied to a case that is sent anonymously: the row tells the hour and not the minute, and it is
deleted in a transaction of its own before such a case is written (portal/web/public/sending/storing.py).
Its handle follows from the token of the form that it was saved from: what is saved or sent from that form
again finds it, also when the person is no longer signed in.
"""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select

from portal import clock, crypto
from portal.cases.enums import Kind
from portal.cases.intake.form_drafts import without_identity
from portal.cases.intake.models import SavedDraft
from portal.db import advisory_lock, changed_rows, session
from portal.identity.actors import Citizen

TTL = timedelta(days=30)
MAX_SAVED = 20
# The token of a form belongs to the page that it was drawn on: each time the draft is opened it gets another.
SUBMISSION = "submission"
PURPOSE = "saved draft"
HANDLE_BYTES = 12


class TooManySaved(Exception):
    """A person has as many drafts as they may have."""


@dataclass(frozen=True)
class SavedForm:
    """A saved form: its kind, its fields by name, and when it was saved."""

    handle: str
    kind: Kind
    fields: dict[str, str]
    saved_at: datetime
    expires_at: datetime

    @property
    def subject(self) -> str:
        """The subject, else the beginning of the text."""
        return self.fields.get("subject") or self.fields.get("body", "")[:200]

    def has_text(self, subject: str, body: str) -> bool:
        """Whether it has this subject and this text."""
        return (self.fields.get("subject", ""), self.fields.get("body", "")) == (subject, body)


def save(actor: Citizen, kind: Kind, fields: dict[str, str], handle: str = "") -> datetime:
    """Save a form in place of the actor's draft with this handle, or as a new one; returns when it expires.

    What is saved from one page of the form is one draft, however often it is saved.
    Of a sender who has chosen a code only the text is saved. Raises TooManySaved.
    """
    advisory_lock(crypto.fingerprint("saved drafts", str(actor.person)))
    first = handle_of(fields.get(SUBMISSION, ""))
    row = _own_row(actor, handle) or _own_row(actor, first) or _new(actor, first)
    now = clock.now()
    # The minute is for the list of its person alone, and is encrypted with the text.
    content = {"kind": kind.value, "saved_at": now.isoformat(), "fields": _kept(fields)}
    row.content = json.dumps(content)
    row.expires_at = clock.to_hour(now) + TTL
    session().add(row)
    session().flush()
    return row.expires_at


def handle_of(submission: str) -> str:
    """The handle of a draft that is saved from the form with this token; empty without a token."""
    if not submission:
        return ""
    return urlsafe_b64encode(crypto.fingerprint(PURPOSE, submission)[:HANDLE_BYTES]).decode()


def _own_row(actor: Citizen, handle: str) -> SavedDraft | None:
    return session().scalar(_own(actor, handle)) if handle else None


def _new(actor: Citizen, handle: str) -> SavedDraft:
    count = session().scalar(_count(actor))
    if count is not None and count >= MAX_SAVED:
        raise TooManySaved
    if not handle or existing([handle]):
        # The form of another person in the same browser, or a draft that has expired.
        handle = secrets.token_urlsafe(HANDLE_BYTES)
    return SavedDraft(handle=handle, person_id=actor.person)


def _count(actor: Citizen) -> Select[int]:
    unexpired = SavedDraft.expires_at > clock.now()
    return select(func.count()).select_from(SavedDraft).where(SavedDraft.person_id == actor.person, unexpired)


def _kept(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in without_identity(fields).items() if name != SUBMISSION}


def _own(actor: Citizen, handle: str) -> Select[SavedDraft]:
    return _unexpired(actor).where(SavedDraft.handle == handle)


def _unexpired(actor: Citizen) -> Select[SavedDraft]:
    return select(SavedDraft).where(SavedDraft.person_id == actor.person, SavedDraft.expires_at > clock.now())


def read(actor: Citizen, handle: str) -> SavedForm | None:
    """The actor's draft with this handle; None if there is none or it has expired."""
    row = _own_row(actor, handle)
    return _form(row) if row else None


def of_person(actor: Citizen) -> Sequence[SavedForm]:
    """The actor's drafts, the one saved last first."""
    forms = [_form(row) for row in session().scalars(_unexpired(actor).limit(MAX_SAVED))]
    return sorted(forms, key=lambda form: form.saved_at, reverse=True)


def _form(row: SavedDraft) -> SavedForm:
    content = json.loads(row.content)
    saved_at = datetime.fromisoformat(content["saved_at"])
    return SavedForm(row.handle, Kind(content["kind"]), content["fields"], saved_at, row.expires_at)


def remove(actor: Citizen, handle: str) -> bool:
    """Delete the actor's draft with this handle; False if there was none."""
    own = SavedDraft.person_id == actor.person, SavedDraft.handle == handle
    return bool(changed_rows(delete(SavedDraft).where(*own)))


def existing(handles: Collection[str]) -> list[SavedForm]:
    """The drafts with these handles, of whichever person."""
    return [_form(row) for row in session().scalars(select(SavedDraft).where(SavedDraft.handle.in_(handles)))]


def with_text(actor: Citizen, subject: str, body: str) -> list[SavedForm]:
    """The actor's drafts of this very text."""
    return [form for form in of_person(actor) if form.has_text(subject, body)]


def remove_sent(handles: Collection[str]) -> None:
    """Delete the drafts of what is sent. A handle is enough: its person may have been signed out since."""
    session().execute(delete(SavedDraft).where(SavedDraft.handle.in_(handles)))


def delete_expired() -> int:
    """Delete expired drafts; returns their number."""
    return changed_rows(delete(SavedDraft).where(SavedDraft.expires_at <= clock.now()))
