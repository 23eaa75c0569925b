"""The two clocks of a case, contact and answer. Due dates are derived from what the case stores."""

from datetime import date, datetime
from typing import Protocol

from portal import clock
from portal.cases.deadlines import (
    Explanation,
    Extension,
    Pause,
    WrongDate,
    day_problem,
    explain,
    open_day_after,
)
from portal.cases.lifecycle import OPEN, Status
from portal.cases.models import Case, PastClock
from portal.db import session
from portal.organisation import queries as organisation

NO_PROMISE = {"contact": None, "answer": None}

# The date of a group whose cases have none: the case that they wait for has a group all the same.
UNDATED = date.max


class Dated(Protocol):
    """What decides which day presses: the columns of a case, or of its row in the queue."""

    @property
    def status(self) -> Status:
        """The status."""

    @property
    def paused_on(self) -> date | None:
        """The day from which the sender is waited for."""

    @property
    def supplement_due(self) -> date | None:
        """The last day to reply, if there is one."""

    @property
    def due_answer(self) -> date | None:
        """The day by which an answer is promised."""

    @property
    def due_contact(self) -> date | None:
        """The day by which a first contact is promised."""

    @property
    def contacted_at(self) -> datetime | None:
        """The moment of the first contact."""

    @property
    def next_step_on(self) -> date | None:
        """The day of the next step."""

    @property
    def group_due(self) -> date | None:
        """The earliest date of the cases that wait for its answer; UNDATED if they have none."""


def promised_day(case: Dated) -> date | None:
    """The day that a promise or a question gives an open case: of the reply, the answer or the contact."""
    if case.status not in OPEN:
        return None
    if case.paused_on:
        return case.supplement_due
    return case.due_answer or (None if case.contacted_at else case.due_contact)


def own_day(case: Dated) -> date | None:
    """The next day to act by of an open case itself: every one has such a day, and no other case has."""
    return promised_day(case) or (case.next_step_on if case.status in OPEN else None)


def pressing_day(case: Dated) -> date | None:
    """The next day to act by, for the sender of an open case or of one that waits for its answer.

    The same as `keep_by`, which the database computes (portal/database/queue_columns.py).
    """
    own = own_day(case)
    if case.status not in OPEN or case.group_due in (None, UNDATED):
        return own
    return min(filter(None, [own, case.group_due]))


def promise(case: Case, moment: datetime) -> None:
    """Promise what the profile promises, from `moment`; nothing to a sender who wants no answer."""
    days = organisation.profile().promise
    contact, answer = days.contact_working_days, days.answer_working_days
    # Copied to the case: a promise that was made does not change with a later profile.
    case.profile_version_id = organisation.profile_version_id()
    case.promise = {"contact": contact, "answer": answer} if case.answer_wanted else NO_PROMISE
    start(case, moment)


def want_answer(case: Case, moment: datetime) -> None:
    """Promise an answer from `moment` on, in a case whose sender wanted none."""
    case.answer_wanted = True
    promise(case, moment)


def arrival_day(case: Case) -> date:
    """The day on which a case reached the municipality, in Stockholm."""
    return clock.stockholm(case.received_at).date()


def start(case: Case, moment: datetime) -> None:
    """Start both clocks of a case; the day of `moment` is day zero."""
    case.clock_started_on = clock.stockholm(moment).date()
    case.paused_on = None
    case.pauses = []
    case.supplement_due = None
    case.extended_on = None
    case.extended_to = None
    case.extension_reason = None
    case.extended_for_summer = False
    case.next_step_on = None
    case.next_step_shared = False
    count(case)


def count(case: Case) -> bool:
    """Recalculate both due dates; returns whether one that is still running has moved."""
    contact = contact_promise(case)
    answer = answer_promise(case)
    due_contact = contact.due if contact else None
    due_answer = answer.due if answer else None
    # A contact that has been made is not due any more, so a change of its date is no news.
    moved = due_answer != case.due_answer or (not case.contacted_at and due_contact != case.due_contact)
    case.due_contact = due_contact
    case.due_answer = due_answer
    return moved


def pause(case: Case, moment: datetime, until: date | None) -> None:
    """Pause the answer clock while waiting for the sender, who was asked to reply by `until`, if set."""
    case.paused_on = clock.stockholm(moment).date()
    case.supplement_due = until
    case.supplement_reminded_on = None


def resume(case: Case, moment: datetime) -> None:
    """Stop waiting for the sender; of a paused answer clock the open days of the pause are not counted."""
    if case.paused_on:
        resumed_on = clock.stockholm(moment).date()
        # A new list: SQLAlchemy does not track changes inside a JSON value.
        case.pauses = [*case.pauses, [case.paused_on.isoformat(), resumed_on.isoformat()]]
        case.paused_on = None
        count(case)
    case.supplement_due = None


def extend(case: Case, until: date, reason: str, summer: bool) -> None:
    """Extend the answer promise to a later date, for a reason that is shown to the sender."""
    case.extended_on = clock.today()
    case.extended_to = until
    case.extension_reason = reason
    case.extended_for_summer = summer
    count(case)


def next_step_proposal(case: Case) -> date:
    """The day of the next step where none has been chosen, counted from today in open days."""
    # A request for a public record is handled promptly (TF 2:15).
    days = 1 if case.record_request else organisation.profile().promise.next_step_working_days
    return open_day_after(clock.today(), days, organisation.closed_days())


def set_next_step(case: Case, day: date, shared: bool) -> None:
    """Set the day of the next step; `shared` if the sender knows it. Raises WrongDate."""
    problem = day_problem(day, clock.today(), organisation.closed_days())
    if problem:
        raise WrongDate(problem)
    case.next_step_on = day
    case.next_step_shared = shared


def settle_next_step(case: Case) -> None:
    """Give an open case that no day presses its next step, and clear that of a case that needs none."""
    answer_presses = case.due_answer is not None and case.paused_on is None
    if case.status not in OPEN or answer_presses:
        case.next_step_on = None
        case.next_step_shared = False
    elif own_day(case) is None:
        case.next_step_on = next_step_proposal(case)
        case.next_step_shared = False


def archive_clock(case: Case) -> None:
    """Archive the clocks of a round that is over, for the statistics."""
    past = PastClock(
        case_id=case.id,
        handling_unit_id=case.handling_unit_id,
        started_on=case.clock_started_on,
        pauses=case.pauses,
        due_contact=case.due_contact,
        due_answer=case.due_answer,
        contacted_at=case.contacted_at,
        answered_at=case.answered_at,
        extended_to=case.extended_to,
        extended_for_summer=case.extended_for_summer,
        unsatisfied=case.unsatisfied,
        contact_named=case.contact_named,
        answer_thanks=case.answer_thanks,
        answer_regrets=case.answer_regrets,
        answer_lix=case.answer_lix,
        ended_at=clock.now(),
    )
    session().add(past)
    case.reopened = True


def answer_promise(case: Case) -> Explanation | None:
    """The answer promise, day by day; None if no number of days was promised.

    None for a request for a public record too: that is due promptly (TF 2:15), not within a number of days.
    """
    days = None if case.record_request else case.promise["answer"]
    if not days:
        return None
    pauses = [Pause.stored(pause) for pause in case.pauses]
    return explain(case.clock_started_on, days, organisation.closed_days(), pauses, _extension(case))


def contact_promise(case: Case) -> Explanation | None:
    """The contact promise, day by day; None if there is none. It is never paused or extended."""
    days = case.promise["contact"]
    if not days:
        return None
    starts = [pause for pause in map(Pause.stored, case.pauses) if pause.delays_start]
    return explain(case.clock_started_on, days, organisation.closed_days(), starts)


def _extension(case: Case) -> Extension | None:
    if case.extended_on is None or case.extended_to is None:
        return None
    return Extension(case.extended_on, case.extended_to)
