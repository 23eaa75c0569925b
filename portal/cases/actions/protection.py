"""Commands on protected personal data (skyddade personuppgifter). No provider removes what staff set."""

from sqlalchemy import Select, or_, select

from portal.cases.enums import Direction
from portal.cases.lifecycle import Action
from portal.cases.models import Case, Party
from portal.cases.parties import is_protected
from portal.cases.search.index import forget_sender, mark_changed, purge
from portal.cases.transitions import add_message, is_duplicate_message, transition
from portal.db import session
from portal.identity.actors import Staff


def protect(actor: Staff, case: Case, version: int | None = None) -> None:
    """Hide who the sender is, in all their cases, future ones too. A second click changes nothing."""
    if is_protected(case):
        return
    with transition(actor, case, Action.PROTECT, version):
        # The flag is on the party, which the case of an anonymous sender does not have yet.
        case.party = case.party or Party()
        session().flush()
        _mark(case, True)


def unprotect(actor: Staff, case: Case, body: str, version: int | None = None) -> None:
    """Show who the sender is again, in all their cases; the reason becomes a note.

    A second click changes nothing.
    """
    if not is_protected(case) and is_duplicate_message(actor, case, Direction.INTERNAL, body):
        return
    with transition(actor, case, Action.UNPROTECT, version) as step:
        message = add_message(actor, case, Direction.INTERNAL, body)
        _mark(case, False)
        step.details(message=message.id)


def _mark(case: Case, protected: bool) -> None:
    person = case.party.person if case.party else None
    if person:
        person.protected = protected
    parties = session().scalars(_parties_of_sender(case, person.id if person else None)).all()
    for party in parties:
        party.protected = protected
    session().flush()
    query = select(Case).where(Case.party_id.in_([party.id for party in parties]))
    for other in session().scalars(query):
        if protected:
            # At once: the index must not hold them any longer, should the worker be down.
            forget_sender(other)
        mark_changed(other)
    if protected:
        purge()


def _parties_of_sender(case: Case, person: int | None) -> Select[Party]:
    """Parties that are certainly the same sender: those of split cases and those of one person."""
    root = case.split_from_id or case.id
    family = select(Case.party_id).where(or_(Case.id == root, Case.split_from_id == root))
    parts = Party.id.in_(family)
    return select(Party).where(or_(parts, Party.person_id == person) if person else parts)
