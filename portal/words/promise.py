"""The promise as the page draws it: a date, its steps, and how it was counted."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.cases.deadlines import Explanation
from portal.words import deadline_breakdown
from portal.words.dates import capital, number_word, weekday_date

Step = Literal["todo", "done", "due", "late"]


@dataclass(frozen=True)
class PromiseView:
    """Everything that the promise box and the promise calendar show."""

    label: str
    headline: str
    iso: str
    steps: list[Step]
    steps_text: str
    line: str
    ends: tuple[str, str] | None
    lines: list[deadline_breakdown.Line]
    weeks: list[list[deadline_breakdown.Cell | None]]
    weekdays: list[tuple[str, str]]


def unsent(explanation: Explanation) -> PromiseView:
    """What is promised to whoever sends today."""
    return _view(
        explanation,
        today=explanation.arrival,
        label=_("Skickar du i dag får du svar senast"),
        line=_sentences(_length(explanation), _start(explanation), _rule(explanation)),
        ends=(_("i dag"), _("svar")),
    )


def promised(explanation: Explanation) -> PromiseView:
    """What was promised, as the receipt says it."""
    return _view(
        explanation,
        today=explanation.arrival,
        label=_("Du får svar senast"),
        line=_sentences(_start(explanation), _sum(explanation)),
    )


def running(explanation: Explanation, today: date, reason: str = "") -> PromiseView:
    """The promise of an open case, on time or late, and why it was moved to a later day if it was."""
    if today > explanation.due:
        return _late(explanation, today)
    moved = _("Dagen är flyttad: %(reason)s", reason=reason) if reason else ""
    return _view(
        explanation,
        today=today,
        label=_("Svar senast"),
        line=_sentences(_position(explanation, today), _remaining(explanation, today), moved),
        done=explanation.counted_by(today),
    )


def waiting(explanation: Explanation, since: date, until: date | None, staff: bool) -> PromiseView:
    """The promise of a case that waits for its sender: how much is left when they have answered."""
    left, late = explanation.left(since), since > explanation.due
    rest = ngettext(
        "%(days)s arbetsdag återstår.",
        "%(days)s arbetsdagar återstår.",
        left,
        days=capital(number_word(left)),
    )
    by = _("Svaret behövs senast %(date)s.", date=weekday_date(until)) if until else ""
    return _view(
        explanation,
        today=since,
        label=_("Vi väntar på avsändaren") if staff else _("Vi väntar på ditt svar"),
        headline=_("Svarstiden står still"),
        line=_sentences(by, "" if late else rest),
        done=None if late else explanation.counted_by(since),
        explained=False,
    )


def kept(explanation: Explanation, answered: date) -> PromiseView:
    """The promise of an answered case, kept or not."""
    if answered > explanation.due:
        label, headline, done = _("Svaret kom"), _delay(explanation, answered), None
    else:
        label, headline = _taken(explanation, answered)
        done = explanation.counted_by(answered)
    promise = weekday_date(explanation.due, answered)
    line = _("Vi lovade svar senast %(date)s.", date=promise)
    return _view(explanation, today=None, label=label, line=line, headline=headline, done=done)


def _late(explanation: Explanation, today: date) -> PromiseView:
    days = -explanation.left(today)
    line = ngettext(
        "Vi är %(days)s arbetsdag sena.", "Vi är %(days)s arbetsdagar sena.", days, days=number_word(days)
    )
    return _view(explanation, today=today, label=_("Svar senast"), line=line, done=None)


def _view(
    explanation: Explanation,
    *,
    today: date | None,
    label: str,
    line: str,
    headline: str = "",
    done: int | None = 0,
    ends: tuple[str, str] | None = None,
    explained: bool = True,
) -> PromiseView:
    due = explanation.due
    return PromiseView(
        label=label,
        headline=headline or weekday_date(due, today),
        iso="" if headline else due.isoformat(),
        steps=_steps(explanation.working_days, done),
        steps_text=_steps_text(explanation.working_days, done, waiting=today is not None),
        line=line,
        ends=ends,
        lines=deadline_breakdown.lines(explanation, today) if explained else [],
        weeks=deadline_breakdown.weeks(explanation, today) if explained else [],
        weekdays=deadline_breakdown.weekdays(),
    )


def _steps(total: int, done: int | None) -> list[Step]:
    if done is None:
        return ["late"] * total
    before: list[Step] = ["done" if step < done else "todo" for step in range(total - 1)]
    return [*before, "due"]


def _steps_text(total: int, done: int | None, *, waiting: bool) -> str:
    if done is None:
        return _("Alla arbetsdagar har gått.")
    if waiting and not done:
        return ngettext("%(num)s arbetsdag till svaret.", "%(num)s arbetsdagar till svaret.", total)
    return _("%(done)s av %(total)s arbetsdagar har gått.", done=done, total=total)


def _length(explanation: Explanation) -> str:
    return ngettext("Det är %(num)s arbetsdag.", "Det är %(num)s arbetsdagar.", explanation.working_days)


def _start(explanation: Explanation) -> str:
    if explanation.day_zero == explanation.arrival:
        return ""
    start = weekday_date(explanation.day_zero, explanation.arrival)
    return _("Vi räknar från %(date)s.", date=start)


def _rule(explanation: Explanation) -> str:
    weekends = [_("helger")] if any(deadline_breakdown.on_weekend(day) for day in explanation.skipped) else []
    reasons = [*weekends, *deadline_breakdown.named(explanation)]
    return _("%(days)s räknas inte.", days=capital(deadline_breakdown.listed(reasons))) if reasons else ""


def _sum(explanation: Explanation) -> str:
    total, skipped = explanation.working_days, len(explanation.skipped)
    counted = ngettext("%(num)s arbetsdag räknas.", "%(num)s arbetsdagar räknas.", total)
    if not skipped:
        return counted
    reasons = deadline_breakdown.listed(
        [*deadline_breakdown.weekends(explanation), *deadline_breakdown.named(explanation)]
    )
    rest = ngettext(
        "%(num)s dag räknas inte: %(days)s.", "%(num)s dagar räknas inte: %(days)s.", skipped, days=reasons
    )
    return _sentences(counted, rest)


def _position(explanation: Explanation, today: date) -> str:
    day = explanation.counted_by(today)
    return _("Dag %(day)s av %(total)s.", day=day, total=explanation.working_days) if day else ""


def _remaining(explanation: Explanation, today: date) -> str:
    if today == explanation.due:
        return _("Sista dagen.")
    days = explanation.working_days - explanation.counted_by(today)
    word = capital(number_word(days))
    return ngettext("%(days)s arbetsdag kvar.", "%(days)s arbetsdagar kvar.", days, days=word)


def _taken(explanation: Explanation, answered: date) -> tuple[str, str]:
    if answered <= explanation.arrival:
        return _("Vi höll löftet. Svaret kom"), _("samma dag")
    label = _("Vi höll löftet. Svaret tog")
    days = explanation.counted_by(answered)
    if not days:
        return label, _("mindre än en arbetsdag")
    return label, ngettext("%(num)s arbetsdag", "%(num)s arbetsdagar", days)


def _delay(explanation: Explanation, answered: date) -> str:
    days = -explanation.left(answered)
    return ngettext("%(num)s arbetsdag för sent", "%(num)s arbetsdagar för sent", days)


def _sentences(*parts: str) -> str:
    return " ".join(filter(None, parts))
