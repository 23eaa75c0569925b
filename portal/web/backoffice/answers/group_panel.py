"""Who else gets an answer, beside its form: the cases that wait for it, and those to be answered apart."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import get_template_attribute, url_for
from markupsafe import Markup

from portal.audit.dossier import Dossier
from portal.cases.authority.groups import is_member
from portal.cases.clocks import UNDATED
from portal.cases.groups.answers import Recipient, recipients
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
    ticked: bool = True


@dataclass(frozen=True)
class GroupPanel:
    """The recipients of an answer, `to_choose` among or only to read."""

    heading: str
    due: str
    together: Sequence[MemberRow]
    apart: Sequence[MemberRow]
    to_choose: bool


def panel(actor: Staff, case: Case, left_out: Collection[str], to_choose: bool) -> GroupPanel | None:
    """The panel of a case that others wait for; None if none does."""
    # The date is kept on the case, so that the page of any other costs no query.
    if case.group_due is None:
        return None
    together: list[MemberRow] = []
    apart: list[MemberRow] = []
    for member in recipients(actor, case):
        row = _row(member, member.case.reference not in left_out)
        is_read_apart = not row.ticked and not to_choose
        (apart if member.apart or is_read_apart else together).append(row)
    count = sum(row.ticked for row in together) + 1
    heading = ngettext("Svaret går till %(num)s person", "Svaret går till %(num)s personer", count)
    return GroupPanel(heading, _due(case), together, apart, to_choose)


def _row(member: Recipient, ticked: bool) -> MemberRow:
    case = member.case
    href = url_for("backoffice.case", number=case.reference, _anchor="svara")
    why = "" if ticked else _("Väntar på ett eget svar.")
    if member.apart:
        why = _("%(why)s. Svara särskilt.", why=APART[member.apart])
    return MemberRow(case.reference, href, case_presenter.internal_subject(case), why, ticked)


def _due(case: Case) -> str:
    if case.group_due in (None, UNDATED):
        return ""
    return _("Det närmaste datumet i gruppen är %(due)s.", due=dates.weekday_date(case.group_due))


def draw(dossier: Dossier, left_out: Collection[str], to_choose: bool) -> Markup:
    """The panel as HTML, or for a case that waits for another what an answer here does; else empty."""
    view = panel(dossier.actor, dossier.case, left_out, to_choose)
    if view is not None:
        html: Markup = get_template_attribute("backoffice/_group.html", "group")(view)
        return html
    if is_member(dossier.case):
        alone: Markup = get_template_attribute("backoffice/_group.html", "alone")()
        return alone
    return Markup()
