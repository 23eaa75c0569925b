"""Cases with every fate, in bulk: moved, merged, split, reopened, extended, handed over, late, waiting."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.cases.deadlines import explain, open_day_after
from portal.cases.enums import Channel, Kind
from portal.cases.lifecycle import CloseReason, Status
from portal.cases.models import Case, PastClock
from portal.organisation import queries as organisation
from tests.bulk_cases import FIRST_NUMBER

ENDS = (
    *[(Status.CLOSED, CloseReason.ANSWERED)] * 6,
    *[(Status.ANSWERED, None)] * 2,
    (Status.RECEIVED, None),
    (Status.IN_PROGRESS, None),
    (Status.AWAITING_CITIZEN, None),
    *[(Status.CLOSED, reason) for reason in CloseReason if reason is not CloseReason.ANSWERED],
)
PROMISES = (
    {"answer": 10, "contact": None},
    {"answer": 10, "contact": 2},
    {"answer": None, "contact": 2},
    {"answer": None, "contact": None},
)


def made(count: int, first: date, days: int, seed: int = 1) -> list[dict[str, Any]]:
    """Rows for bulk_cases.only(), of cases that came in within so many days."""
    lot = Random(seed)
    return [_case(lot, first + timedelta(days=lot.randrange(days))) for _number in range(count)]


def _case(lot: Random, day: date) -> dict[str, Any]:
    status, reason = lot.choice(ENDS)
    started = day if lot.randrange(5) else open_day_after(day, lot.randint(3, 20))
    promise = lot.choice(PROMISES)
    unit = lot.choice(organisation.units())
    extended = lot.randrange(8) == 0 and promise["answer"] is not None
    waits = status is Status.AWAITING_CITIZEN
    done = status in (Status.ANSWERED, Status.CLOSED) and reason in (None, CloseReason.ANSWERED)
    answered = open_day_after(started, lot.randint(0, 16)) if done else None
    contacted = open_day_after(started, lot.randint(0, 4)) if done or lot.randrange(2) else None
    closed = status is Status.CLOSED
    due = _due(started, promise["answer"], 6 * extended)
    return {
        "kind": lot.choice(list(Kind)),
        "status": status,
        "close_reason": reason,
        "channel": lot.choice(list(Channel)),
        "level": lot.choice([None, 1, 2, 4]),
        "language": lot.choice(["sv", "sv", "en"]),
        "answer_wanted": lot.randrange(9) > 0,
        "promise": promise,
        "responsible_unit_id": unit.id,
        "handling_unit_id": lot.choice(organisation.units()).id,
        "responsible_board_id": unit.board_id,
        "responsible_administration_id": unit.administration_id,
        "secrecy": None,
        "received_at": moment(day),
        "clock_started_on": started,
        "due_answer": due,
        "due_contact": _due(started, promise["contact"]),
        "paused_on": started if waits else None,
        "extended_to": due if extended else None,
        "extended_for_summer": extended and lot.randrange(2) == 0,
        "unsatisfied": lot.randrange(20) == 0,
        "reopened": started != day,
        "answered_at": moment(answered) if answered else None,
        "contacted_at": moment(contacted) if contacted else None,
        "closed_at": moment(open_day_after(answered or started, lot.randint(0, 3))) if closed else None,
        "first_line_unit_id": organisation.first_line().id if lot.randrange(3) else None,
        "first_contact": lot.choice([None, True, False]),
        **_policies(lot),
    }


def _policies(lot: Random) -> dict[str, Any]:
    """What a round keeps of its answer and first contact; of some, as before it was kept, nothing."""
    return {
        "contact_named": lot.choice([None, True, False]),
        "answer_thanks": lot.choice([None, True, False]),
        "answer_regrets": lot.choice([None, True, False]),
        "answer_lix": lot.choice([None, *range(36, 44)]),
    }


def _due(started: date, days: int | None, more: int = 0) -> date | None:
    return explain(started, days + more, organisation.closed_days()).due if days else None


def moment(day: date) -> datetime:
    """Ten o'clock, so that the day is the same in every time zone near."""
    return datetime.combine(day, time(10), UTC)


def tie(writer: Any, rows: Sequence[Mapping[str, Any]], seed: int = 1) -> None:
    """Add the earlier rounds of the cases that were reopened, and make some of the cases merged or parts."""
    lot = Random(seed)
    writer.execute(sa.delete(PastClock))
    ids = writer.scalars(sa.select(Case.id).where(Case.number >= FIRST_NUMBER).order_by(Case.number)).all()
    for number, (case, row) in enumerate(zip(ids, rows, strict=True)):
        changes: dict[str, Any] = {"reopened": row["reopened"]}
        if lot.randrange(12) == 0 and number:
            name = lot.choice(["merged_into_id", "split_from_id"])
            changes[name] = ids[lot.randrange(number)]
        query = sa.update(Case).where(Case.id == case).values(**changes)
        writer.execute(query.execution_options(synchronize_session=False))
        if row["reopened"]:
            writer.execute(sa.insert(PastClock), _rounds(lot, case, row))


def _rounds(lot: Random, case: int, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One or two earlier rounds, of which one may have ended without an answer."""
    started = row["received_at"].date()
    rounds = []
    for number in range(lot.randint(1, 2)):
        answered = moment(open_day_after(started, lot.randint(0, 14))) if lot.randrange(4) else None
        promise = row["promise"]
        rounds.append(
            {
                "case_id": case,
                "handling_unit_id": lot.choice([None, row["responsible_unit_id"]]),
                "started_on": started + timedelta(days=number),
                "pauses": [],
                "due_answer": _due(started, promise["answer"]),
                "due_contact": _due(started, promise["contact"]),
                "extended_to": None,
                "extended_for_summer": False,
                "unsatisfied": lot.randrange(3) == 0,
                "contacted_at": moment(started) if lot.randrange(3) else answered,
                "answered_at": answered,
                "ended_at": moment(row["clock_started_on"]),
                **_policies(lot),
            }
        )
    return rounds
