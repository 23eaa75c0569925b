"""Budgets of senders: an address however it is written, an IPv6 network, and people who are signed in."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from flask import Flask
from structlog.testing import capture_logs

from portal import clock
from portal.budgets import rules, trips
from portal.budgets.counters import Count, Counters, Tripped
from portal.budgets.rules import Budget
from portal.identity.actors import Citizen, Staff
from portal.operations import budget_checks
from portal.web.support import rate_limits
from portal.web.support.route_budgets import BUDGETS
from tests import factories, redis_server
from tests.page import Page
from tests.running import free_port
from tests.web import steps

MakeApp = Callable[..., Flask]
NO_CODE = "2222-2222-2222-2222"
NUMBER = "KB-2026-000001"


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The application with its limits on."""
    return make_app(limits="on", oidc_staff_issuer=f"http://127.0.0.1:{free_port()}")


def sender(app: Flask, address: str) -> Page:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return Page(client)


def limit(monkeypatch: pytest.MonkeyPatch, budget: Budget, **amounts: int) -> None:
    """Lower a budget, so that it is reached sooner."""
    lower = replace(budget, **amounts)
    for name in [name for name, value in vars(rules).items() if value is budget]:
        monkeypatch.setattr(rules, name, lower)
    for route in [route for route, value in BUDGETS.items() if value is budget]:
        monkeypatch.setitem(BUDGETS, route, lower)  # type: ignore[arg-type]


def guesses(page: Page, addresses: Sequence[str]) -> list[int]:
    """The status of one wrong code from each address, in one browser."""
    fields = {"number": NUMBER, "code": NO_CODE, "csrf_token": steps.token(page)}
    statuses = []
    for address in addresses:
        page.client.environ_base["REMOTE_ADDR"] = address
        statuses.append(page.client.post("/folj", data=fields).status_code)
    return statuses


# What the unit tests of senders say of more addresses, through a whole request.
FULL = pytest.mark.full
MAPPED = ["192.0.2.1", "::ffff:192.0.2.1", "::FFFF:c000:201", "[::ffff:192.0.2.1]:443", "64:ff9b::192.0.2.1"]


@pytest.mark.parametrize(
    "addresses",
    [
        [f"2001:db8:1:2:{last:x}::1" for last in range(25)],
        pytest.param([f"[2001:db8:1:2::{last:x}]:{40000 + last}" for last in range(25)], marks=FULL),
        pytest.param([f"192.0.2.1:{40000 + last}" for last in range(25)], marks=FULL),
        MAPPED * 5,
        pytest.param([f"okänd-{last}" for last in range(25)], marks=FULL),
    ],
    ids=["one /64", "bracket and port", "port", "mapped", "garbage"],
)
def test_one_sender_has_twenty_guesses_however_the_address_is_written(
    app: Flask, addresses: list[str]
) -> None:
    assert guesses(sender(app, "198.51.100.1"), addresses) == [422] * 20 + [429] * 5


@pytest.mark.full
def test_a_wider_network_has_more_guesses_and_an_end(app: Flask) -> None:
    networks = [f"2001:db8:1:2{last // 19:02x}::1" for last in range(100)]
    assert guesses(sender(app, "198.51.100.1"), networks) == [422] * 80 + [429] * 20


def test_one_64_sends_no_more_than_one_sender(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, rules.SEND_CASE, amount=3)
    page = sender(app, "2001:db8:1:2::1")
    for last in range(3):
        page.client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{last}"
        steps.send(page)
    page.client.environ_base["REMOTE_ADDR"] = "2001:db8:1:2:ffff::1"
    page.submit(page.get(steps.COMPLAINT), "main form", changes=steps.WRITTEN, status=429)
    page.client.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    steps.send(page)
    assert steps.count("case") == 4


@pytest.fixture
def flood(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Strangers have sent as much as all of them may: the browser of one more."""
    limit(monkeypatch, rules.SEND_CASE, ceiling=2)
    for last in (1, 2):
        steps.send(sender(app, f"192.0.2.{last}"))
    return sender(app, "192.0.2.3")


def test_a_stranger_over_the_ceiling_is_shown_another_way_and_keeps_the_text(flood: Page) -> None:
    late = flood.submit(flood.get(steps.COMPLAINT), "main form", changes=steps.MAILED, status=429)
    assert "Välj att få svaret på Mina sidor och logga in, så tar vi emot det direkt." in late.text
    assert "ringa 040-628 04 00" in late.text
    assert 0 < int(late.response.headers["Retry-After"]) <= 601
    assert steps.kept(late, "body") == steps.MAILED["body"]
    onward = flood.submit(late, "main form", changes={"reply_by": "portal"})
    assert onward.location.startswith("/logga-in/medborgare")


def test_strangers_do_not_stop_people_who_are_signed_in(
    flood: Page,
    citizen_page: Callable[[Citizen], Page],
    staff_page: Callable[[Staff], Page],
) -> None:
    maria = citizen_page(factories.citizen())
    officer = staff_page(factories.member(unit=None))
    steps.send(maria, steps.ON_PORTAL)
    steps.send(maria)
    steps.send(officer)
    number = steps.number_of(steps.send(maria, steps.ON_PORTAL))
    steps.act(officer, number, "take", status=303)
    assert steps.count("case") == 6


def test_strangers_do_not_stop_those_who_hold_a_code(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = sender(app, "192.0.2.9")
    shown = steps.opened(holder)
    limit(monkeypatch, rules.SEND_CASE, ceiling=1)
    page = sender(app, "192.0.2.1")
    steps.send(page)
    page.submit(page.get(steps.COMPLAINT), "main form", changes=steps.WRITTEN, status=429)
    holder.submit(shown, "#body", changes={"body": "Mer"}, status=303)


def test_a_signed_in_person_is_counted_as_a_person(
    app: Flask, monkeypatch: pytest.MonkeyPatch, citizen_page: Callable[[Citizen], Page]
) -> None:
    limit(monkeypatch, rules.TRY_CODE, amount=3)
    assert guesses(sender(app, "192.0.2.1"), ["192.0.2.1"] * 4)[-1] == 429
    maria = citizen_page(factories.citizen())
    assert guesses(maria, [f"192.0.2.{last}" for last in range(4)]) == [422] * 3 + [429]
    yusuf = citizen_page(factories.citizen("yusuf"))
    assert guesses(yusuf, ["192.0.2.1"]) == [422]


class Recording(Counters):
    """Counters that keep what was counted."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Count] = []

    def spend(self, counts: Sequence[Count]) -> Tripped | None:
        self.seen += counts
        return super().spend(counts)


def test_no_count_ties_a_person_to_what_they_send_anonymously(
    app: Flask, citizen_page: Callable[[Citizen], Page]
) -> None:
    recording = app.extensions[rate_limits.COUNTERS] = Recording()
    maria = citizen_page(factories.citizen())
    shown = steps.opened(maria)
    maria.submit(shown, "#body", changes={"body": "Mer"}, status=303)
    assert {count.budget.name for count in recording.seen} >= {"send_case", "write_on_case"}
    assert [count.key for count in recording.seen if count.key.startswith("person:")] == []
    steps.send(maria, steps.ON_PORTAL)
    assert [count.budget for count in recording.seen if count.key.startswith("person:")] == [rules.SEND_CASE]


def test_a_stranger_has_a_number_of_posts_whatever_comes_of_them(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, rules.POST, amount=3)
    client = sender(app, "192.0.2.1").client
    assert [client.post("/lamna/klagomal", data={}).status_code for _post in range(4)] == [422] * 3 + [429]
    assert client.get("/lamna/klagomal").status_code == 200
    assert sender(app, "192.0.2.2").client.post("/lamna/klagomal", data={}).status_code == 422


def test_a_form_that_waits_for_a_sign_in_is_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, rules.SAVE_FORM, amount=1)
    page = sender(app, "192.0.2.1")
    form, written = page.get(steps.COMPLAINT), steps.WRITTEN | {"reply_by": "portal"}
    page.submit(form, "main form", changes=written, status=303)
    late = page.submit(form, "main form", changes=written, status=429)
    assert steps.kept(late, "body") == steps.WRITTEN["body"]
    assert steps.count("draft") == 1


def test_what_staff_wrote_is_on_the_page_over_the_limit(
    app: Flask, monkeypatch: pytest.MonkeyPatch, staff_page: Callable[[Staff], Page]
) -> None:
    number = steps.number_of(steps.send(sender(app, "192.0.2.1")))
    officer = staff_page(factories.member(unit=None))
    limit(monkeypatch, rules.HANDLE, amount=1)
    steps.act(officer, number, "note", changes={"body": "Första"}, status=303)
    late = steps.act(officer, number, "note", changes={"body": "Andra"}, status=429)
    assert steps.kept(late, "mine") == "Andra"
    assert "Det du skrev är inte skickat." in late.text


def test_head_is_counted_as_get(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, rules.SIGN_IN, amount=2)
    client = sender(app, "192.0.2.1").client
    for _try in range(2):
        client.head("/logga-in/personal")
    assert client.get("/logga-in/personal").status_code == 429


def test_a_provider_may_end_any_number_of_sessions_and_a_stranger_may_not_guess(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, rules.POST, amount=1)
    limit(monkeypatch, rules.END_SESSIONS, amount=3)
    client = sender(app, "192.0.2.1").client
    made_up = {"logout_token": "a.b.c"}
    tries = [client.post("/logga-in/personal/utloggning", data=made_up).status_code for _try in range(4)]
    assert tries == [400] * 3 + [429]


def test_a_gateway_may_report_any_number_of_messages_and_a_stranger_may_not_guess(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, rules.POST, amount=1)
    limit(monkeypatch, rules.REPORT_DELIVERY, amount=3)
    client = sender(app, "192.0.2.1").client
    report = {"id": "s1", "status": "sent"}
    tries = [client.post("/leverans/sms/gissad", data=report).status_code for _try in range(4)]
    assert tries == [404] * 3 + [429]


def test_a_tripped_limit_is_logged_once_a_minute_and_noted_for_check_without_its_sender(
    app: Flask, travel: steps.Travel
) -> None:
    page = sender(app, "192.0.2.1")
    with capture_logs() as lines:
        guesses(page, ["192.0.2.1"] * 25)
    tripped = {"budget": "try_code", "lane": "stranger", "scope": "sender"}
    wrong = {"event": "code.wrong", "log_level": "info"}
    assert lines == [wrong] * 20 + [{"event": "limit.tripped", "log_level": "warning", **tripped}]
    travel.shift(61)
    guesses(page, ["192.0.2.1"])
    ((_id, hour, *rest),) = steps.stored()["budget_trip"]
    assert str(hour).startswith("2026-05-04 08:00:00")
    assert rest == ["try_code", "stranger", 2]
    assert list(budget_checks.notes()) == ["try_code (stranger) was used up, minutes of the last 24 hours: 2"]
    travel.shift(25 * 3600)
    assert list(trips.tripped_since(clock.now() - budget_checks.DAY)) == []


@pytest.mark.parametrize(
    ("settings", "address", "forwarded", "reported"),
    [
        ({}, "127.0.0.1", "", False),
        ({}, "127.0.0.1", "198.51.100.7", True),
        pytest.param({}, "8.8.8.8", "198.51.100.7", False, marks=FULL),
        ({"trusted_proxies": 1}, "127.0.0.1", "8.8.8.8", False),
        pytest.param({"trusted_proxies": 1}, "127.0.0.1", "8.8.8.8, 10.0.0.2", True, marks=FULL),
        ({"trusted_proxies": 2}, "127.0.0.1", "8.8.8.8", True),
        pytest.param({"trusted_proxies": 1}, "127.0.0.1", "10.1.2.3", False, marks=FULL),
    ],
)
def test_a_proxy_setting_that_makes_all_one_sender_is_logged_and_seen_by_check(
    make_app: MakeApp, settings: dict[str, int], address: str, forwarded: str, reported: bool
) -> None:
    client = sender(make_app(limits="on", **settings), address).client
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    with capture_logs() as lines:
        for _post in range(3):
            client.post("/folj", headers=headers)
    events = [line["event"] for line in lines]
    assert events == ["proxy.one_sender"] * reported + ["csrf.refused"] * 3
    assert len(list(budget_checks.proxy_problems())) == reported


def test_two_portals_with_one_redis_count_together(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, rules.TRY_CODE, amount=4)
    with redis_server.server() as url:
        one = sender(make_app(limits="on", redis_url=url), "192.0.2.1")
        other = sender(make_app(limits="on", redis_url=url), "192.0.2.1")
        statuses = []
        for _pair in range(3):
            statuses += [*guesses(one, ["192.0.2.1"]), *guesses(other, ["192.0.2.1"])]
    assert statuses == [422] * 4 + [429] * 2


@pytest.mark.parametrize("number", ["+263 71 234 5678", "0047 406 12 345"])
def test_a_foreign_number_is_refused_with_another_way_and_kept(app: Flask, number: str) -> None:
    refused = steps.refused(sender(app, "192.0.2.1"), {"reply_by": "sms", "phone": number})
    assert refused.errors() == [
        "Vi skickar bara sms till svenska mobilnummer (+46). Välj e-post eller kvittokod i stället."
    ]
    assert steps.kept(refused, "phone") == number


def test_a_foreign_number_is_refused_on_mina_sidor_too(
    app: Flask, citizen_page: Callable[[Citizen], Page]
) -> None:
    maria = citizen_page(factories.citizen())
    form = maria.get("/mina-sidor/uppgifter")
    refused = maria.submit(
        form, "main form", changes={"notify_by": "sms", "phone": "+263712345678"}, status=422
    )
    assert "Vi skickar bara sms till svenska mobilnummer (+46)." in refused.text


def test_who_registers_for_others_has_a_budget_and_keeps_the_text(
    app: Flask, staff_page: steps.SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, rules.REGISTER_CASE, amount=1)
    page = staff_page(factories.member())
    said = {"body": "Lekplatsen är stängd."}
    page.submit(page.get("/handlaggning/registrera"), "#registration", changes=said)
    again = page.submit(page.get("/handlaggning/registrera"), "#registration", changes=said, status=429)
    assert "Det du skrev finns kvar." in again.text
    assert steps.kept(again, "body") == said["body"]
