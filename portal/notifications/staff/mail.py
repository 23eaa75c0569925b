"""E-mail to staff: at once or as a daily digest. Number, unit and what happened; no subject, text or name.

An improvement has no number.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import LargeBinary, and_, or_, select, type_coerce
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock, crypto
from portal.cases.improvements.models import Improvement
from portal.cases.models import Case
from portal.cases.visibility import visible_to
from portal.config import settings
from portal.db import session, transaction
from portal.identity import queries as people
from portal.identity.models import Membership, Person
from portal.identity.queries import Member
from portal.identity.sessions import is_running
from portal.jobs.batches import for_each
from portal.notifications import outbox, rendering
from portal.notifications.rules import Medium
from portal.notifications.staff import words
from portal.notifications.staff.mail_settings import settings_of
from portal.notifications.staff.models import StaffMail, StaffNotice, is_still_overdue
from portal.notifications.staff.rules import MailChoice

log: structlog.stdlib.BoundLogger = structlog.get_logger()
NOTICE, DIGEST = "staff_notice", "staff_digest"
# More are a number in the message: the list is in the portal.
MAX_LINES = 50
NEW = StaffNotice.seen_at.is_(None), StaffNotice.mailed_at.is_(None)


def send_at_once(case: Case | None, added: Sequence[tuple[Member, StaffNotice]]) -> None:
    """Queue a message for each new notice whose person wants one at once."""
    addresses = _addresses([member.person_id for member, _notice in added])
    for member, notice in added:
        if address := addresses.get(member.person_id):
            _queue(NOTICE, member.id, address, _line(notice) | {"link": _link(notice)}, case)
            notice.mailed_at = clock.now()


def _addresses(person_ids: Sequence[int]) -> dict[int, str]:
    if not person_ids:
        return {}
    query = select(StaffMail.person_id, StaffMail.id, type_coerce(StaffMail.address, LargeBinary))
    wanted = StaffMail.choice == MailChoice.AT_ONCE, StaffMail.address.is_not(None)
    query = query.where(StaffMail.person_id.in_(person_ids), *wanted)
    addresses = {person: _decrypted(row, token) for person, row, token in session().execute(query)}
    return {person: address for person, address in addresses.items() if address}


def _decrypted(row: int, address: bytes) -> str:
    """The address, or an empty text if no key opens it: what happened in the case must not depend on that."""
    try:
        return crypto.decrypt(address)
    except InvalidToken:
        log.error("staff_mail.unreadable", staff_mail=row)
        return ""


def send_digests() -> int:
    """Queue a digest for each person who wants one and has something new; returns how many."""
    with transaction():
        new = select(StaffNotice.membership_id).where(*NEW)
        # Who has chosen nothing gets it too, at the address that they sign in with.
        chosen = or_(StaffMail.choice.is_(None), StaffMail.choice == MailChoice.DIGEST)
        query = select(Membership.person_id).outerjoin(StaffMail, StaffMail.person_id == Membership.person_id)
        person_ids = session().scalars(query.where(chosen, Membership.id.in_(new)).distinct()).all()
    return for_each(person_ids, _send_digest)


def _send_digest(person_id: int) -> bool:
    with transaction():
        # Locked, so that two workers do not both send it.
        session().execute(select(Person.id).filter_by(id=person_id).with_for_update())
        chosen = settings_of(person_id)
        notices = _new_notices(person_id)
        if chosen.choice is not MailChoice.DIGEST or not chosen.address or not notices:
            return False
        lines = [_line(notice) for notice in notices[:MAX_LINES]]
        values = {"lines": lines, "rest": len(notices) - len(lines), "link": _address("nytt")}
        _queue(DIGEST, notices[0].membership_id, chosen.address, values | {"count": len(notices)})
        for notice in notices:
            notice.mailed_at = clock.now()
        return True


def _new_notices(person_id: int) -> list[StaffNotice]:
    """What is new in cases that the person reaches by each of their memberships, the newest first."""
    memberships = select(Membership).where(is_running(), Membership.person_id == person_id)
    rows: list[StaffNotice] = []
    for membership in session().scalars(memberships.order_by(Membership.id)):
        of_case = and_(StaffNotice.case_id.is_not(None), visible_to(people.as_staff(membership)))
        shown = or_(is_still_overdue(), of_case)
        query = select(StaffNotice).outerjoin(StaffNotice.case).where(*NEW, shown)
        query = query.where(StaffNotice.membership_id == membership.id)
        with_case = contains_eager(StaffNotice.case).joinedload(Case.handling_unit)
        with_improvement = joinedload(StaffNotice.improvement).joinedload(Improvement.unit)
        rows.extend(session().scalars(query.options(with_case, with_improvement)))
    return sorted(rows, key=lambda notice: (notice.created_at, notice.id), reverse=True)


def _line(notice: StaffNotice) -> dict[str, Any]:
    what = words.KINDS[notice.kind]
    if notice.improvement:
        return {"number": "", "unit": notice.improvement.unit.name, "what": what}
    case = notice.case
    assert case
    return {"number": case.reference, "unit": case.handling_unit.name, "what": what}


def _link(notice: StaffNotice) -> str:
    if notice.improvement:
        return _address(f"forbattringar/{notice.improvement.id}")
    assert notice.case
    return _address(f"arenden/{notice.case.reference}")


def _queue(name: str, membership: int, to: str, values: dict[str, Any], case: Case | None = None) -> None:
    try:
        content = rendering.render_to_staff(name, values | {"choices_link": _address("nytt/val")})
    # A faulty template must not roll back what happened; the notice in the portal tells of it.
    except Exception:
        log.exception("message.unrendered", message=name, medium=Medium.EMAIL)
        return
    outbox.queue_to_staff(name, membership, to, content, case)


def _address(path: str) -> str:
    return f"{settings().base_url.rstrip('/')}/handlaggning/{path}"
