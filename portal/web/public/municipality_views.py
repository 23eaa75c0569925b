"""Pages about the municipality: its routines, what it has done about what people said, and its theme."""

from collections.abc import Mapping
from typing import Any

from flask import abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.cases.improvements import queries as improvements
from portal.cases.improvements.models import Publication
from portal.cases.improvements.queries import NEWEST
from portal.database.errors import DatabaseUnavailable
from portal.organisation import colours
from portal.organisation import queries as organisation
from portal.pagination import BEGINNING, BadCursor, Place, place
from portal.routines import queries as follow_ups
from portal.routines.queries import FollowUpRow
from portal.translation import gettext as _
from portal.web.public import public
from portal.words import authors, dates

MAX_AGE = 3600


@public.get("/rutiner")
def routines() -> ResponseReturnValue:
    profile = organisation.profile()
    units = []
    for unit in profile.units:
        unit_routines = profile.routines_of(unit.key)
        if unit_routines or unit.phone or unit.email:
            units.append((unit, unit_routines))
    return render_template(
        "public/routines.html",
        units=units,
        topics=profile.special_topics(),
        doors=profile.not_handled,
        ways=profile.external_ways,
        documents=profile.documents,
        followed_up={key: _followed_up(row) for key, row in _follow_ups().items()},
    )


def _follow_ups() -> Mapping[str, FollowUpRow]:
    try:
        return follow_ups.latest()
    # All else on the page is of the profile, and can be read without a database.
    except DatabaseUnavailable:
        return {}


def _followed_up(row: FollowUpRow) -> str:
    """When a routine was last followed up, and by whom: the role and the place, without the name."""
    who = authors.role_and_place(row.author)
    return _("Följdes upp %(day)s (%(who)s).", day=dates.full_date(row.day), who=who)


@public.get("/ni-sa-vi-gjorde")
def said_and_done() -> ResponseReturnValue:
    boards = improvements.publishing_boards()
    chosen = request.args.get("namnd", "")
    ids = {key: board for board, key, _name in boards}
    position, notes = _place()
    if chosen and chosen not in ids:
        notes.append(_("Nämnden i adressen har inte publicerat något, så alla nämnder visas."))
        chosen = ""
    page = improvements.published(ids.get(chosen), position)
    query: dict[str, Any] = {"namnd": chosen or None}
    here = "public.said_and_done"
    return render_template(
        "public/said_and_done.html",
        rows=[_published(text) for text in page.rows],
        boards=[(key, name) for _board, key, name in boards],
        chosen=chosen,
        notes=notes,
        older=url_for(here, **query, efter=page.after) if page.after else "",
        newer=url_for(here, **query, fore=page.before) if page.before else "",
    )


def _place() -> tuple[Place, list[str]]:
    try:
        return place(NEWEST, request.args.get("efter"), request.args.get("fore")), []
    except BadCursor:
        return BEGINNING, [_("Platsen i listan gick inte att läsa. Här är början.")]


def _published(text: Publication) -> dict[str, Any]:
    """A public text with its board and the month in which it was first published."""
    first = clock.stockholm(text.first_published_at).date().replace(day=1)
    return {"month": dates.capital(dates.month_span(first, first)), "board": text.board.name, "text": text}


@public.get("/tema.css")
def theme() -> ResponseReturnValue:
    theme = organisation.profile().theme or abort(404)
    light = _properties(colours.light_properties(theme.accent, theme.mark, theme.mark_text))
    dark = _properties(colours.dark_properties(theme.accent, theme.mark))
    # Print uses the light colours whatever the reader's setting, hence "screen and".
    answer = make_response(f"{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n")
    answer.mimetype = "text/css"
    answer.cache_control.public = True
    answer.cache_control.max_age = MAX_AGE
    answer.add_etag()
    return answer.make_conditional(request)


def _properties(values: colours.Properties) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in values.items())
    return f":root {{\n{lines}}}\n"
