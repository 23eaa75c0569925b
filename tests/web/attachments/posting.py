"""Steps of the tests of files: choosing them as a browser without script does, and what pages list."""

from io import BytesIO
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.page import Document, Page
from tests.web import steps

Posted = tuple[str, bytes]


def post(
    page: Page,
    shown: Document,
    changes: dict[str, Any],
    *posted: Posted,
    form: str = "#formular",
    status: int = 303,
) -> Document:
    """Send a form of a page with these changes and files."""
    filled = shown.form(form)
    chosen = [FileStorage(BytesIO(content), name) for name, content in posted]
    fields = filled.fields() | changes | ({"attachments": chosen} if chosen else {})
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return page._open("POST", filled.action, status, data=body, content_type=kind)


def listed(shown: Document) -> list[str]:
    """The files that a form has kept."""
    return [tag.get_text() for tag in shown.all(".attach-name strong")]


def names_of(case: Document) -> list[str]:
    """The files of the messages of a case."""
    return [tag.get_text() for tag in case.all(".message-files a")]


def handle_of(shown: Document) -> str:
    """The handle of the first file that a form has kept."""
    return str(shown.find("[name=files]")["value"])


def opened(page: Page, receipt: Document) -> Document:
    """The case of a receipt, opened by its code."""
    return page.follow(steps.open_case(page, steps.number_of(receipt), steps.code_of(receipt)))


def fetched(page: Page, case: Document, number: int = 0) -> TestResponse:
    """A file of a case, downloaded by its link."""
    return page.client.get(str(case.all(".message-files a")[number]["href"]), buffered=True)
