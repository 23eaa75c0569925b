"""The improvements of a board in a period, as they were at its end, and the proposals of officers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.board_reports.content import ImprovementLine, Shown
from portal.board_reports.tables import rounded
from portal.cases.enums import MeasureKind
from portal.cases.improvements.models import Improvement, ImprovementEntry
from portal.cases.improvements.rules import EntryKind, ImprovementState, is_overdue
from portal.cases.models import Case, Measure
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import System
from portal.identity.models import Membership, Person
from portal.statistics.inside.rules import Months


class ImprovementLines(NamedTuple):
    """The improvements that were decided in a period, done in it, and overdue at its end."""

    decided: tuple[ImprovementLine, ...]
    done: tuple[ImprovementLine, ...]
    overdue: tuple[ImprovementLine, ...]


@dataclass
class _Past:
    """An improvement as it was at a moment."""

    row: Improvement
    title: str
    responsible: int | None
    due_on: date
    state: ImprovementState
    done_at: datetime | None = None

    def undo(self, details: Mapping[str, Any]) -> None:
        """Go back to before an entry of its log."""
        if "title" in details:
            self.title = details["title"][0]
        if "responsible_id" in details:
            self.responsible = details["responsible_id"][0]
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
    names = _names({one.responsible for one in past if one.responsible is not None})
    return ImprovementLines(
        decided=_lines([one for one in past if one.row.created_at >= since], names),
        done=_lines([one for one in past if one.done_at and one.done_at >= since], names),
        overdue=_lines([one for one in past if is_overdue(one.state, one.due_on, after)], names),
    )


def _span(months: Months) -> tuple[datetime, datetime]:
    return clock.start_of_day(months.first), clock.end_of_day(months.last_day)


def _as_of(board: int, until: datetime) -> list[_Past]:
    """The improvements as they were at a moment, the oldest first."""
    query = select(Improvement).where(Improvement.board_id == board, Improvement.created_at < until)
    query = query.options(joinedload(Improvement.unit))
    rows = session().scalars(query.order_by(Improvement.id))
    past = {row.id: _Past(row, row.title, row.responsible_id, row.due_on, row.state) for row in rows}
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


def _names(memberships: Collection[int]) -> dict[int, str]:
    """The names of those who are not protected: a report is public."""
    query = select(Membership.id, Person.name).join(Person, Person.id == Membership.person_id)
    query = query.where(Membership.id.in_(memberships), Person.protected.is_(False))
    return {row.id: row.name for row in session().execute(query)}


def _lines(past: Sequence[_Past], names: Mapping[int, str]) -> tuple[ImprovementLine, ...]:
    lines = []
    for one in sorted(past, key=lambda one: (one.due_on, one.row.id)):
        # The unit as a function.
        responsible = names.get(one.responsible or 0, one.row.unit.name)
        lines.append(ImprovementLine(one.title, responsible, one.due_on, one.state))
    return tuple(lines)


def staff_proposals(actor: System, board: int, months: Months) -> Shown:
    """How many proposals officers have written in the cases of a board: their texts are of cases."""
    since, until = _span(months)
    of_board = func.coalesce(Measure.kept_by_board_id, Case.responsible_board_id) == board
    query = select(func.count()).select_from(Measure).join(Measure.case)
    query = query.where(visible_to(actor), of_board, Measure.kind == MeasureKind.PROPOSAL)
    query = query.where(Measure.created_at >= since, Measure.created_at < until)
    return rounded(session().scalar(query) or 0)
