"""What stands around a case on its page: colleagues who are there too, and other cases."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.audit.company import Colleague, recent_colleagues
from portal.cases import queries
from portal.cases.answers.drafts import others_writing
from portal.cases.models import Case
from portal.cases.search import queries as search
from portal.identity.actors import Staff
from portal.web.support import case_presenter
from portal.words import dates
from portal.words.labels import RELATION, RESEMBLANCE


def company(actor: Staff, case: Case) -> list[str]:
    """Who else is here or has begun an answer, a sentence each."""
    writing = [_("%(name)s har ett påbörjat svar.", name=each) for each in others_writing(actor, case)]
    return [*(here(each) for each in recent_colleagues(actor, case)), *writing]


def here(colleague: Colleague) -> str:
    """Who else is here, said calmly: they may have left, and nothing is locked."""
    name, opened, changed = colleague
    if changed is None:
        return _("%(name)s har ärendet öppet sedan %(when)s.", name=name, when=_at(opened))
    if opened is None or opened <= changed or _at(opened) == _at(changed):
        return _("%(name)s ändrade ärendet %(when)s.", name=name, when=_at(changed))
    words = _("%(name)s ändrade ärendet %(changed)s och öppnade det senast %(when)s.")
    return words % {"name": name, "changed": _at(changed), "when": _at(opened)}


def _at(moment: datetime | None) -> str:
    return dates.clock_time(moment) if moment else ""


def similar_rows(actor: Staff, case: Case, beside: Collection[str]) -> list[dict[str, Any]]:
    """Other cases of the same sender, and cases with the same words; none stands twice, nor beside them."""
    found = [("same_sender", each) for each in search.same_sender(actor, case)]
    found += [("alike", each) for each in search.similar_cases(actor, case)]
    rows: dict[str, dict[str, Any]] = {}
    for how, each in found:
        row = _resembling(how, each)
        rows.setdefault(row["number"], row)
    return [row for number, row in rows.items() if number not in beside]


def _resembling(how: str, case: Case) -> dict[str, Any]:
    head = case_presenter.head(case, case.internal_subject)
    return {
        "how": RESEMBLANCE[how],
        "number": head.number,
        "href": url_for("backoffice.case", number=head.number),
        "subject": head.subject,
        "status": head.status,
    }


def related_rows(actor: Staff, case: Case) -> list[dict[str, Any]]:
    """The cases that belong with this one, those that the actor may see."""
    found = queries.related_cases(actor, case)
    heads = [(how, case_presenter.head(each, each.internal_subject)) for how, each in found]
    return [
        {
            "how": RELATION[how],
            "number": head.number,
            "href": url_for("backoffice.case", number=head.number),
            "subject": head.subject,
            "removable": how == "related",
        }
        for how, head in heads
    ]
