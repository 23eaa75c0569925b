"""Who else gets an answer, beside its form: the cases that wait for it, and those to be answered apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import get_template_attribute, url_for
from markupsafe import Markup

from portal.audit.dossier import Dossier
from portal.cases.authority.groups import is_member
from portal.cases.clocks import UNDATED
from portal.cases.groups.answers import recipients
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web.support import case_presenter
from portal.words import dates
from portal.words.labels import APART


class MemberRow(NamedTuple):
    """A case that waits for the answer; `why` it must be answered apart, or empty."""

    number: str
    href: str
    subject: str
    why: str


@dataclass(frozen=True)
class GroupPanel:
    """The recipients of an answer."""

    heading: str
    due: str
    together: Sequence[MemberRow]
    apart: Sequence[MemberRow]


def panel(actor: Staff, case: Case) -> GroupPanel | None:
    """The panel of a case that others wait for; None if none does."""
    # The date is kept on the case, so that the page of any other costs no query.
    if case.group_due is None:
        return None
    together: list[MemberRow] = []
    apart: list[MemberRow] = []
    for member in recipients(actor, case):
        why = _("%(why)s. Svara särskilt.", why=APART[member.apart]) if member.apart else ""
        (apart if member.apart else together).append(_row(member.case, why))
    count = len(together) + 1
    heading = ngettext("Svaret går till %(num)s person", "Svaret går till %(num)s personer", count)
    return GroupPanel(heading, _due(case), together, apart)


def _row(case: Case, why: str) -> MemberRow:
    href = url_for("backoffice.case", number=case.reference, _anchor="svara")
    return MemberRow(case.reference, href, case_presenter.internal_subject(case), why)


def _due(case: Case) -> str:
    if case.group_due in (None, UNDATED):
        return ""
    return _("Det första svaret i gruppen är lovat senast %(due)s.", due=dates.weekday_date(case.group_due))


def draw(dossier: Dossier) -> Markup:
    """The panel as HTML, or for a case that waits for another what an answer here does; else empty."""
    view = panel(dossier.actor, dossier.case)
    if view is not None:
        html: Markup = get_template_attribute("backoffice/_group.html", "group")(view)
        return html
    if is_member(dossier.case):
        alone: Markup = get_template_attribute("backoffice/_group.html", "alone")()
        return alone
    return Markup()
