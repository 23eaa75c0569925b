"""Handovers between authorities: the record of one, what stays, and what the former board still has."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.cases import parties
from portal.cases.access import scope
from portal.cases.authority import rules
from portal.cases.authority.models import CaseHandover
from portal.cases.authority.rules import Authority, Bounds, Clause, Ground, GroundProblem
from portal.cases.enums import Direction, HandoverGround
from portal.cases.locations import records
from portal.cases.locations.rules import Location
from portal.cases.models import Case, Kept, Measure, Message
from portal.cases.queries import MessageRow
from portal.cases.visibility import not_barred
from portal.db import session
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Board, Category, Unit
from portal.organisation.sections import DisclosureProvision


class WrongGround(Exception):
    """The case cannot go to another authority on this ground, or without one."""

    def __init__(self, problem: GroundProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def authority_of(case: Case) -> Authority:
    """The authority that answers for a case."""
    return Authority(case.responsible_board_id, case.responsible_branch)


def is_agreed(category: Category | None, unit: Unit) -> bool:
    """Whether the profile says that a unit handles the cases of a topic for another authority."""
    if category is None or category.handling_unit_id != unit.id:
        return False
    topics = {topic.key: topic for topic in organisation.profile().categories}
    return category.key in topics and topics[category.key].agreement


def bounds_of(case: Case, messages: Sequence[Message | MessageRow]) -> Bounds:
    """What limits the grounds for handing over a case with these messages."""
    provisions = [case.secrecy_provision, *(message.secrecy_provision for message in messages)]
    return Bounds(
        secret=case.secrecy is not None,
        social_services=session().get_one(Board, case.responsible_board_id).social_services,
        provisions=[provision for provision in provisions if provision],
    )


def clauses() -> list[Clause]:
    """The provisions of the profile that break secrecy."""
    provisions = organisation.profile().disclosure_provisions
    return [Clause(provision.key, provision.general_clause) for provision in provisions]


def disclosure_provision(key: str) -> DisclosureProvision:
    """The provision of the profile with this key. Raises KeyError."""
    return {provision.key: provision for provision in organisation.profile().disclosure_provisions}[key]


def require_ground(case: Case, ground: HandoverGround | None, provision: str | None) -> Ground:
    """The ground, if the case may go to another authority on it. Raises WrongGround."""
    if ground is None:
        raise WrongGround(rules.missing(case.secrecy is not None))
    chosen = Ground(ground, provision)
    if problem := rules.problem(bounds_of(case, _held_messages(case)), clauses(), chosen):
        raise WrongGround(problem)
    return chosen


def add_handover(case: Case, to: Unit, ground: Ground) -> CaseHandover:
    """Record that a case goes to the authority of a unit, and keep the texts that do not go along.

    Call it before the case is placed. The listener of the trail sets `last_sequence`.
    """
    messages, measures = _held_messages(case), _held_measures(case)
    handover = CaseHandover(
        case_id=case.id,
        at=clock.now(),
        from_board_id=case.responsible_board_id,
        to_board_id=to.board_id,
        from_unit_id=case.responsible_unit_id,
        to_unit_id=to.id,
        ground=ground.kind,
        provision=disclosure_provision(ground.provision).provision if ground.provision else None,
        last_message_id=session().scalar(select(func.max(Message.id)).where(Message.case_id == case.id)),
        last_sequence=0,
        messages_held=[message.id for message in messages],
        measures_held=[measure.id for measure in measures],
        **_snapshot(case),
    )
    session().add(handover)
    for message in messages:
        internal, marked = message.direction is Direction.INTERNAL, message.secrecy_provision is not None
        _keep(message, case, rules.goes_along(ground.kind, internal, marked))
    for measure in measures:
        # No measure is shown to the sender: it is a working paper, as a note is.
        _keep(measure, case, rules.goes_along(ground.kind, internal=True, marked=False))
    session().flush()
    return handover


def _snapshot(case: Case) -> dict[str, object]:
    contact = parties.contact_details(case)
    return {
        "category_id": case.category_id,
        "status": case.status,
        "secrecy": case.secrecy,
        "secrecy_provision": case.secrecy_provision,
        "public_subject": case.public_subject,
        "internal_subject": case.internal_subject,
        "hide_sender": case.hide_sender,
        "place_text": case.location and case.location.text,
        "place_latitude": case.location and case.location.latitude,
        "place_longitude": case.location and case.location.longitude,
        "place_accuracy": case.location and case.location.accuracy,
        "sender_name": contact.name,
        "sender_email": contact.email,
        "sender_phone": contact.phone,
    }


def place_held(handover: CaseHandover) -> Location | None:
    """Where the fault was, as the former authority had it; None for a case without a place."""
    if handover.place_text is None:
        return None
    spot = records.spot_of(handover.place_latitude, handover.place_longitude)
    return Location(handover.place_text, spot, handover.place_accuracy)


def held_here(case: Case, row: type[Kept]) -> ColumnElement[bool]:
    """The condition that the authority of a case has a text of it: no other one has kept it."""
    board, branch = case.responsible_board_id, case.responsible_branch
    here = and_(row.kept_by_board_id == board, row.kept_by_branch == branch)
    return or_(row.kept_by_board_id.is_(None), here)


def _held_messages(case: Case) -> Sequence[Message]:
    """The messages that the authority of a case has: all but those that another one has kept."""
    query = select(Message).where(Message.case_id == case.id, held_here(case, Message))
    return session().scalars(query.order_by(Message.id)).all()


def _held_measures(case: Case) -> Sequence[Measure]:
    query = select(Measure).where(Measure.case_id == case.id, held_here(case, Measure))
    return session().scalars(query.order_by(Measure.id)).all()


def _keep(row: Kept, case: Case, goes_along: bool) -> None:
    row.kept_by_board_id = None if goes_along else case.responsible_board_id
    row.kept_by_branch = "" if goes_along else case.responsible_branch


def transferred_case_for(actor: Staff, year: int, number: int) -> CaseHandover | None:
    """The latest handover of this case from the actor's board, for its records officer; else None.

    None too if the board answers for the case again: then it is an ordinary case.
    """
    registry = scope(actor).registry
    return session().scalar(_handovers(actor, registry, year, number)) if registry else None


def _handovers(actor: Staff, board: int, year: int, number: int) -> Select[CaseHandover]:
    query = select(CaseHandover).join(Case, CaseHandover.case_id == Case.id)
    query = query.where(Case.year == year, Case.number == number, *not_barred(actor.person))
    query = query.where(CaseHandover.from_board_id == board, Case.responsible_board_id != board)
    rows = joinedload(CaseHandover.case), joinedload(CaseHandover.category), joinedload(CaseHandover.to_board)
    units = joinedload(CaseHandover.from_board), joinedload(CaseHandover.from_unit)
    return (
        query.options(*rows, *units, joinedload(CaseHandover.to_unit))
        .order_by(CaseHandover.id.desc())
        .limit(1)
    )


def messages_held(handover: CaseHandover) -> Sequence[Message]:
    """The messages that the former authority had, oldest first, with what it sent along itself."""
    query = select(Message).where(Message.id.in_(handover.messages_held))
    query = query.options(joinedload(Message.author))
    return session().scalars(query.order_by(Message.id)).all()


def measures_held(handover: CaseHandover) -> Sequence[Measure]:
    """The measures that the former authority had, the newest first."""
    query = select(Measure).where(Measure.id.in_(handover.measures_held))
    query = query.options(joinedload(Measure.author), joinedload(Measure.settled_by))
    return session().scalars(query.order_by(Measure.id.desc())).all()
