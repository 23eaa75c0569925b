"""One blueprint, one guard. A blueprint that nobody classified stops the start."""

from collections.abc import Callable

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.cases.access import READERS
from portal.identity.oidc import providers
from portal.web import current
from portal.web.forms import Posted, many_lines, sent

Guard = Callable[[], ResponseReturnValue | None]


def everyone() -> ResponseReturnValue | None:
    """No condition."""
    return None


def code_holder() -> ResponseReturnValue | None:
    """A case has been opened by its code in this browser, not more than 30 minutes ago."""
    if current.code_holder():
        return None
    shut = url_for("public.follow_start", stangt=1)
    return _written(shut, _("Öppna ärendet igen")) or redirect(shut, 303)


def staff() -> ResponseReturnValue | None:
    """Signed in at the staff's provider, with a role that reads cases. A stranger is sent to sign in."""
    who = current.staff()
    if who is None:
        return _to_sign_in(providers.STAFF, _staff_page())
    return None if who.role in READERS else _no_membership()


def signed_in() -> ResponseReturnValue | None:
    """Signed in, whoever one is. A stranger is asked as whom to sign in."""
    if current.user():
        return None
    back = request.full_path.rstrip("?") if request.method == "GET" else url_for("sessions.mine")
    return redirect(url_for("sign_in.choose", nasta=back), 303)


def citizen() -> ResponseReturnValue | None:
    """Signed in at the citizens' provider. A stranger is sent to sign in."""
    return None if current.citizen() else _to_sign_in(providers.CITIZENS, url_for("mina_sidor.overview"))


def _staff_page() -> str:
    """Where staff go on when what they posted is lost on the way: the case, or the queue."""
    number = (request.view_args or {}).get("number")
    return url_for("backoffice.case", number=number) if number else url_for("backoffice.queue")


def _to_sign_in(audience: str, otherwise: str) -> ResponseReturnValue:
    back = request.full_path.rstrip("?") if request.method == "GET" else otherwise
    start = door(audience, back)
    return _written(start, _("Logga in igen")) or redirect(start, 303)


def door(audience: str, back: str) -> str:
    """The one provider of theirs, or the choice between several."""
    ways = providers.of(audience)
    if len(ways) == 1:
        return url_for("sign_in.start", provider=ways[0].name, nasta=back)
    return url_for("sign_in.choose", nasta=back)


def _written(onward: str, label: str) -> ResponseReturnValue | None:
    """Whoever wrote for longer than the page was open gets the text back, unless another site sent it."""
    text = many_lines(request.form.get("body"))
    if not text or not sent(Posted()):
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
    """Put each blueprint's guard before its views. Raises KeyError for one without."""
    guards = {name: GUARDS[name] for name in app.blueprints}

    @app.before_request
    def _guard() -> ResponseReturnValue | None:
        guard = guards.get(request.blueprint or "")
        return guard() if guard else None
