"""What belongs to the cases of a citizen, for the copy of what is held about them.

The place, the files, the survey, and what their cases led to. Each is read with one statement for a batch.
"""

from collections.abc import Iterable
from typing import Any

from portal.audit.trail import Entry
from portal.cases.improvements import queries as improvements
from portal.cases.locations.records import location_of
from portal.cases.models import Case
from portal.files.queries import Attachment
from portal.surveys.models import SurveyInvitation
from portal.web.attachments.forms import described
from portal.web.attachments.kinds import LABELS
from portal.web.attachments.rows import STATE

Values = dict[str, Any]


def place(case: Case) -> Values | None:
    """Where a fault is, as it was written and as the device said; None without a place."""
    if case.location is None:
        return None
    location = location_of(case.location)
    return {
        "text": location.text or None,
        "latitude": location.spot.latitude if location.spot else None,
        "longitude": location.spot.longitude if location.spot else None,
        "within_metres": location.accuracy,
    }


def file(row: Attachment) -> Values:
    """A file as it is shown: its content is fetched in the case."""
    return {
        "name": row.name,
        "kind": str(LABELS[row.kind]),
        "bytes": row.bytes,
        "pages": row.pages,
        "description": row.alt or None,
        "problem": str(STATE[row.state]) if row.state in STATE else None,
    }


def uploads(kept: str) -> list[Values]:
    """The files of a draft. Their handles open them, and are no data about a person."""
    return [{"name": upload.name, "description": alt or None} for upload, alt in described(kept)]


def asked(invitation: SurveyInvitation) -> Values:
    """That the sender was asked about the answer: the answer itself is not joined to them."""
    return {"day": invitation.asked_on.isoformat(), "answered": invitation.answered}


def led_to(entries: Iterable[Entry]) -> dict[int, list[Values]]:
    """By the id of a case, what its sender was informed that it led to, as it is published now."""
    shared: dict[int, list[int]] = {}
    for entry in entries:
        if entry.event == "ImprovementShared":
            shared.setdefault(entry.case_id, []).append(entry.details["improvement"])
    texts = _public_texts({improvement for ids in shared.values() for improvement in ids})
    return {case: [texts[id_] for id_ in dict.fromkeys(ids) if id_ in texts] for case, ids in shared.items()}


def _public_texts(ids: set[int]) -> dict[int, Values]:
    published = improvements.shared_with(sorted(ids)) if ids else []
    return {
        row.improvement_id: {
            "you_said": row.you_said,
            "we_did": row.we_did,
            "published_at": row.first_published_at.isoformat(timespec="seconds"),
        }
        for row in published
    }
