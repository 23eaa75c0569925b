"""The read log (läslogg): which case was shown to which member of staff, when and how.

This module alone writes to it. Its rule:

- One row each time a page, a print, a PDF or a revealed sender shows a member of staff the text of a case or
  who its sender is. A GET is such a display, also one that a POST redirects to when the browser follows it.
- One row of kind `list` for each case of a list page that shows a line of its text (a search), a measure of
  it (all measures), an answer in it (the answer bank) or its sender (an answer to several cases; the register
  on its page, on paper and as a file). A row with number, subject and topic alone is no display.
- One row of kind `list` for a case whose answer is fetched from the answer bank into a draft.
- At the desk, one row each time the sender's own view is shown (`desk_code`, `desk_sign_in`), and one for
  each case of a person who has signed in there. A look at what is public of a case (`desk_public`) shows no
  text and no sender, and has its row all the same: the question was asked of the case.
- A POST on a case that is refused shows the page that it was sent from again: that is the same display, and
  no row. Only where the actor has not had the case open within the life of a session does it add one.
- What a sender reads of their own case is not logged.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Insert, bindparam, cast, exists, insert, literal, select

from portal import clock, crypto
from portal.audit.models import OPENINGS, Read, Reading
from portal.cases.models import Case
from portal.cases.visibility import visible_to
from portal.db import appending, moment, session
from portal.identity import sessions
from portal.identity.actors import Actor, Staff

QUESTION = "read log question"
# What a membership was when it read.
_MEMBERSHIP = Reading.role, Reading.unit_id, Reading.board_id, Reading.administration_id
# A statement and its values.
Beside = tuple[Executable, Mapping[str, Any]]


def log_display(
    actor: Actor, cases: Collection[Case], how: Read, question: str = "", also: Beside | None = None
) -> None:
    """Add a row for each case, in one statement that is committed when this returns.

    Call it before the page is sent: if it raises, nothing is shown. The rule is that of the module.
    `also` is what else the display changes, in the same transaction.
    """
    _log(actor, [case.id for case in cases], how, question, also)


def log_rows(actor: Actor, case_ids: Collection[int], question: str = "", how: Read = Read.LIST) -> None:
    """The same for rows of a list that were read without their cases."""
    _log(actor, case_ids, how, question)


def _log(
    actor: Actor, case_ids: Collection[int], how: Read, question: str = "", also: Beside | None = None
) -> None:
    if not isinstance(actor, Staff) or actor.membership is None or not case_ids:
        return
    shared = {
        "membership_id": actor.membership,
        "at": clock.now(),
        "what": how,
        "question": question_hash(question) if question else None,
        "role": actor.role,
        "unit_id": actor.unit,
        "board_id": actor.board,
        "administration_id": actor.administration,
    }
    ids = list(case_ids)
    # A transaction of its own: a rollback of the request must not remove the rows.
    with appending() as connection:
        if len(ids) == 1:
            connection.execute(_one_row(), shared | {"case_id": ids[0]})
        else:
            connection.execute(_rows(), shared | {"case_ids": ids})
        if also:
            connection.execute(*also)


@cache
def _one_row() -> Insert:
    # No page asks for the id of the row.
    return insert(Reading).inline()


@cache
def _rows() -> Insert:
    # A statement with a list of rows would be compiled again for each page.
    shared = Reading.membership_id, Reading.at, Reading.what, *_MEMBERSHIP
    values = [bindparam(column.key, type_=column.type) for column in shared]
    # PostgreSQL takes a parameter without a type for a text.
    question = cast(bindparam("question"), Reading.question.type)
    of_cases = Case.id.in_(bindparam("case_ids", expanding=True))
    query = select(Case.id, *values, question).where(of_cases).order_by(Case.id)
    return insert(Reading).from_select([Reading.case_id, *shared, Reading.question], query)


def log_redisplay(actor: Staff, case: Case, opened: bool | None = None, how: Read = Read.CASE) -> None:
    """For the page that answers a refused POST: a row only where the actor has not had the case open.

    So too for the small pictures of a page that was opened.
    `opened` says so where it has been read already.
    """
    if opened is None:
        opened = session().scalar(select(was_opened(literal(actor.membership))).where(Case.id == case.id))
    if not opened:
        log_display(actor, [case], how)


def was_opened(membership: ColumnElement[int | None]) -> ColumnElement[bool]:
    """The condition that a membership has opened the case of the query within the lifetime of a session."""
    own = Reading.membership_id == membership, Reading.what.in_(OPENINGS)
    # A page that is older than a session cannot be on the screen any more.
    since = Reading.at > moment(sessions.TTL)
    return exists().where(Reading.case_id == Case.id, *own, since).correlate(Case)


def question_hash(words: str) -> bytes:
    """HMAC of what was searched for, under the newest index key; case and spaces make no difference."""
    return crypto.blind_index(QUESTION, " ".join(words.casefold().split()))


def readings(actor: Staff, case: Case) -> Sequence[Reading]:
    """The displays of a case that the actor may see, the latest first."""
    query = (
        select(Reading).join(Case, Reading.case_id == Case.id).where(visible_to(actor), Case.id == case.id)
    )
    return session().scalars(query.order_by(Reading.id.desc())).all()
