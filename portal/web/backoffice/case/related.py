"""Colleagues with the case open, and other cases, as the page of a case lists them."""

from collections.abc import Sequence, Set
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from flask import url_for

from portal.audit.company import Colleague
from portal.audit.dossier import Dossier
from portal.cases.authority.related import related_cases
from portal.cases.enums import Kind
from portal.cases.groups import merging
from portal.cases.improvements import queries as improvements
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.queries import is_overdue
from portal.cases.improvements.rules import OPEN
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.search import similar as resembling
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web.backoffice import measures
from portal.web.backoffice.case.facts import due_line
from portal.web.backoffice.improvements.labels import OVERDUE, STATES
from portal.web.support import case_presenter
from portal.words import dates
from portal.words.labels import RELATION, RESEMBLANCE, Tag

MAX_COLLEAGUES = 5


class RelatedCase(NamedTuple):
    """A related case; `removable` if the relation was made by hand. `due` is the day that presses it."""

    how: str
    number: str
    href: str
    subject: str
    removable: bool
    due: str


class SimilarCase(NamedTuple):
    """A case of the same sender, or with similar text.

    `same`: this case may wait for its answer. `relatable`: the two may be related.
    """

    how: str
    number: str
    href: str
    subject: str
    status: Tag
    same: bool
    relatable: bool


class CaseImprovement(NamedTuple):
    """An improvement that the case leads to; `removable` as long as no sender has been informed of it."""

    id: int
    title: str
    href: str
    state: Tag
    unit: str
    due: str
    removable: bool


def improvement(row: Improvement) -> CaseImprovement:
    """An improvement as the page of a case lists it."""
    state = OVERDUE if is_overdue(row) else STATES[row.state]
    href = url_for("backoffice.improvement", improvement_id=row.id)
    due = dates.full_date(row.due_on)
    return CaseImprovement(row.id, row.title, href, state, row.unit.name, due, row.state in OPEN)


def suggestion_href(dossier: Dossier, allowed: Set[str]) -> str:
    """The address that makes an improvement of a suggestion; empty for other cases, or if not allowed."""
    if dossier.case.kind is not Kind.SUGGESTION or Action.LINK_IMPROVEMENT not in allowed:
        return ""
    number = dossier.case.reference
    return measures.make_href(number) if improvements.editable_units(dossier.actor) else ""


def company(colleagues: Sequence[Colleague]) -> list[str]:
    """A sentence for each colleague with the case or a draft open; five of each at most, the latest first."""
    active = []
    writing = []
    for colleague in colleagues:
        if last := _last_active(colleague):
            active.append((last, _sentence(colleague)))
        if colleague.draft_at:
            text = _("%(name)s har ett påbörjat svar.", name=colleague.name)
            writing.append((colleague.draft_at, text))
    return [*_latest(active), *_latest(writing)]


def _latest(sentences: list[tuple[datetime, str]]) -> list[str]:
    newest_first = sorted(sentences, key=itemgetter(0), reverse=True)
    return [text for _moment, text in newest_first[:MAX_COLLEAGUES]]


def _last_active(colleague: Colleague) -> datetime | None:
    return max(filter(None, (colleague.opened_at, colleague.changed_at)), default=None)


def _sentence(colleague: Colleague) -> str:
    # The past tense where it is known: they may have left, and the case is not locked.
    name = colleague.name
    opened = colleague.opened_at
    changed = colleague.changed_at
    if changed is None:
        return _("%(name)s har ärendet öppet sedan %(when)s.", name=name, when=_at(opened))
    if opened is None or opened <= changed or _at(opened) == _at(changed):
        return _("%(name)s ändrade ärendet %(when)s.", name=name, when=_at(changed))
    words = _("%(name)s ändrade ärendet %(changed)s och öppnade det senast %(when)s.")
    return words % {"name": name, "changed": _at(changed), "when": _at(opened)}


def _at(moment: datetime | None) -> str:
    return dates.clock_time(moment) if moment else ""


def related(cases: Sequence[tuple[str, Case]]) -> list[RelatedCase]:
    """The related cases as rows, each with the kind of relation."""
    rows = []
    for relation, case in cases:
        # Splits and mergers are part of the history of a case, and cannot be removed.
        removable = relation == "related"
        rows.append(
            RelatedCase(
                str(RELATION[relation]),
                *_link(case),
                case_presenter.internal_subject(case),
                removable,
                due_line(case),
            )
        )
    return rows


def similar(actor: Staff, case: Case) -> list[SimilarCase]:
    """Other cases of the same sender, then those with similar text; each once, without the related ones."""
    shown = {case.id}
    for _relation, other in related_cases(actor, case):
        shown.add(other.id)
    candidates = {
        "same_sender": resembling.same_sender(actor, case),
        "alike": resembling.similar_cases(actor, case),
    }
    others = []
    for resemblance, cases in candidates.items():
        for other in cases:
            if other.id not in shown:
                shown.add(other.id)
                others.append((resemblance, other))
    return _similar_rows(actor, case, others)


def _similar_rows(actor: Staff, case: Case, others: Sequence[tuple[str, Case]]) -> list[SimilarCase]:
    actions = allowed_actions(actor, case) if others else frozenset()
    cases = [other for _resemblance, other in others]
    mergeable = merging.mergeable(case, cases) if Action.MERGE in actions else frozenset()
    rows = []
    for resemblance, other in others:
        rows.append(
            SimilarCase(
                str(RESEMBLANCE[resemblance]),
                *_link(other),
                case_presenter.internal_subject(other),
                case_presenter.staff_head(other).status,
                other.id in mergeable,
                Action.RELATE in actions,
            )
        )
    return rows


def _link(case: Case) -> tuple[str, str]:
    number = case.reference
    return number, url_for("backoffice.case", number=number)
