"""sqlmap and wapiti find nothing on what any audience reaches, and do find a hole that is there."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import requests
from werkzeug.routing import Map

from portal import create_app
from tests import postgres
from tests.conftest import settings
from tests.penetration import audiences, tools
from tests.penetration.crawler import TOKEN, Crawler, Target, addresses, dealt, unlinked, weight
from tests.penetration.tools import Report, Site
from tests.penetration.vulnerable import app as vulnerable
from tests.running import free_port, portal, process
from tests.web.browsing import Browser

pytestmark = [pytest.mark.full, pytest.mark.slow]

# In development alone.
DEVELOPMENT = {"static", "development.messages", "development.letter"}
# They end the session that the tools use, and have no field of their own.
ENDING = {"sign_in.sign_out", "sessions.end", "sessions.end_all", "follow.close"}
SKIPPED = frozenset(DEVELOPMENT | ENDING)
EXCLUDED = ("/logga-ut", "/inloggningar/*", "/folj/*/stang", "/utkorg*")
# What no page of the demo leads to: who attacks it, and with which fields.
UNLINKED: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("GET", "sign_in.callback"): ("stranger", ("code", "state", "error", "iss")),
    ("POST", "sign_in.back_channel"): ("stranger", ("logout_token",)),
    ("GET", "messages.unsubscribe"): ("stranger", ()),
    ("POST", "messages.decline"): ("stranger", ("List-Unsubscribe",)),
    ("POST", "messages.sms_report"): ("stranger", ("id", "status", "delivered")),
    ("GET", "public.contest_link"): ("stranger", ()),
    ("POST", "public.contest_link"): ("stranger", ()),
    ("POST", "public.contest_code"): ("stranger", ("number", "code")),
    ("GET", "public.new_code_link"): ("stranger", ()),
    ("POST", "public.new_code_link"): ("stranger", ()),
    ("POST", "follow.open_part"): ("code_holder", ("number",)),
    ("GET", "mina_sidor.take_along"): ("citizen", ()),
    ("POST", "mina_sidor.remove_draft"): ("citizen", ()),
    ("POST", "mina_sidor.add_taken_along"): ("citizen", ("unsafe",)),
    ("GET", "sessions.resume"): ("citizen", ()),
    ("GET", "backoffice.case_receipt"): ("registrar", ()),
    ("GET", "backoffice.case_receipt_print"): ("registrar", ()),
    ("POST", "backoffice.case_receipt_done"): ("registrar", ()),
    ("GET", "backoffice.place_form"): ("registrar", ()),
    ("POST", "backoffice.place_case"): ("registrar", ("to", "version")),
    ("POST", "sign_in.desk_show"): ("stranger", ("cancel",)),
    ("GET", "backoffice.desk_visit"): ("registrar", ()),
    ("POST", "backoffice.desk_end"): ("registrar", ()),
    ("GET", "backoffice.desk_case"): ("registrar", ()),
    ("POST", "backoffice.desk_record"): ("registrar", ("body", "via", "at")),
    ("GET", "backoffice.preview_answer"): ("head_of_unit", ()),
    ("POST", "backoffice.reveal"): ("registrar", ("version",)),
    ("POST", "backoffice.finish_task"): ("registrar", ("version",)),
    ("POST", "backoffice.switch_membership"): ("records_officer", ("membership", "nasta")),
    ("POST", "backoffice.discard_draft"): ("records_officer", ()),
    ("POST", "backoffice.remove_view"): ("head_of_unit", ()),
    ("POST", "backoffice.remove_absence"): ("head_of_unit", ()),
    # Of the reports of boards the demo has none.
    ("GET", "backoffice.board_report"): ("head_of_unit", ()),
    ("GET", "backoffice.board_report_comments"): ("head_of_unit", ()),
    ("POST", "backoffice.board_report_comments"): ("head_of_unit", ("summary", "patterns", "version")),
    ("POST", "backoffice.count_board_report"): ("head_of_unit", ("version",)),
    ("GET", "backoffice.choose_report_case"): ("officer", ("nummer",)),
    ("POST", "backoffice.choose_report_case"): ("officer", ("body", "read", "checked", "version")),
    ("GET", "backoffice.chosen_report_case"): ("officer", ()),
    ("POST", "backoffice.chosen_report_case"): ("officer", ("body", "read", "checked", "version")),
    ("POST", "backoffice.remove_report_case"): ("officer", ("version",)),
    ("GET", "backoffice.fix_board_report"): ("head_of_unit", ()),
    ("POST", "backoffice.fix_board_report"): ("head_of_unit", ("version",)),
    ("GET", "backoffice.delete_board_report"): ("head_of_unit", ()),
    ("POST", "backoffice.delete_board_report"): ("head_of_unit", ("version",)),
    ("GET", "backoffice.board_report_print"): ("head_of_unit", ()),
    ("GET", "backoffice.board_report_pdf"): ("head_of_unit", ()),
    ("GET", "backoffice.board_report_xlsx"): ("head_of_unit", ()),
}
# Pages that no link leads to: the form that saves a filter is on a filtered queue.
FILTERED = "/handlaggning/?q=park"
# sqlmap sends more than this for a parameter that it cannot inject.
LEAST = 8
TOOLS: tuple[Callable[..., Report], ...] = (tools.sqlmap, tools.wapiti)


@dataclass
class Attack:
    """The session of an audience, and its share of what there is to attack."""

    audience: str
    browser: Browser
    targets: list[Target]

    @property
    def alive(self) -> bool:
        """Whether the session still opens the page that only it opens."""
        home = audiences.HOMES[self.audience]
        self.browser.open(home)
        return self.browser.shown.ok and (self.browser.path == home or self.audience == "code_holder")

    def run(self, tool: Callable[..., Report], site: Site) -> list[str]:
        """What is wrong after a tool has attacked: findings, faults of the portal, too little sent."""
        report = tool(site, self.audience, audiences.cookies(self.browser), self.targets)
        problems = [*report.findings, *map(str, report.faults)]
        if not report.finished:
            problems.append("has not finished in time")
        if not self.alive:
            problems.append("has lost its session")
        if tool is tools.sqlmap:
            least = LEAST * weight(self.targets)
            missed = [target.path for target in self.targets if not report.reached(target)]
        else:
            # The time of each module is bounded, so wapiti may leave out fields of a page with many forms.
            pages = {target.page for target in self.targets if target.page}
            least = LEAST * len(pages)
            missed = [page for page in pages if not report.read(page)]
        if len(report.requests) < least:
            problems.append(f"has sent only {len(report.requests)} requests")
        problems += [f"has not reached {path}" for path in missed]
        return [f"{tool.__name__} as {self.audience}: {problem}" for problem in problems]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal as it is, with the demo in PostgreSQL."""
    tools.require()
    folder = tmp_path_factory.mktemp("penetration")
    database = postgres.fresh_database("kontakt_penetration")
    more = {"PORTAL_DATABASE_URL": database, "GUNICORN_CMD_ARGS": tools.gunicorn_arguments(folder)}
    with portal(folder, PORTAL_LIMITS="off", **more) as running:
        yield Site(running.address, folder, "postgresql", EXCLUDED)


@pytest.fixture(scope="module")
def rules() -> Map:
    return create_app(settings("sqlite://")).url_map


@pytest.fixture(scope="module")
def attacks(site: Site, rules: Map) -> list[Attack]:
    """Every kind of target, dealt to the audiences that reach it."""
    browsers = {name: audiences.arrived(site.address, name) for name in audiences.AUDIENCES}
    reached = {}
    for name, browser in browsers.items():
        crawler = Crawler(site.address, rules, browser.session, SKIPPED)
        reached[name] = crawler.walk([*addresses(rules), audiences.HOMES[name], FILTERED])
    shares = dealt(reached)
    for (method, endpoint), (name, fields) in UNLINKED.items():
        token = next(dict(one.fields)[TOKEN] for one in reached[name].values() if one.method == "POST")
        rule = next(rule for rule in rules.iter_rules(endpoint) if method in (rule.methods or ()))
        shares[name].append(unlinked(rule, method, fields, token))
    return [Attack(name, browsers[name], targets) for name, targets in shares.items()]


def routes_to_attack(rules: Map) -> set[tuple[str, str]]:
    """Every route that takes a form, or has a variable part."""
    return {
        (method, rule.endpoint)
        for rule in rules.iter_rules()
        for method in {"GET", "POST"} & set(rule.methods or ())
        if (method == "POST" or rule.arguments) and rule.endpoint not in SKIPPED
    }


def test_every_form_and_every_variable_address_is_attacked(attacks: list[Attack], rules: Map) -> None:
    targets = [(target.method, target.endpoint) for attack in attacks for target in attack.targets]
    assert routes_to_attack(rules) - set(targets) == set()
    assert all(targets.count(one) == 1 for one in UNLINKED), "a page leads there"
    assert all(attack.targets for attack in attacks)


def test_the_tools_find_nothing(
    site: Site, attacks: list[Attack], record_property: Callable[[str, object], None]
) -> None:
    """Two at a time; what one audience sends never waits for another's session."""
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(attack.run, tool, site) for tool in TOOLS for attack in attacks]
    problems = [problem for job in jobs for problem in job.result()]
    record_property("figures", figures(site, attacks))
    assert problems == []


def figures(site: Site, attacks: list[Attack]) -> str:
    """How much was attacked."""
    count = sum(len(attack.targets) for attack in attacks)
    sent = []
    for tool in TOOLS:
        requests_sent = sum(len(site.requests(f"{tool.__name__}-{attack.audience}")) for attack in attacks)
        sent.append(f"{requests_sent} by {tool.__name__}")
    return f"penetration tools: {count} forms and addresses, requests: {', '.join(sent)}"


@pytest.fixture(scope="module")
def holes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that has what the tools look for, served and logged in the same way."""
    tools.require()
    folder, port = tmp_path_factory.mktemp("vulnerable"), free_port()
    site = Site(f"http://localhost:{port}", folder, "sqlite")
    server = [
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
        "tests.penetration.vulnerable:app",
    ]
    env = {**os.environ, "GUNICORN_CMD_ARGS": tools.gunicorn_arguments(folder)}
    with process([sys.executable, *server], folder / "log", [site.address], env):
        yield site


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        (tools.sqlmap, ["/search"]),
        (tools.wapiti, ["Cross Site Scripting", "SQL Injection"]),
    ],
    ids=["sqlmap", "wapiti"],
)
def test_a_hole_is_found(holes: Site, tool: Callable[..., Report], expected: list[str]) -> None:
    with requests.Session() as browser:
        crawler = Crawler(holes.address, vulnerable.url_map, browser, frozenset({"static"}))
        targets = list(crawler.walk(["/"]).values())
        report = tool(holes, "stranger", {one.name: str(one.value) for one in browser.cookies}, targets)
    assert len(targets) == 2
    for hole in expected:
        assert any(hole in finding for finding in report.findings), report.output
    assert report.faults, "an SQL error of the site is a fault"
