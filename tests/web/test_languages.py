"""The language of a page, of a part of it, and of a text in a template."""

from flask import Flask, render_template_string

from portal.translation import gettext, in_language
from portal.web import languages

WORD = "Följ ärende"


def test_a_part_in_another_language_is_in_that_language_and_what_follows_in_the_first(app: Flask) -> None:
    with app.test_request_context("/"):
        english = "Follow a case"
        assert gettext(WORD) == WORD
        with in_language("en"):
            assert gettext(WORD) == english
            with in_language("sv"):
                assert gettext(WORD) == WORD
            assert gettext(WORD) == english
        assert gettext(WORD) == WORD


def test_every_page_begins_in_its_own_language(app: Flask) -> None:
    with app.test_request_context("/", headers={"Cookie": f"{languages.COOKIE}=en"}):
        assert gettext(WORD) == "Follow a case"
    with app.test_request_context("/"):
        assert gettext(WORD) == WORD


def test_a_value_in_a_text_of_a_template_is_escaped_and_the_text_is_not(app: Flask) -> None:
    with app.test_request_context("/"):
        shown = render_template_string("{{ _('%(name)s & 100 %% <br>', name=name) }}", name="<i>")
        assert shown == "&lt;i&gt; & 100 % <br>"
