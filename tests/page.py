"""The page client of the web tests: reads pages and sends forms as a browser does, and checks every page."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.page_checks import describe, faults_in, spoken, value

SUMMARY = "[data-error-summary] a, .ds-error-summary a"
BUTTONS = 'button:not([type]), button[type="submit"], input[type="submit"]'
# What sends nothing unless somebody chooses, presses or picks it.
SILENT = {"checkbox", "radio", "submit", "button", "reset", "image", "file"}

Fields = dict[str, list[Any]]


class Document:
    """An answer of the portal; an HTML page is checked before anybody reads it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        self.html = response.text if response.mimetype == "text/html" else ""
        self.soup = BeautifulSoup(self.html, "html.parser")
        wrong = faults_in(self.soup) if self.html and not self.location else []
        assert not wrong, f"{self.path} ({self.status}): {'; '.join(wrong)}"

    @property
    def location(self) -> str:
        """Where the answer sends the browser; empty if it stays."""
        return self.response.headers.get("Location", "")

    @property
    def h1(self) -> str:
        """The heading of the page."""
        return self.text_of("h1")

    @property
    def text(self) -> str:
        """All text of the page as it is read out, its white space made single."""
        return spoken(self.soup.body or self.soup)

    @property
    def links(self) -> dict[str, str]:
        """Where each link leads, by its text."""
        return {spoken(link): value(link, "href") for link in self.soup.select("a[href]")}

    def find(self, selector: str) -> Tag:
        """The first element that fits; there must be one."""
        found = self.soup.select_one(selector)
        assert found is not None, f"{self.path} has no {selector}"
        return found

    def all(self, selector: str) -> list[Tag]:
        """Every element that fits, perhaps none."""
        return list(self.soup.select(selector))

    def has(self, selector: str) -> bool:
        """Whether anything fits."""
        return self.soup.select_one(selector) is not None

    def text_of(self, selector: str) -> str:
        """The text of the first element that fits."""
        return spoken(self.find(selector))

    def errors(self) -> list[str]:
        """The messages of the error summary, in their order."""
        return [spoken(link) for link in self.all(SUMMARY)]

    def form(self, selector: str | None = None) -> "Form":
        """The form of the page; or the first that fits, by a selector of itself or of anything inside it."""
        tag = self.find(selector or ("main form" if self.has("main form") else "form"))
        form = tag if tag.name == "form" else tag.find_parent("form")
        assert form is not None, f"{self.path}: {selector} stands in no form"
        return Form(self, form)


class Form:
    """A form as the page gave it."""

    def __init__(self, document: Document, tag: Tag) -> None:
        self.document, self.tag = document, tag
        self.method = value(tag, "method").upper() or "GET"
        self.action = urljoin(document.response.request.url, value(tag, "action"))

    def fields(self) -> Fields:
        """What a browser would send of an untouched form, its buttons aside."""
        fields: Fields = {}
        for control in self.controls("input, select, textarea"):
            fields.setdefault(value(control, "name"), []).extend(values_of(control))
        return {name: values for name, values in fields.items() if values}

    def controls(self, selector: str) -> Iterator[Tag]:
        """The named controls that can be used, those that stand outside but belong to the form too."""
        for control in self.document.all(selector):
            if self._owns(control) and "name" in control.attrs and not disabled(control):
                yield control

    def names(self) -> set[str]:
        """The names that a person could send something under."""
        return {value(control, "name") for control in self.controls("input, select, textarea")}

    def button(self, wanted: str | None) -> Tag | None:
        """The first button, as Enter would press; or the one with this text, name, value or name=value."""
        buttons = [tag for tag in self.document.all(BUTTONS) if self._owns(tag) and not disabled(tag)]
        if wanted is None:
            return buttons[0] if buttons else None
        fitting = [tag for tag in buttons if wanted in called(tag)]
        assert fitting, f"{describe(self.tag)} has no button {wanted!r}"
        return fitting[0]

    def _owns(self, tag: Tag) -> bool:
        owner = value(tag, "form")
        return owner == value(self.tag, "id") if owner else tag.find_parent("form") is self.tag


class Page:
    """A browser without script: one client, its cookies, and nothing else remembered."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200, **options: Any) -> Document:
        """Open an address."""
        return self._open("GET", path, status, **options)

    def post(self, path: str, data: Mapping[str, Any], status: int = 303, **options: Any) -> Document:
        """Post fields to an address, whatever the page there would have sent."""
        return self._open("POST", path, status, data=data, **options)

    def submit(
        self,
        document: Document,
        form: str | None = None,
        *,
        changes: Mapping[str, Any] | None = None,
        button: str | None = None,
        status: int | None = None,
    ) -> Document:
        """Fill a form in and press a button, the first unless named. None as a value clears a field."""
        filled = document.form(form)
        fields = changed(filled, changes or {})
        pressed = filled.button(button)
        if pressed is not None and value(pressed, "name"):
            fields.setdefault(value(pressed, "name"), []).append(value(pressed, "value"))
        return self._send(filled, fields, pressed, status)

    def follow(self, document: Document, status: int = 200) -> Document:
        """Go where an answer sends the browser."""
        assert document.location, f"{document.path} answered {document.status} and leads nowhere"
        here = document.response.request.url
        there = urljoin(here, document.location)
        assert urlsplit(there).netloc == urlsplit(here).netloc, f"{there} is another site"
        return self.get(there, status)

    def _send(self, form: Form, fields: Fields, pressed: Tag | None, status: int | None) -> Document:
        action = urljoin(form.action, value(pressed, "formaction")) if pressed else form.action
        if form.method == "GET":
            return self._open("GET", action.split("?")[0], status or 200, query_string=fields)
        kind = value(form.tag, "enctype") or "application/x-www-form-urlencoded"
        return self._open("POST", action, status or 303, data=fields, content_type=kind)

    def _open(self, method: str, path: str, status: int, **options: Any) -> Document:
        document = Document(self.client.open(path, method=method, **options))
        assert document.status == status, f"{method} {path}: {document.status} instead of {status}"
        return document


def changed(form: Form, changes: Mapping[str, Any]) -> Fields:
    """The fields of a form after a person has changed some; only fields that are there can be changed."""
    unknown = set(changes) - form.names()
    assert not unknown, f"{describe(form.tag)} has no field {sorted(unknown)}"
    lists = {name: new if isinstance(new, list) else [new] for name, new in changes.items()}
    kept = {name: values for name, values in form.fields().items() if name not in lists}
    new = {name: [as_sent(one) for one in values] for name, values in lists.items() if values != [None]}
    return kept | new


def as_sent(written: Any) -> Any:
    """A browser sends each line break as CR LF."""
    if not isinstance(written, str):
        return written
    return written.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def values_of(control: Tag) -> list[str]:
    """What a control sends when nobody touched it."""
    if control.name == "textarea":
        return [as_sent(control.get_text().removeprefix("\n"))]
    if control.name == "select":
        return chosen(control)
    kind = value(control, "type").lower()
    if kind in {"checkbox", "radio"}:
        return (
            [value(control, "value") if "value" in control.attrs else "on"]
            if "checked" in control.attrs
            else []
        )
    return [] if kind in {"submit", "button", "reset", "image", "file"} else [value(control, "value")]


def chosen(select: Tag) -> list[str]:
    """The chosen options; a list that shows one at a time falls back on its first."""
    options = [option for option in select.find_all("option") if "disabled" not in option.attrs]
    marked = [option for option in options if "selected" in option.attrs]
    if "multiple" not in select.attrs:
        marked = marked[-1:] or options[:1]
    return [value(one, "value") if "value" in one.attrs else one.get_text(strip=True) for one in marked]


def disabled(control: Tag) -> bool:
    """Whether the control, or the group around it, is switched off."""
    around = control.find_parents("fieldset")
    return any("disabled" in tag.attrs for tag in [control, *around])


def called(button: Tag) -> set[str]:
    """All that a button can be called by."""
    name, content = value(button, "name"), value(button, "value")
    return {spoken(button) or content, name, content, f"{name}={content}"} - {""}
