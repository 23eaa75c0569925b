"""The answer bank: earlier written answers to like cases, without what a person can be recognised by.

Nothing of a case with secrecy, nor of one whose sender is protected or hidden, is in it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, exists, not_, select
from sqlalchemy.orm import joinedload

from portal.cases import parties
from portal.cases.enums import Direction, Purpose
from portal.cases.models import Case, Message, Party
from portal.cases.search.criteria import shown_party
from portal.cases.search.similar import similarity
from portal.cases.visibility import message_visible_to, visible_to
from portal.db import session
from portal.formats import anonymisation
from portal.identity.actors import Staff
from portal.identity.models import MembershipSnapshot
from portal.organisation import queries as organisation

MAX_SHOWN = 10
# Answers that are masked, some of which may say the same.
MAX_READ = 30
# The newest cases of the topic: before the gate, so that one of which the actor sees nothing costs no more.
MAX_OF_TOPIC = 100


class EarlierAnswer(NamedTuple):
    """An answer in another case and the subject of that case, both masked; `message` is its own id."""

    message: int
    case: Case
    subject: str
    body: str
    answered_at: datetime
    same_topic: bool


def earlier_answers(actor: Staff, case: Case) -> Sequence[EarlierAnswer]:
    """The last answers of other cases: those of the same topic first, then those that share most words."""
    of_topic = _newest_of_topic(case)
    shared = similarity(actor, case, of_topic)
    latest = {}
    for row in _rows(_answers(actor, case).where(Case.id.in_({*of_topic, *shared}))):
        latest[row.case_id] = row

    def nearness(row: Row[Any]) -> tuple[bool, float, int]:
        return _is_of_topic(case, row), shared.get(row.case_id, 0), row.case_id

    best = sorted(latest.values(), key=nearness, reverse=True)[:MAX_READ]
    # Many get the same answer from a template, or as duplicates of one case.
    different = {answer.body: answer for answer in reversed(_masked(case, best))}
    return list(reversed(different.values()))[:MAX_SHOWN]


def earlier_answer(actor: Staff, case: Case, message: int) -> EarlierAnswer | None:
    """The answer with this id for a case; None if it is none that the actor may be shown there."""
    answers = _masked(case, _rows(_answers(actor, case).where(Message.id == message)))
    return answers[0] if answers else None


def _newest_of_topic(case: Case) -> Collection[int]:
    if case.category_id is None:
        return []
    query = select(Case.id).where(Case.category_id == case.category_id)
    newest = query.order_by(Case.received_at.desc(), Case.id.desc()).limit(MAX_OF_TOPIC)
    return [other for other in session().scalars(newest) if other != case.id]


def _answers(actor: Staff, case: Case) -> Select[*tuple[Any, ...]]:
    """The written answers that the actor may be shown in a case, the oldest first."""
    columns = Message.id, Message.case_id, Message.body, Message.arrived_at, Case.category_id
    query = select(*columns, MembershipSnapshot.name.label("author")).join(Case, Case.id == Message.case_id)
    query = query.outerjoin(MembershipSnapshot, MembershipSnapshot.id == Message.author_snapshot_id)
    query = query.where(visible_to(actor), message_visible_to(actor), Case.id != case.id)
    query = query.where(Message.direction == Direction.OUT, Message.purpose == Purpose.ANSWER)
    protected = exists().where(Party.id == Case.party_id, not_(shown_party())).correlate(Case)
    query = query.where(Case.secrecy.is_(None), Case.hide_sender.is_(False), not_(protected))
    # Not what another authority has kept either, not even for its records officer.
    query = query.where(Message.secrecy_provision.is_(None), Message.kept_by_board_id.is_(None))
    return query.where(Message.language == case.language).order_by(Message.id)


def _rows(query: Select[*tuple[Any, ...]]) -> Sequence[Row[Any]]:
    return session().execute(query).all()


def _is_of_topic(case: Case, row: Row[Any]) -> bool:
    return case.category_id is not None and row.category_id == case.category_id


def _masked(case: Case, rows: Sequence[Row[Any]]) -> list[EarlierAnswer]:
    sender = joinedload(Case.party).joinedload(Party.person)
    query = select(Case).where(Case.id.in_([row.case_id for row in rows]))
    query = query.options(sender, joinedload(Case.representation), joinedload(Case.category))
    cases = {of.id: of for of in session().scalars(query)} if rows else {}
    answers = []
    for row in rows:
        of = cases[row.case_id]
        known = details(of, row.author)
        subject = anonymisation.masked(of.internal_subject, known)
        body = anonymisation.masked(row.body, known)
        answers.append(EarlierAnswer(row.id, of, subject, body, row.arrived_at, _is_of_topic(case, row)))
    return answers


def details(case: Case, author: str | None = None) -> anonymisation.Details:
    """What is known of the sender, and the name of an author, who signed for themselves."""
    profile = organisation.profile()
    known = parties.identifiers(case)
    address = parties.sender(case).address
    return anonymisation.Details(
        prefix=profile.number_prefix,
        names=anonymisation.names(*known.names, author),
        addresses=(address,) if address else (),
        kept_phones=(profile.phone,),
    )
