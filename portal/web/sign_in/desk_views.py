"""The screen of the desk: a visitor types the number that staff gave, signs in, and shows their own cases."""

from typing import Any

import structlog
from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from portal import db
from portal.cases.desk import visits
from portal.cases.desk.models import DeskVisit
from portal.cases.desk.rules import VISIT_TTL, normalise_number
from portal.config import settings
from portal.identity import commands
from portal.identity.actors import Citizen
from portal.identity.oidc import client as oidc_client
from portal.identity.oidc import providers
from portal.identity.snapshots import as_now
from portal.translation import gettext as _
from portal.web import current, guards, languages, open_cases
from portal.web.forms import EmptyForm, summary
from portal.web.sign_in import sign_in
from portal.web.sign_in.forms import DeskNumberForm
from portal.web.sign_in.views import forget_browser
from portal.web.support import notices
from portal.words import authors

log: structlog.stdlib.BoundLogger = structlog.get_logger()


@sign_in.route("/disken", methods=["GET", "POST"])
def desk() -> ResponseReturnValue:
    form = DeskNumberForm()
    if not form.validate_on_submit():
        return _number_page(form, form.note())
    if current.staff():
        form.number.errors = [_("Du är inloggad som personal. Skriv numret på besökarens skärm.")]
        return _number_page(form)
    number = normalise_number(form.number.data or "")
    token = _claimed(number) if number else None
    if token is None:
        # One message for a number that is wrong, used or too old: it must not confirm a guess.
        log.info("desk.number_refused")
        form.number.errors = [_("Numret gäller inte. Be personalen om ett nytt.")]
        return _number_page(form)
    logout_user()
    session.clear()
    session[current.DESK] = token
    return redirect(guards.sign_in_url(providers.CITIZENS, url_for("sign_in.desk_confirm")), 303)


def _claimed(number: str) -> str | None:
    """Spend the number, and sign out the person who used the screen before the visitor."""
    user = current.user()
    with db.transaction():
        token = visits.claim(number)
        if token and user:
            commands.sign_out(user.id)
        if token:
            open_cases.end_grants()
    return token


def _number_page(form: DeskNumberForm, note: str = "") -> ResponseReturnValue:
    is_switched = languages.is_switched()
    errors = [] if is_switched else form.problems() or ([("", note)] if note else [])
    saved = notices.take("screen") if request.method == "GET" else ""
    page = render_template("sign_in/desk.html", form=form, saved=saved, **summary(errors))
    return page, 422 if errors else 200


@sign_in.get("/disken/visa")
def desk_confirm() -> ResponseReturnValue:
    visit = visits.claimed_visit(session.get(current.DESK, ""))
    if visit is None:
        return _too_late()
    if current.citizen() is None:
        return redirect(guards.sign_in_url(providers.CITIZENS, url_for("sign_in.desk_confirm")), 303)
    return _confirm_page(visit, EmptyForm(formdata=None))


@sign_in.post("/disken/visa")
def desk_show() -> ResponseReturnValue:
    form = EmptyForm()
    visit = visits.claimed_visit(session.get(current.DESK, ""))
    actor = current.citizen()
    is_posted = form.validate_on_submit()
    if visit is None or actor is None:
        return _too_late() if is_posted else _number_page(DeskNumberForm(formdata=None), form.note())
    if not is_posted:
        return _confirm_page(visit, form), 422
    if "cancel" in request.form:
        return _cancelled()
    return _shown(actor, visit)


def _shown(actor: Citizen, visit: DeskVisit) -> ResponseReturnValue:
    to = _served_by(visit)
    try:
        with db.transaction():
            known = visits.identify(actor, session[current.DESK])
    except visits.OwnVisit:
        note = _("Du kan inte visa dina ärenden för dig själv. Be en kollega ta emot dig.")
        return _confirm_page(visit, EmptyForm(formdata=None), note), 422
    if known is None:
        return _too_late()
    log.info("desk.identified")
    return _done(_("Nu ser personalen dina ärenden"), to)


def _cancelled() -> ResponseReturnValue:
    with db.transaction():
        visits.cancel(session[current.DESK])
    return _done(_("Du har avbrutit"), {})


def _done(heading: str, to: dict[str, str]) -> ResponseReturnValue:
    """The last page of the visitor, who is signed out: others use the screen after them."""
    user = current.user()
    with db.transaction():
        commands.sign_out(user.id)
        open_cases.end_grants()
    log.info("sign_in.ended", provider=user.provider, by="desk")
    logout_user()
    client = oidc_client.client_for(user.provider)
    start = settings().base_url.rstrip("/") + url_for("public.start")
    onward = client.end_session_url(start) if client else None
    page = render_template("sign_in/desk_done.html", heading=heading, minutes=_minutes(), onward=onward, **to)
    return forget_browser(page)


def _too_late() -> ResponseReturnValue:
    """The visit has ended before the visitor's button: who signed in for it is signed out all the same."""
    if session.pop(current.DESK, None) and current.citizen():
        return _done(_("Numret gäller inte längre"), {"again": url_for("sign_in.desk")})
    notices.add("screen", _("Numret gäller inte längre. Be personalen om ett nytt."))
    return redirect(url_for("sign_in.desk"), 303)


def _confirm_page(visit: DeskVisit, form: EmptyForm, note: str = "") -> str:
    errors = [("", note or form.note())] if note or form.note() else []
    values: dict[str, Any] = {**_served_by(visit), **summary(errors)}
    name = current.user().name
    return render_template("sign_in/desk_confirm.html", form=form, name=name, minutes=_minutes(), **values)


def _served_by(visit: DeskVisit) -> dict[str, str]:
    """Who will see the cases, by name and place."""
    member = as_now(visit.membership_id)
    return {"clerk": authors.name(member), "unit": authors.place(member)}


def _minutes() -> int:
    return int(VISIT_TTL.total_seconds() // 60)
