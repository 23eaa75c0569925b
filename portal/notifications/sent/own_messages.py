"""The messages that were sent to a person about their cases, through the gate of each case."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from portal.cases import reference_numbers
from portal.cases.models import Case, Party
from portal.cases.visibility import ScopeKind, kind_of, parametrised, scope_values, visible_to
from portal.db import session
from portal.identity.actors import Citizen
from portal.identity.models import Person
from portal.notifications.models import OutboxMessage
from portal.notifications.rules import BOUND_TO_ADDRESS
from portal.notifications.sent.messages import SentMessage
from portal.pagination import Order, Page, Place, page_of, rows

ORDER = Order(
    "utskick", OutboxMessage.created_at.expression, OutboxMessage.id.expression, moments=True, down=True
)
SIZE = 25
_SENT = [name for name in SentMessage._fields if name != "has_text"]


class OwnMessage(NamedTuple):
    """A message about a case, and where it was sent.

    `recipient` is empty once it has been deleted, and of a protected sender, whose address no page shows.
    `is_own_address`: it is one that the person has on the case or in their own choices now.
    """

    sent: SentMessage
    case: int
    reference: str
    public_subject: str
    language: str
    recipient: str
    is_own_address: bool


def messages(actor: Citizen, where: Place) -> Page:
    """A page of the messages about the cases of the actor, newest first, each an OwnMessage."""
    query = _messages(kind_of(actor)).params(scope_values(actor))
    page = page_of(lambda at: rows(query, ORDER, at, SIZE), ORDER, where, SIZE)
    return Page([_message(row[:-2]) for row in page.rows], page.before, page.after)


def of_cases(actor: Citizen, case_ids: Collection[int]) -> Sequence[OwnMessage]:
    """The messages about those of the cases that the actor may see, oldest first."""
    query = _messages(kind_of(actor)).where(Case.id.in_(bindparam("cases", expanding=True)))
    values = {"cases": list(case_ids), **scope_values(actor)}
    return [_message(row) for row in session().execute(query.order_by(OutboxMessage.id), values)]


@cache
def _messages(kind: ScopeKind) -> Select[*tuple[Any, ...]]:
    columns = [getattr(OutboxMessage, name) for name in _SENT]
    of_case = Case.id, Case.year, Case.number, Case.public_subject, Case.language
    # Not the text: it is encrypted, and would be decrypted.
    query = select(*columns, OutboxMessage.text.is_not(None), *of_case, OutboxMessage.recipient)
    query = query.add_columns(Party.email, Party.phone, Person.email, Person.phone)
    query = query.add_columns(func.coalesce(Party.protected, False), func.coalesce(Person.protected, False))
    query = query.join(Case, Case.id == OutboxMessage.case_id).outerjoin(Party, Party.id == Case.party_id)
    query = query.outerjoin(Person, Person.id == Case.sender_person_id)
    # Those that are bound to an address told an earlier reader that they are no longer the reader.
    to_reader = OutboxMessage.membership_id.is_(None), OutboxMessage.name.not_in(BOUND_TO_ADDRESS)
    return query.where(visible_to(parametrised(kind)), *to_reader)


def _message(row: Sequence[Any]) -> OwnMessage:
    count = len(SentMessage._fields)
    case_id, year, number, subject, language, recipient, *addresses = row[count:]
    is_protected = any(addresses[4:])
    return OwnMessage(
        SentMessage(*row[:count]),
        case_id,
        reference_numbers.reference(year, number),
        subject,
        language,
        "" if is_protected else recipient or "",
        recipient in addresses[:4],
    )
