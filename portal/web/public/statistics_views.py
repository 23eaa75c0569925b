"""How the promise was kept, in figures: for everybody, and never about fewer than five."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from portal import clock
from portal.identity.actors import System
from portal.organisation import queries as organisation
from portal.organisation.sections import Promise
from portal.statistics.queries import statistics
from portal.statistics.rules import Figures, OfKind, PromiseShare, Span, Statistics
from portal.web.public import public
from portal.words.dates import capital, month_span
from portal.words.kinds import KINDS


@dataclass(frozen=True)
class Share:
    """A part of a whole: in words, in per cent and as the length of a bar."""

    text: str
    percent: str
    length: int
    notes: list[str]


@dataclass(frozen=True)
class Row:
    """One row of figures as the page draws it; an empty text is a figure that is not told."""

    name: str
    received: str
    answered: int
    half: str
    nine_in_ten: str
    answer: Share | None
    contact: Share | None


@dataclass(frozen=True)
class KindRows:
    """A kind and its months; without figures there are fewer than five cases."""

    name: str
    row: Row | None
    months: list[Row]


@public.get("/statistik")
def statistics_page() -> ResponseReturnValue:
    """What was promised, and what came of it. Drawn by the portal itself: no case is on the page."""
    told, promise = statistics(System()), organisation.profile().promise
    return render_template(
        "public/figures.html",
        heading=_heading(promise),
        lead=" ".join([*_promised(promise), *_period(told)]),
        promise=promise,
        total=_row("", told.figures) if told.figures else None,
        kinds=[_kind(each) for each in told.kinds if _shown(each)],
    )


def _shown(of: OfKind) -> bool:
    """A kind that the profile has dropped is told of as long as there is something to tell."""
    return of.figures is not None or of.kind in organisation.profile().kinds


def _heading(promise: Promise) -> str:
    promised = promise.answer_working_days or promise.contact_working_days
    return _("Håller vi vad vi lovar?") if promised else _("Hur snabbt svarar vi?")


def _promised(promise: Promise) -> list[str]:
    answer, contact = promise.answer_working_days, promise.contact_working_days
    first = ngettext(
        "Vi lovar en första kontakt inom %(num)s arbetsdag.",
        "Vi lovar en första kontakt inom %(num)s arbetsdagar.",
        contact or 0,
    )
    then = ngettext(
        "Vi lovar svar inom %(num)s arbetsdag.", "Vi lovar svar inom %(num)s arbetsdagar.", answer or 0
    )
    return [text for text, days in ((first, contact), (then, answer)) if days]


def _period(told: Statistics) -> list[str]:
    spans = [span for kind in told.kinds for span in kind.spans]
    if not spans:
        return []
    period = month_span(min(span.first for span in spans), max(span.last for span in spans))
    return [_("Så gick det %(period)s.", period=period)]


def _kind(of: OfKind) -> KindRows:
    name = capital(str(KINDS[of.kind].name))
    row = _row(name, of.figures) if of.figures else None
    return KindRows(name, row, [_row(_months(span), span.figures) for span in reversed(of.spans)])


def _months(span: Span) -> str:
    name = capital(month_span(span.first, span.last))
    running = span.last == clock.today().replace(day=1)
    return _("%(month)s, hittills", month=name) if running else name


def _row(name: str, figures: Figures) -> Row:
    return Row(
        name=name,
        received=ngettext("%(num)s ärende", "%(num)s ärenden", figures.received),
        answered=figures.answered,
        half=_days(figures.half),
        nine_in_ten=_days(figures.nine_in_ten),
        answer=_share(figures.answer),
        contact=_share(figures.contact),
    )


def _days(days: int | None) -> str:
    # An answer on day zero came within one working day too.
    return "" if days is None else ngettext("%(num)s arbetsdag", "%(num)s arbetsdagar", max(1, days))


def _share(kept: PromiseShare | None) -> Share | None:
    """Rounded down: a whole is a whole only when nothing is missing."""
    if kept is None:
        return None
    length = 100 * kept.kept // kept.of
    text = _("%(part)s av %(whole)s", part=kept.kept, whole=kept.of)
    return Share(text, format_percent(length / 100), length, _notes(kept))


def _notes(kept: PromiseShare) -> list[str]:
    moved = ngettext("%(num)s fick ett nytt datum", "%(num)s fick ett nytt datum", kept.extended)
    waiting = ngettext("%(num)s är sent och väntar än", "%(num)s är sena och väntar än", kept.waiting)
    return [text for text, count in ((moved, kept.extended), (waiting, kept.waiting)) if count]
