"""One blueprint, one guard. A blueprint that nobody classified stops the start."""

from collections.abc import Callable

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.cases.access import READERS
from portal.identity import oidc
from portal.web import current

Guard = Callable[[], ResponseReturnValue | None]


def everyone() -> ResponseReturnValue | None:
    """No condition."""
    return None


def code_holder() -> ResponseReturnValue | None:
    """A case has been opened by its code in this browser, not more than 30 minutes ago."""
    return None if current.code_holder() else redirect(url_for("public.follow_start", stangt=1), 303)


def staff() -> ResponseReturnValue | None:
    """Signed in at the staff's provider, with a role that reads cases. A stranger is sent to sign in."""
    who = current.staff()
    if who is None:
        return redirect(url_for("sign_in.start", provider=oidc.STAFF, nasta=_here("backoffice.queue")), 303)
    return None if who.role in READERS else _no_membership()


def citizen() -> ResponseReturnValue | None:
    """Signed in at the citizens' provider. A stranger is sent to sign in."""
    if current.citizen():
        return None
    back = _here("mina_sidor.overview")
    return redirect(url_for("sign_in.start", provider=oidc.CITIZENS, nasta=back), 303)


def _here(otherwise: str) -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else url_for(otherwise)


def _no_membership() -> ResponseReturnValue:
    heading = _("Du har ingen behörighet än")
    text = _("Du är inloggad, men ingen har gett dig tillgång till ärenden. Be din chef att ordna det.")
    return render_template("backoffice/no_access.html", heading=heading, text=text), 403


GUARDS: dict[str, Guard] = {
    "public": everyone,
    "follow": code_holder,
    "sign_in": everyone,
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
