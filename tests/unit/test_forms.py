"""Forms: text made clean, plain words for what is wrong."""

import importlib
import pkgutil
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.widgets import core, html_params

import portal
from portal.web import forms, request_limits
from portal.web.support import address_fields

OVER = "Texten är {} tecken för lång. Den får vara högst 5 tecken."


@pytest.fixture(autouse=True)
def speaking() -> Any:
    """The validators speak, so they need a language."""
    app = Flask(__name__)
    Babel(app, default_locale="sv")
    with app.test_request_context():
        yield


def tried(validator: Any, written: str) -> tuple[str | None, list[str]]:
    """What a field holds and says after it has looked at what somebody wrote."""

    asked = BaseForm({"field": StringField(validators=[validator])})
    asked.process(MultiDict({"field": written}))
    asked.validate()
    return asked["field"].data, [str(error) for error in asked["field"].errors]


@given(st.text())
def test_many_lines_have_one_sort_of_line_ending_and_no_empty_ends(text: str) -> None:
    clean = forms.many_lines(text)
    assert "\r" not in clean
    assert clean == clean.strip("\n")
    assert forms.many_lines(clean) == clean


@pytest.mark.parametrize("text", ["ett\r\ntvå", "ett\rtvå", "ett\ntvå", "\r\n\n\rett\ntvå\r\n"])
def test_line_endings_of_every_sort_are_the_same(text: str) -> None:
    assert forms.many_lines(text) == "ett\ntvå"


def test_what_was_never_sent_is_an_empty_text() -> None:
    assert (forms.one_line(None), forms.many_lines(None)) == ("", "")


def test_a_line_loses_the_space_around_it() -> None:
    assert forms.one_line(" \t Hej du \n") == "Hej du"


def test_a_text_that_cannot_be_seen_is_nothing_written() -> None:
    assert tried(forms.Required("Skriv något"), "\u2800\u0301")[1] == ["Skriv något"]


@pytest.mark.parametrize("written", ["", "  ", "\t\n", "\N{NO-BREAK SPACE}"])
def test_nothing_and_space_are_both_nothing_written(written: str) -> None:
    assert tried(forms.Required("Skriv något"), written)[1] == ["Skriv något"]


@pytest.mark.parametrize(
    ("written", "over"), [("a" * 6, 1), ("🌳" * 8, 3), ("e\N{COMBINING ACUTE ACCENT}" * 3, 1)]
)
def test_signs_are_counted_as_code_points(written: str, over: int) -> None:
    assert tried(forms.MaxLength(5), written) == (written, [OVER.format(over)])
    assert tried(forms.MaxLength(5), written[:5])[1] == []


def test_thousands_are_grouped_as_in_swedish() -> None:
    assert "15 000 tecken för lång. Den får vara högst 20 000 tecken" in tried(
        forms.MaxLength(20_000), "a" * 35_000
    )[1][0].replace("\N{NO-BREAK SPACE}", " ")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\ufffd")))
def test_every_sign_that_can_be_read_is_left_alone(text: str) -> None:
    assert tried(forms.PrintableText(), text)[1] == []
    assert tried(forms.PrintableText(), "a\tb\nc")[1] == []


@given(
    st.text(),
    st.sampled_from("\x00\x07\x0b\r\x1f\x7f\x85\x9f\ud800\udfff\ufffd\ufffe\uffff"),
    st.text(),
)
def test_a_sign_that_cannot_is_taken_out_and_told_of_once(before: str, sign: str, after: str) -> None:
    cleaned, told = tried(forms.PrintableText(), before + sign + after)
    assert told == ["Texten innehöll tecken som inte går att läsa. Vi tog bort dem. Läs igenom och skicka."]
    assert tried(forms.PrintableText(), cleaned or "") == (cleaned, [])


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_line_separators_of_word_and_of_web_pages_are_accepted(end: str) -> None:
    assert tried(forms.PrintableText(), forms.many_lines(f"a{end}b")) == ("a\nb", [])
    assert tried(forms.PrintableText(), forms.one_line(f"a{end}b\tc")) == ("a b c", [])


@pytest.mark.parametrize(
    ("count", "heading"), [(1, "Rätta en sak"), (2, "Rätta två saker"), (5, "Rätta fem saker")]
)
def test_the_summary_says_how_many_things_are_wrong(count: int, heading: str) -> None:
    errors = [("id", "fel")] * count
    assert forms.summary(errors) == {"errors": errors, "errors_heading": heading}


def test_a_page_without_errors_has_no_summary() -> None:
    assert forms.summary([]) == {"errors": [], "errors_heading": ""}


def read(body: bytes, kind: str = "application/x-www-form-urlencoded") -> dict[str, str]:
    environ = {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": kind}
    return dict(request_limits.FormRequest({**environ, "REQUEST_METHOD": "POST"}).form)


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_a_form_is_read_as_a_browser_sent_it(fields: dict[str, str]) -> None:
    sent = {name: text for name, text in fields.items() if is_utf8(name + text)}
    assert read(urlencode(sent).encode()) == sent


def is_utf8(text: str) -> bool:
    return text.isprintable() or not any("\ud800" <= sign <= "\udfff" for sign in text)


@given(st.binary())
def test_no_bytes_stop_the_reading_of_the_fields_beside_them(noise: bytes) -> None:
    around = b"first=1&x=" + noise.replace(b"&", b"") + b"&last=2"
    found = read(around)
    assert (found["first"], found["last"]) == ("1", "2")
    assert all(is_utf8(text) for text in found.values())


@pytest.mark.parametrize("broken", [b"%ED%A0%80", b"\xff", b"%C3", b"%C0%80"])
def test_bytes_that_are_no_utf_8_become_a_sign_that_is_refused(broken: bytes) -> None:
    assert "\ufffd" in read(b"text=Hej" + broken)["text"]


def text_fields() -> list[tuple[str, dict[str, Any]]]:
    """Every field for text of every form of the portal, with the arguments that it is made of."""
    for info in pkgutil.walk_packages(portal.__path__, "portal."):
        if info.name.startswith("portal.web"):
            importlib.import_module(info.name)
    fields = []
    waiting = [forms.Form]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        for name, field in vars(form).items():
            if getattr(field, "field_class", None) in (StringField, TextAreaField):
                fields.append((f"{form.__qualname__}.{name}", field.kwargs))
    return fields


def test_every_field_for_text_is_cleaned_in_the_same_way() -> None:
    cleaned = {forms.one_line, forms.many_lines, address_fields.email_line}
    fields = text_fields()
    assert len(fields) > 20
    assert [name for name, options in fields if not cleaned.intersection(options.get("filters", ()))] == []


VALUES = st.text() | st.booleans() | st.integers() | st.text().map(Markup)
NAMES = st.sampled_from(
    ["id", "class_", "data_label", "aria_describedby", "aria-invalid", "value", "required"]
)


@given(st.dictionaries(NAMES, VALUES))
def test_attributes_are_those_of_wtforms(values: dict[str, Any]) -> None:
    assert forms.attributes(**values) == html_params(**values)
    assert core.Input.html_params is core.html_params is forms.attributes
