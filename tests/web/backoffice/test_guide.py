"""The guide: each name in it is one of the portal's own, and each role reads its own tasks."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal import db
from portal.identity import commands as identity
from portal.identity import queries as people
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from portal.organisation.loading import load
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.guide import tasks, views
from portal.words.dates import breakable
from tests import factories
from tests.architecture import catalogues
from tests.page import Page
from tests.web import steps

PROFILES = [load(name) for name in ("burlov", "botkyrka", "nacka")]
GUIDE, FIRST_DAY = "/handlaggning/guide", "/handlaggning/guide/forsta-dagen"
OWN_FOLDER = "portal/web/backoffice/guide/"


@pytest.fixture(scope="module")
def labels() -> set[str]:
    """Every text of the portal besides the guide's own, as its pages write it."""
    elsewhere = set()
    for message in catalogues.messages(catalogues.asked(staff=True)):
        if any(OWN_FOLDER not in str(file) for file, _line in message.locations):
            elsewhere |= set(message.id) if isinstance(message.id, tuple) else {str(message.id)}
    return elsewhere | {part.name for profile in PROFILES for part in profile.units}


def texts() -> Iterator[tuple[str, str]]:
    """Each step of the guide in each municipality, and of the first day, with its place."""
    for profile in PROFILES:
        for task in tasks.TASKS:
            yield from ((f"{profile.key} {task.key}", text) for text in task.steps(profile))
    readers = [views._reader_steps(Staff(1, unit=unit)) for unit in (None, 1)]
    for text in (*readers[0], *readers[1], *views._other_steps(False), *views._other_steps(True)):
        yield "first day", text


def unknown(labels: set[str]) -> list[tuple[str, str]]:
    names = ((place, name) for place, text in texts() for name in views.NAME.findall(text))
    return [(place, name) for place, name in names if name not in labels]


def test_each_name_in_the_guide_is_on_a_page(app: Flask, labels: set[str]) -> None:
    assert unknown(labels) == []
    assert unknown(labels - {"Skicka svar"})[0] == ("burlov svara", "Skicka svar")


def test_what_is_written_on_a_tab_has_the_name_of_its_tab(app: Flask) -> None:
    headings = {str(spec.label) for spec in SPECS.values() if spec.tab}
    assert [text for _place, text in texts() if headings & set(views.NAME.findall(text))] == []


def test_who_has_no_unit_is_not_led_to_the_cases_of_theirs(app: Flask, staff_page: steps.SignIn) -> None:
    assert "Enhetens ärenden" in staff_page(factories.member()).get(FIRST_DAY).text
    without = staff_page(factories.member("eva", Role.REGISTRAR, None)).get(FIRST_DAY)
    assert "Enhetens ärenden" not in without.text
    assert "Nyaste först" in without.text


def test_a_name_has_its_two_asterisks(app: Flask) -> None:
    assert [text for _place, text in texts() if text.count("*") % 2] == []


@pytest.mark.parametrize("task", tasks.TASKS, ids=lambda task: task.key)
def test_a_task_has_three_to_six_steps_in_every_municipality(app: Flask, task: tasks.Task) -> None:
    with app.test_request_context():
        assert {3 <= len(task.steps(profile)) <= 6 for profile in PROFILES} == {True}


def headings(page: Page) -> list[str]:
    return [tag.get_text() for tag in page.get(GUIDE).all("main h2")]


def test_everybody_on_the_staff_reads_the_guide_of_their_role(app: Flask, staff_page: steps.SignIn) -> None:
    officer = headings(staff_page(factories.member()))
    assert "Svara på ett ärende" in officer
    assert "För dig som är chef eller processägare" not in officer
    head = headings(staff_page(factories.member("samir", Role.HEAD_OF_UNIT)))
    assert "För dig som är chef eller processägare" in head
    analyst = headings(staff_page(factories.member("eva", Role.ANALYST, None)))
    assert analyst == ["När någon berättar något för dig"]


def without_membership() -> Staff:
    with db.transaction():
        person = identity.find_or_add("Eva", factories.NUMBERS["eva"])
        return Staff(person.id)


def test_who_has_no_membership_reads_both_pages_and_is_led_there(
    app: Flask, staff_page: steps.SignIn
) -> None:
    page = staff_page(without_membership())
    refused = page.get("/handlaggning/", 403)
    first = page.get(refused.links["Läs om din första dag"])
    assert "Be din chef om behörighet" in first.text
    assert first.links["Till guiden"] == GUIDE
    assert headings(page) == ["När någon berättar något för dig"]
    page.get("/handlaggning/rutiner", 403)


def test_the_first_day_names_whom_to_ask(app: Flask, staff_page: steps.SignIn) -> None:
    factories.member("samir", Role.HEAD_OF_UNIT)
    factories.member("eva", Role.PROCESS_OWNER, None)
    shown = staff_page(factories.member()).get(FIRST_DAY)
    asked = {row.dt.get_text(): breakable(row.dd.get_text()) for row in shown.all(".facts div")}  # type: ignore[union-attr]
    profile = organisation.profile()
    assert asked == {
        "Din chef": "Samir",
        "Processägare": "Eva, Kommunikationsavdelningen",
        "Om du inte vet vem": f"{profile.first_line.name}, {profile.phone}",
    }
    head = people.member_rows()[0]
    assert head.name == "Samir"


def test_nobody_is_told_to_ask_themselves(app: Flask, staff_page: steps.SignIn) -> None:
    shown = staff_page(factories.member("samir", Role.HEAD_OF_UNIT)).get(FIRST_DAY)
    assert "Din chef" not in shown.text_of(".facts")


@pytest.mark.parametrize(
    ("profile", "lines"),
    [
        (PROFILES[0], ["Den som skriver får svar inom tio arbetsdagar."]),
        (
            PROFILES[1],
            [
                "Vi hör av oss inom två arbetsdagar.",
                "Ingen dag för svaret är lovad. Ta nästa steg i varje ärende inom fem arbetsdagar.",
            ],
        ),
        (
            PROFILES[2],
            ["Ingen dag för svaret är lovad. Ta nästa steg i varje ärende inom fem arbetsdagar."],
        ),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
def test_the_promise_is_that_of_the_municipality(app: Flask, profile: object, lines: list[str]) -> None:
    with app.test_request_context():
        assert views.promise_lines(profile.promise) == lines  # type: ignore[attr-defined]


def test_an_empty_list_of_ones_own_leads_to_the_first_day(page: Page) -> None:
    shown = page.get("/handlaggning/?vy=mine")
    assert shown.links["Är du ny? Läs om din första dag"] == FIRST_DAY
    assert "Är du ny? Läs om din första dag" not in page.get("/handlaggning/?vy=overdue").links


def test_the_pages_of_a_case_lead_to_its_tasks(page: Page, sent: object) -> None:
    number = "KB-2026-000001"
    keys = {task.key for task in tasks.TASKS}
    shown = page.get(steps.case_address(number))
    assert shown.links["Guide"] == GUIDE
    assert shown.links["Så gör du"] == f"{GUIDE}#svara"
    assert {"svara", "samma-sak"} <= keys
