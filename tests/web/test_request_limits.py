"""Bounds of a request: what is too large, too many or of another kind is refused before it is parsed."""

import time
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, request
from werkzeug.datastructures import FileStorage

from portal.web import request_limits
from portal.web.request_limits import MAX_FIELDS, MAX_PARAMETERS, MAX_POST, MAX_QUERY, accepts_post
from tests.architecture import routes
from tests.page import Document, Page
from tests.web import steps

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=grns"
TOO_LARGE = "Det du skickade är för stort"
UNREADABLE = "Det gick inte att läsa det du skickade"
KINDS = [
    "application/json",
    PARTS,
    "multipart/form-data",
    "text/plain",
    "application/octet-stream",
    "hej",
]


def post(page: Page, body: bytes, status: int, address: str = steps.COMPLAINT, kind: str = FORM) -> Document:
    return page._open("POST", address, status, data=body, content_type=kind)


def padded(size: int) -> bytes:
    return b"body=" + b"a" * (size - 5)


def test_the_limit_is_told_with_the_way_back_to_the_text(page: Page) -> None:
    answer = post(page, padded(MAX_POST + 1), 413)
    assert answer.h1 == TOO_LARGE
    assert "högst 256 kB" in answer.text
    assert "bakåtknapp" in answer.text


def test_the_longest_honest_text_fits(page: Page) -> None:
    fields = page.get(steps.COMPLAINT).form("main form").fields() | steps.MAILED | {"body": "🙂" * 20_000}
    page.post(steps.COMPLAINT, fields)
    assert len(quote(str(fields["body"]))) == 240_000
    post(page, padded(MAX_POST), 422)


def test_no_route_that_takes_a_form_reads_more(app: Flask, page: Page) -> None:
    tried = 0
    for rule in routes.rules(app, "POST"):
        for body in (padded(MAX_POST + 1), b"a&" * MAX_FIELDS):
            # A logout token has a limit of its own.
            status = 413
            assert post(page, body, status, routes.address(rule)).h1 == TOO_LARGE, rule
        tried += 1
    assert tried > 25


def test_other_methods_and_addresses_that_are_none_are_bounded_too(page: Page) -> None:
    for method, address in (("GET", "/"), ("PUT", "/om"), ("DELETE", "/lamna"), ("POST", "/finns-inte")):
        page._open(method, address, 413, data=padded(MAX_POST + 1), content_type=FORM)


def test_so_many_fields_are_read_and_no_more(page: Page) -> None:
    assert post(page, b"&".join([b"a=1"] * MAX_FIELDS), 422).h1 == "Lämna ett klagomål"
    assert post(page, b"&".join([b"a=1"] * (MAX_FIELDS + 1)), 413).h1 == TOO_LARGE


def test_ten_megabytes_of_fields_cost_nothing(page: Page) -> None:
    begun = time.process_time()
    post(page, b"a&" * 5_000_000, 413)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_body_is_not_parsed(page: Page, kind: str) -> None:
    for address in ("/folj", "/kvitto", "/logga-in/personal/utloggning"):
        for body in (b"{}", b"[" * 50_000, b'--grns\r\nContent-Disposition: form-data; name="x"\r\n\r\n'):
            assert post(page, body, 415, address, kind).h1 == UNREADABLE
    assert steps.count("case") == 0


def test_a_file_is_not_taken_where_there_is_none(page: Page) -> None:
    page.post(
        "/folj", page.get("/folj").form("main form").fields() | {"number": (BytesIO(b"x"), "fil.txt")}, 415
    )
    assert steps.count("case") == 0


@pytest.mark.own_app
def test_a_view_that_takes_files_says_so(app: Flask) -> None:
    @app.post("/bilaga")
    @accepts_post(400_000, files=True)
    def attach() -> dict[str, Any]:
        return {"size": len(request.files["fil"].read()), "text": request.form["body"]}

    client = app.test_client()
    file = FileStorage(BytesIO(b"x" * 300_000), "bild.png", "fil")
    answer = client.post("/bilaga", data={"fil": file, "body": "Hej"})
    assert answer.get_json() == {"size": 300_000, "text": "Hej"}
    large = FileStorage(BytesIO(b"x" * 400_000), "bild.png", "fil")
    assert client.post("/bilaga", data={"fil": large, "body": "Hej"}).status_code == 413


def chunked(app: Flask, size: int, ended: bool = True) -> int:
    """The status of a body without a length."""
    environ = {"wsgi.input": BytesIO(padded(size)), "CONTENT_TYPE": FORM, "HTTP_TRANSFER_ENCODING": "chunked"}
    if ended:
        environ["wsgi.input_terminated"] = True
    return app.test_client().open("/folj", method="POST", environ_overrides=environ).status_code


def test_a_body_without_a_length_is_measured_as_it_is_read(app: Flask) -> None:
    assert chunked(app, MAX_POST) == 422
    assert chunked(app, MAX_POST + 1) == 413
    assert chunked(app, MAX_POST + 1, ended=False) == 422


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=" + "a" * (MAX_QUERY - 2), 200),
        ("q=" + "a" * (MAX_QUERY - 1), 414),
        ("&".join(["a=1"] * MAX_PARAMETERS), 200),
        ("&".join(["a=1"] * (MAX_PARAMETERS + 1)), 414),
        ("q=%ED%A0%80%00%FF", 200),
        ("&&=&==&%", 200),
    ],
)
def test_a_query_is_bounded(page: Page, query: str, status: int) -> None:
    for address in ("/", "/folj", "/statistik", "/logga-in", "/finns-inte"):
        expected = 404 if (address, status) == ("/finns-inte", 200) else status
        page._open("GET", address, expected, query_string=query)


def test_a_query_of_raw_bytes_is_refused(app: Flask) -> None:
    answer = app.test_client().get("/folj", environ_overrides={"QUERY_STRING": "stangt=\xff\xed\xa0"})
    assert answer.status_code == 400


def test_the_limit_comes_before_the_user_and_the_limits_of_a_sender(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = app.before_request_funcs[None][0]
    assert first is request_limits._check
