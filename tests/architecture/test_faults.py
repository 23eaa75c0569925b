"""Our own faults, at every address and for every audience."""

from pathlib import Path

import pytest
from flask import Flask
from wtforms import Form as WTForm
from wtforms import StringField, TextAreaField

from portal import db
from portal.web import kept_form
from portal.web.errors import refusals
from tests.architecture import routes
from tests.architecture.routes import Visitors
from tests.page import Document, Page
from tests.web import steps

AWAY = {"Tjänsten svarar inte just nu", "Det gick inte att skicka just nu"}


def test_no_address_is_broken_while_the_database_is_away(
    app: Flask, visitors: Visitors, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = {name: steps.token(visitor) for name, visitor in visitors.items()}
    db.bind(f"sqlite:///{tmp_path}")
    unavailable = 0
    for name, visitor in visitors.items():
        for rule in app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                fields = {"body": "Hej", "csrf_token": tokens[name]} if method == "POST" else None
                answer = visitor.client.open(routes.address(rule), method=method, data=fields, buffered=True)
                assert answer.status_code < 500 or answer.status_code == 503, rule
                if answer.status_code == 503 and answer.mimetype == "text/html":
                    assert Document(answer).h1 in AWAY
                    unavailable += 1
    assert unavailable > 100
    assert "Traceback" not in caplog.text


def subclasses(kind: type) -> list[type]:
    found = []
    for sub in kind.__subclasses__():
        found += [sub, *subclasses(sub)]
    return found


def written_fields() -> set[str]:
    """The names of the fields of every form in which people write."""
    names = set()
    for form in subclasses(WTForm):
        if form.__module__.startswith("portal.web"):
            for name, value in vars(form).items():
                made = getattr(value, "field_class", None)
                if made in (StringField, TextAreaField):
                    names.add(name)
    return names


def test_every_text_that_people_write_can_be_given_back(app: Flask) -> None:
    assert written_fields() == set(kept_form.LABELS) | {"code", "website"}


@pytest.mark.own_app
def test_every_exception_of_the_domain_has_its_page(app: Flask) -> None:
    kinds = list(refusals.STATUS)

    @app.post("/nekad/<int:place>", endpoint="refused")
    def refuse(place: int) -> str:
        raise kinds[place].__new__(kinds[place])

    page = Page(app.test_client())
    fields = {"body": "Ett *ord*", "subject": "Rubriken", "csrf_token": steps.token(page)}
    for place, kind in enumerate(kinds):
        answer = Document(page.client.post(f"/nekad/{place}", data=fields))
        assert answer.status == refusals.STATUS[kind], kind
        if answer.status in (409, 422):
            tags = answer.all("textarea[id^=mine], input[id^=mine]")
            assert [steps.kept(answer, str(tag["id"])) for tag in tags] == ["Ett *ord*", "Rubriken"], kind
