"""Template context of every page: the municipality, the signed-in person and the navigation."""

from types import SimpleNamespace
from typing import Any

from flask import Flask, g, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal.board_reports import rules as board_reports
from portal.cases.access import READERS
from portal.cases.desk.rules import serves_desk
from portal.config import Settings
from portal.database.errors import DatabaseUnavailable
from portal.formats import case_numbers
from portal.identity import sessions
from portal.identity.actors import Role, Staff
from portal.identity.oidc import providers
from portal.notifications.staff import notices
from portal.organisation import queries as organisation
from portal.register.rules import keeps_register
from portal.routines.rules import FOLLOWS_UP
from portal.statistics.inside.rules import reads_figures
from portal.translation import gettext as _
from portal.translation import page_language
from portal.web import current, languages
from portal.web.number_checks import keeps_number
from portal.web.support import acting_membership
from portal.words import dates
from portal.words.profile_texts import profile_markup

# Whose menu leads to the page of units.
HEADS = frozenset({Role.HEAD_OF_UNIT, Role.HEAD_OF_ADMINISTRATION})
# Officers, who read drafts alone, are led there by the page of improvements.
REPORT_READERS = board_reports.READS_ALL | board_reports.HEADS | {Role.RECORDS_OFFICER}
FIGURE_READERS = frozenset({Role.PROCESS_OWNER, Role.ANALYST})
# The link of the menu for a page whose address is not below it; empty for a page of no section.
SECTION_OF = {
    "backoffice.compilations": "backoffice.improvements",
    "backoffice.absences": "backoffice.unit",
    "backoffice.survey_comments": "backoffice.unit",
    "sessions.mine": "mina_sidor.overview",
    "backoffice.guide": "",
    "backoffice.first_day": "",
    "backoffice.keys": "",
}


def install(app: Flask, settings: Settings) -> None:
    """Register the context processor, the filter and the CSRF token."""
    # As a global, since an imported macro does not see the context.
    app.jinja_env.globals["csrf_token"] = generate_csrf
    app.jinja_env.globals["acting_as"] = acting_membership.field_value
    app.jinja_env.globals["keeps_number"] = keeps_number
    app.jinja_env.filters["profile_markup"] = profile_markup
    app.jinja_env.filters["bdi"] = bdi
    app.jinja_env.filters["known_day"] = dates.known_day
    app.jinja_env.filters["kept_together"] = case_numbers.kept_together

    @app.context_processor
    def _always() -> dict[str, Any]:
        user = _user()
        name = user.name if user else None
        return {"site": _site(settings), "who": name, "session_ends": _session_ends(user), "nav": _nav(user)}


def bdi(text: Any, language: str = "") -> Markup:
    """A text that people wrote, isolated in its own direction, with its language if one is named."""
    return _BDI_IN % (language, text) if language else _BDI % (text,)


# By % and not by format(), which takes its time: lists have one in each row.
_BDI, _BDI_IN = Markup('<bdi dir="auto">%s</bdi>'), Markup('<bdi dir="auto" lang="%s">%s</bdi>')


def _site(settings: Settings) -> SimpleNamespace:
    profile = organisation.profile()
    return SimpleNamespace(
        service=profile.service,
        short=profile.short,
        full=profile.full,
        about=profile.about,
        phone=profile.phone,
        phone_href=f"tel:{profile.phone_e164}",
        language=page_language(),
        languages=languages.other_languages(),
        here=request.full_path.rstrip("?") if request.method == "GET" else url_for("public.start"),
        theme=profile.theme,
        development=settings.development,
    )


def _user() -> Any:
    try:
        return current.user()
    # Error pages are drawn without a database too, as if nothing were signed in.
    except DatabaseUnavailable:
        return None


def _session_ends(user: Any) -> SimpleNamespace | None:
    if user is None:
        return None
    ends = sessions.expiry(user.created_at, user.closes_at)
    return SimpleNamespace(soon=ends.soon, latest=dates.clock_time(ends.latest))


def _nav(user: Any) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the current page) of the links in the page header."""
    endpoints = _staff_endpoints(user) if languages.is_staff_path() else _public_endpoints(user)
    links = {endpoint: (label, url_for(endpoint)) for endpoint, label in endpoints}
    above = [endpoint for endpoint, (_label, href) in links.items() if _is_below(href)]
    # Of two links where one is a prefix of the other, the longer one is the current page.
    nearest = max(above, key=lambda endpoint: len(links[endpoint][1]), default="")
    section = SECTION_OF.get(request.endpoint or "", nearest)
    return [(label, href, endpoint == section) for endpoint, (label, href) in links.items()]


def _staff_endpoints(user: Any) -> list[tuple[str, str]]:
    endpoints = [
        ("backoffice.queue", _("Ärenden")),
        ("backoffice.measures", _("Åtgärder")),
        ("backoffice.improvements", _("Förbättringar")),
    ]
    actor = current.staff() if user else None
    if actor and actor.role not in READERS:
        endpoints = _of_other_roles(actor)
    elif actor:
        endpoints.insert(1, ("backoffice.notices", _news(actor)))
    if actor and actor.role in HEADS:
        endpoints.append(("backoffice.unit", _("Enheten") if actor.unit else _("Enheterna")))
    if actor and reads_figures(actor):
        endpoints.append(("backoffice.figures", _("Uppföljning")))
    if actor and actor.role in REPORT_READERS:
        endpoints.append(("backoffice.board_reports", _("Rapporter")))
    if actor and actor.role is not Role.ELECTED:
        endpoints.append(("backoffice.register_case", _("Registrera")))
    if actor and _serves_desk(actor):
        endpoints.append(("backoffice.desk", _("Fråga om ett ärende")))
    if actor and keeps_register(actor):
        endpoints.append(("backoffice.register", _("Register")))
    if actor and actor.role in FOLLOWS_UP:
        endpoints.append(("backoffice.routines", _("Rutiner")))
    return [*endpoints, ("public.statistics_page", _("Statistik"))]


def _serves_desk(actor: Staff) -> bool:
    """As visits.may_serve(), by the memberships that the session has read: pages ask nothing more for it."""
    active = [membership for membership in current.memberships() if membership.id == actor.membership]
    return any(serves_desk(row.role, bool(row.unit and row.unit.first_line)) for row in active)


def _of_other_roles(actor: Staff) -> list[tuple[str, str]]:
    """What a role that reads no case has instead of the queue."""
    if actor.role is Role.ADMINISTRATOR:
        return [("backoffice.outbox", _("Utskick"))]
    if actor.role not in FIGURE_READERS:
        return []
    return [("backoffice.unit", _("Enheterna")), ("backoffice.improvements", _("Förbättringar"))]


def _news(actor: Staff) -> str:
    """The label of the notices, with the number of those that are not seen."""
    known = g.get("unseen_notices")
    count = notices.count(actor) if known is None else known
    if not count:
        return _("Nytt")
    return _("Nytt (%(count)s)", count=count if count <= notices.MAX_COUNT else f"{notices.MAX_COUNT}+")


def _public_endpoints(user: Any) -> list[tuple[str, str]]:
    start, figures = ("public.start", _("Start")), ("public.statistics_page", _("Statistik"))
    if user is None:
        return [start, ("public.follow_start", _("Följ ärende")), figures]
    home = {
        providers.STAFF: ("backoffice.queue", _("Handläggning")),
        providers.CITIZENS: ("mina_sidor.overview", _("Mina sidor")),
    }
    # Emergency access has no provider, hence no audience of its own.
    audience = providers.STAFF if user.emergency else user.audience
    return [start, *([home[audience]] if audience else []), figures]


def _is_below(href: str) -> bool:
    return request.path == href or (href != "/" and request.path.startswith(href))
