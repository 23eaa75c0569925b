"""The beginning of what a sender wrote first in each of their cases."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Select, bindparam, func, select

from portal.cases.enums import Direction
from portal.cases.models import Case, Message
from portal.cases.visibility import ScopeKind, kind_of, message_visible_to, parametrised, scope_values
from portal.db import session
from portal.formats import cleaning
from portal.identity.actors import Citizen

LENGTH = 120
# More than is shown: spaces and line breaks are drawn together before it is cut.
READ = 2 * LENGTH


def first_words(actor: Citizen, case_ids: Collection[int]) -> dict[int, str]:
    """The beginning of the first message of each case that the actor may see, by the id of the case."""
    if not case_ids:
        return {}
    values = {"case_ids": list(case_ids), **scope_values(actor)}
    rows = session().execute(_first_words(kind_of(actor)), values)
    return {case_id: shortened(text) for case_id, text in rows}


@cache
def _first_words(kind: ScopeKind) -> Select[int, str]:
    own = Case.id.in_(bindparam("case_ids", expanding=True))
    first = select(func.min(Message.id)).join(Case, Message.case_id == Case.id).group_by(Message.case_id)
    first = first.where(message_visible_to(parametrised(kind)), Message.direction == Direction.IN, own)
    query = select(Message.case_id, func.substr(Message.body, 1, READ))
    return query.where(Message.id.in_(first.correlate(None)))


def shortened(text: str) -> str:
    """The text on one line, cut between words where it is too long."""
    line = " ".join(cleaning.line(text).split())
    if len(line) <= LENGTH:
        return line
    end = line.rfind(" ", LENGTH // 2, LENGTH)
    return f"{line[: end if end > 0 else LENGTH].rstrip()} …"
