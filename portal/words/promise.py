"""View models of the promise (svarslöfte): its date, its steps and how the days were counted."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, Self

from portal.cases.deadlines import Explanation
from portal.organisation.calendar import closed
from portal.organisation.sections import Summer
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.words import deadline_breakdown
from portal.words.dates import capital, number_word, short_weekday_date, weekday_date

Step = Literal["todo", "done", "due", "late"]


@dataclass(frozen=True)
class PromiseView:
    """What the promise box and the promise calendar draw. `steps` holds one item for each working day."""

    label: str
    headline: str
    iso: str
    steps: list[Step]
    steps_text: str
    line: str
    ends: tuple[str, str] | None
    # That the answer may come later than promised, in summer.
    exemption: str = ""
    # The days that are explained, as they are seen on a day; None if they are not.
    explanation: Explanation | None = None
    today: date | None = None

    @property
    def is_late(self) -> bool:
        """Whether the day has passed of an open case."""
        return bool(self.iso and self.steps and self.steps[0] == "late")

    @property
    def waits(self) -> bool:
        """Whether an open case has no date, since its clock is stopped."""
        return self.today is not None and not self.iso

    # Made when they are drawn: a list of cases shows the steps alone.
    @cached_property
    def lines(self) -> list[deadline_breakdown.Line]:
        """Each day with how it was counted."""
        return deadline_breakdown.lines(self.explanation, self.today) if self.explanation else []

    @cached_property
    def weeks(self) -> list[list[deadline_breakdown.Cell | None]]:
        """The calendar of the days."""
        return deadline_breakdown.weeks(self.explanation, self.today) if self.explanation else []

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        """The heads of the calendar."""
        return deadline_breakdown.weekdays()


class AnswerPromise(PromiseView):
    """The promise of an answer by a day, one constructor for each stage of a case."""

    @classmethod
    def for_new(cls, explanation: Explanation, summer: Summer | None = None) -> Self:
        """The promise of a case submitted today, shown before it is submitted."""
        return cls._build(
            explanation,
            today=explanation.arrival,
            label=_("Om du skickar i dag får du svar senast"),
            line=_sentences(_length(explanation), _rule(explanation)),
            ends=(first_day(explanation), _("svar")),
            exemption=exemption(explanation, summer),
        )

    @classmethod
    def on_receipt(cls, explanation: Explanation, summer: Summer | None = None) -> Self:
        """The promise just made, as the receipt shows it."""
        return cls._build(
            explanation,
            today=explanation.arrival,
            label=_("Du får svar senast"),
            line=_sentences(_arrival(explanation), _sum(explanation)),
            exemption=exemption(explanation, summer),
        )

    @classmethod
    def in_progress(cls, explanation: Explanation, today: date, extension_reason: str = "") -> Self:
        """The promise of an open case, on time or late."""
        if today > explanation.due:
            return cls._late(explanation, today)
        moved = deadline_breakdown.new_day(extension_reason) if extension_reason else ""
        return cls._build(
            explanation,
            today=today,
            label=_("Svar senast"),
            line=_sentences(_position(explanation, today), _remaining(explanation, today), moved),
            done=explanation.counted_by(today),
        )

    @classmethod
    def waiting(cls, explanation: Explanation, since: date, until: date | None, staff: bool) -> Self:
        """The promise of a case paused for a supplement: the working days left once it arrives."""
        days = explanation.left(since)
        late = since > explanation.due
        by = _("Svaret behövs senast %(date)s.", date=weekday_date(until)) if until else ""
        # No date and no calendar: the due date moves with every day the sender takes.
        return cls._build(
            explanation,
            today=since,
            label=_("Vi väntar på invånaren") if staff else _("Vi väntar på ditt svar"),
            headline=_("Svarstiden står still"),
            line=_sentences(by, "" if late else _left_then(days, staff)),
            done=None if late else explanation.counted_by(since),
            explained=False,
        )

    @classmethod
    def answered(cls, explanation: Explanation, answered: date) -> Self:
        """The promise of an answered case, kept or broken."""
        done: int | None = None
        if answered > explanation.due:
            label = _("Svaret kom")
            headline = _delay(explanation, answered)
        else:
            label, headline = _time_taken(explanation, answered)
            # As many as it took; of an answer before the first of them, the whole promise.
            done = explanation.counted_by(answered) or explanation.working_days
        promise = weekday_date(explanation.due, answered)
        line = _("Vi lovade svar senast %(date)s.", date=promise)
        return cls._build(explanation, today=None, label=label, line=line, headline=headline, done=done)

    @classmethod
    def _late(cls, explanation: Explanation, today: date) -> Self:
        days = -explanation.left(today)
        line = ngettext(
            "Vi är %(days)s arbetsdag sena.", "Vi är %(days)s arbetsdagar sena.", days, days=number_word(days)
        )
        label = _("Svaret skulle ha kommit")
        return cls._build(explanation, today=today, label=label, line=line, done=None)

    @classmethod
    def _build(
        cls,
        explanation: Explanation,
        *,
        today: date | None,
        label: str,
        line: str,
        headline: str = "",
        done: int | None = 0,
        ends: tuple[str, str] | None = None,
        explained: bool = True,
        exemption: str = "",
    ) -> Self:
        due = explanation.due
        return cls(
            label=label,
            headline=headline or weekday_date(due, today),
            iso="" if headline else due.isoformat(),
            steps=_steps(explanation.working_days, done),
            steps_text=_steps_text(explanation.working_days, done, waiting=today is not None),
            line=line,
            ends=ends,
            exemption=exemption,
            explanation=explanation if explained else None,
            today=today,
        )


def first_day(explanation: Explanation) -> str:
    """The first day that counts, below the first step: "dag 1, mån 4 maj"."""
    return _("dag 1, %(day)s", day=short_weekday_date(_first(explanation), explanation.arrival))


def _first(explanation: Explanation) -> date:
    return next(day.date for day in explanation.days if day.counted)


def _arrival(explanation: Explanation) -> str:
    """When a case that came in on a closed day begins to count; else empty."""
    arrival = explanation.arrival
    if closed(arrival, explanation.own) is None:
        return ""
    return _(
        "Ärendet kom in %(arrival)s. Dag 1 är %(first)s.",
        arrival=weekday_date(arrival, arrival),
        first=weekday_date(_first(explanation), arrival),
    )


def exemption(explanation: Explanation, summer: Summer | None) -> str:
    """That the answer may come later than promised, in summer; empty where that may not be."""
    until = summer.end_within(explanation.arrival, explanation.due) if summer else None
    if until is None:
        return ""
    return _(
        "I sommar, till och med %(date)s, kan svaret komma senare. Då får du veta en ny dag.",
        date=weekday_date(until, explanation.arrival),
    )


def _steps(total: int, done: int | None) -> list[Step]:
    if done is None:
        return ["late"] * total
    # The last step is the due date itself, also when it is today.
    completed = min(done, total - 1)
    steps: list[Step] = ["done"] * completed
    steps.extend(["todo"] * (total - 1 - completed))
    return [*steps, "due"]


def _steps_text(total: int, done: int | None, *, waiting: bool) -> str:
    if done is None:
        return _("Alla arbetsdagar har gått.")
    if not waiting:
        return _("Vi höll löftet.")
    if not done:
        return ngettext("%(num)s arbetsdag till svaret.", "%(num)s arbetsdagar till svaret.", total)
    return _("%(done)s av %(total)s arbetsdagar har gått.", done=done, total=total)


def _length(explanation: Explanation) -> str:
    return ngettext("Det är %(num)s arbetsdag.", "Det är %(num)s arbetsdagar.", explanation.working_days)


def _rule(explanation: Explanation) -> str:
    reasons = deadline_breakdown.closed_day_names(explanation)
    if any(deadline_breakdown.is_weekend(day) for day in explanation.skipped):
        reasons.insert(0, _("helger"))
    return _("%(days)s räknas inte.", days=capital(deadline_breakdown.join_list(reasons))) if reasons else ""


def _sum(explanation: Explanation) -> str:
    skipped = len(explanation.skipped)
    counted = ngettext("%(num)s arbetsdag räknas.", "%(num)s arbetsdagar räknas.", explanation.working_days)
    if not skipped:
        return counted
    weekends = deadline_breakdown.skipped_weekends(explanation)
    reasons = deadline_breakdown.join_list([*weekends, *deadline_breakdown.closed_day_names(explanation)])
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


def _left_then(days: int, staff: bool) -> str:
    """The working days that are left once the sender has replied."""
    word = number_word(days)
    if staff:
        return ngettext(
            "När svaret kommer har vi %(days)s arbetsdag kvar.",
            "När svaret kommer har vi %(days)s arbetsdagar kvar.",
            days,
            days=word,
        )
    return ngettext(
        "När du har svarat har vi %(days)s arbetsdag kvar.",
        "När du har svarat har vi %(days)s arbetsdagar kvar.",
        days,
        days=word,
    )


def _time_taken(explanation: Explanation, answered: date) -> tuple[str, str]:
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
