"""Earlier readers of a case: kept for the days in which a change of reader can be contested."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, delete, or_, select

from portal import clock, crypto
from portal.cases import parties
from portal.cases.enums import ReaderChange
from portal.cases.intake.models import EarlierReader
from portal.cases.models import Case
from portal.cases.parties import Contact
from portal.cases.permissions import CONTEST_PERIOD
from portal.db import changed_rows, session


def keep_reader(case: Case, how: ReaderChange) -> str:
    """Keep who reads the case, before that changes; returns the token of the link that contests it."""
    token = secrets.token_urlsafe(24)
    now = clock.now()
    row = EarlierReader(
        case_id=case.id, code=case.code, contact=json.dumps(asdict(parties.contact_details(case)))
    )
    row.token = crypto.fingerprint("contest", token)
    row.expires_at = now + CONTEST_PERIOD
    session().add(row)
    case.reader_change = how
    case.reader_changed_at = now
    return token


def family(case: Case) -> Sequence[Case]:
    """The cases that the same code opens, locked: the one that was split, and its parts."""
    root = case.split_from_id or case.id
    query = select(Case).where(or_(Case.id == root, Case.split_from_id == root))
    return session().scalars(query.order_by(Case.id).with_for_update()).all()


def case_of(earlier: EarlierReader) -> Case:
    """The case of an earlier reader, for the pages on which its reader is contested."""
    return session().get_one(Case, earlier.case_id)


def by_token(token: str) -> EarlierReader | None:
    """The earlier reader to whom this link was sent; None if it has expired."""
    return _live(EarlierReader.token == crypto.fingerprint("contest", token))


def by_code(code: str, year: int, number: int) -> EarlierReader | None:
    """The earlier reader of the case with this number who had this code; None if there is none."""
    ids = select(Case.id, Case.split_from_id).where(Case.year == year, Case.number == number)
    row = session().execute(ids).one_or_none()
    if row is None:
        return None
    fingerprint = crypto.fingerprint("code", code)
    return _live(EarlierReader.code == fingerprint, EarlierReader.case_id.in_([part for part in row if part]))


def _live(*conditions: ColumnElement[bool]) -> EarlierReader | None:
    query = select(EarlierReader).where(EarlierReader.expires_at > clock.now(), *conditions)
    return session().scalar(query.order_by(EarlierReader.id).limit(1))


def first_contact(case: Case) -> Contact:
    """The sender's contact before the first change that is kept; that of now if none is."""
    query = select(EarlierReader.contact).where(EarlierReader.case_id == case.id)
    contact = session().scalar(query.order_by(EarlierReader.id).limit(1))
    return Contact(**json.loads(contact)) if contact else parties.contact_details(case)


def latest_contact(case: Case) -> Contact:
    """The sender's contact before the latest change."""
    query = select(EarlierReader.contact).where(EarlierReader.case_id == case.id)
    contact = session().scalar(query.order_by(EarlierReader.id.desc()).limit(1))
    return Contact(**json.loads(contact)) if contact else parties.contact_details(case)


def forget(case: Case) -> None:
    """Delete the earlier readers of a case."""
    session().execute(delete(EarlierReader).where(EarlierReader.case_id == case.id))


def delete_expired() -> int:
    """Delete what can no longer be contested; returns the number of rows.

    Of a contested case all is kept until staff restore it.
    """
    contested = select(Case.id).where(Case.reader_contested_at.is_not(None))
    expired = EarlierReader.expires_at < clock.now(), EarlierReader.case_id.not_in(contested)
    return changed_rows(delete(EarlierReader).where(*expired))
