"""House rules of the templates. Each rule is also shown a sample that breaks it."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.architecture import markup
from tests.architecture.tree import PROVIDER, ROOT, TEMPLATES

Rule = Callable[[str], list[str]]


def broken(rule: Rule, folder: Path) -> list[str]:
    """Every place below a folder that breaks a rule."""
    return [f"{name}:{fault}" for name, text in markup.templates(folder) for fault in rule(text)]


def test_no_template_is_too_long() -> None:
    assert markup.long_templates(TEMPLATES) == []
    assert markup.long_templates(PROVIDER) == []


def test_a_template_has_at_most_150_lines(tmp_path: Path) -> None:
    (tmp_path / "short.html").write_text("\n" * 150)
    (tmp_path / "long.html").write_text("\n" * 151)
    assert markup.long_templates(tmp_path) == ["long.html: 151 lines"]


def test_all_text_of_a_template_can_be_translated() -> None:
    assert broken(markup.bare_text, TEMPLATES) == []
    assert broken(markup.bare_literals, TEMPLATES) == []


@pytest.mark.parametrize("rule", [partial(markup.bare_text, html=False), markup.bare_literals])
def test_all_text_of_plain_letters_and_sms_can_be_translated(rule: Rule) -> None:
    plain = markup.templates(TEMPLATES, ".txt")
    assert [f"{name}:{fault}" for name, text in plain for fault in rule(text)] == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>\n{{ number }} dagar</p>",
        "<p>\n{% if late %}För sent{% endif %}</p>",
        '<input\naria-label="Sök">',
        '<input title="{{ number }} dagar"\n>',
        '<br><img\nalt="Karta {% if a > b %}x{% endif %}">',
        '<br>\n<input type="submit" value="Skicka">',
        "<br>\n{% trans %}Hej{% endtrans %} du",
        "{# a\ncomment #}<b>&Aring;r</b>",
        "<p>\n{{ number }}-dagarslöfte</p>",
    ],
)
def test_bare_text_is_found(source: str) -> None:
    assert len(markup.bare_text(source)) == 1
    assert markup.bare_text("Hej\n{{ name }}", html=False) == ["1: Hej"]


@pytest.mark.parametrize(
    "source",
    [
        '<p class="ds-{{ size }}" title="{{ _("Hej") }}">{{ _("Hej") }} 10 – {{ number }}</p>',
        '{% trans n=days %}En <a href="/x" title="dag">dag</a>{% pluralize %}{{ n }} dagar{% endtrans %}',
        "{# En anteckning #}<style>p { color: red }</style><p>Kontakt</p>",
        '<input type="hidden" value="fraga"><option value="ja">&nbsp;</option>',
        '{% set color = "danger" %}{{ color }}',
    ],
)
def test_translated_text_is_no_bare_text(source: str) -> None:
    assert markup.bare_text(source) == []
    assert markup.bare_literals(source) == []


def test_text_hidden_in_an_expression_is_found() -> None:
    found = markup.bare_literals(
        '{{ button("Skicka") }}{{ _("Spara") }}\n{{ "för sent" if late else _("i tid") }}'
    )
    assert found == ["1: Skicka", "2: för sent"]


def test_no_page_has_code_inside() -> None:
    found = broken(markup.inline_code, TEMPLATES)
    # A letter is read by e-mail programs, many of which know no style sheet of its own.
    assert [fault for fault in found if not fault.startswith("email/")] == []
    assert broken(markup.inline_code, PROVIDER) == []


def test_code_inside_a_page_is_found() -> None:
    bad = '<p style="a">\n<a onclick="b">{% if x %}<script>1</script>{% endif %}\n<style>p{}</style>'
    assert markup.inline_code(bad) == ["1: style", "2: onclick", "2: <script>", "3: <style>"]
    assert markup.inline_code("{% trans %}<b style='x'>Hej</b>{% endtrans %}") == ["1: style"]
    assert markup.inline_code('<script src="/static/x.js"></script><p class="on">') == []


def test_every_form_that_posts_has_a_token() -> None:
    assert broken(markup.unguarded_forms, TEMPLATES) == []


@pytest.mark.parametrize(
    "token",
    [
        "{{ form.hidden_tag() }}",
        "{{ hidden(form) }}",
        '<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">',
    ],
)
def test_a_form_without_its_own_token_is_found(token: str) -> None:
    form = '<form method="post" action="{{ url_for("x") }}" {% if a > b %}novalidate{% endif %}>'
    assert markup.unguarded_forms(f"{form}{token}</form>") == []
    assert markup.unguarded_forms(f"{form}{token}</form>\n{form}</form>") == ["2: <form>"]
    assert markup.unguarded_forms('<form method="get"></form>') == []


def test_every_page_extends_a_layout() -> None:
    assert markup.without_layout(TEMPLATES) == []


def test_a_page_without_layout_is_found(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    samples = {
        "layouts/base.html": "<html></html>",
        "case.html": '{% extends "layouts/base.html" %}',
        "answered.html": '{% extends "case.html" %}',
        "bad.html": '{% include "layouts/base.html" %}',
        "lost.html": '{% extends "gone.html" %}',
        "_part.html": "<p></p>",
    }
    for name, text in samples.items():
        (tmp_path / name).write_text(text)
    assert markup.without_layout(tmp_path) == ["bad.html", "lost.html"]


DRAWN_AS_BOX = re.compile(r"^\.([\w-]+) \{[^}]*\bdisplay:", re.MULTILINE)
CELL = re.compile(r'<t[dh]\b[^>]*\bclass="([^"{]*)')


def boxed_cells(style: str, html: str) -> set[str]:
    """Classes of table cells that the style sheet draws as something other than a cell."""
    return {name for classes in CELL.findall(html) for name in classes.split()} & {
        *DRAWN_AS_BOX.findall(style)
    }


def test_a_cell_of_a_table_stays_a_cell() -> None:
    style = (ROOT / "static/kontakt.css").read_text(encoding="utf-8")
    html = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES.rglob("*.html"))
    assert boxed_cells(style, html) == set()


def test_a_cell_that_is_drawn_as_a_box_is_found() -> None:
    assert boxed_cells(".wide { display: grid; }\n", '<td class="wide few">') == {"wide"}
    assert (
        boxed_cells(".figures td.wide { display: block; }\n.few { color: red; }\n", '<td class="wide few">')
        == set()
    )
