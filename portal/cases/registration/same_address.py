"""Other cases with the address that a sender gave: the same person, or others who share it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.cases import parties
from portal.cases.models import Case, Party
from portal.cases.search.queries import matching
from portal.cases.visibility import visible_to
from portal.db import session
from portal.identity.actors import Staff

MAX_CASES = 5
# Of the newest cases in which the address is found, also in a text, so many are read.
MAX_READ = 50


def cases_with_address(actor: Staff, case: Case) -> Sequence[Case]:
    """The visible cases whose sender gave the same e-mail address or telephone number, newest first.

    At most MAX_CASES; none of a sender who is hidden or protected.
    """
    known = parties.sender(case)
    address = known.email or known.phone
    if not address:
        return []
    query = select(Case).where(visible_to(actor), matching(actor, address), Case.id != case.id)
    query = query.options(joinedload(Case.category), joinedload(Case.party).joinedload(Party.person))
    cases = session().scalars(query.order_by(Case.id.desc()).limit(MAX_READ))
    return [other for other in cases if _is_of(other, address)][:MAX_CASES]


def _is_of(case: Case, address: str) -> bool:
    shown = parties.sender(case)
    return address.casefold() in (shown.email.casefold(), shown.phone)
