"""The form for a new case as a case with its files, in one transaction."""

from dataclasses import replace

from portal import db
from portal.cases.enums import Kind, ReplyBy
from portal.cases.groups.same_fault import Sent, submit_same
from portal.cases.intake.submission import NewCase, submit
from portal.identity import queries as people
from portal.identity.actors import Citizen, CodeHolder
from portal.web.attachments import posted_files
from portal.web.public.faults import same_fault
from portal.web.public.forms import SendForm
from portal.web.public.new_case import drafts
from portal.web.support import waiting_drafts


def store(form: SendForm, kind: Kind, sender: Citizen | None, is_anonymous: bool) -> tuple[Sent, bool]:
    """Submit the case and attach its files; returns whether this form is what became the case.

    Raises RefusedFile.
    """
    saved = drafts.of_sent(form, sender)
    if saved and (is_anonymous or sender is None):
        # Not in the transaction of the case: no row of a person may be written together with it.
        with db.transaction():
            drafts.remove(saved)
        saved = []
    named = None if is_anonymous else sender
    attach = posted_files.with_files(form, lambda case: named or CodeHolder(case.id))
    new, chosen = _with_name(form.new_case(kind), sender), same_fault.chosen()
    with db.transaction():
        if chosen:
            sent = submit_same(new, chosen, sender, attach)
        else:
            sent = Sent(submit(new, sender, attach), joined=False)
        is_same = sent.receipt.same and posted_files.are_those_of_first(form, sent.receipt.case)
        waiting_drafts.delete(drafts.waiting_handle())
        if saved:
            drafts.remove(saved)
    return sent, is_same


def _with_name(new: NewCase, sender: Citizen | None) -> NewCase:
    """The new case with the name of the signed-in sender, unless they wrote another or are anonymous."""
    if sender is None or new.name or new.reply_by is ReplyBy.CODE:
        return new
    return replace(new, name=people.person(sender.person).name)
