"""What people wrote is shown in its own direction, apart from our own words, on every page."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from bs4 import NavigableString, Tag
from flask import Flask

from portal import db
from portal.cases.enums import ForWhom
from portal.cases.models import Case, Party, Representation
from portal.identity.actors import Citizen, Role, Staff
from tests import factories
from tests.architecture import routes
from tests.architecture.routes import Visitors
from tests.page import Document, Page
from tests.web import steps

# Each text of a stranger has a word of its own, which no text of ours has.
MARKS = {
    "subject": "qzsubject",
    "body": "qzbody",
    "name": "qzname",
    "email": "qzemail@exempel.se",
    "reply": "qzreply",
    "note": "qznote",
    "answer": "qzanswer",
    "draft": "qzdraft",
    "measure": "qzmeasure",
    "principal": "qzprincipal",
}
NUMBER = routes.PARTS["number"]
# Elements whose text has no markup, and whose direction is that of the browser's own words around it.
WITHOUT_MARKUP = {"title", "option", "script"}
WRITTEN = steps.MAILED | {name: MARKS[name] for name in ("subject", "body", "name", "email")}
# What Kontakt says to staff of a search quotes their own words.
SEARCH = f"{steps.case_address('')}?vy=newest&q=qzbody".replace("arenden/", "")


@pytest.fixture
def visitors(
    app: Flask, staff_page: Callable[[Staff], Page], citizen_page: Callable[[Citizen], Page]
) -> Visitors:
    """Those who see a case whose texts are all marked."""
    code_holder = Page(app.test_client())
    shown = steps.opened(code_holder, WRITTEN)
    code_holder.submit(shown, "textarea", changes={"body": MARKS["reply"]})
    with code_holder.client.session_transaction() as cookie:
        # The addresses that are walked name every case by the same handle.
        cookie["grants"] = {routes.PARTS["handle"]: next(iter(cookie["grants"].values()))}
    maria = factories.citizen()
    with db.transaction() as session:
        session.scalars(sa.select(Party)).one().person_id = maria.person
        session.scalars(sa.select(Case)).one().sender_person_id = maria.person
        case = session.scalars(sa.select(Case)).one()
        session.add(Representation(case_id=case.id, kind=ForWhom.HELPED, name=MARKS["principal"]))
    staff = staff_page(factories.member("eva", Role.REGISTRAR, None))
    write_as_staff(staff)
    return {"code_holder": code_holder, "citizen": citizen_page(maria), "staff": staff}


def write_as_staff(staff: Page) -> None:
    steps.act(staff, NUMBER, "note", changes={"body": MARKS["note"]})
    steps.act(staff, NUMBER, "propose", changes={"body": MARKS["measure"]})
    steps.act(staff, NUMBER, "message_sender", changes={"body": MARKS["answer"]})
    shown = staff.get(steps.case_address(NUMBER))
    staff.submit(shown, "form[action$='/answer']", changes={"body": MARKS["draft"]}, button="save")


def unisolated(document: Document) -> Iterator[str]:
    """Each place of a marked text that has no direction of its own."""
    for text in document.soup.find_all(string=lambda text: "qz" in (text or "")):
        if not is_isolated(text):
            yield f"{document.path}: {text.strip()[:80]}"
    for field in document.all("input:not([type=hidden])"):
        if "qz" in str(field.get("value", "")) and field.get("dir") != "auto":
            yield f"{document.path}: {field}"


def is_isolated(text: NavigableString) -> bool:
    elements = [element for element in text.parents if isinstance(element, Tag)]
    return elements[0].name in WITHOUT_MARKUP or any(element.get("dir") == "auto" for element in elements)


def test_every_text_of_people_and_every_field_for_one_has_a_direction_of_its_own(
    app: Flask, visitors: Visitors
) -> None:
    faults = []
    seen = ""
    everybody = visitors | {"stranger": Page(app.test_client())}
    for document in [*routes.pages(app, everybody), visitors["staff"].get(SEARCH)]:
        faults += unisolated(document)
        seen += str(document.soup)
        for field in document.all("textarea, input[type=text], input[type=search], input:not([type])"):
            assert field.get("dir") == "auto", f"{document.path}: {field}"
    assert faults == []
    assert [mark for mark in MARKS.values() if mark.partition("@")[0] not in seen] == []


def test_a_text_without_a_direction_of_its_own_is_noticed(visitors: Visitors) -> None:
    document = visitors["staff"].get(steps.case_address(NUMBER))
    document.find("body").append("qzstray")
    assert [fault.rpartition(" ")[2] for fault in unisolated(document)] == ["qzstray"]
