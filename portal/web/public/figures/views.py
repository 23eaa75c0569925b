"""The public statistics: how the promise was kept, never about fewer than five cases."""

from hashlib import sha256

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.statistics.published import queries as published
from portal.web.public import public
from portal.web.public.figures import open_data, page
from portal.web.public.figures.period import BadChoice, choice

HOUR = 3600


@public.get("/statistik")
def statistics_page() -> ResponseReturnValue:
    # The figures are of everybody, and were made by the portal itself: no reader's access applies.
    extent = published.extent()
    try:
        chosen = choice(request.args, extent)
    except BadChoice as problem:
        return render_template("public/figures.html", **page.empty(extent, problem)), problem.status
    if chosen.board:
        shown = page.of_board(extent, chosen)
    elif extent is None:
        shown = page.empty(None)
    else:
        shown = page.whole(extent, chosen)
    return render_template("public/figures.html", **shown)


@public.get("/statistik.csv")
def statistics_csv() -> ResponseReturnValue:
    return _data(open_data.as_csv(), "text/csv")


@public.get("/statistik.json")
def statistics_json() -> ResponseReturnValue:
    return _data(open_data.as_json(), "application/json")


def _data(text: str, mimetype: str) -> ResponseReturnValue:
    answer = make_response(text)
    answer.mimetype = mimetype
    answer.cache_control.public = True
    answer.cache_control.max_age = HOUR
    # Open data is read by programs on other sites too.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.set_etag(sha256(text.encode()).hexdigest()[:32])
    return answer.make_conditional(request)
