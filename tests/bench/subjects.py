"""Whom and what the scenarios are about, in a filled database: people, cases, a receipt, a place."""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import sqlalchemy as sa

from portal import db
from portal.audit.models import TrailEntry
from portal.cases.lifecycle import OPEN, Status
from portal.cases.models import Case as CaseRow
from portal.cases.models import CaseBar
from portal.cases.reference_numbers import reference
from portal.identity.actors import Role
from portal.identity.models import Membership
from portal.organisation.models import Unit
from tests.bench import sessions
from tests.bench.serving.load import check, get, post
from tests.bench.sessions import User

SUBMISSION = re.compile(rb'name="submission"[^>]*value="([^"]+)"')
# What every sender fills in, besides the text.
LETTER = {"subject": "Lampan blinkar", "for_whom": "self", "reply_by": "code"}
# Sends a request as bytes; returns the answer.
Exchange = Callable[[bytes], bytes]
UNIT = "park"
READABLE = 200
# How many can be taken and answered: more than a run of fifteen seconds does.
WAITING = 3_000
DEEP = 1_000
PAGE = 25


@dataclass(frozen=True)
class Case:
    """A case by its reference, its version and the last entry of its trail, as a form has them."""

    reference: str
    version: int
    happened: int


@dataclass(frozen=True)
class Receipt:
    """The page that shows a sender the code of a new case."""

    path: str
    cookie: str


@dataclass(frozen=True)
class Subjects:
    """What the scenarios need."""

    citizen: User
    officer: User
    registrar: User
    head: User
    analyst: User
    receipt: Receipt
    deep_cursor: str
    readable: Sequence[Case]
    waiting: Sequence[Case]


def find(exchange: Exchange) -> Subjects:
    """Find them in the database of this process, whose portal `exchange` asks."""
    officer, registrar = _member(Role.OFFICER, UNIT), _member(Role.REGISTRAR, None)
    return Subjects(
        citizen=sessions.begin(_busiest_citizen(), staff=False),
        officer=sessions.begin(officer.person_id, staff=True),
        registrar=sessions.begin(registrar.person_id, staff=True),
        head=sessions.begin(_member(Role.HEAD_OF_UNIT, UNIT).person_id, staff=True),
        analyst=sessions.begin(_member(Role.ANALYST, None).person_id, staff=True),
        receipt=_receipt(exchange),
        deep_cursor=_deep_cursor(),
        readable=_cases(officer, READABLE, CaseRow.status == Status.CLOSED),
        waiting=(),
    )


def _member(role: Role, unit: str | None) -> Membership:
    query = sa.select(Membership).where(Membership.role == role).order_by(Membership.id).limit(1)
    if unit:
        query = query.join(Unit, Membership.unit_id == Unit.id).where(Unit.key == unit)
    with db.transaction() as session:
        return session.scalars(query).one()


def _busiest_citizen() -> int:
    count = sa.func.count(CaseRow.id)
    query = sa.select(CaseRow.sender_person_id).where(CaseRow.sender_person_id.is_not(None))
    query = query.group_by(CaseRow.sender_person_id).order_by(count.desc()).limit(1)
    with db.transaction() as session:
        return session.scalars(query).one() or 0


def _cases(officer: Membership, count: int, *conditions: sa.ColumnElement[bool]) -> list[Case]:
    """The latest cases of the officer's unit that nothing hides, as many as there are."""
    barred = sa.select(CaseBar.case_id).where(CaseBar.person_id == officer.person_id)
    last = sa.select(sa.func.max(TrailEntry.sequence)).where(TrailEntry.case_id == CaseRow.id)
    query = sa.select(CaseRow.year, CaseRow.number, CaseRow.version, last.scalar_subquery())
    query = query.where(CaseRow.handling_unit_id == officer.unit_id, CaseRow.secrecy.is_(None))
    query = query.where(CaseRow.id.not_in(barred), *conditions).order_by(CaseRow.id.desc()).limit(count)
    with db.transaction() as session:
        found = session.execute(query).all()
        return [Case(reference(year, number), *rest) for year, number, *rest in found]


def _deep_cursor() -> str:
    """The place so many pages into the newest cases, as portal/pagination.py writes it."""
    query = sa.select(CaseRow.received_at, CaseRow.id).order_by(CaseRow.received_at.desc(), CaseRow.id.desc())
    with db.transaction() as session:
        total = session.scalar(sa.select(sa.func.count(CaseRow.id))) or 0
        place = min(DEEP * PAGE, total - 2 * PAGE)
        moment, row = session.execute(query.offset(max(0, place)).limit(1)).one()
    return base64.urlsafe_b64encode(f"newest {moment.isoformat()} {row}".encode()).decode()


def _receipt(exchange: Exchange) -> Receipt:
    """Send a case in, and keep what the browser is given."""
    page = exchange(get("/lamna/klagomal", sessions.cookie()))
    found = SUBMISSION.search(page)
    assert found
    fields = {"submission": found[1].decode(), "csrf_token": sessions.form_token(), "body": "En lampa."}
    answer = exchange(post("/lamna/klagomal", urlencode(LETTER | fields), sessions.cookie()))
    check(answer, 303, b"/kvitto/")
    headers = [line.partition(": ") for line in answer.decode().split("\r\n")]
    path = next(value for name, _colon, value in headers if name == "Location")
    cookies = [value.partition(";")[0] for name, _colon, value in headers if name == "Set-Cookie"]
    return Receipt(path, "; ".join(cookies))


def waiting() -> list[Case]:
    """Make many cases of the officer's unit new again, to be taken and answered; returns them."""
    officer = _member(Role.OFFICER, UNIT)
    cleared = ["officer_id", "close_reason", "contacted_at", "answered_at", "closed_at", "paused_on"]
    latest = sa.select(CaseRow.id).where(
        CaseRow.handling_unit_id == officer.unit_id, CaseRow.status.not_in(OPEN)
    )
    chosen = latest.order_by(CaseRow.id.desc()).limit(WAITING)
    values = {"status": Status.RECEIVED} | dict.fromkeys(cleared)
    with db.transaction() as session:
        ids = session.scalars(chosen).all()
        session.execute(sa.update(CaseRow).where(CaseRow.id.in_(ids)).values(values))
    _vacuum()
    return _cases(officer, WAITING, CaseRow.status == Status.RECEIVED)


def _vacuum() -> None:
    """What PostgreSQL does by itself within a minute of a thousand changed cases (migration 0040)."""
    if db.engine().dialect.name != "postgresql":
        return
    with db.engine_without_pool() as own, own.connect() as connection:
        vacuuming = connection.execution_options(isolation_level="AUTOCOMMIT")
        vacuuming.exec_driver_sql("SET statement_timeout = 0")
        vacuuming.exec_driver_sql('VACUUM "case"')
