"""The list of what is new, and the choice of e-mail about it."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.access import HANDLERS
from portal.cases.improvements.models import Improvement
from portal.cases.models import Case
from portal.identity import queries as people
from portal.identity.absences.queries import substituted_by
from portal.identity.actors import Staff
from portal.notifications.staff import mail_settings, notices
from portal.notifications.staff.models import StaffNotice
from portal.notifications.staff.words import KINDS
from portal.pagination import BEGINNING, BadCursor, Place, place
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.notices.forms import NoticeMailForm
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.support import case_presenter
from portal.web.support import notices as confirmations
from portal.words import dates

PAGE, CHOICES_PAGE = "notices", "notice_choices"


@backoffice.get("/nytt", endpoint="notices")
def notices_page() -> ResponseReturnValue:
    return _list(current.the_staff())


@backoffice.post("/nytt/last")
def notices_seen() -> ResponseReturnValue:
    actor = current.the_staff()
    if not EmptyForm().validate_on_submit():
        return _list(actor, [("", gone_stale())]), 422
    with db.transaction():
        notices.mark_all_seen(actor)
    confirmations.add(PAGE, _("Allt är märkt som läst."))
    return redirect(url_for("backoffice.notices"), 303)


@backoffice.route("/nytt/val", methods=["GET", "POST"])
def notice_choices() -> ResponseReturnValue:
    actor = current.the_staff()
    chosen = mail_settings.mail_settings(actor)
    form = NoticeMailForm(
        mail_settings.address_domains(), data={"choice": chosen.choice.value, "email": chosen.address}
    )
    if not form.validate_on_submit():
        return _choices_page(form)
    with db.transaction():
        mail_settings.save_mail_settings(actor, form.settings())
    confirmations.add(CHOICES_PAGE, _("Ditt val är sparat."))
    return redirect(url_for("backoffice.notice_choices"), 303)


def _choices_page(form: NoticeMailForm) -> ResponseReturnValue:
    errors = form.problems() or ([("", form.note())] if form.note() else [])
    page = render_template(
        "backoffice/notice_choices.html",
        form=form,
        saved="" if errors else confirmations.take(CHOICES_PAGE),
        **summary(errors),
    )
    return page, 422 if errors else 200


def _list(actor: Staff, errors: list[tuple[str, str]] | None = None) -> str:
    where, notes = _place()
    notes = [*notes, *_substituted(actor)]
    page = notices.list_notices(actor, where)
    return render_template(
        "backoffice/notices.html",
        rows=[_row(notice) for notice in page.rows],
        unseen=notices.count(actor),
        may_be_absent=actor.role in HANDLERS,
        notes=notes,
        saved="" if errors else confirmations.take(PAGE),
        older=url_for("backoffice.notices", efter=page.after) if page.after else None,
        newer=url_for("backoffice.notices", fore=page.before) if page.before else None,
        **summary(errors or []),
    )


def _substituted(actor: Staff) -> list[str]:
    """For whom the actor answers today; empty for no one."""
    rows = substituted_by(actor)
    if not rows:
        return []
    names = {member.id: member.name for member in people.member_rows()}
    away = ", ".join(names.get(row.membership, "") for row in rows)
    return [_("Du ersätter %(names)s i dag. Under Frånvaro ser du vilka ärenden som brådskar.", names=away)]


def _place() -> tuple[Place, list[str]]:
    try:
        return place(notices.NEWEST, request.args.get("efter"), request.args.get("fore")), []
    except BadCursor:
        return BEGINNING, [_("Platsen i listan gick inte att läsa. Här är början.")]


def _row(notice: StaffNotice) -> dict[str, Any]:
    known = {
        "what": KINDS[notice.kind],
        "seen": notice.seen_at is not None,
        "when": dates.full_moment(notice.created_at),
    }
    return known | (_improvement(notice.improvement) if notice.improvement else _case(notice.case))


def _improvement(improvement: Improvement) -> dict[str, Any]:
    return {
        "number": improvement.title,
        "subject": "",
        "language": "",
        "unit": improvement.unit.name,
        "href": url_for("backoffice.improvement", improvement_id=improvement.id),
    }


def _case(case: Case | None) -> dict[str, Any]:
    assert case
    return {
        "number": case.reference,
        "subject": case_presenter.internal_subject(case),
        "language": case_presenter.other_language(case.language),
        "unit": case.handling_unit.name,
        "href": url_for("backoffice.case", number=case.reference),
    }
