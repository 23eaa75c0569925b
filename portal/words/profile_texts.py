"""The municipality's own words, which its profile says in one language and may translate."""

from flask_babel import get_locale
from markupsafe import Markup, escape

from portal.organisation import queries as organisation


def profile_texts(text: str) -> tuple[str, str | None]:
    """One of the profile's texts in the reader's language; else as it is, and the language that it is in."""
    profile = organisation.profile()
    found = profile.translated(text, str(get_locale() or profile.language))
    return (text, profile.language) if found is None else (found, None)


def own(text: str) -> Markup:
    """The same for a page, marked where a screen reader must change its voice."""
    words, language = profile_texts(text)
    return Markup('<span lang="{}">{}</span>').format(language, words) if language else escape(words)
