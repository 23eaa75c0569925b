"""The dossier: everything that a staff page shows of one case, read once within what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, select
from sqlalchemy.orm import joinedload

from portal.audit import read_log, trail
from portal.audit.company import Colleague, has_company, recent_colleagues
from portal.audit.trail import Entry
from portal.cases import queries
from portal.cases.access import Bar
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers.models import AnswerDraft
from portal.cases.authority.related import is_related, related_cases
from portal.cases.improvements import queries as improvement_queries
from portal.cases.improvements.models import Improvement, ImprovementCase
from portal.cases.lifecycle import Action
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Case, CaseBar, Measure, Party, Task
from portal.cases.permissions import allowed_actions
from portal.cases.queries import MessageRow
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import moment, session
from portal.identity.actors import Staff
from portal.identity.models import Membership, Person


@dataclass(frozen=True)
class Dossier:
    """One case as `actor` may see it now.

    `opened` tells whether the read log has the actor with the case open within the life of a session.
    """

    actor: Staff
    case: Case
    draft: AnswerDraft | None
    opened: bool
    messages: Sequence[MessageRow]
    trail: Sequence[Entry]
    measures: Sequence[Measure]
    improvements: Sequence[Improvement]
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
    values = {"year": year, "number": number, "membership": actor.membership, **scope_values(actor)}
    row = session().execute(_case_and_draft(kind_of(actor)), values).unique().one_or_none()
    if row is None:
        return None
    case, draft, opened, has = row[0], row[1], bool(row[2]), _Has(*row[3:])
    if not has.bars:
        queries.know_bars([case], none=True)
    return Dossier(
        actor,
        case,
        draft,
        opened,
        messages=queries.messages(actor, case),
        trail=trail.timeline(actor, case),
        measures=measure_queries.of_case(actor, case) if has.measures else [],
        improvements=improvement_queries.of_case(actor, case) if has.improvements else [],
        related=related_cases(actor, case) if has.related or _is_a_part(case) else [],
        bars=queries.bars(case),
        colleagues=recent_colleagues(actor, case) if has.colleagues else [],
        actions=allowed_actions(actor, case),
    )


class _Has(NamedTuple):
    """Which rows there may be of a case: most have none of these, and nothing asks for them then."""

    bars: bool
    measures: bool
    improvements: bool
    related: bool
    colleagues: bool


def _is_a_part(case: Case) -> bool:
    return bool(case.merged_into_id or case.split_from_id)


@cache
def _case_and_draft(kind: ScopeKind) -> Select[Case, AnswerDraft, bool, bool, bool, bool, bool, bool]:
    """The case with all that its page reads of it, the actor's draft, whether it was opened, and _Has."""
    membership: ColumnElement[int | None] = bindparam("membership", type_=Integer)
    own_draft = and_(
        AnswerDraft.case_id == Case.id,
        AnswerDraft.membership_id == membership,
        AnswerDraft.saved_at > moment(answer_drafts.TTL),
    )
    has = (
        exists().where(CaseBar.case_id == Case.id).correlate(Case),
        exists().where(Measure.case_id == Case.id).correlate(Case),
        exists().where(ImprovementCase.case_id == Case.id).correlate(Case),
        is_related(),
        has_company(membership),
    )
    return (
        select(Case, AnswerDraft, read_log.was_opened(membership), *has)
        .outerjoin(AnswerDraft, own_draft)
        .where(
            visible_to(parametrised(kind)), Case.year == bindparam("year"), Case.number == bindparam("number")
        )
        .options(
            joinedload(Case.category),
            joinedload(Case.handling_unit),
            joinedload(Case.responsible_board),
            joinedload(Case.responsible_unit),
            joinedload(Case.party).joinedload(Party.person).load_only(Person.protected),
            joinedload(Case.representation),
            joinedload(Case.location),
            joinedload(Case.officer).joinedload(Membership.person).load_only(Person.name, Person.protected),
            joinedload(Case.contact).joinedload(Membership.person).load_only(Person.name, Person.protected),
            joinedload(Case.open_tasks),
        )
    )
