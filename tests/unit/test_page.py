"""The page client itself: what it calls a bad page, and what it sends."""

import io

import pytest
from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from tests.page import Page
from tests.page_checks import faults

pytestmark = pytest.mark.slow

GOOD = """<!doctype html>
<html lang="sv"><head><title>Skriv – Kontakt</title></head><body>
<a href="#innehall">Till innehållet</a>
<form method="post" action="/ut"><input type="hidden" name="csrf_token" value="a">
<button>Logga ut</button></form>
<main id="innehall"><h1>Skriv till oss</h1>
<div class="ds-error-summary"><h2>Rätta en sak</h2><a href="#subject">Skriv en <b>rubrik</b>.</a></div>
<form method="post" action="/eko" id="f">
<input type="hidden" name="csrf_token" value="signed">
<label for="subject">Rubrik</label><input id="subject" name="subject" value="Lampan">
<label for="body">Text</label><textarea id="body" name="body">
Rad ett
Rad två</textarea>
<label for="kind">Typ</label><select id="kind" name="kind"><option value="">Vet inte</option>
<option value="fraga">Fråga</option></select>
<fieldset><legend>Svar</legend><label><input type="radio" name="reply_by" value="code" checked> Kod</label>
<label><input type="radio" name="reply_by" value="email"> E-post</label></fieldset>
<label><input type="checkbox" name="copy"> Kopia</label>
<fieldset disabled><label>Av <input name="off" value="x"></label></fieldset>
<button name="do" value="send">Skicka</button><button name="do" value="keep">Spara</button></form>
<label for="outside">Utanför</label><input id="outside" name="outside" form="f" value="med">
<img src="/a.png" alt=""><h2>Sen</h2><h3>Så går det till</h3><a href="/folj">Följ</a></main></body></html>"""

BAD = {
    "two h1": ("<h2>Sen", "<h1>Sen", "2 h1"),
    "no h1": ("<h1>Skriv till oss</h1>", "", "0 h1"),
    "empty h1": ("Skriv till oss", '<span aria-hidden="true">x</span>', "h1 is empty"),
    "no title": ("Skriv – Kontakt", " ", "no title"),
    "no language": (' lang="sv"', "", "no lang"),
    "an id twice": ('id="body"', 'id="subject"', "stands 2 times"),
    "a skipped heading": ("<h2>Sen</h2>", "<h2>Sen</h2><h4>Djupt</h4>", "h4 'Djupt' follows h2"),
    "a field without label": ('<label for="subject">', "<label>", "name='subject'> has no label"),
    "an empty label": (">Text<", "><", "has no label"),
    "a link to nowhere": ('href="#subject"', 'href="#subjekt"', "leads to no id"),
    "a help text that is not there": ('id="kind"', 'id="kind" aria-describedby="tips"', "names no id: tips"),
    "a form without token": ('value="signed"', "", "without a csrf_token"),
    "inline script": ("<main", "<script>1</script><main", "inline script"),
    "inline style": ("<main", "<style>a{}</style><main", "inline style"),
    "a style attribute": ("<main", '<main style="color:red"', "style on"),
    "a handler": ("<button name", '<button onclick="go()" name', "onclick on"),
    "a script address": ('href="/folj"', 'href="javascript:go()"', "script in the href"),
    "an empty link": (">Följ<", "><", "is empty"),
    "an empty button": (">Spara<", '><img src="/a.png" alt=""><', "is empty"),
    "a picture without alt": (' alt=""', "", "has no alt"),
}


@pytest.fixture
def page() -> Page:
    """A browser on a small site that tells what it was sent."""
    app = Flask(__name__)

    @app.get("/")
    def form() -> str:
        return GOOD.replace("Skriv till oss", request.args.get("h1", "Skriv till oss"))

    @app.post("/eko")
    def echo() -> Response:
        sent = {name: request.form.getlist(name) for name in request.form}
        app.config.update(SENT=sent, FILES={name: file.filename for name, file in request.files.items()})
        return redirect("/?h1=Tack", 303)

    @app.get("/bort")
    def away() -> Response:
        return redirect("http://annan.example/")

    return Page(app.test_client())


def sent(page: Page) -> dict[str, list[str]]:
    return dict(page.client.application.config["SENT"])


def test_a_well_made_page_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(("old", "new", "fault"), BAD.values(), ids=BAD)
def test_a_bad_page_is_called_bad(old: str, new: str, fault: str) -> None:
    bad = GOOD.replace(old, new)
    assert bad != GOOD
    assert fault in "; ".join(faults(bad))


@pytest.mark.parametrize(
    "field",
    ['<input name="q" aria-label="Sök">', '<h3 id="q">Sök</h3><input name="q" aria-labelledby="q">'],
)
def test_a_field_may_be_named_without_a_label_element(field: str) -> None:
    assert faults(GOOD.replace("<h2>Sen</h2>", f"<h2>Sen</h2>{field}")) == []


def test_a_bad_page_stops_the_test_that_sees_it(page: Page) -> None:
    with pytest.raises(AssertionError, match="the h1 is empty"):
        page.get("/?h1=")


def test_a_page_is_read_as_it_is_read_out(page: Page) -> None:
    document = page.get("/")
    assert document.h1 == "Skriv till oss"
    assert document.errors() == ["Skriv en rubrik."]
    assert document.links["Följ"] == "/folj"
    assert "Rätta en sak Skriv en rubrik." in document.text
    assert document.find("#kind option[value=fraga]").get_text() == "Fråga"
    with pytest.raises(AssertionError, match="has no nav"):
        document.find("nav")


def test_an_untouched_form_sends_what_a_browser_would(page: Page) -> None:
    answer = page.submit(page.get("/"))
    assert answer.location == "/?h1=Tack"
    assert page.follow(answer).h1 == "Tack"
    assert sent(page) == {
        "csrf_token": ["signed"],
        "subject": ["Lampan"],
        "body": ["Rad ett\r\nRad två"],
        "kind": [""],
        "reply_by": ["code"],
        "outside": ["med"],
        "do": ["send"],
    }


def test_a_changed_form_sends_the_changes_and_the_button_that_was_pressed(page: Page) -> None:
    changes = {"kind": "fraga", "copy": "on", "subject": None, "body": "a\nb"}
    page.submit(page.get("/"), "#f", changes=changes, button="Spara")
    assert (sent(page)["kind"], sent(page)["copy"], sent(page)["do"]) == (["fraga"], ["on"], ["keep"])
    assert sent(page)["body"] == ["a\r\nb"]
    assert "subject" not in sent(page)


def test_only_what_stands_on_the_page_can_be_changed_or_pressed(page: Page) -> None:
    document = page.get("/")
    with pytest.raises(AssertionError, match="no field"):
        page.submit(document, changes={"off": "y"})
    with pytest.raises(AssertionError, match="no button 'Radera'"):
        page.submit(document, button="Radera")


def test_a_file_is_sent_by_a_form_for_files(page: Page) -> None:
    field = '<label for="a">Fil</label><input type="file" id="a" name="a"><button name="do"'
    html = GOOD.replace('id="f"', 'id="f" enctype="multipart/form-data"').replace(
        '<button name="do"', field, 1
    )
    page.client.application.view_functions["form"] = lambda: html
    page.submit(page.get("/"), changes={"a": (io.BytesIO(b"x"), "bild.png")})
    assert page.client.application.config["FILES"] == {"a": "bild.png"}
    assert sent(page)["subject"] == ["Lampan"]


def test_an_unexpected_status_stops_the_test(page: Page) -> None:
    with pytest.raises(AssertionError, match="404 instead of 200"):
        page.get("/finns-inte")


def test_the_client_never_leaves_the_site(page: Page) -> None:
    with pytest.raises(AssertionError, match="another site"):
        page.follow(page.get("/bort", 302))
