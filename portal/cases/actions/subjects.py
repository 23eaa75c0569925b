"""Commands on what lists, the search and the register show of a case: its subjects, and its sender's name."""

from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.cases.search.index import forget_sender, mark_changed, purge
from portal.cases.transitions import transition
from portal.identity.actors import Staff


def correct_subject(
    actor: Staff, case: Case, public_subject: str, internal_subject: str, version: int | None = None
) -> None:
    """Correct the public subject, which the sender and the register show, and the internal one."""
    public = public_subject != case.public_subject
    internal = internal_subject != case.internal_subject
    if not (public or internal):
        return
    with transition(actor, case, Action.CORRECT_SUBJECT, version) as step:
        case.public_subject = public_subject
        case.internal_subject = internal_subject
        mark_changed(case)
        step.details(public=public, internal=internal)


def hide_sender(actor: Staff, case: Case, version: int | None = None) -> None:
    """Name the sender of this case in no list, register or search. A second click changes nothing."""
    if case.hide_sender:
        return
    with transition(actor, case, Action.HIDE_SENDER, version):
        case.hide_sender = True
        # At once: the index must not hold the name any longer, should the worker be down.
        forget_sender(case)
        mark_changed(case)
        purge()


def show_sender(actor: Staff, case: Case, version: int | None = None) -> None:
    """Name the sender of this case again. A second click changes nothing."""
    if not case.hide_sender:
        return
    with transition(actor, case, Action.SHOW_SENDER, version):
        case.hide_sender = False
        mark_changed(case)
