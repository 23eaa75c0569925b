"""Texts from the municipality's profile, which is in one language and may hold translations."""

from markupsafe import Markup, escape

from portal.organisation import queries as organisation
from portal.translation import page_language


def profile_texts(text: str) -> tuple[str, str | None]:
    """(text, None) in the reader's language if the profile has it, else (text, the language it is in)."""
    profile = organisation.profile()
    translation = profile.translated(text, page_language())
    return (text, profile.language) if translation is None else (translation, None)


def profile_markup(text: str) -> Markup:
    """A profile text for a page, inside a span with `lang` if it is not in the reader's language."""
    translation, language = profile_texts(text)
    if language is None:
        return escape(translation)
    # WCAG 3.1.2: a screen reader changes voice by the lang of the part.
    return Markup('<span lang="{}">{}</span>').format(language, translation)
