"""The rendered public statistics, cached by publication: a page is the same for every reader.

They are drawn without the context processor, so with no name, no token and nothing else of a reader. Every
request asks which edition is published, so nothing is shown of one before.
"""

from dataclasses import dataclass
from functools import lru_cache

from flask import current_app, request
from markupsafe import Markup

from portal.config import settings
from portal.statistics.published import queries as published
from portal.statistics.published.queries import Edition
from portal.translation import page_language
from portal.web.public.figures import chart, page
from portal.web.public.figures.period import BadChoice, Choice

# Of some 30 kB each: the pages of the latest months, of a few years and of the boards.
MAX_PAGES = 16
MAX_SENTENCES = 8


@dataclass(frozen=True)
class Setting:
    """The part of the cache key that all cached pages share: profile, path of the site, and language."""

    profile: str
    site: str
    language: str


@dataclass(frozen=True)
class Drawn:
    """The heading and the content of a page."""

    heading: str
    content: Markup


def setting() -> Setting:
    """That of this request."""
    return Setting(settings().profile, request.script_root, page_language())


def drawn(edition: Edition | None, choice: Choice) -> Drawn:
    """The page of a period, or of a board."""
    return _drawn(edition, choice, setting())


def drawn_problem(edition: Edition | None, problem: BadChoice) -> Drawn:
    """The page that says why what was asked for cannot be shown."""
    return _draw(page.empty(edition.extent if edition else None, problem))


@lru_cache(MAX_PAGES)
def _drawn(edition: Edition | None, choice: Choice, _setting: Setting) -> Drawn:
    extent = edition.extent if edition else None
    if choice.board:
        return _draw(page.of_board(extent, choice))
    return _draw(page.whole(extent, choice) if extent else page.empty(None))


def _draw(values: dict[str, object]) -> Drawn:
    template = current_app.jinja_env.get_template("public/_figures_page.html")
    return Drawn(str(values["heading"]), Markup(template.render(values)))  # noqa: S704


def sentence(edition: Edition | None) -> str:
    """The sentence about the latest month; empty if there is none yet."""
    return _sentence(edition, setting()) if edition else ""


@lru_cache(MAX_SENTENCES)
def _sentence(edition: Edition, _setting: Setting) -> str:
    last = edition.extent.last
    return chart.sentence(published.rows(last, last), last, page.what_is_promised())
