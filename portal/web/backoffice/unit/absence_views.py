"""The absences of a member of staff and of those whom they head, and for whom they substitute today."""

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.cases.access import HANDLERS
from portal.cases.queue import conditions
from portal.cases.queue.filters import Promise
from portal.cases.queue.loads import Load, officer_loads
from portal.identity import queries as people
from portal.identity.absences import commands
from portal.identity.absences import queries as absences
from portal.identity.absences.commands import AbsenceRefused
from portal.identity.actors import Staff
from portal.identity.models import StaffAbsence
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.unit.absence_forms import UNKNOWN, AbsenceForm, span
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.support import notices
from portal.words import dates

PAGE = "absences"


@backoffice.route("/franvaro", methods=["GET", "POST"], endpoint="absences")
def absences_page() -> ResponseReturnValue:
    actor = _actor()
    form = AbsenceForm(actor)
    if not form.validate_on_submit():
        return _page(actor, form)
    try:
        with db.transaction():
            commands.register(actor, **form.values())
    except AbsenceRefused as refusal:
        form.refuse(refusal)
        return _page(actor, form)
    except LookupError:
        # Their membership ended, or was moved, a moment ago.
        return _page(actor, form, [("member", str(UNKNOWN))])
    notices.add(PAGE, _("Frånvaron är sparad."))
    return redirect(url_for("backoffice.absences"), 303)


@backoffice.post("/franvaro/<int(max=2147483647):absence>/ta-bort")
def remove_absence(absence: int) -> ResponseReturnValue:
    actor = _actor()
    if not EmptyForm().validate_on_submit():
        return _page(actor, AbsenceForm(actor, formdata=None), [("", gone_stale())])
    with db.transaction():
        removed = commands.remove(actor, absence)
    # The same for one that another has removed, and for one that is not theirs.
    notices.add(PAGE, _("Frånvaron är borttagen.") if removed else _("Frånvaron finns inte längre."))
    return redirect(url_for("backoffice.absences"), 303)


def _actor() -> Staff:
    actor = current.the_staff()
    if actor.role not in HANDLERS:
        abort(404)
    return actor


def _page(
    actor: Staff, form: AbsenceForm, errors: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    errors = errors or form.problems() or ([("", form.note())] if form.note() else [])
    members = {member.id: member.name for member in people.member_rows()}
    loads = officer_loads(actor, conditions.days())
    html = render_template(
        "backoffice/absences.html",
        form=form,
        saved="" if errors else notices.take(PAGE),
        substituted=[_away(row, members, loads) for row in absences.substituted_by(actor)],
        rows=[_row(row, members, loads) for row in _managed(actor)],
        **summary(errors),
    )
    return html, 422 if errors else 200


def _managed(actor: Staff) -> list[StaffAbsence]:
    return list(absences.absences_of([member.id for member in absences.managed_by(actor)]))


def _away(
    row: absences.AwayNow, members: Mapping[int, str], loads: Mapping[int | None, Load]
) -> dict[str, Any]:
    name = members.get(row.membership, "")
    until = dates.day_and_month(row.last, clock.today())
    text = _("%(name)s är borta till och med %(until)s.", name=name, until=until)
    return {"text": text, **_offer(row.membership, name, loads)}


def _row(row: StaffAbsence, members: Mapping[int, str], loads: Mapping[int | None, Load]) -> dict[str, Any]:
    name = members.get(row.membership_id, "")
    now = row.first_day <= clock.today()
    return {
        "name": name,
        "days": span(row.first_day, row.last_day),
        "substitute": members.get(row.substitute_id or 0) or _("Ingen"),
        "written_by": members.get(row.written_by_id) or _("Någon som har slutat"),
        "now": now,
        "remove": url_for("backoffice.remove_absence", absence=row.id),
        **(_offer(row.membership_id, name, loads) if now else {"offer": "", "offer_href": ""}),
    }


def _offer(membership: int, name: str, loads: Mapping[int | None, Load]) -> dict[str, str]:
    """The open cases of who is away that press, to be assigned by who wants to: nothing moves by itself."""
    pressing = loads.get(membership, Load()).pressing
    if not pressing:
        return {"offer": "", "offer_href": ""}
    text = ngettext(
        "Fördela %(num)s ärende som brådskar för %(name)s",
        "Fördela %(num)s ärenden som brådskar för %(name)s",
        pressing,
        name=name,
    )
    href = url_for("backoffice.assign_anew", membership=membership, lofte=Promise.PRESSING.value)
    return {"offer": text, "offer_href": href}
