"""The start page, rendered once a day, language and publication; a signed-in reader gets their own header."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import SimpleNamespace

from flask import current_app, render_template, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal import clock
from portal.cases.deadlines import explain
from portal.cases.enums import Kind
from portal.database.errors import DatabaseUnavailable
from portal.formats.case_numbers import kept_together
from portal.organisation import queries as organisation
from portal.organisation.sections import Summer
from portal.statistics.published import queries as published
from portal.translation import page_language
from portal.web import current
from portal.web.public.figures import drawn_pages
from portal.web.public.figures.drawn_pages import Setting, setting
from portal.web.support import notices
from portal.web.support.code_forms import CodeForm
from portal.words.contact import ContactPromise
from portal.words.kinds import KINDS
from portal.words.promise import AnswerPromise, PromiseView

# Two languages, signed in or not, before and after midnight.
MAX_PAGES = 8
# In place of the token of the reader. No text has this character.
PLACEHOLDER = "\ufdd0"


@dataclass(frozen=True)
class Shown:
    """What decides how the page looks. Of the reader it knows only whether they are signed in."""

    setting: Setting
    day: date
    is_signed_in: bool
    sentence: str
    has_texts: bool


def page(posted: CodeForm | None = None) -> str:
    """The page; `posted` is its form when it is drawn again in another language."""
    shown, saved = _shown(), notices.take("start")
    if posted or saved:
        return _framed(_draw(shown, generate_csrf(), posted or CodeForm(), saved))
    if shown.is_signed_in:
        # Its header has their name.
        html = _framed(Markup(_drawn(shown)))  # noqa: S704
    else:
        # In development the style sheet changes, and its address in the page with it.
        html = _drawn_whole(shown, url_for("static", filename="kontakt.css"))
    return html.replace(PLACEHOLDER, generate_csrf())


def _framed(main: Markup) -> str:
    return render_template("public/start.html", main=main)


def _shown() -> Shown:
    sentence, has_texts = _what_is_public()
    return Shown(
        setting=setting(),
        day=clock.today(),
        is_signed_in=current.user() is not None,
        sentence=sentence,
        has_texts=has_texts,
    )


def _what_is_public() -> tuple[str, bool]:
    """The sentence about the latest month, and whether texts of improvements are public."""
    try:
        edition, has_texts = published.edition_and_texts()
        return drawn_pages.sentence(edition), has_texts
    # All else on the page can be read without a database.
    except DatabaseUnavailable:
        return "", False


@lru_cache(MAX_PAGES)
def _drawn_whole(shown: Shown, _sheet: str) -> str:
    return _framed(Markup(_drawn(shown)))  # noqa: S704


@lru_cache(MAX_PAGES)
def _drawn(shown: Shown) -> str:
    return str(_draw(shown, PLACEHOLDER, CodeForm(formdata=None)))


def _draw(shown: Shown, token: str, form: CodeForm, saved: str = "") -> Markup:
    # Without the context processor, which knows the reader.
    template = current_app.jinja_env.get_template("public/_start.html")
    html = template.render(
        shown=shown,
        promise=promise_for_new(),
        kinds=kind_rows(),
        form=form,
        token=token,
        doors=organisation.profile().general_doors(),
        saved=saved,
    )
    return kept_together(html)


def promise_for_new() -> PromiseView | None:
    """The promise of a case submitted today; None if the municipality promises no number of days."""
    promise = organisation.profile().promise
    days = promise.answer_working_days or promise.contact_working_days
    if not days:
        return None
    closed = tuple(organisation.closed_days().items())
    # Only an answer may be extended, so a contact is no later in summer.
    is_answer = promise.answer_working_days is not None
    summer = organisation.profile().summer
    return _promise_of_day(clock.today(), days, is_answer, closed, summer, page_language())


# The same for everybody on a day: it has nothing of a person or a case.
@lru_cache(maxsize=32)
def _promise_of_day(
    day: date,
    days: int,
    is_answer: bool,
    closed: tuple[tuple[date, str], ...],
    summer: Summer | None,
    _language: str,
) -> PromiseView:
    explanation = explain(day, days, dict(closed))
    return AnswerPromise.for_new(explanation, summer) if is_answer else ContactPromise.for_new(explanation)


def kind_rows() -> list[SimpleNamespace]:
    """The kinds that the profile accepts, with the addresses of their forms."""
    rows = []
    for key in organisation.profile().kinds:
        kind = Kind(key)
        href = url_for("public.send", slug=kind.slug)
        rows.append(SimpleNamespace(verb=KINDS[kind].verb, text=KINDS[kind].text, href=href))
    return rows
