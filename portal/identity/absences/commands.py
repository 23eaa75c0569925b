"""Commands on absences. The caller opens the transaction."""

from datetime import date

import structlog
from sqlalchemy import delete, select, update

from portal import clock, crypto
from portal.db import advisory_lock, changed_rows, session
from portal.events import publish
from portal.identity import queries as people
from portal.identity.absences.queries import (
    absence_for,
    known_absences,
    managed_by,
    runs_until,
    substitutes_for,
)
from portal.identity.absences.rules import Absence, AbsenceProblem, Refusal, refusal
from portal.identity.actors import Staff
from portal.identity.events import AbsenceRegistered, AbsenceRemoved
from portal.identity.models import StaffAbsence
from portal.identity.queries import Member

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class AbsenceRefused(Exception):
    """The absence is impossible beside the others, or its substitute is."""

    def __init__(self, refused: Refusal) -> None:
        super().__init__(refused.problem)
        self.refused = refused


def register(
    actor: Staff, membership: int, first: date, last: date, substitute: int | None = None
) -> StaffAbsence:
    """Register the days on which a member is away. The same absence again is a second click.

    Raises LookupError if the actor may not do so for this membership, and AbsenceRefused.
    """
    # One writer at a time: two absences that overlap or make a ring are each right alone.
    advisory_lock(crypto.fingerprint("absences", ""))
    member = _managed(actor, membership)
    new = _absence(member, first, last, substitute)
    known = known_absences()
    if new in known:
        return _existing(new)
    refused = refusal(new, known, clock.today(), substitute is None or _can_read(member, substitute, last))
    if refused:
        raise AbsenceRefused(refused)
    row = StaffAbsence(membership_id=membership, first_day=first, last_day=last, substitute_id=substitute)
    row.written_by_id = actor.membership or 0
    session().add(row)
    session().flush()
    publish(AbsenceRegistered(membership=membership, substitute=substitute, by=actor.membership))
    log.info("absence.registered", membership=membership)
    return row


def _managed(actor: Staff, membership: int) -> Member:
    for member in managed_by(actor):
        if member.id == membership:
            return member
    raise LookupError(membership)


def _absence(member: Member, first: date, last: date, substitute: int | None) -> Absence:
    other = people.membership(substitute)
    if substitute is not None and other is None:
        raise AbsenceRefused(Refusal(AbsenceProblem.CANNOT_READ))
    return Absence(member.id, member.person_id, first, last, substitute, other.person_id if other else None)


def _existing(known: Absence) -> StaffAbsence:
    same = {"membership_id": known.membership, "first_day": known.first, "last_day": known.last}
    return session().scalars(select(StaffAbsence).filter_by(**same)).one()


def _can_read(member: Member, substitute: int, last: date) -> bool:
    reads = substitute in {row.id for row in substitutes_for(member)}
    return reads and runs_until(substitute, last)


def remove(actor: Staff, absence_id: int) -> bool:
    """Remove an absence; returns False if there is none that the actor may remove."""
    row = absence_for(actor, absence_id)
    if row is None:
        return False
    session().delete(row)
    publish(AbsenceRemoved(membership=row.membership_id, substitute=row.substitute_id, by=actor.membership))
    log.info("absence.removed", membership=row.membership_id)
    return True


def end_absences(membership: int) -> None:
    """Delete the absences of a membership that has ended; it substitutes for no one any more."""
    session().execute(delete(StaffAbsence).where(StaffAbsence.membership_id == membership))
    own = update(StaffAbsence).where(StaffAbsence.substitute_id == membership)
    session().execute(own.values(substitute_id=None))


def delete_ended() -> int:
    """Delete the absences that are over; returns their number."""
    return changed_rows(delete(StaffAbsence).where(StaffAbsence.last_day < clock.today()))
