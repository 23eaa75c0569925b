"""The public statistics: how the promise was kept, never about fewer than five cases."""

from hashlib import sha256

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.statistics.published import queries as published
from portal.web.public import public
from portal.web.public.figures import drawn_pages, open_data
from portal.web.public.figures.drawn_pages import Drawn
from portal.web.public.figures.period import BadChoice, choice

HOUR = 3600


@public.get("/statistik")
def statistics_page() -> ResponseReturnValue:
    # The figures are of everybody, and were made by the portal itself: no reader's access applies.
    edition = published.edition()
    try:
        chosen = choice(request.args, edition.extent if edition else None)
    except BadChoice as problem:
        return _page(drawn_pages.drawn_problem(edition, problem)), problem.status
    return _page(drawn_pages.drawn(edition, chosen))


def _page(drawn: Drawn) -> str:
    return render_template("public/figures.html", heading=drawn.heading, drawn=drawn.content)


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
