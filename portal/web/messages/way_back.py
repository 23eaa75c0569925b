"""How the reader of the survey says that they are not satisfied."""

from dataclasses import dataclass

from flask import url_for

from portal.cases import queries
from portal.cases.intake.code_access import opens_by_code
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.identity.actors import CodeHolder
from portal.surveys.rules import Helped
from portal.translation import gettext as _
from portal.web import current, open_cases


@dataclass(frozen=True)
class WayBack:
    """The address of the case, where its sender says that they are not satisfied.

    With `body` it is a form of the case, which one press sends; without it the case has to be opened first.
    `is_from_survey`: the body is the free text of the survey, which no one could join to the case before.
    """

    href: str
    body: str = ""
    is_from_survey: bool = False


def way_back(case: Case, helped: Helped, comment: str) -> WayBack | None:
    """How the sender of a case reopens it; None if they were helped, or if it is not closed any more."""
    if helped is Helped.YES or case.status in OPEN or case.reader_contested_at:
        return None
    body = comment or _("Jag fick inte svar på det jag undrade.")
    handle = open_cases.handle_of(CodeHolder(case.id))
    if handle:
        return WayBack(url_for("follow.reply", handle=handle), body, bool(comment))
    citizen = current.citizen()
    if citizen and queries.case_by_id(citizen, case.id):
        return WayBack(url_for("mina_sidor.reply", number=case.reference), body, bool(comment))
    if opens_by_code(case):
        return WayBack(url_for("public.follow_start", _anchor=case.reference))
    return WayBack(url_for("mina_sidor.case", number=case.reference))
