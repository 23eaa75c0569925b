"""Invitations to the survey: made when a case is closed with an answer, and found by the token of a link."""

import base64
import secrets
from collections.abc import Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import joinedload

from portal import clock, crypto
from portal.cases import parties
from portal.cases.events import CaseEvent
from portal.cases.lifecycle import CloseReason
from portal.cases.models import Case
from portal.cases.visibility import visible_to
from portal.config import settings
from portal.db import changed_rows, session
from portal.identity.actors import Citizen
from portal.surveys.models import SurveyInvitation
from portal.surveys.rules import ASKED_AGAIN_AFTER, OPEN_FOR

TOKEN_BYTES = 16


def invite(event: CaseEvent) -> None:
    """Listener: ask the sender of a case that was closed with an answer."""
    case = session().get_one(Case, event.case)
    if case.close_reason is not CloseReason.ANSWERED or not may_be_asked(case):
        return
    nonce = secrets.token_urlsafe(TOKEN_BYTES)
    row = SurveyInvitation(
        nonce=nonce,
        token=crypto.fingerprint("survey", _token(nonce)),
        case_id=case.id,
        unit_id=case.handling_unit_id,
        board_id=case.responsible_board_id,
        kind=case.kind,
        asked_on=clock.today(),
        answered=False,
    )
    session().add(row)
    # The message of the same event has the link.
    session().flush()


def may_be_asked(case: Case) -> bool:
    """Whether the sender may be asked about the answer: not where their messages say less, or soon again."""
    says_less = case.secrecy or case.hide_sender or parties.is_protected(case)
    if says_less or case.reader_contested_at or not case.answer_wanted:
        return False
    return not session().scalar(select(exists().where(SurveyInvitation.case_id == case.id)))


def token_for(case: Case) -> str:
    """The token of the link for the sender of a case; empty if they are not asked, or have answered."""
    if case.close_reason is not CloseReason.ANSWERED:
        return ""
    query = select(SurveyInvitation).filter_by(case_id=case.id, answered=False)
    row = session().scalar(query.order_by(SurveyInvitation.id.desc()).limit(1))
    if row is None or not is_open(row):
        return ""
    token = _token(row.nonce)
    # The key may have been changed since the letter was sent: its link still opens, another would not.
    return token if crypto.fingerprint("survey", token) == row.token else ""


def by_token(token: str, lock: bool = False) -> SurveyInvitation | None:
    """The invitation of a link, with its case; None if there is none."""
    query = select(SurveyInvitation).filter_by(token=crypto.fingerprint("survey", token))
    query = query.options(joinedload(SurveyInvitation.case))
    return session().scalar(query.with_for_update(of=SurveyInvitation) if lock else query)


def asked_of(actor: Citizen, case_ids: Sequence[int]) -> Sequence[SurveyInvitation]:
    """The invitations to the sender of these cases, those that the actor may see, in their order."""
    query = select(SurveyInvitation).join(SurveyInvitation.case)
    query = query.where(visible_to(actor), Case.id.in_(case_ids))
    return session().scalars(query.order_by(SurveyInvitation.id)).all()


def is_open(invitation: SurveyInvitation) -> bool:
    """Whether an invitation can be answered still; the day that it was made is the first."""
    return clock.today() < invitation.asked_on + OPEN_FOR


def delete_old() -> int:
    """Delete the invitations whose cases may be asked again; returns their number."""
    old = SurveyInvitation.asked_on <= clock.today() - ASKED_AGAIN_AFTER
    return changed_rows(delete(SurveyInvitation).where(old))


def _token(nonce: str) -> str:
    """128 bits of a key and a nonce: a page can link to it, and a copy of the database opens no link."""
    mac = crypto.mac(settings().code_key, "survey", nonce)
    return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).decode().rstrip("=")
