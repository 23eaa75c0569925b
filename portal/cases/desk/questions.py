"""What a person at the desk may know of a case: all of their own view, or only what is public of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.cases import parties, queries
from portal.cases.desk.models import DeskVisit
from portal.cases.desk.rules import UNMENTIONED, VisitState
from portal.cases.enums import KnownBy
from portal.cases.intake import code_access
from portal.cases.models import Case
from portal.cases.visibility import not_barred
from portal.db import session
from portal.identity.actors import Citizen, CodeHolder, Staff, System


@dataclass(frozen=True)
class VisitedCase:
    """A case of a visit, and the actor with whose eyes it is read."""

    case: Case
    sender: Citizen | CodeHolder
    known: KnownBy


def case_by_code(actor: Staff, code: str, year: int, number: int) -> CodeHolder | None:
    """The code holder whose case the actor may be asked about; None without telling why.

    Not of a case that the actor is barred from or has sent, nor of a protected sender: a code is read aloud
    on the phone by anybody who has found it.
    """
    holder = code_access.code_holder_for(code, year, number)
    case = queries.case_by_id(holder, holder.case) if holder else None
    if holder is None or case is None or parties.is_protected(case):
        return None
    return holder if _may_hear_of(actor, case) else None


def public_case(actor: Staff, year: int, number: int) -> Case | None:
    """The case, if its public facts may be disclosed to anyone; else None, as for a case that does not exist.

    Not of a case with secrecy, of a protected sender, or with a contested reader, nor of a report about a
    child or of a whistleblower. The actor's own scope is
    not asked: the facts are public (OSL 6:4).
    """
    case = queries.case_for(System(), year, number)
    if case is None or case.secrecy or case.reader_contested_at or parties.is_protected(case):
        return None
    return case if case.legal_matter not in UNMENTIONED and _may_hear_of(actor, case) else None


def _may_hear_of(actor: Staff, case: Case) -> bool:
    """Whether the actor is neither the sender of the case nor barred from it (FL 16-18 §§)."""
    return session().scalar(select(Case.id).where(Case.id == case.id, *not_barred(actor.person))) is not None


def sender_of(visit: DeskVisit) -> Citizen | CodeHolder | None:
    """With whose eyes the cases of an open visit are read; None if it is not open."""
    if visit.state is not VisitState.OPEN:
        return None
    if visit.person_id is not None:
        return Citizen(visit.person_id)
    return CodeHolder(visit.case_id) if visit.case_id is not None else None


def cases_of_visit(actor: Staff, visit: DeskVisit) -> Sequence[Case]:
    """The cases of the person who has signed in, except those that the actor may not hear of."""
    sender = sender_of(visit)
    if not isinstance(sender, Citizen):
        return []
    own = queries.cases_of(sender)
    query = select(Case.id).where(Case.id.in_([case.id for case in own]), *not_barred(actor.person))
    heard_of = set(session().scalars(query))
    cases = queries.cases_by_ids(sender, heard_of)
    return [cases[case.id] for case in own if case.id in cases]


def case_of_visit(actor: Staff, visit: DeskVisit, year: int, number: int) -> VisitedCase | None:
    """A case of an open visit, locked inside a transaction; None if the person cannot read it any more."""
    sender = sender_of(visit)
    case = queries.case_for(sender, year, number) if sender else None
    if sender is None or case is None or visit.known_at is None or not _may_hear_of(actor, case):
        return None
    if isinstance(sender, Citizen):
        return VisitedCase(case, sender, KnownBy.SIGNED_IN)
    return VisitedCase(case, sender, KnownBy.CODE) if _still_opens(case, visit.known_at) else None


def _still_opens(case: Case, since: datetime) -> bool:
    """Whether the code that was read aloud then opens the case yet: its reader has not changed."""
    unchanged = case.reader_changed_at is None or case.reader_changed_at <= since
    return unchanged and code_access.opens_by_code(case) and not parties.is_protected(case)
