"""What a case page says of its surroundings: colleagues who are there too, and other cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from portal.audit.company import Colleague
from portal.cases import queries
from portal.cases.models import Case
from portal.cases.search import queries as search
from portal.identity.actors import Staff
from portal.web.support import case_presenter
from portal.words import dates
from portal.words.labels import RELATION, RESEMBLANCE, Tag

MAX_COLLEAGUES = 5


class RelatedCase(NamedTuple):
    """A case that belongs with another; `removable` where the relation was made by hand."""

    how: str
    number: str
    href: str
    subject: str
    removable: bool


class SimilarCase(NamedTuple):
    """A case of the same sender or with the same words."""

    how: str
    number: str
    href: str
    subject: str
    status: Tag


def company(colleagues: Sequence[Colleague]) -> list[str]:
    """Who else is here or has begun an answer, a sentence each; five at most of either, the latest first."""
    here = [(last, colleague) for colleague in colleagues if (last := _last_here(colleague))]
    here.sort(key=lambda pair: pair[0], reverse=True)
    writing = [(saved, colleague.name) for colleague in colleagues if (saved := colleague.draft_at)]
    writing.sort(key=lambda pair: pair[0], reverse=True)
    return [
        *(_sentence(colleague) for _last, colleague in here[:MAX_COLLEAGUES]),
        *(_("%(name)s har ett påbörjat svar.", name=name) for _saved, name in writing[:MAX_COLLEAGUES]),
    ]


def _last_here(colleague: Colleague) -> datetime | None:
    moments = [moment for moment in (colleague.opened_at, colleague.changed_at) if moment]
    return max(moments, default=None)


def _sentence(colleague: Colleague) -> str:
    """Calm words: they may have left, and nothing is locked."""
    name, opened, changed = colleague.name, colleague.opened_at, colleague.changed_at
    if changed is None:
        return _("%(name)s har ärendet öppet sedan %(when)s.", name=name, when=_at(opened))
    if opened is None or opened <= changed or _at(opened) == _at(changed):
        return _("%(name)s ändrade ärendet %(when)s.", name=name, when=_at(changed))
    words = _("%(name)s ändrade ärendet %(changed)s och öppnade det senast %(when)s.")
    return words % {"name": name, "changed": _at(changed), "when": _at(opened)}


def _at(moment: datetime | None) -> str:
    return dates.clock_time(moment) if moment else ""


def related(cases: Sequence[tuple[str, Case]]) -> list[RelatedCase]:
    """The cases that belong with one, each with how."""
    return [
        RelatedCase(str(RELATION[how]), *_link(case), case.internal_subject, removable=how == "related")
        for how, case in cases
    ]


def similar(actor: Staff, case: Case) -> list[SimilarCase]:
    """Other cases of the same sender, then those with the same words: each once, and none that is related."""
    found = [("same_sender", row) for row in search.same_sender(actor, case)]
    found += [("alike", row) for row in search.similar_cases(actor, case)]
    shown = {case.id, *(row.id for _how, row in queries.related_cases(actor, case))}
    rows = []
    for how, row in found:
        if row.id not in shown:
            shown.add(row.id)
            rows.append(_similar(how, row))
    return rows


def _similar(how: str, case: Case) -> SimilarCase:
    status = case_presenter.head(case, "").status
    return SimilarCase(str(RESEMBLANCE[how]), *_link(case), case.internal_subject, status)


def _link(case: Case) -> tuple[str, str]:
    number = case_presenter.number_of(case)
    return number, url_for("backoffice.case", number=number)
