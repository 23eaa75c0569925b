"""Reorganisation: open cases follow their unit to another board (nämnd); closed ones stay behind."""

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.cases.authority import handovers
from portal.cases.authority.placement import place, set_units
from portal.cases.authority.rules import Ground
from portal.cases.enums import HandoverGround
from portal.cases.events.handovers import CaseFollowedUnit
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.db import session
from portal.events import publish
from portal.identity.actors import System
from portal.organisation.models import Unit


def follow_units() -> int:
    """Move each case that is not closed to where the profile has its units now; return how many moved."""
    responsible, handling = aliased(Unit), aliased(Unit)
    query = select(Case).join(responsible, Case.responsible_unit_id == responsible.id)
    query = query.join(handling, Case.handling_unit_id == handling.id).where(
        Case.status != Status.CLOSED,
        or_(
            Case.responsible_board_id != responsible.board_id,
            Case.responsible_branch != responsible.branch,
            Case.responsible_administration_id != responsible.administration_id,
            Case.handling_board_id != handling.board_id,
            Case.handling_administration_id != handling.administration_id,
        ),
    )
    cases = session().scalars(query.order_by(Case.id).with_for_update(of=Case)).all()
    for case in cases:
        follow_unit(case)
    return len(cases)


def follow_unit(case: Case) -> None:
    """Place a case where its units are now; another board answers for it from then on."""
    unit = case.responsible_unit
    if unit.board_id == case.responsible_board_id:
        # No one places it: a secrecy that was lifted by decision stays lifted.
        set_units(case, unit, case.handling_unit)
        return
    handover = handovers.add_handover(case, unit, Ground(HandoverGround.REORGANISED))
    place(case, case.category, unit, case.handling_unit)
    case.updated_at = clock.now()
    session().flush()
    publish(
        CaseFollowedUnit(
            case=case.id,
            at=case.updated_at,
            actor=System(),
            unit=unit.id,
            before=unit.id,
            board=unit.board_id,
            ground=HandoverGround.REORGANISED,
            handover=handover.id,
        )
    )
