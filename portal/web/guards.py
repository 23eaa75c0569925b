"""Access control of blueprints: one guard each. A blueprint without one stops the start."""

from collections.abc import Callable

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.cases.access import READERS
from portal.identity.oidc import providers
from portal.web import current
from portal.web.forms import EmptyForm, many_lines

Guard = Callable[[], ResponseReturnValue | None]


def everyone() -> ResponseReturnValue | None:
    """Let every request pass."""
    return None


def code_holder() -> ResponseReturnValue | None:
    """Require a case opened by its code in this browser within the last 30 minutes."""
    if current.code_holder():
        return None
    start = url_for("public.follow_start", stangt=1)
    return _return_text(start, _("Öppna ärendet igen")) or redirect(start, 303)


def staff() -> ResponseReturnValue | None:
    """Require a sign-in as staff and a role that reads cases."""
    actor = current.staff()
    if actor is None:
        return _to_sign_in(providers.STAFF, _staff_page())
    return None if actor.role in READERS else _no_membership()


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
    start = sign_in_url(audience, back)
    return _return_text(start, _("Logga in igen")) or redirect(start, 303)


def sign_in_url(audience: str, back: str) -> str:
    """The sign-in at the audience's only provider, or the page to choose between several."""
    choices = providers.for_audience(audience)
    if len(choices) == 1:
        return url_for("sign_in.start", provider=choices[0].name, nasta=back)
    return url_for("sign_in.choose", nasta=back)


def _return_text(onward: str, label: str) -> ResponseReturnValue | None:
    """A page with the posted text, whose session ended while it was written; None without a text."""
    text = many_lines(request.form.get("body"))
    # The CSRF token too: a text that another site posts must not be shown as the reader's own.
    if not text or not EmptyForm().validate_on_submit():
        return None
    return render_template("errors/written.html", text=text, onward=onward, label=label), 403


def _no_membership() -> ResponseReturnValue:
    heading = _("Du har ingen behörighet än")
    text = _("Du är inloggad, men ingen har gett dig tillgång till ärenden. Be din chef att ordna det.")
    return render_template("backoffice/no_access.html", heading=heading, text=text), 403


GUARDS: dict[str, Guard] = {
    "public": everyone,
    "follow": code_holder,
    "sign_in": everyone,
    "sessions": signed_in,
    "mina_sidor": citizen,
    "backoffice": staff,
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
