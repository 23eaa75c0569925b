"""Rate limits of requests: which budgets a request spends, for whom, and the page over a limit.

A signed-in person is counted as a person, everyone else by address; only strangers have a common ceiling.
"""

from datetime import timedelta

from flask import Flask, current_app, g, make_response, render_template, request
from werkzeug.wrappers import Response

from portal import clock
from portal.budgets import rules
from portal.budgets.counters import EVERYBODY, Count, Counters, Tripped
from portal.budgets.rules import Budget, Counted, Lane
from portal.budgets.senders import Share, is_internal, shares
from portal.budgets.trips import Trips
from portal.config import Settings, settings
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.web import current
from portal.web.forms import EmptyForm, many_lines
from portal.web.support.route_budgets import BUDGETS
from portal.words import dates

COUNTERS = "budget_counters"
TRIPS = "budget_trips"
# A refused attempt: a form with an error, or a token that does not hold.
REFUSED = (400, 404, 422)


def install(app: Flask, settings: Settings) -> None:
    """Count each request under its budgets, in Redis if there is one (docs/decisions/0015)."""
    app.extensions[COUNTERS] = Counters(settings.redis_url)
    app.extensions[TRIPS] = Trips()
    app.before_request(_refuse_over_limit)
    app.after_request(_count_refused)
    app.after_request(_add_retry_after)


def spend(budget: Budget, anonymous: bool = False) -> Tripped | None:
    """Count this request under a budget, or return what is used up.

    An anonymous case of a signed-in person is counted by address: no count may join the two.
    """
    if settings().limits == "off":
        return None
    return _noted(_counters().spend(_counts(budget, anonymous)))


def spend_times(budget: Budget, times: int, anonymous: bool = False) -> Tripped | None:
    """Count this request so many times under a budget, or return what is used up on the way."""
    for _time in range(times):
        tripped = spend(budget, anonymous)
        if tripped:
            return tripped
    return None


def spend_on(budget: Budget, what: str) -> Tripped | None:
    """Count this request under a budget of what it is about, by all senders; or return what is used up."""
    if settings().limits == "off":
        return None
    return _noted(_counters().spend([Count(budget, lane(), what, budget.amount)]))


def tripped_on(budget: Budget, what: str) -> Tripped | None:
    """What is used up of a budget of what the request is about, without counting the request."""
    if settings().limits == "off":
        return None
    return _noted(_counters().tripped([Count(budget, lane(), what, budget.amount)]))


def _counters() -> Counters:
    counters: Counters = current_app.extensions[COUNTERS]
    return counters


def _trips() -> Trips:
    trips: Trips = current_app.extensions[TRIPS]
    return trips


def _noted(tripped: Tripped | None) -> Tripped | None:
    if tripped:
        g.tripped = tripped
        scope = "all" if tripped.count.is_ceiling else "sender"
        _trips().report(tripped.count.budget.name, tripped.count.lane.value, scope=scope)
    return tripped


def lane() -> Lane:
    """The lane of this request."""
    # A case opened by code is followed without a name, also by a person who is signed in.
    if request.blueprint == "follow":
        return Lane.CODE_HOLDER
    if current.citizen():
        return Lane.CITIZEN
    return Lane.STAFF if current.user() else Lane.STRANGER


def _counts(budget: Budget, anonymous: bool = False) -> list[Count]:
    own_lane = lane()
    counts = []
    for share in _sender_shares(own_lane, anonymous):
        counts.append(Count(budget, own_lane, share.key, budget.amount * share.multiple))
    if budget.ceiling and own_lane is Lane.STRANGER:
        counts.append(Count(budget, own_lane, EVERYBODY, budget.ceiling))
    return counts


def _sender_shares(own_lane: Lane, anonymous: bool) -> list[Share]:
    if own_lane in (Lane.CITIZEN, Lane.STAFF) and not anonymous:
        return [Share(f"person:{current.user().person}")]
    _watch_proxy()
    return shares(request.remote_addr or "")


def _refuse_over_limit() -> Response | None:
    if settings().limits == "off":
        return None
    tripped = _tripped_post() or _tripped_route()
    return _limited_page(tripped) if tripped else None


def _tripped_post() -> Tripped | None:
    # For strangers alone: a count of a person at each post would show when they sent something anonymously.
    if request.method != "POST" or lane() not in (Lane.STRANGER, Lane.CODE_HOLDER):
        return None
    budget = _route_budget()
    return None if budget and budget.of_service else spend(rules.POST)


def _tripped_route() -> Tripped | None:
    budget = _route_budget()
    if budget is None or budget.counted is Counted.BY_VIEW:
        return None
    if budget.counted is Counted.EACH:
        return spend(budget)
    return _noted(_counters().tripped(_counts(budget)))


def _route_budget() -> Budget | None:
    method = "GET" if request.method == "HEAD" else request.method
    return BUDGETS.get((method, request.endpoint or ""))


def _count_refused(response: Response) -> Response:
    budget = _route_budget()
    if budget and budget.counted is Counted.REFUSED and response.status_code in REFUSED:
        spend(budget)
    return response


def _add_retry_after(response: Response) -> Response:
    if response.status_code == 429 and "tripped" in g:
        seconds = (g.tripped.until - clock.now()).total_seconds()
        response.headers["Retry-After"] = str(max(1, round(seconds)))
    return response


def _watch_proxy() -> None:
    if _is_one_sender(request.remote_addr or "", request.headers.get("X-Forwarded-For", "")):
        _trips().report_one_sender()


def _is_one_sender(address: str, forwarded: str) -> bool:
    """Whether the address is that of the municipality's own proxy: all behind it count as one sender."""
    if not is_internal(address):
        return False
    hops = len(forwarded.split(",")) if forwarded else 0
    # In production every request comes through a proxy, also where it says nothing of the sender.
    is_silent = hops == 0 and not settings().development
    return is_silent or hops != settings().trusted_proxies


def over_limit_message(tripped: Tripped) -> str:
    """What to do instead, beside the form with its text kept."""
    values = {"time": retry_time(tripped), "phone": organisation.profile().phone}
    if tripped.count.is_ceiling:
        return _(
            "Just nu kommer det in ovanligt mycket från personer som inte är inloggade. "
            "Det du skrev finns kvar. "
            "Välj att få svaret på Mina sidor och logga in, så tar vi emot det direkt. "
            "Du kan också ringa %(phone)s, eller skicka igen %(time)s.",
            **values,
        )
    return _(
        "Det har kommit mycket från dig på kort tid. Det du skrev finns kvar. "
        "Skicka igen %(time)s. Om det är bråttom kan du ringa %(phone)s.",
        **values,
    )


def retry_time(tripped: Tripped) -> str:
    """When the next of its kind is allowed, as a clock time."""
    # The next whole minute: a person who comes at the time that is shown is let in.
    return dates.clock_time(tripped.until + timedelta(seconds=60))


def _limited_page(tripped: Tripped) -> Response:
    page = render_template(
        "errors/limited.html",
        time=retry_time(tripped),
        lost_code=tripped.count.budget is rules.TRY_CODE,
        signed_in=tripped.count.lane in (Lane.CITIZEN, Lane.STAFF),
        text=_posted_text(),
    )
    return make_response(page, 429)


def _posted_text() -> str:
    # The form of a stranger is not even parsed here. The token, since a text that another site posts must
    # not be shown as the reader's own.
    if request.method != "POST" or lane() is Lane.STRANGER or not EmptyForm().validate_on_submit():
        return ""
    return many_lines(request.form.get("body"))
