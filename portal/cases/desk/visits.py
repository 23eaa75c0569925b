"""Visits at the desk: begun by staff, known by a code or by the visitor's own sign-in, and ended."""

import secrets

from sqlalchemy import ColumnElement, Select, delete, select, update

from portal import clock, crypto
from portal.cases.desk.models import DeskVisit
from portal.cases.desk.rules import (
    MAX_AGE,
    NUMBER_LENGTH,
    NUMBER_TTL,
    SIGN_IN_TTL,
    VisitState,
    serves_desk,
)
from portal.db import changed_rows, session
from portal.identity.actors import Citizen, CodeHolder, Staff
from portal.organisation import queries as organisation

NUMBER = "desk number"
SCREEN = "desk screen"


class OwnVisit(Exception):
    """A member of staff has signed in as the visitor whom they serve themselves."""


def may_serve(actor: Staff) -> bool:
    """Whether the actor takes questions of anyone at the desk."""
    in_first_line = actor.unit is not None and actor.unit == organisation.first_line().id
    return actor.membership is not None and serves_desk(actor.role, in_first_line)


def begin(actor: Staff) -> DeskVisit:
    """A visit with a one-time number to type at the screen of the desk.

    A second click gets the same one: a membership has one number at a time.
    """
    waiting = _own(actor).where(DeskVisit.number_mac.is_not(None), DeskVisit.ended_at.is_(None))
    for visit in session().scalars(waiting.with_for_update()).all():
        if visit.state is VisitState.WAITING:
            return visit
    number = _unused_number()
    visit = DeskVisit(membership_id=actor.membership, created_at=clock.now(), number=number)
    visit.number_mac = crypto.blind_index(NUMBER, number)
    session().add(visit)
    session().flush()
    return visit


def _unused_number() -> str:
    while True:
        number = f"{secrets.randbelow(10**NUMBER_LENGTH):0{NUMBER_LENGTH}}"
        same = select(DeskVisit.id).where(DeskVisit.number_mac == crypto.blind_index(NUMBER, number))
        if session().scalar(same) is None:
            return number


def begin_with_code(actor: Staff, holder: CodeHolder) -> DeskVisit:
    """A visit of a person who has read the code of a case aloud."""
    now = clock.now()
    visit = DeskVisit(membership_id=actor.membership, created_at=now, known_at=now, case_id=holder.case)
    session().add(visit)
    session().flush()
    return visit


def visit_of(actor: Staff, visit_id: int) -> DeskVisit | None:
    """A visit that the actor serves; None for that of a colleague, or for none."""
    return session().scalar(_own(actor).where(DeskVisit.id == visit_id))


def _own(actor: Staff) -> Select[DeskVisit]:
    return select(DeskVisit).where(DeskVisit.membership_id == actor.membership)


def claim(number: str) -> str | None:
    """Spend the number of a visit at the screen where it was typed; returns what that browser holds instead.

    None for a number that is wrong, spent or too old, without telling which.
    """
    token = secrets.token_urlsafe(24)
    valid = DeskVisit.number_mac == crypto.blind_index(NUMBER, number), _not_over()
    values = {"screen": crypto.fingerprint(SCREEN, token), "claimed_at": clock.now()}
    spent = {"number": None, "number_mac": None}
    query = update(DeskVisit).where(*valid, DeskVisit.created_at > clock.now() - NUMBER_TTL)
    # One statement: of two who type the same number, one finds it.
    return token if changed_rows(query.values(**values, **spent)) else None


def claimed_visit(token: str) -> DeskVisit | None:
    """The visit whose number was typed in this browser, and whose person is not known yet."""
    query = select(DeskVisit).where(DeskVisit.screen == crypto.fingerprint(SCREEN, token), _not_over())
    visit = session().scalar(query.where(DeskVisit.claimed_at > clock.now() - SIGN_IN_TTL))
    return visit if visit and visit.state is VisitState.CLAIMED else None


def identify(actor: Citizen, token: str) -> DeskVisit | None:
    """Show the actor's cases to the one who serves them, by the actor's own wish; None if it is too late.

    Raises OwnVisit.
    """
    visit = claimed_visit(token)
    if visit is None:
        return None
    if visit.membership.person_id == actor.person:
        raise OwnVisit
    visit.person_id = actor.person
    visit.known_at = clock.now()
    visit.screen = None
    return visit


def cancel(token: str) -> None:
    """End the visit whose number was typed in this browser, before its person is known."""
    visit = claimed_visit(token)
    if visit:
        end(visit)


def end(visit: DeskVisit) -> None:
    """End a visit: nothing is shown by it any more."""
    visit.ended_at = visit.ended_at or clock.now()
    visit.number = visit.number_mac = visit.screen = None


def _not_over() -> ColumnElement[bool]:
    return DeskVisit.ended_at.is_(None) & DeskVisit.known_at.is_(None)


def delete_old() -> int:
    """Delete the visits that have ended or can show nothing more; returns their number."""
    old = DeskVisit.ended_at.is_not(None) | (DeskVisit.created_at < clock.now() - MAX_AGE)
    return changed_rows(delete(DeskVisit).where(old))
