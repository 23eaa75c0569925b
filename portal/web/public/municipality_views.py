"""Pages built from the municipality's profile: its routines and its theme."""

from collections.abc import Mapping

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.database.errors import DatabaseUnavailable
from portal.organisation import colours
from portal.organisation import queries as organisation
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
