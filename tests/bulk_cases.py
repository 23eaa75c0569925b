"""Many cases at once, for tests of what becomes slow: rows in bulk, of every sort that a list parts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock, db
from portal.cases.enums import Channel, Kind, ReplyBy, Secrecy, TaskKind
from portal.cases.lifecycle import OPEN, CloseReason, Status
from portal.cases.models import Case, PastClock, Task
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from portal.organisation.models import Category, Unit

# So that no cycle of one is a cycle of another.
KINDS, STATUSES, CHANNELS = list(Kind), [*Status, *sorted(OPEN), Status.CLOSED, Status.CLOSED], list(Channel)
FIRST_NUMBER, DIFFERENT = 500_001, 500


def cases(count: int, **given: Any) -> None:
    """So many cases in topics, units, statuses and with dates of all sorts; what is given holds for each."""
    with db.transaction() as writer:
        write(writer, count, [given] * min(count, DIFFERENT))


class _RolledBack(Exception):
    """Ends the transaction of only()."""


@contextmanager
def only(rows: Sequence[Mapping[str, Any]]) -> Iterator[Session]:
    """These cases and no others, until the block ends and they are rolled back."""
    with suppress(_RolledBack), db.transaction() as writer:
        write(writer, len(rows), rows)
        yield writer
        raise _RolledBack


def write(writer: Any, count: int, given: Sequence[Mapping[str, Any]]) -> None:
    """The same inside a transaction, with what is given for each; when more are wanted, they are copied."""
    topics = writer.scalars(sa.select(Category).order_by(Category.id)).all()
    officers = writer.scalars(sa.select(Membership.id).order_by(Membership.id)).all()
    first = FIRST_NUMBER + (writer.scalar(sa.select(sa.func.count(Case.id))) or 0)
    shared = _shared()
    rows = [_row(each, topics, officers) | own | {"number": first + each} for each, own in enumerate(given)]
    if rows:
        writer.execute(sa.insert(Case), [shared | row for row in rows])
        _copy(writer, first, len(rows), count)
        _round_about(writer, first)
    if count > DIFFERENT and db.engine().dialect.name == "postgresql":
        # As the server does by itself after a while.
        writer.execute(sa.text("ANALYZE"))


def _copy(writer: Any, first: int, own: int, count: int) -> None:
    """The rest are copies of these, made inside the database: each row from outside takes its time."""
    times = [sa.select(sa.literal(each, sa.Integer).label("time")) for each in range(1, -(-count // own))]
    if not times:
        return
    copy = sa.union_all(*times).subquery()
    columns = [column for column in Case.__table__.columns if column.name != "id" and not column.computed]
    number = Case.number + own * copy.c.time
    copied = [number if column.name == "number" else column for column in columns]
    query = sa.select(*copied).join_from(Case, copy, sa.true())
    query = query.where(Case.number >= first, number < first + count)
    writer.execute(sa.insert(Case).from_select(columns, query))


def _shared() -> dict[str, Any]:
    return {
        "version": 1,
        "year": clock.today().year,
        "reply_by": ReplyBy.CODE,
        "language": "sv",
        "hide_sender": False,
        "promise": {"answer": 10, "contact": None},
        "clock_started_on": clock.today(),
        "profile_version_id": organisation.profile_version().id,
        "pauses": [],
    }


def _row(each: int, topics: Any, officers: Any) -> dict[str, Any]:
    """One case, different from its neighbours; many tie in each order, and some have no date."""
    status, today = STATUSES[each % len(STATUSES)], clock.today()
    topic: Category | None = (
        topics[each % (len(topics) + 1)] if each % (len(topics) + 1) < len(topics) else None
    )
    came = clock.now() - timedelta(days=each % 97, hours=each % 5)
    waits = status is Status.AWAITING_CITIZEN
    return {
        "kind": KINDS[each % len(KINDS)],
        "status": status,
        "close_reason": CloseReason.ANSWERED if status is Status.CLOSED else None,
        "record_request": each % 211 == 0,
        "channel": CHANNELS[each % 3 % len(CHANNELS)],
        "public_subject": f"Ärende {each}",
        "internal_subject": f"Ärende {each}",
        **_places(topic),
        "officer_id": officers[each % len(officers)] if officers and each % 3 else None,
        "paused_on": today if waits else None,
        "unsatisfied": each % 41 == 0,
        "due_answer": None if each % 13 == 0 else today + timedelta(days=each % 61 - 45),
        "supplement_due": today + timedelta(days=each % 23 - 9) if waits and each % 3 else None,
        "next_step_on": today + timedelta(days=each % 29 - 14) if each % 13 == 0 and each % 2 else None,
        "received_at": came,
        "updated_at": came + timedelta(hours=each % 7),
        "answered_at": None if status in OPEN else came,
    }


def _places(topic: Category | None) -> dict[str, Any]:
    first: Unit = organisation.first_line()
    responsible = topic.responsible_unit if topic else first
    handling = topic.handling_unit if topic else first
    secret = bool(topic and topic.secrecy_default)
    return {
        "category_id": topic.id if topic else None,
        "responsible_unit_id": responsible.id,
        "handling_unit_id": handling.id,
        "responsible_board_id": responsible.board_id,
        "handling_board_id": handling.board_id,
        "responsible_administration_id": responsible.administration_id,
        "handling_administration_id": handling.administration_id,
        "secrecy": Secrecy.TOPIC if secret else None,
    }


def _round_about(writer: Any, first: int) -> None:
    """Something to see to in some of them, and an earlier round in others."""
    now, some = clock.now(), sa.select(Case.id).where(Case.number >= first)
    task = some.where(Case.number % 37 == 0).add_columns(
        *_literals(Task, kind=TaskKind.UNDELIVERED, created_at=now)
    )
    writer.execute(sa.insert(Task).from_select(["case_id", "kind", "created_at"], task))
    names = ["started_on", "pauses", "extended_for_summer", "unsatisfied", "ended_at"]
    values = dict(zip(names, (clock.today(), [], False, False, now), strict=True))
    past = some.where(Case.number % 29 == 0).add_columns(*_literals(PastClock, **values))
    writer.execute(sa.insert(PastClock).from_select(["case_id", *names], past))
    rounds = Case.id.in_(sa.select(PastClock.case_id))
    writer.execute(
        sa.update(Case).where(rounds).values(reopened=True).execution_options(synchronize_session=False)
    )


def _literals(table: Any, **values: Any) -> list[Any]:
    return [sa.literal(value, getattr(table, name).type) for name, value in values.items()]
