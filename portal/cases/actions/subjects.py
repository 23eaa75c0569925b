"""Commands on what a case is registered as and shown as: kind, topic, level, subjects, sender's name."""

from dataclasses import dataclass, replace

from portal import clock
from portal.cases import clocks
from portal.cases.access import may_read, scope
from portal.cases.actions.bars import require_handler
from portal.cases.authority.assignees import release_assignees
from portal.cases.authority.placement import place
from portal.cases.enums import Direction, Kind
from portal.cases.events import Code
from portal.cases.groups.merging import separate
from portal.cases.lifecycle import Action
from portal.cases.locations import records
from portal.cases.locations.rules import Location
from portal.cases.models import Case
from portal.cases.queries import case_scope
from portal.cases.search.index import forget_sender, mark_changed, purge
from portal.cases.transitions import NeedsConfirmation, Step, add_message, transition
from portal.db import session
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit


class DroppedKind(Exception):
    """The profile does not receive this kind of case."""


@dataclass(frozen=True)
class Classification:
    """What a case is registered as; its topic by key."""

    kind: Kind
    topic: str | None
    level: int | None
    public_subject: str
    internal_subject: str


def classification_of(case: Case) -> Classification:
    """What the case is registered as now."""
    topic = case.category.key if case.category else None
    return Classification(case.kind, topic, case.level, case.public_subject, case.internal_subject)


def reclassify(
    actor: Staff,
    case: Case,
    classification: Classification,
    confirmed: bool = False,
    version: int | None = None,
) -> None:
    """Correct what a case is registered as; it stays at its unit. A second click changes nothing.

    No secrecy is lowered, and a topic with a default gives its secrecy. A promise that was made is kept.
    Raises DroppedKind, NobodyLeft, and NeedsConfirmation if the actor would lose the case.
    """
    to = classification
    before = classification_of(case)
    if to == before:
        return
    had_secrecy = case.secrecy
    with transition(actor, case, Action.RECLASSIFY, version) as step:
        if to.kind is not case.kind and to.kind not in organisation.profile().kinds:
            raise DroppedKind
        step.details(topic_before=case.category_id or 0)
        # Secrecy of a topic that was lifted stays lifted while the topic does.
        if to.topic != before.topic:
            _set_topic(actor, case, organisation.category(to.topic) if to.topic else None, confirmed)
        # A level that was not touched is proposed by the new topic.
        case.level = to.level if to.level != before.level else case.level
        case.kind = to.kind
        case.public_subject = to.public_subject
        case.internal_subject = to.internal_subject
        mark_changed(case)
        _detail(step, case, before)
    if case.secrecy is not had_secrecy:
        require_handler(case)
        separate(actor, case)


def other_unit(case: Case) -> Unit | None:
    """The unit that handles the topic of the case, if the case is at another."""
    topic = case.category
    if topic is None or topic.handling_unit_id in (case.handling_unit_id, case.responsible_unit_id):
        return None
    return topic.handling_unit


def _set_topic(actor: Staff, case: Case, topic: Category | None, confirmed: bool) -> None:
    secret = bool(case.secrecy) or (topic is not None and topic.secrecy_default)
    if not confirmed and not may_read(scope(actor), replace(case_scope(case), secret=secret)):
        raise NeedsConfirmation
    had_secrecy = case.secrecy
    place(case, topic, case.responsible_unit, case.handling_unit)
    if case.secrecy is not had_secrecy:
        release_assignees(case)


def _promise_answer(case: Case) -> bool:
    """Promise an answer, if praise that wanted none has become something else."""
    if case.answer_wanted or case.kind is Kind.PRAISE:
        return False
    clocks.want_answer(case, clock.now())
    return True


def _detail(step: Step, case: Case, before: Classification) -> None:
    session().flush()
    step.details(
        kind=Code(case.kind),
        kind_before=Code(before.kind),
        topic=case.category_id or 0,
        level=case.level or 0,
        level_before=before.level or 0,
        public=case.public_subject != before.public_subject,
        internal=case.internal_subject != before.internal_subject,
        promised=_promise_answer(case),
    )


def correct_subject(
    actor: Staff, case: Case, public_subject: str, internal_subject: str, version: int | None = None
) -> None:
    """Correct the public subject, which the sender and the register show, and the internal one, when closed.

    reclassify() corrects them before that.
    """
    public = public_subject != case.public_subject
    internal = internal_subject != case.internal_subject
    if not (public or internal):
        return
    with transition(actor, case, Action.CORRECT_SUBJECT, version) as step:
        case.public_subject = public_subject
        case.internal_subject = internal_subject
        mark_changed(case)
        step.details(public=public, internal=internal)


def correct_place(
    actor: Staff, case: Case, location: Location | None, body: str, version: int | None = None
) -> None:
    """Correct where a fault is; the note says what was sent. A second click changes nothing."""
    before = records.location_of(case.location) if case.location else None
    if before == location:
        return
    with transition(actor, case, Action.CORRECT_PLACE, version) as step:
        if case.location is None:
            case.location = records.new_row(Location(), case)
        records.describe(case.location, location or Location())
        step.details(message=add_message(actor, case, Direction.INTERNAL, body).id)


def hide_sender(actor: Staff, case: Case, version: int | None = None) -> None:
    """Name the sender of this case in no list, register or search. A second click changes nothing."""
    if case.hide_sender:
        return
    with transition(actor, case, Action.HIDE_SENDER, version):
        case.hide_sender = True
        # At once: the index must not hold the name any longer, should the worker be down.
        forget_sender(case)
        mark_changed(case)
        purge()


def show_sender(actor: Staff, case: Case, version: int | None = None) -> None:
    """Name the sender of this case again. A second click changes nothing."""
    if not case.hide_sender:
        return
    with transition(actor, case, Action.SHOW_SENDER, version):
        case.hide_sender = False
        mark_changed(case)
