"""The contact promise as the page draws it: that a person gets in touch, answer or not."""

from dataclasses import replace
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.cases.deadlines import Explanation
from portal.words import promise
from portal.words.dates import weekday_date
from portal.words.promise import PromiseView


def unsent(explanation: Explanation) -> PromiseView:
    """What is promised to whoever sends today."""
    ends = _("i dag"), _("vi hör av oss")
    return _about_contact(promise.unsent(explanation), explanation, ends)


def promised(explanation: Explanation) -> PromiseView:
    """What was promised, as the receipt says it."""
    return _about_contact(promise.promised(explanation), explanation)


def running(explanation: Explanation, today: date) -> PromiseView:
    """The promise of a case that nobody has been in touch about."""
    return _about_contact(promise.running(explanation, today), explanation)


def kept(explanation: Explanation, contacted: date) -> PromiseView:
    """The promise when somebody has been in touch."""
    line = _("Vi lovade att göra det senast %(date)s.", date=weekday_date(explanation.due, contacted))
    view = promise.kept(explanation, contacted)
    headline, iso = weekday_date(contacted), contacted.isoformat()
    return replace(
        view, label=_("Vi hörde av oss"), headline=headline, iso=iso, line=line, steps=[], lines=[], weeks=[]
    )


def _about_contact(
    view: PromiseView, explanation: Explanation, ends: tuple[str, str] | None = None
) -> PromiseView:
    days = explanation.working_days
    *lines, last = view.lines
    return replace(
        view,
        label=_("Skickar du i dag hör vi av oss senast") if ends else _("Vi hör av oss senast"),
        ends=ends,
        steps_text=ngettext(
            "%(num)s arbetsdag tills vi hör av oss.", "%(num)s arbetsdagar tills vi hör av oss.", days
        ),
        lines=[*lines, replace(last, note=_("dag %(number)s, vi hör av oss", number=days))],
        weeks=[],
    )
