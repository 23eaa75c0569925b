"""Texts in the language of the page.

Flask-Babel decides the language and loads the catalogues, but asks for both again at each of the hundreds of
texts of a page; these functions ask once for a request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g
from flask_babel import force_locale, get_locale, get_translations
from flask_babel.speaklater import LazyString

# Of a request: its translations and its language.
KNOWN = "translation"


def gettext(text: str, /, **values: object) -> str:
    """A text in the current language, with its values put in."""
    translated: str = _translations().gettext(text)
    return translated % values if values else translated


def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
    """A text that depends on a number, which is put in as `num`."""
    translated: str = _translations().ngettext(singular, plural, num)
    return translated % ({"num": num} | values)


def pgettext(context: str, text: str, /, **values: object) -> str:
    """A text whose translation depends on its context."""
    translated: str = _translations().pgettext(context, text)
    return translated % values if values else translated


def lazy_gettext(text: str, /, **values: object) -> LazyString:
    """A text that is translated when it is shown."""
    return LazyString(gettext, text, **values)


def page_language() -> str:
    """The code of the current language: "sv" outside a request."""
    return _known()[1]


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Translate, and write dates, into another language within the block."""
    before = g.pop(KNOWN, None)
    try:
        with force_locale(code):
            yield
    finally:
        setattr(g, KNOWN, before)


def _translations() -> Any:
    return _known()[0]


def _known() -> tuple[Any, str]:
    """The translations and the language of this request."""
    try:
        # Its proxy takes a microsecond for each attribute, and a page has hundreds of texts.
        own: Any = g._get_current_object()
    # Without an application a text stays as it is.
    except RuntimeError:
        return get_translations(), "sv"
    known: tuple[Any, str] | None = own.get(KNOWN)
    if known is None:
        known = get_translations(), str(get_locale())
        setattr(own, KNOWN, known)
    return known
