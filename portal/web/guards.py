"""Access control of blueprints: one guard each. A blueprint without one stops the start."""

from collections.abc import Callable, Mapping

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.budgets import rules as budgets
from portal.cases.access import READERS
from portal.identity.actors import Role
from portal.identity.oidc import providers
from portal.translation import gettext as _
from portal.translation import gettext as _staff
from portal.web import current, kept_form, open_cases
from portal.web.forms import EmptyForm
from portal.web.support import acting_membership, notices, rate_limits, waiting_drafts
from portal.words.labels import ROLE

Guard = Callable[[], ResponseReturnValue | None]
# What all staff may open of the back office, with any role or none: the guide, and to register a case and see
# the receipt of what they registered.
REGISTRATION = frozenset(
    {
        "backoffice.register_case",
        "backoffice.case_receipt",
        "backoffice.case_receipt_print",
        "backoffice.case_receipt_done",
    }
)
OPEN_TO_STAFF = REGISTRATION | {"backoffice.guide", "backoffice.first_day"}
FIGURES = frozenset({"backoffice.figures", "backoffice.figures_csv", "backoffice.figures_xlsx"})
# Those hold no data of a case.
IMPROVEMENTS = frozenset({"backoffice.improvements", "backoffice.improvement", "backoffice.compilations"})
# Fixed ones are public records; the draft is for those who may write in it.
READ_REPORTS = frozenset(
    {
        "backoffice.board_reports",
        "backoffice.board_report",
        "backoffice.board_report_print",
        "backoffice.board_report_pdf",
        "backoffice.board_report_xlsx",
    }
)
WRITE_REPORTS = frozenset(
    {
        "backoffice.new_board_report",
        "backoffice.board_report_comments",
        "backoffice.count_board_report",
        "backoffice.delete_board_report",
    }
)
# What the roles that read no case may open besides.
ENDPOINTS_OF_ROLE: Mapping[Role | None, frozenset[str]] = {
    Role.ADMINISTRATOR: frozenset({"backoffice.outbox", "backoffice.message_texts"}),
    Role.PROCESS_OWNER: FIGURES
    | IMPROVEMENTS
    | READ_REPORTS
    | WRITE_REPORTS
    | {"backoffice.unit", "backoffice.routines", "backoffice.routine"},
    Role.ANALYST: FIGURES | IMPROVEMENTS | READ_REPORTS | {"backoffice.unit"},
    Role.ELECTED: FIGURES | READ_REPORTS,
}
# The first page of those for whom the queue, where a sign-in leads, is closed and who have only one page.
HOME_OF_ROLE: Mapping[Role | None, str] = {Role.ELECTED: "backoffice.figures"}


def everyone() -> ResponseReturnValue | None:
    """Let every request pass."""
    return None


def code_holder() -> ResponseReturnValue | None:
    """Require a case opened by its code in this browser within the last 30 minutes."""
    handle = (request.view_args or {}).get("handle", "")
    # The address of the case that was opened last has no handle, and leads on to one.
    if open_cases.code_holder(handle) or (not handle and open_cases.latest()):
        return None
    start = url_for("public.follow_start")
    notices.add("follow", _closed_note(handle))
    if not _has_kept_text():
        return redirect(start, 303)
    lead = _("Ärendet är inte öppet längre, så det du skrev är inte skickat.")
    return kept_form.page(_("Det har gått en stund"), lead, 403, start, _("Öppna ärendet igen"))


def _closed_note(handle: str) -> str:
    if not open_cases.was_opened(handle):
        return _("Öppna ärendet med numret och koden.")
    return _(
        "Skriv numret och koden för att öppna ärendet. Ett öppet ärende stänger vi efter 30 minuter, "
        "så att ingen annan läser det."
    )


def staff() -> ResponseReturnValue | None:
    """Require a sign-in as staff, and a role that reads cases or may open the page without."""
    actor = current.staff()
    if actor is None:
        return _to_sign_in(providers.STAFF, _staff_page())
    # First: what was written as a reader of cases is not lost in a role that reads none.
    if page := acting_membership.check_post(actor):
        return page
    actor = current.the_staff()
    is_open = request.endpoint in _open_to(actor.role)
    return None if actor.role in READERS or is_open or _chooses_role() else _reads_no_case(actor.role)


def _chooses_role() -> bool:
    """Whether the request chooses another of the person's roles, which a role that reads no case may do."""
    return request.endpoint == acting_membership.SWITCH and EmptyForm().validate_on_submit()


def signed_in() -> ResponseReturnValue | None:
    """Require any sign-in, as a citizen or as staff."""
    if current.user():
        return None
    back = request.full_path.rstrip("?") if request.method == "GET" else url_for("sessions.mine")
    return redirect(url_for("sign_in.choose", nasta=back), 303)


def citizen() -> ResponseReturnValue | None:
    """Require a sign-in as a citizen."""
    return None if current.citizen() else _to_sign_in(providers.CITIZENS, url_for("mina_sidor.overview"))


def _staff_page() -> str:
    """The page to return to after a sign-in that interrupted a POST: the case, or the queue."""
    number = (request.view_args or {}).get("number")
    return url_for("backoffice.case", number=number) if number else url_for("backoffice.queue")


def _to_sign_in(audience: str, default: str) -> ResponseReturnValue:
    # The address of a POST may have no GET to return to.
    back = request.full_path.rstrip("?") if request.method == "GET" else default
    if not _has_kept_text():
        return redirect(sign_in_url(audience, back), 303)
    start = sign_in_url(audience, _resume_path() or back)
    lead = _("Du är inte inloggad längre, så det du skrev är inte skickat. Logga in, så får du tillbaka det.")
    return kept_form.page(_("Det har gått en stund"), lead, 403, start, _("Logga in igen"))


def _has_kept_text() -> bool:
    # A text that another site posts must not be shown as the reader's own.
    is_post = request.method == "POST" and kept_form.is_own_post()
    return is_post and bool(kept_form.written(kept_form.posted()))


def _resume_path() -> str:
    """The page that gives the posted form back after the sign-in; empty if it cannot be stored."""
    # A script that saves while its writer is signed out would fill the table, and so would a flood.
    if request.accept_mimetypes.best == "application/json" or rate_limits.spend(budgets.SAVE_FORM):
        return ""
    with db.transaction():
        handle = waiting_drafts.save_post(request.path, request.endpoint or "", kept_form.posted())
    return url_for("sessions.resume", handle=handle)


def sign_in_url(audience: str, back: str) -> str:
    """The sign-in at the audience's only provider, or the page to choose between several."""
    choices = providers.for_audience(audience)
    if len(choices) == 1:
        return url_for("sign_in.start", provider=choices[0].name, nasta=back)
    return url_for("sign_in.choose", nasta=back)


def _open_to(role: Role | None) -> frozenset[str]:
    """What a role may open that reads no case."""
    own = ENDPOINTS_OF_ROLE.get(role, frozenset())
    # Who is elected is not employed: they register nothing, and the guide is not for them.
    return own if role is Role.ELECTED else own | OPEN_TO_STAFF


def _reads_no_case(role: Role | None) -> ResponseReturnValue:
    home = HOME_OF_ROLE.get(role)
    if home and request.method == "GET" and request.endpoint == "backoffice.queue":
        return redirect(url_for(home), 303)
    heading = _staff("Du kommer inte åt ärenden än")
    text = _staff("Be din chef om behörighet.")
    if role:
        heading = _staff("Din roll läser inga ärenden")
        text = _staff("Du arbetar som %(role)s. Statistiken kan du läsa.", role=str(ROLE[role]).lower())
    values = {"heading": heading, "text": text, "home": url_for(home) if home else ""}
    return render_template("backoffice/no_access.html", **values), 403


GUARDS: dict[str, Guard] = {
    "public": everyone,
    "follow": code_holder,
    "sign_in": everyone,
    "sessions": signed_in,
    "mina_sidor": citizen,
    "backoffice": staff,
    "messages": everyone,
    "operations": everyone,
    "development": everyone,
}


def install(app: Flask) -> None:
    """Run each blueprint's guard before its views. Raises KeyError for a blueprint without one."""
    guards = {name: GUARDS[name] for name in app.blueprints}

    @app.before_request
    def _guard() -> ResponseReturnValue | None:
        guard = guards.get(request.blueprint or "")
        return guard() if guard else None
