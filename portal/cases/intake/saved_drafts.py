"""Drafts of the public form that signed-in people save, to send another day.

What is saved is not received: it is no official document until it is sent. A draft names its person, so it
may not be tied to a case that is sent anonymously: the row tells the hour and not the minute, and it is
deleted in a transaction of its own before such a case is written (portal/web/public/submit_views.py).
"""

import json
import secrets
from collections.abc import Sequence
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


def save(actor: Citizen, kind: Kind, fields: dict[str, str], handle: str = "") -> str:
    """Save a form in place of the actor's draft with this handle, or as a new one; returns its handle.

    Of a sender who has chosen a code only the text is saved. Raises TooManySaved.
    """
    advisory_lock(crypto.fingerprint("saved drafts", str(actor.person)))
    row = session().scalar(_own(actor, handle)) if handle else None
    row = row or _new(actor)
    now = clock.now()
    # The minute is for the list of its person alone, and is encrypted with the text.
    content = {"kind": kind.value, "saved_at": now.isoformat(), "fields": _kept(fields)}
    row.content = json.dumps(content)
    row.expires_at = clock.to_hour(now) + TTL
    session().add(row)
    session().flush()
    return row.handle


def _new(actor: Citizen) -> SavedDraft:
    count = session().scalar(_count(actor))
    if count is not None and count >= MAX_SAVED:
        raise TooManySaved
    return SavedDraft(handle=secrets.token_urlsafe(12), person_id=actor.person)


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
    row = session().scalar(_own(actor, handle)) if handle else None
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


def delete_expired() -> int:
    """Delete expired drafts; returns their number."""
    return changed_rows(delete(SavedDraft).where(SavedDraft.expires_at <= clock.now()))
