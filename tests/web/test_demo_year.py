"""flask demo-year: after it every page of figures has something to show, whichever municipality it is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal import clock, db
from portal.cases.improvements import compilations
from portal.cases.improvements.compilations import Span
from portal.cases.improvements.rules import ImprovementState
from portal.cli.year import cases
from portal.identity import queries as people
from portal.identity.actors import Role, System
from portal.identity.oidc import client as oidc_client
from portal.operations import migrations
from portal.organisation import queries as organisation
from portal.organisation.profile import Profile
from tests.conftest import created, signed_in
from tests.page import Document, Page

INSIDE = "/handlaggning"
FIGURES = f"{INSIDE}/uppfoljning"
GROUPS = ("manad", "kvartal", "ar", "namnd", "forvaltning", "enhet", "amne", "typ", "vag")
READERS = (Role.HEAD_OF_ADMINISTRATION, Role.ANALYST, Role.ELECTED)


def run(app: Flask, command: str) -> str:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=[command])
    assert result.exit_code == 0, result.output
    return result.stdout


def browser(app: Flask, role: Role) -> Page:
    """The browser of the first member of staff with a role."""
    with app.app_context():
        db.close_read_session()
        member = next(row for row in people.member_rows() if row.role is role)
        return signed_in(app, people.as_staff(member).person, oidc_client.STAFF)


def shown(page: Page, address: str) -> Document:
    document = page.get(address)
    assert not document.has("main .empty"), address
    return document


def test_the_figures_of_a_few_months_are_there_and_a_second_time_adds_none(
    app: Flask, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = cases.months(clock.today())[-4:-1]
    monkeypatch.setattr(cases, "months", lambda _today: last)
    run(app, "demo")
    assert "months counted" in run(app, "demo-year")
    assert run(app, "demo-year") == "The year is there already.\n"
    look_inside(app, grouped=("manad", "amne"))
    shown(page, "/statistik")
    assert len(shown(page, "/ni-sa-vi-gjorde").all("article")) >= 3


def look_inside(app: Flask, grouped: tuple[str, ...] = GROUPS) -> None:
    """Every page of figures and improvements, as those who read it."""
    for role in READERS:
        reader = browser(app, role)
        for group in grouped:
            assert shown(reader, f"{FIGURES}?grupp={group}").has("tbody tr"), (role, group)
    head = browser(app, Role.HEAD_OF_ADMINISTRATION)
    shown(head, f"{INSIDE}/atgarder")
    assert "Försenad" in shown(head, f"{INSIDE}/forbattringar").text


@pytest.mark.full
def test_every_page_of_figures_has_something_to_show_in_each_municipality(
    tmp_path: Path, compiled: FileSystemBytecodeCache
) -> None:
    totals = set()
    for name in ("burlov", "botkyrka", "nacka"):
        with municipality(name, tmp_path, compiled) as app:
            run(app, "demo")
            assert "months counted" in run(app, "demo-year")
            look_inside(app)
            look_at_improvements(app)
            totals.add(look_outside(app))
            look_at_compilations(app)
    assert len(totals) == 3


@contextmanager
def municipality(name: str, folder: Path, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    """An installation of a shipped profile, on a database of its own."""
    made = created(f"sqlite:///{folder}/{name}.db", compiled, profile=name)
    migrations.prepare()
    yield made
    db.close_read_session()
    db.engine().dispose()


def look_at_improvements(app: Flask) -> None:
    owner = browser(app, Role.PROCESS_OWNER)
    for state in ImprovementState:
        if state is not ImprovementState.DROPPED or "avfall" in topics(app):
            shown(owner, f"{INSIDE}/forbattringar?lage={state}")


def topics(app: Flask) -> set[str]:
    with app.app_context():
        return {topic.key for topic in organisation.categories()}


def look_outside(app: Flask) -> str:
    """The public pages; returns the figures of the whole."""
    page = Page(app.test_client())
    assert len(shown(page, "/ni-sa-vi-gjorde").all(".board-links li")) > 3
    figures = shown(page, "/statistik")
    for link in figures.all("main a[href^='/statistik?']"):
        shown(page, str(link["href"]))
    return figures.text_of("main table")


def look_at_compilations(app: Flask) -> None:
    """Each compilation of the profile has its topics, as those who count all read them."""
    owner = browser(app, Role.PROCESS_OWNER)
    year = clock.today().year - 1
    profile = profile_of(app)
    for compilation in profile.compilations:
        period = f"fran={year}-01-01&till={year}-12-31"
        listed = shown(owner, f"{INSIDE}/sammanstallningar?vad={compilation.key}&{period}")
        names = {profile.category(topic).name for topic in compilation.topics}
        assert {row.select("td")[1].get_text(strip=True) for row in listed.all("tbody tr")} == names
        with app.app_context():
            compare_counts(compilation.topics, date(year, 1, 1), date(year, 12, 31))


# As a person would ask the database: nothing of the portal is in it but the names of its tables.
OWN_COUNT = """
SELECT category.key, count(*),
    sum(CASE WHEN "case".id IN (SELECT case_id FROM measure WHERE kind = 'taken') THEN 1 ELSE 0 END),
    sum(CASE WHEN "case".id IN (SELECT case_id FROM measure WHERE kind = 'proposal') THEN 1 ELSE 0 END),
    sum(CASE WHEN "case".id IN (SELECT case_id FROM improvement_case) THEN 1 ELSE 0 END)
FROM "case" JOIN category ON category.id = "case".category_id
WHERE received_at >= :first AND received_at < :after GROUP BY category.key
"""


def compare_counts(asked: Sequence[str], first: date, last: date) -> None:
    """The counts of a compilation are those of the database."""
    days = {"first": first.isoformat(), "after": (last + timedelta(days=1)).isoformat()}
    expected = {row[0]: tuple(row[1:]) for row in db.session().execute(sa.text(OWN_COUNT), days)}
    counted = compilations.counts(System(), asked, [Span(first, last)])
    assert {topic: tuple(counts) for (_span, topic), counts in counted.items()} == {
        topic: expected[topic] for topic in asked
    }
    assert all(min(counts.received, counts.improvements + counts.measures) for counts in counted.values())


def profile_of(app: Flask) -> Profile:
    with app.app_context():
        return organisation.profile()
