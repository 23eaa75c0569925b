"""The promise of a first contact, as view models, where the sender gets word, and why a case was closed."""

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Self

from portal.cases import parties
from portal.cases.deadlines import Explanation
from portal.cases.enums import NotifyBy
from portal.cases.models import Case
from portal.translation import gettext as _
from portal.translation import in_language, ngettext
from portal.words.dates import weekday_date
from portal.words.deadline_breakdown import Cell, Line
from portal.words.labels import CLOSE_REASON, PASSED_ON
from portal.words.masks import masked_email, masked_phone
from portal.words.promise import AnswerPromise, PromiseView, first_day


class ContactPromise(PromiseView):
    """The promise of a first contact by a day, one constructor for each stage of a case."""

    @classmethod
    def for_new(cls, explanation: Explanation) -> Self:
        """The promise of a case submitted today, shown before it is submitted."""
        label = _("Om du skickar i dag hör vi av oss senast")
        ends = (first_day(explanation), _("vi hör av oss"))
        return cls._build(AnswerPromise.for_new(explanation), explanation, label, ends)

    @classmethod
    def on_receipt(cls, explanation: Explanation) -> Self:
        """The promise just made, as the receipt shows it."""
        return cls._build(AnswerPromise.on_receipt(explanation), explanation, _("Vi hör av oss senast"))

    @classmethod
    def in_progress(cls, explanation: Explanation, today: date) -> Self:
        """The promise of a case whose sender has not been contacted, on time or late."""
        view = AnswerPromise.in_progress(explanation, today)
        label = _("Vi skulle ha hört av oss") if view.late_line else _("Vi hör av oss senast")
        return cls._build(view, explanation, label)

    @classmethod
    def contacted(cls, explanation: Explanation, contacted: date) -> Self:
        """The promise of a case whose sender has been contacted."""
        return cls(
            label=_("Vi hörde av oss"),
            headline=weekday_date(contacted),
            iso=contacted.isoformat(),
            steps=[],
            steps_text="",
            line=_("Vi lovade att göra det senast %(date)s.", date=weekday_date(explanation.due, contacted)),
            ends=None,
        )

    @cached_property
    def lines(self) -> list[Line]:
        """Each day with how it was counted; the last is that of the contact."""
        if self.explanation is None:
            return []
        *days, last = super().lines
        number = self.explanation.working_days
        return [*days, replace(last, note=_("dag %(number)s, vi hör av oss", number=number))]

    @cached_property
    def weeks(self) -> list[list[Cell | None]]:
        """None: the calendar marks the due date as the day of the answer, which is not promised here."""
        return []

    @classmethod
    def _build(
        cls, view: AnswerPromise, explanation: Explanation, label: str, ends: tuple[str, str] | None = None
    ) -> Self:
        days = explanation.working_days
        return cls(
            label=label,
            headline=view.headline,
            iso=view.iso,
            steps=view.steps,
            steps_text=ngettext(
                "%(num)s arbetsdag tills vi hör av oss.", "%(num)s arbetsdagar tills vi hör av oss.", days
            ),
            line=view.line,
            ends=ends,
            explanation=explanation,
            today=view.today,
        )


def contact_of(case: Case) -> str:
    """The masked address for messages to the sender; empty without one, or if the sender is protected."""
    if parties.is_protected(case):
        return ""
    email, phone = parties.reached_at(case)
    if email:
        return masked_email(email)
    return masked_phone(phone) if phone else ""


def told_by(case: Case) -> str:
    """How the sender is notified, after "Du får": "sms till 07•• ••• •05"; empty if protected."""
    address = case.notify_by.address(*parties.reached_at(case))
    if address is None:
        return _("inga meddelanden om ärendet")
    if parties.is_protected(case):
        return ""
    if case.notify_by is NotifyBy.EMAIL:
        return _("mejl till %(address)s", address=masked_email(address))
    return _("sms till %(address)s", address=masked_phone(address))


def passed_on(recipient: str, day: date, arrived: date, language: str) -> str:
    """Who has a matter that was sent to the wrong place, since when, and which day counts as its arrival."""
    with in_language(language):
        return _(
            "Vi har lämnat det du skickade till %(recipient)s %(day)s. "
            "Det kom in till kommunen %(arrived)s, och den dagen gäller. "
            "%(recipient)s svarar dig. Du behöver inte skicka något igen.",
            recipient=recipient,
            day=weekday_date(day),
            arrived=weekday_date(arrived),
        )


def close_reason(case: Case) -> str:
    """Why a case was closed; empty for an open one."""
    if case.close_reason is None:
        return ""
    passed_on = "recipient" in (case.close_details or {})
    return str(PASSED_ON if passed_on else CLOSE_REASON[case.close_reason])
