"""The other parts of a case that was split, for the sender of all of them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select

from portal.cases.models import Case
from portal.cases.queries import case_by_id
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Citizen, CodeHolder


def other_parts(actor: Citizen | CodeHolder, case: Case) -> Sequence[Case]:
    """The other cases that were split from the same one, and that one, as far as its sender may open them.

    A code holder has opened `case` by its own code or, if it has none, by the code of the one it was split
    from, which opens every part that has no code of its own.
    """
    root = case.split_from_id or case.id
    family = or_(Case.id == root, Case.split_from_id == root)
    query = select(Case).where(family, Case.id != case.id, _readable(actor, case, root)).order_by(Case.id)
    return session().scalars(query).all()


def _readable(actor: Citizen | CodeHolder, case: Case, root: int) -> ColumnElement[bool]:
    if isinstance(actor, Citizen):
        return visible_to(actor)
    opened = select(Case.id).where(Case.id == root, Case.code.is_not(None)).scalar_subquery()
    uncontested = Case.reader_contested_at.is_(None)
    if case.split_from_id is None:
        return uncontested & Case.code.is_(None) & (Case.split_from_id == opened)
    # A part with a code of its own may have been opened by that, which opens nothing else.
    by_root = select(Case.id).where(Case.id == case.id, Case.code.is_(None)).exists()
    sibling = Case.code.is_(None) & (Case.split_from_id == opened)
    return uncontested & by_root & or_(Case.id == opened, sibling)


def holder_of_part(holder: CodeHolder, year: int, number: int) -> CodeHolder | None:
    """The actor for another part of the case that a code holder has opened; None if there is none."""
    case = case_by_id(holder, holder.case)
    for part in other_parts(holder, case) if case else ():
        if (part.year, part.number) == (year, number):
            return CodeHolder(part.id)
    return None
