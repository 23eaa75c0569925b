"""Commands on where a case belongs: its unit, its contact person, and other cases."""

from dataclasses import dataclass

from portal import clock
from portal.cases import clocks
from portal.cases.actions import bars, secrecy, subjects
from portal.cases.actions.bars import require_handler
from portal.cases.authority import handovers, rules
from portal.cases.authority.assignees import release_assignees
from portal.cases.authority.placement import place
from portal.cases.authority.rules import Authority, Crossing
from portal.cases.enums import Direction, HandoverGround, LegalMatter
from portal.cases.events.handovers import CaseHandedToAuthority
from portal.cases.groups.merging import dissolve
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.transitions import (
    Step,
    add_message,
    known_to_sender,
    require_allowed,
    require_assignable,
    transition,
)
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.identity.queries import Member
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit


class AlreadyThere(Exception):
    """The case is at the chosen unit, with the chosen topic, already."""


@dataclass(frozen=True)
class Destination:
    """Where a case goes: its topic and units from then on, and what it crosses."""

    category: Category | None
    responsible: Unit
    handling: Unit
    crossing: Crossing

    def is_where(self, case: Case) -> bool:
        """Whether the case is there already."""
        topic = self.category.id if self.category else None
        here = case.category_id, case.responsible_unit_id, case.handling_unit_id
        return (topic, self.responsible.id, self.handling.id) == here

    @property
    def is_closed(self) -> bool:
        """Whether the profile has closed the topic or a unit."""
        return bool(
            self.responsible.closed_at
            or self.handling.closed_at
            or (self.category and self.category.closed_at and self.crossing is not Crossing.WITHIN)
        )


def hand_over(
    actor: Staff,
    case: Case,
    to: Category | Unit,
    ground: HandoverGround | None = None,
    provision: str | None = None,
    note: str = "",
    version: int | None = None,
) -> None:
    """Hand a case over to another unit, or to the units of another topic.

    To another authority it goes on a ground, with `provision` as the key of one in the profile. `note` is for
    those who receive it. Raises AlreadyThere, WrongGround, NobodyLeft.
    """
    way = destination(case, to)
    if way.is_where(case):
        # A case that has changed since it was read was handed over by the first of two clicks.
        if version == case.version:
            require_allowed(actor, case, Action.HAND_OVER)
            raise AlreadyThere
        return
    with transition(actor, case, Action.HAND_OVER, version) as step:
        if way.is_closed:
            raise NotAllowed(Action.HAND_OVER, case.status, allowed_actions(actor, case))
        step.details(unit=way.handling.id, before=case.handling_unit_id)
        if way.crossing is Crossing.TO_AUTHORITY:
            _note_passed_on(case)
            _to_authority(actor, case, way, ground, provision, note, step)
        else:
            _write_note(actor, case, note, step)
        place(case, way.category, way.responsible, way.handling)
        release_assignees(case, everybody=way.crossing is Crossing.TO_AUTHORITY)
        session().flush()
        require_handler(case)
    # The cases that wait for its answer stay with their authority, which answers them. So do those that would
    # get the answer of a case with secrecy.
    if way.crossing is Crossing.TO_AUTHORITY or case.secrecy:
        dissolve(actor, case)


def destination(case: Case, to: Category | Unit) -> Destination:
    """The topic, the responsible and the handling unit of a case that is handed over."""
    if isinstance(to, Category):
        topic = session().get_one(Category, to.id)
        responsible = topic.responsible_unit
        return Destination(topic, responsible, topic.handling_unit, _crossing(case, responsible))
    unit = session().get_one(Unit, to.id)
    if handovers.is_agreed(case.category, unit) and _is_answering(case):
        crossing = rules.crossing(handovers.authority_of(case), _authority(unit), agreed=True)
        return Destination(case.category, case.responsible_unit, unit, crossing)
    crossing = _crossing(case, unit)
    keeps_topic = crossing is Crossing.WITHIN or _is_topic_of(case.category, unit)
    return Destination(case.category if keeps_topic else None, unit, unit, crossing)


def _crossing(case: Case, responsible: Unit) -> Crossing:
    return rules.crossing(handovers.authority_of(case), _authority(responsible))


def _authority(unit: Unit) -> Authority:
    return Authority(unit.board_id, unit.branch)


def _is_answering(case: Case) -> bool:
    """Whether the authority of the case's topic answers for the case."""
    if case.category is None:
        return False
    return _authority(case.category.responsible_unit) == handovers.authority_of(case)


def _is_topic_of(category: Category | None, unit: Unit) -> bool:
    return category is not None and category.responsible_unit_id == unit.id


def _to_authority(
    actor: Staff,
    case: Case,
    way: Destination,
    ground: HandoverGround | None,
    provision: str | None,
    note: str,
    step: Step,
) -> None:
    chosen = handovers.require_ground(case, ground, provision)
    handover = handovers.add_handover(case, way.responsible, chosen)
    if written := _write_note(actor, case, note, step):
        # The former authority wrote it, and has it as well.
        handover.messages_held = [*handover.messages_held, written]
    step.publishes(CaseHandedToAuthority)
    step.details(board=way.responsible.board_id, ground=chosen.kind, handover=handover.id)


def _note_passed_on(case: Case) -> None:
    """Of a matter that must be received: the board that it is for has it now, with its day of arrival."""
    if case.legal_matter or case.record_request:
        case.matter_passed_on = clock.today()


def _write_note(actor: Staff, case: Case, note: str, step: Step) -> int | None:
    """Add the note for those who receive the case, and return its id; None if it is empty."""
    if not note.strip():
        return None
    message = add_message(actor, case, Direction.INTERNAL, note)
    session().flush()
    step.details(message=message.id)
    return message.id


def name_contact(actor: Staff, case: Case, officer: Membership | Member, version: int | None = None) -> None:
    """Name the sender's contact person, who must be able to have the case."""
    if case.contact_id == officer.id:
        return
    with transition(actor, case, Action.NAME_CONTACT, version) as step:
        require_assignable(actor, case, Action.NAME_CONTACT, officer)
        before = known_to_sender(case)
        case.contact_id = officer.id
        step.details(officer=officer.id, new_to_sender=officer.id != before)


def flag_record(actor: Staff, case: Case, record: bool, version: int | None = None) -> None:
    """Set whether the case requests a public record, which is given promptly: never ten days (TF 2:15)."""
    if case.record_request == record:
        return
    with transition(actor, case, Action.FLAG_RECORD, version) as step:
        case.record_request = record
        clocks.count(case)
        step.details(record=record)


def flag_matter(
    actor: Staff,
    case: Case,
    matter: LegalMatter | None,
    officer: Membership | Member | None = None,
    subject: str = "",
    version: int | None = None,
) -> None:
    """Mark a case as a matter that must be received, or remove the mark.

    A whistleblower's report is kept from `officer`, a colleague whom it concerns, gets secrecy, a `subject`
    for the register, and goes to the unit of the profile that receives them. Raises NobodyLeft.
    """
    if case.legal_matter is matter:
        return
    require_allowed(actor, case, Action.FLAG_MATTER, version)
    if officer:
        # First, so that no listener notifies a colleague whom the case concerns.
        bars.mark_concerned(actor, case, officer)
    with transition(actor, case, Action.FLAG_MATTER) as step:
        case.legal_matter = matter
        case.matter_passed_on = None
        step.details(matter=matter)
    if matter is LegalMatter.WHISTLEBLOWING:
        _guard_report(actor, case, subject)


def _guard_report(actor: Staff, case: Case, subject: str) -> None:
    """Give a whistleblower's report its secrecy (OSL 32:3 b), and hand it over to those who receive them."""
    profile = organisation.profile()
    reports = profile.whistleblowing
    if reports is None:
        return
    # The actor may lose sight of it, which is the purpose: no confirmation is asked for.
    secrecy.mark_secrecy(actor, case, reports.secrecy_provision, subject, confirmed=True)
    if Action.HIDE_SENDER in allowed_actions(actor, case):
        subjects.hide_sender(actor, case)
    unit = organisation.unit(reports.unit) if reports.unit else None
    if unit is None or unit.id == case.handling_unit_id:
        return
    crosses = destination(case, unit).crossing is Crossing.TO_AUTHORITY
    ground = HandoverGround.PROVISION if crosses else None
    hand_over(actor, case, unit, ground, reports.disclosure_provision if crosses else None)
    case.matter_passed_on = clock.today()
