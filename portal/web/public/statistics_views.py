"""The public statistics page: how the promise was kept, never about fewer than five cases."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from portal import clock
from portal.identity.actors import System
from portal.organisation import queries as organisation
from portal.organisation.sections import Promise
from portal.statistics.queries import statistics as public_statistics
from portal.statistics.rules import Figures, KindStatistics, PromiseShare, Span, Statistics
from portal.web.public import public
from portal.words.dates import capital, month_span
from portal.words.kinds import KINDS


@dataclass(frozen=True)
class Share:
    """A share in words, in per cent and as the length of a bar (0 to 100)."""

    text: str
    percent: str
    length: int
    notes: list[str]


@dataclass(frozen=True)
class Row:
    """One row of figures in words; empty or None for a suppressed figure."""

    name: str
    received: str
    answered: int
    median: str
    percentile_90: str
    answer: Share | None
    contact: Share | None


@dataclass(frozen=True)
class KindRows:
    """A kind and its months; `row` is None for fewer than five cases."""

    name: str
    row: Row | None
    months: list[Row]


@public.get("/statistik")
def statistics_page() -> ResponseReturnValue:
    # The portal itself is the actor: the reader sees no case, so no reader's access applies.
    statistics = public_statistics(System())
    promise = organisation.profile().promise
    return render_template(
        "public/figures.html",
        heading=_heading(promise),
        lead=" ".join([*_promise_texts(promise), *_period_text(statistics)]),
        promise=promise,
        total=_row("", statistics.figures) if statistics.figures else None,
        kinds=[_kind_rows(kind) for kind in statistics.kinds if _is_shown(kind)],
    )


def _is_shown(kind: KindStatistics) -> bool:
    # A kind that the profile no longer accepts is shown as long as it has figures.
    return kind.figures is not None or kind.kind in organisation.profile().kinds


def _heading(promise: Promise) -> str:
    promised = promise.answer_working_days or promise.contact_working_days
    return _("Håller vi vad vi lovar?") if promised else _("Hur snabbt svarar vi?")


def _promise_texts(promise: Promise) -> list[str]:
    texts = []
    if contact := promise.contact_working_days:
        texts.append(
            ngettext(
                "Vi lovar en första kontakt inom %(num)s arbetsdag.",
                "Vi lovar en första kontakt inom %(num)s arbetsdagar.",
                contact,
            )
        )
    if answer := promise.answer_working_days:
        texts.append(
            ngettext(
                "Vi lovar svar inom %(num)s arbetsdag.", "Vi lovar svar inom %(num)s arbetsdagar.", answer
            )
        )
    return texts


def _period_text(statistics: Statistics) -> list[str]:
    spans: list[Span] = []
    for kind in statistics.kinds:
        spans.extend(kind.spans)
    if not spans:
        return []
    period = month_span(min(span.first for span in spans), max(span.last for span in spans))
    return [_("Så gick det %(period)s.", period=period)]


def _kind_rows(kind: KindStatistics) -> KindRows:
    name = capital(str(KINDS[kind.kind].name))
    row = _row(name, kind.figures) if kind.figures else None
    return KindRows(name, row, [_row(_span_name(span), span.figures) for span in reversed(kind.spans)])


def _span_name(span: Span) -> str:
    name = capital(month_span(span.first, span.last))
    is_current = span.last == clock.today().replace(day=1)
    return _("%(month)s, hittills", month=name) if is_current else name


def _row(name: str, figures: Figures) -> Row:
    return Row(
        name=name,
        received=ngettext("%(num)s ärende", "%(num)s ärenden", figures.received),
        answered=figures.answered,
        median=_days(figures.median),
        percentile_90=_days(figures.percentile_90),
        answer=_share(figures.answer),
        contact=_share(figures.contact),
    )


def _days(days: int | None) -> str:
    # An answer on day zero took 0 working days; "inom 0 arbetsdagar" would puzzle the reader.
    return "" if days is None else ngettext("%(num)s arbetsdag", "%(num)s arbetsdagar", max(1, days))


def _share(share: PromiseShare | None) -> Share | None:
    if share is None:
        return None
    # Rounded down, so that 100 % means every one (docs/decisions/0010).
    length = 100 * share.in_time // share.total
    text = _("%(part)s av %(whole)s", part=share.in_time, whole=share.total)
    return Share(text, format_percent(length / 100), length, _notes(share))


def _notes(share: PromiseShare) -> list[str]:
    notes = []
    if share.extended:
        notes.append(ngettext("%(num)s fick ett nytt datum", "%(num)s fick ett nytt datum", share.extended))
    if share.waiting:
        notes.append(
            ngettext("%(num)s är sent och väntar än", "%(num)s är sena och väntar än", share.waiting)
        )
    return notes
