"""The improvements of a board in a period, as they were at its end, and the proposals of officers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.board_reports.content import ImprovementLine, Shown
from portal.cases.enums import MeasureKind
from portal.cases.improvements.models import Improvement, ImprovementEntry
from portal.cases.improvements.rules import EntryKind, ImprovementState, is_overdue
from portal.cases.models import Case, Measure
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import System
from portal.identity.models import Membership, Person
from portal.statistics.inside.rules import Months, shown_count


class ImprovementLines(NamedTuple):
    """The improvements that were decided in a period, done in it, and overdue at its end."""

    decided: tuple[ImprovementLine, ...]
    done: tuple[ImprovementLine, ...]
    overdue: tuple[ImprovementLine, ...]


@dataclass
class _Past:
    """An improvement as it was at a moment."""

    row: Improvement
    due_on: date
    state: ImprovementState
    done_at: datetime | None = None

    def undo(self, details: Mapping[str, Any]) -> None:
        """Go back to before an entry of its log."""
        if "due_on" in details:
            self.due_on = date.fromisoformat(details["due_on"][0])
        if "state" in details:
            self.state = ImprovementState(details["state"][0])

    def note_done(self, at: datetime, details: Mapping[str, Any]) -> None:
        """Keep when it got the state that it has."""
        if self.done_at is None and self.state is ImprovementState.DONE and "state" in details:
            self.done_at = at


def improvements(_actor: System, board: int, months: Months) -> ImprovementLines:
    """The improvements of a board; they hold nothing of a case."""
    since, until = _span(months)
    after = months.last_day + timedelta(days=1)
    past = _as_of(board, until)
    return ImprovementLines(
        decided=_lines([one for one in past if one.row.created_at >= since]),
        done=_lines([one for one in past if one.done_at and one.done_at >= since]),
        overdue=_lines([one for one in past if is_overdue(one.state, one.due_on, after)]),
    )


def _span(months: Months) -> tuple[datetime, datetime]:
    since = datetime.combine(months.first, time(), clock.STOCKHOLM)
    return since, datetime.combine(months.last_day + timedelta(days=1), time(), clock.STOCKHOLM)


def _as_of(board: int, until: datetime) -> list[_Past]:
    """The improvements as they were at a moment, the oldest first."""
    person = joinedload(Improvement.responsible).joinedload(Membership.person)
    query = select(Improvement).where(Improvement.board_id == board, Improvement.created_at < until)
    query = query.options(joinedload(Improvement.unit), person.load_only(Person.name, Person.protected))
    rows = session().scalars(query.order_by(Improvement.id))
    past = {row.id: _Past(row, row.due_on, row.state) for row in rows}
    for entry in _changes(list(past)):
        one = past[entry.improvement_id]
        if entry.at >= until:
            one.undo(entry.details)
        else:
            one.note_done(entry.at, entry.details)
    return list(past.values())


def _changes(improvement_ids: Sequence[int]) -> Sequence[ImprovementEntry]:
    """The changes of their logs, the newest first."""
    query = select(ImprovementEntry).where(ImprovementEntry.improvement_id.in_(improvement_ids))
    query = query.where(ImprovementEntry.kind == EntryKind.CHANGED)
    return session().scalars(query.order_by(ImprovementEntry.id.desc())).all()


def _lines(past: Sequence[_Past]) -> tuple[ImprovementLine, ...]:
    by_day = sorted(past, key=lambda one: (one.due_on, one.row.id))
    return tuple(
        ImprovementLine(one.row.title, _responsible(one.row), one.due_on, one.state) for one in by_day
    )


def _responsible(row: Improvement) -> str:
    """The responsible person, or the unit as a function. A report is public: no protected person is named."""
    member = row.responsible
    return row.unit.name if member is None or member.person.protected else member.person.name


def staff_proposals(actor: System, board: int, months: Months) -> Shown:
    """How many proposals officers have written in the cases of a board: their texts are of cases."""
    since, until = _span(months)
    of_board = func.coalesce(Measure.kept_by_board_id, Case.responsible_board_id) == board
    query = select(func.count()).select_from(Measure).join(Measure.case)
    query = query.where(visible_to(actor), of_board, Measure.kind == MeasureKind.PROPOSAL)
    query = query.where(Measure.created_at >= since, Measure.created_at < until)
    return shown_count(session().scalar(query) or 0, exact=False)
