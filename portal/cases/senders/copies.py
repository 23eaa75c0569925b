"""All of a person's own cases, a batch at a time, for a copy of what is held about them (GDPR article 15)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.cases.models import Case, Party
from portal.cases.queries import MessageRow, messages_of
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Citizen

BATCH = 50


def own_case_ids(actor: Citizen) -> Sequence[int]:
    """The ids of all cases of the actor, newest first."""
    return session().scalars(select(Case.id).where(visible_to(actor)).order_by(Case.id.desc())).all()


def batches(case_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in batches of at most BATCH."""
    for start in range(0, len(case_ids), BATCH):
        yield case_ids[start : start + BATCH]


def own_cases(actor: Citizen, case_ids: Sequence[int]) -> Sequence[Case]:
    """Those of these cases that the actor may see, newest first, with all that a copy reads of each."""
    query = select(Case).where(visible_to(actor), Case.id.in_(case_ids)).order_by(Case.id.desc())
    query = query.options(
        joinedload(Case.category),
        joinedload(Case.handling_unit),
        joinedload(Case.responsible_unit),
        joinedload(Case.responsible_board),
        joinedload(Case.party).joinedload(Party.person),
        joinedload(Case.representation),
        joinedload(Case.location),
    )
    return session().scalars(query).all()


def messages_by_case(actor: Citizen, case_ids: Sequence[int]) -> dict[int, list[MessageRow]]:
    """The messages of these cases that the actor may read, by the id of the case, oldest first."""
    rows = messages_of(actor, case_ids)
    return {case_id: list(group) for case_id, group in groupby(rows, key=lambda row: row.case_id)}
