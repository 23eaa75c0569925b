"""What every template knows: the municipality, who is signed in, the way around."""

from types import SimpleNamespace
from typing import Any

from flask import Flask, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from portal import db
from portal.config import Settings
from portal.identity import sessions
from portal.identity.oidc import providers
from portal.organisation import queries as organisation
from portal.web import current, languages
from portal.words import dates
from portal.words.profile_texts import profile_markup


def install(app: Flask, settings: Settings) -> None:
    """Add them to each template's context."""

    # A macro sees globals alone, and some of them draw forms.
    app.jinja_env.globals["csrf_token"] = generate_csrf
    app.jinja_env.filters["profile_markup"] = profile_markup

    @app.context_processor
    def _always() -> dict[str, Any]:
        who = _user()
        name = who.name if who else None
        return {"site": _site(settings), "who": name, "session_ends": _ends(who), "nav": _nav(who)}


def _site(settings: Settings) -> SimpleNamespace:
    profile = organisation.profile()
    return SimpleNamespace(
        service=profile.service,
        short=profile.short,
        full=profile.full,
        about=profile.about,
        phone=profile.phone,
        phone_href=f"tel:{profile.phone_e164}",
        language=str(get_locale()),
        languages=languages.others(),
        here=request.full_path.rstrip("?") if request.method == "GET" else "/",
        theme=profile.theme,
        development=settings.development,
    )


def _user() -> Any:
    """Errors are drawn even when the database is away: then nobody is signed in."""
    try:
        return current.user()
    except db.DatabaseUnavailable:
        return None


def _ends(who: Any) -> SimpleNamespace | None:
    """When the session ends, for the warning."""
    if who is None:
        return None
    ends = sessions.ends(who.created_at, who.closes_at)
    return SimpleNamespace(soon=ends.soon, latest=dates.clock_time(ends.latest))


def _nav(who: Any) -> list[tuple[str, str, bool]]:
    """The ways around: for staff when inside the back office, for the public elsewhere."""
    inside = request.path.startswith("/handlaggning/")
    places = _staff() if inside else _public(who)
    addressed = [(label, url_for(endpoint)) for endpoint, label in places]
    # Of two places where one lies below the other, the inner one is where one is.
    here = max((href for _label, href in addressed if _is_here(href)), key=len, default="")
    return [(label, href, href == here) for label, href in addressed]


def _staff() -> list[tuple[str, str]]:
    return [("backoffice.queue", _("Ärenden")), ("backoffice.measures", _("Åtgärder"))]


def _public(who: Any) -> list[tuple[str, str]]:
    places = [("public.start", _("Start")), ("public.follow_start", _("Följ ärende"))]
    if who is None:
        return places
    own = {
        providers.STAFF: ("backoffice.queue", _("Handläggning")),
        providers.CITIZENS: ("mina_sidor.overview", _("Mina sidor")),
    }
    audience = providers.STAFF if who.emergency else who.audience
    return [*places, own[audience]] if audience else places


def _is_here(href: str) -> bool:
    return request.path == href or (href != "/" and request.path.startswith(href))
