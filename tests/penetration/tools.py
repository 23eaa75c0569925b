"""Run sqlmap and wapiti as they are, each in a process of its own with bounded time."""

import csv
import json
import os
import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_plus, unquote, urlsplit

import pytest

from tests.penetration.crawler import CHOOSING, TOKEN, Target

BIN = Path(__file__).parent / ".venv/bin"
MISSING = "no sqlmap and wapiti: run make tests/penetration/.venv/.locked"
LIMIT = 400
MODULES = "sql,xss,permanentxss,file,exec,crlf,redirect"
# The method, the status, which tool on behalf of whom, the path.
LOG_FORMAT = "%(m)s %(s)s %(a)s %(U)s"
RULE = "=" * 54
# Boolean-based and error-based, which need half the requests of all techniques.
SQLMAP = (
    "--batch --answers further=N --disable-coloring --flush-session --dbms {dbms} --technique BE"
    " --text-only --ignore-code * --ignore-redirects --skip-waf"
)
FALSE_POSITIVE = "false positive"
WAPITI = (
    "--flush-session --no-bugreport --scope folder --depth 1 --max-links-per-page 1 --max-scan-time 20"
    " --max-attack-time 12 --tasks 2 --timeout 10 --verify-ssl 0 --format json --verbose 1"
)


@dataclass(frozen=True)
class Site:
    """A site on loopback, and the log of the requests that it has received."""

    address: str
    folder: Path
    dbms: str
    excluded: Sequence[str] = ()

    @property
    def access_log(self) -> Path:
        """A line for each request, in LOG_FORMAT."""
        return self.folder / "access.log"

    def requests(self, agent: str) -> list[tuple[str, str, str]]:
        """Method, status and path of every request that a tool has sent."""
        lines = [line.split(" ", 3) for line in self.access_log.read_text(errors="replace").splitlines()]
        return [(method, status, path) for method, status, sender, path in lines if sender == agent]


@dataclass
class Report:
    """What a tool found, and how much it sent."""

    findings: list[str] = field(default_factory=list)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    output: str = ""
    finished: bool = True

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Requests that were answered with a fault of the site; 503 means that it was busy."""
        return [request for request in self.requests if request[1].startswith("5") and request[1] != "503"]

    def read(self, page: str) -> bool:
        """Whether the tool has opened a page."""
        path = unquote(urlsplit(page).path)
        return any(method == "GET" and read == path for method, _status, read in self.requests)

    def reached(self, target: Target) -> bool:
        """Whether a request has gone to the route of a target; its variable parts may be a tool's."""
        parts = "|".join(re.escape(part) for name, part in target.arguments if name != CHOOSING)
        route = re.sub(f"(?<=/)({parts})(?=/|$)" if parts else "$.", "\0", target.path)
        pattern = re.compile(re.escape(route).replace("\0", ".+"))
        return any(method == target.method and pattern.match(path) for method, _status, path in self.requests)


def gunicorn_arguments(folder: Path) -> str:
    """What makes gunicorn write the log of the requests, whatever its settings say."""
    return shlex.join(["--access-logfile", str(folder / "access.log"), "--access-logformat", LOG_FORMAT])


def require() -> None:
    """Skip where the tools are not installed; fail where CI=true."""
    if not all((BIN / tool).exists() for tool in ("sqlmap", "wapiti", "../.locked")):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)


def sqlmap(site: Site, audience: str, cookies: Mapping[str, str], targets: Sequence[Target]) -> Report:
    """Try to inject SQL into every parameter of the targets."""
    agent = f"sqlmap-{audience}"
    folder = site.folder / agent
    folder.mkdir()
    seen: set[tuple[str, str]] = set()
    written = [entry(site, target, cookies, agent, seen) for target in targets]
    (folder / "targets").write_text("".join(written), newline="")
    results = folder / "results.csv"
    files = ["-l", folder / "targets", "--output-dir", folder, "--results-file", results]
    report = run("sqlmap", [*SQLMAP.format(dbms=site.dbms).split(), *map(str, files)], folder)
    report.requests = site.requests(agent)
    if results.exists():
        rows = csv.DictReader(results.read_text().splitlines())
        report.findings = [f"{row['Target URL']} {row['Parameter']}" for row in rows if is_finding(row)]
    return report


def is_finding(row: Mapping[str, str]) -> bool:
    """Whether sqlmap could use what it took for an injection: it tries again before it says so."""
    return bool(row["Parameter"]) and FALSE_POSITIVE not in row["Note(s)"]


def entry(
    site: Site, target: Target, cookies: Mapping[str, str], agent: str, seen: set[tuple[str, str]]
) -> str:
    """A target as Burp logs it. An asterisk marks what to attack."""
    path = target.path
    once = {(target.endpoint, name) for name in target.background}
    background = {name for _endpoint, name in once - seen} if target.parts else target.background
    seen |= once
    for name, part in target.arguments:
        if name in background:
            path = path.replace(f"/{part}", f"/{part}*", 1)
    attacked = {*target.parts, *background}
    pairs = [
        f"{quote_plus(name)}={quote_plus(text)}{'*' * (name in attacked)}" for name, text in target.fields
    ]
    query = "&".join(pairs)
    address = f"{path}?{query}" if query and target.method == "GET" else path
    lines = [
        f"{target.method} {address} HTTP/1.1",
        f"Host: {site.address.removeprefix('http://')}",
        f"Cookie: {as_header(cookies)}",
        f"User-Agent: {agent}",
        *(["Content-Type: application/x-www-form-urlencoded"] if target.method == "POST" else []),
        "",
        query if target.method == "POST" else "",
    ]
    request = "\r\n".join(lines)
    return f"{RULE}\n12:00:00  {site.address}  [127.0.0.1]\n{RULE}\n{request}\n{RULE}\n\n\n"


def wapiti(site: Site, audience: str, cookies: Mapping[str, str], targets: Sequence[Target]) -> Report:
    """Attack the pages that the targets were found on, and their forms."""
    agent = f"wapiti-{audience}"
    folder = site.folder / agent
    folder.mkdir()
    pages = sorted({target.page for target in targets} - {""})
    starts = [argument for page in pages for argument in ("--start", f"{site.address}{page}")]
    excluded = [argument for path in site.excluded for argument in ("--exclude", f"{site.address}{path}")]
    files = ["--output", folder / "report.json", "--store-session", folder, "--store-config", folder]
    sender = ["--user-agent", agent, "--cookie-value", as_header(cookies), "--skip", TOKEN]
    arguments = [*WAPITI.split(), "--url", f"{site.address}/", "--module", MODULES]
    report = run("wapiti", [*arguments, *sender, *starts, *excluded, *map(str, files)], folder)
    report.requests = site.requests(agent)
    if report.finished:
        found = json.loads((folder / "report.json").read_text())["vulnerabilities"]
        report.findings = [f"{name}: {one['info']}" for name, all_ in found.items() for one in all_]
    return report


def as_header(cookies: Mapping[str, str]) -> str:
    """Cookies as a browser sends them."""
    return "; ".join(f"{name}={text}" for name, text in cookies.items())


def run(tool: str, arguments: Sequence[str], folder: Path) -> Report:
    """Run a tool that keeps its files in a folder and reaches nothing but loopback."""
    log = folder / "output"
    away = {
        "https_proxy": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
        "no_proxy": "localhost,127.0.0.1",
    }
    env = os.environ | away | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "TMPDIR": str(folder)}
    finished = True
    with log.open("wb") as out:
        try:
            subprocess.run(
                [str(BIN / tool), *arguments],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired:
            finished = False
    return Report(output=log.read_text(errors="replace"), finished=finished)
