"""The dossier: everything that a staff page shows of one case, read once within what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.audit import read_log, trail
from portal.audit.company import Colleague, recent_colleagues
from portal.audit.models import TrailEntry
from portal.cases import queries
from portal.cases.access import Bar
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers.models import AnswerDraft
from portal.cases.lifecycle import Action
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Case, CaseBar, Measure, Message, Party, Task
from portal.cases.permissions import allowed_actions
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Staff
from portal.identity.models import Membership


@dataclass(frozen=True)
class Dossier:
    """One case as `actor` may see it now.

    `opened` tells whether the read log has the actor with the case open within the life of a session.
    """

    actor: Staff
    case: Case
    draft: AnswerDraft | None
    opened: bool
    messages: Sequence[Message]
    trail: Sequence[TrailEntry]
    measures: Sequence[Measure]
    related: Sequence[tuple[str, Case]]
    bars: Sequence[Bar]
    colleagues: Sequence[Colleague]
    actions: frozenset[Action]

    @property
    def tasks(self) -> Sequence[Task]:
        """Open tasks, oldest first."""
        return self.case.open_tasks

    @property
    def last_sequence(self) -> int:
        """The number of the latest entry of the trail."""
        return self.trail[-1].sequence if self.trail else 0


def dossier_for(actor: Staff, year: int, number: int) -> Dossier | None:
    """The dossier of the case with this number; None if the actor may not see it."""
    query = _case_and_draft(actor).where(Case.year == year, Case.number == number)
    row = session().execute(query).unique().one_or_none()
    if row is None:
        return None
    case, draft, opened, has_bars = row
    if not has_bars:
        queries.know_bars([case], none=True)
    return _dossier(actor, case, draft, opened)


def _dossier(actor: Staff, case: Case, draft: AnswerDraft | None, opened: bool) -> Dossier:
    return Dossier(
        actor,
        case,
        draft,
        bool(opened),
        messages=queries.messages(actor, case),
        trail=trail.timeline(actor, case),
        measures=measure_queries.of_case(actor, case),
        related=queries.related_cases(actor, case),
        bars=queries.bars(case),
        colleagues=recent_colleagues(actor, case),
        actions=allowed_actions(actor, case),
    )


def _case_and_draft(actor: Staff) -> Select[Case, AnswerDraft, bool, bool]:
    """The case with all that its page reads of it, the actor's draft, whether it was opened and has bars."""
    has_bars = exists().where(CaseBar.case_id == Case.id).correlate(Case)
    own_draft = and_(
        AnswerDraft.case_id == Case.id,
        AnswerDraft.membership_id == actor.membership,
        AnswerDraft.saved_at > clock.now() - answer_drafts.TTL,
    )
    return (
        select(Case, AnswerDraft, read_log.was_opened(actor), has_bars)
        .outerjoin(AnswerDraft, own_draft)
        .where(visible_to(actor))
        .options(
            joinedload(Case.category),
            joinedload(Case.handling_unit),
            joinedload(Case.responsible_board),
            joinedload(Case.responsible_unit),
            joinedload(Case.party).joinedload(Party.person),
            joinedload(Case.representation),
            joinedload(Case.officer).joinedload(Membership.person),
            joinedload(Case.contact).joinedload(Membership.person),
            joinedload(Case.open_tasks),
        )
    )
