"""The addresses of templates are those of Flask, however often and wherever they are asked for."""

import os
from collections.abc import Callable
from pathlib import Path

import flask
import pytest
from flask import Flask


def in_template(app: Flask) -> Callable[..., str]:
    asked: Callable[..., str] = app.jinja_env.globals["url_for"]
    return asked


def endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if not rule.arguments}


@pytest.mark.parametrize("page", ["/", "/handlaggning/arenden/KB-2026-000001?vy=mine&plats=x"])
def test_an_address_is_that_of_flask_on_every_page_and_below_any_path(app: Flask, page: str) -> None:
    asked = in_template(app)
    for site in ("", "/kontakt", ""):
        with app.test_request_context(page, environ_overrides={"SCRIPT_NAME": site}):
            for endpoint in endpoints(app):
                assert asked(endpoint) == flask.url_for(endpoint), endpoint
            assert asked("public.send", slug="fraga") == f"{site}/lamna/fraga"
            assert asked("public.start", _anchor="x") == f"{site}/#x"


@pytest.mark.own_app
def test_a_static_file_that_changes_has_another_address(app: Flask, tmp_path: Path) -> None:
    asked, file = in_template(app), tmp_path / "sheet.css"
    app.extensions["static_files"]["sheet.css"] = file
    found = set()
    for second, content in enumerate(("a", "b", "b")):
        file.write_text(content)
        os.utime(file, (second, second))
        with app.test_request_context("/"):
            found.add(asked("static", filename="sheet.css"))
    assert len(found) == 2
    assert all(address.startswith("/static/sheet.css?v=") for address in found)
