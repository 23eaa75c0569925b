"""Bars (jäv, FL 16-18 §§): whom a case may concern, and whether one was reported already."""

from portal.cases.access import CaseScope
from portal.cases.models import Case
from portal.cases.queries import case_scope
from portal.identity import queries as people
from portal.identity.queries import Member
from portal.organisation import queries as organisation


def colleagues(case: Case) -> list[Member]:
    """Whom the case may concern: of each person the running membership that is nearest to it.

    Those of its units, boards and administrations, and those whose role holds everywhere.
    """
    facts, boards = case_scope(case), organisation.boards_of_units()
    nearest: dict[int, tuple[int, Member]] = {}
    for member in people.member_rows():
        distance = _distance(member, facts, boards.get(member.unit_id or 0))
        known = nearest.get(member.person_id)
        if distance is not None and (known is None or distance < known[0]):
            nearest[member.person_id] = distance, member
    return [member for _distance, member in nearest.values()]


def _distance(member: Member, facts: CaseScope, board_of_unit: int | None) -> int | None:
    """How far a membership is from the case: 0 for its unit, 3 for none in particular, None for elsewhere."""
    if member.unit_id in facts.units:
        return 0
    if member.board_id in facts.boards or board_of_unit in facts.boards:
        return 1
    if member.administration_id in facts.administrations:
        return 2
    return None if member.unit_id or member.board_id or member.administration_id else 3
