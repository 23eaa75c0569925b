"""What the municipality's profile says of itself: its routines and its colours."""

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.organisation import colours
from portal.organisation import queries as organisation
from portal.web.public import public

AN_HOUR = 3600


@public.get("/rutiner")
def routines() -> ResponseReturnValue:
    """How each unit takes care of what comes in, and what has rules of its own."""
    profile = organisation.profile()
    found = [(unit, profile.routines_of(unit.key)) for unit in profile.units]
    return render_template(
        "public/routines.html",
        units=[(unit, routines) for unit, routines in found if routines or unit.phone or unit.email],
        topics=[topic for topic in profile.categories if topic.special_procedure],
        doors=profile.not_handled,
    )


@public.get("/tema.css")
def theme() -> ResponseReturnValue:
    """The municipality's colours as custom properties; without a theme there are none."""
    given = organisation.profile().theme or abort(404)
    light = _properties(colours.light(given.accent, given.mark, given.mark_text))
    dark = _properties(colours.dark(given.accent, given.mark))
    answer = make_response(f"{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n")
    answer.mimetype = "text/css"
    answer.cache_control.public, answer.cache_control.max_age = True, AN_HOUR
    answer.add_etag()
    return answer.make_conditional(request)


def _properties(values: colours.Properties) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in values.items())
    return f":root {{\n{lines}}}\n"
