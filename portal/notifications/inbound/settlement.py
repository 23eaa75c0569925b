"""Settle outbox messages by what others report about them: the SMS gateway, and mail servers."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import defer

from portal import clock
from portal.db import session
from portal.notifications import tokens
from portal.notifications.delivery.settlement import follow_up
from portal.notifications.inbound.reports import Delivery, Report, next_state
from portal.notifications.models import OutboxMessage, State
from portal.notifications.rules import Medium, Problem

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# A copy of the letter may have been sent; a bounce says what became of it.
_BEFORE_BOUNCE = frozenset({State.SENDING, State.SENT, State.UNCERTAIN})


def apply_report(token: str, report: Report) -> bool:
    """Settle the SMS of a token by a report. False if there is none, or the gateway knows it by another id.

    A report may come before the worker has the gateway's answer: the worker then finds the message settled.
    """
    row = _locked(tokens.read(tokens.Purpose.REPORT, token), Medium.SMS)
    if row is None or (row.gateway_id or report.gateway_id) != report.gateway_id:
        return False
    row.gateway_id = report.gateway_id
    state = next_state(row.state, report.delivery)
    if state is row.state:
        return True
    if report.delivery is Delivery.DELIVERED:
        _deliver(row, report.delivered_at)
    else:
        _fail(row, Problem.REPORTED_FAILED)
    return True


def apply_bounce(message: int, code: int | None) -> bool:
    """Settle the letter with this id as bounced, with the code of the refusing server; False if it is not."""
    row = _locked(message, Medium.EMAIL)
    if row is None or row.state not in _BEFORE_BOUNCE:
        return False
    _fail(row, Problem.BOUNCED, code)
    return True


def _locked(message: int | None, medium: Medium) -> OutboxMessage | None:
    """The row without its encrypted content, which no report needs and the keys may have been lost of."""
    if message is None:
        return None
    content = (OutboxMessage.recipient, OutboxMessage.subject, OutboxMessage.text, OutboxMessage.html)
    query = select(OutboxMessage).filter_by(id=message, medium=medium).options(*map(defer, content))
    return session().scalar(query.with_for_update())


def _deliver(row: OutboxMessage, reported: datetime | None) -> None:
    now = clock.now()
    row.state = State.DELIVERED
    row.problem = None
    row.reply_code = None
    row.sent_at = row.sent_at or now
    # The clock of the gateway may be wrong.
    is_possible = reported is not None and row.created_at <= reported <= now
    row.delivered_at = reported if is_possible else now


def _fail(row: OutboxMessage, problem: Problem, code: int | None = None) -> None:
    row.state = State.FAILED
    row.problem = problem
    row.reply_code = code
    log.warning("delivery.failed", outbox=row.id, medium=row.medium, tries=row.tries, new_state=row.state)
    follow_up(row)
