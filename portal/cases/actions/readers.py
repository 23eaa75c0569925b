"""A changed reader contested by an earlier one, and the reading given back by staff."""

from sqlalchemy import delete, update

from portal import clock, crypto
from portal.cases import parties
from portal.cases.enums import Direction, NotifyBy, ReaderChange, ReplyBy, TaskKind, VerifiedReader
from portal.cases.intake import codes, earlier_readers
from portal.cases.intake.models import CodeGrant, CodeLink, EarlierReader
from portal.cases.lifecycle import Action, NotAllowed
from portal.cases.models import Case, Party, Task
from portal.cases.permissions import allowed_actions, is_contestable
from portal.cases.search.index import mark_changed
from portal.cases.transitions import add_message, is_duplicate_message, transition
from portal.config import settings
from portal.db import session
from portal.identity.actors import CodeHolder, Staff


def contest(earlier: EarlierReader) -> None:
    """Shut out every reader of a case, and of those that the same code opens, until staff restore one.

    An earlier reader denies the change. The case stays closed to them too: their code or mailbox may be in
    the wrong hands.
    """
    for case in earlier_readers.family(session().get_one(Case, earlier.case_id)):
        if is_contestable(case):
            _contest_one(case)


def _contest_one(case: Case) -> None:
    with transition(CodeHolder(case.id), case, Action.CONTEST_READER):
        case.reader_contested_at = clock.now()
        for model in (CodeGrant, CodeLink):
            session().execute(delete(model).where(model.case_id == case.id))
        task = Task(case_id=case.id, kind=TaskKind.READER_CONTESTED, created_at=case.reader_contested_at)
        session().add(task)


def restore_reader(
    actor: Staff,
    case: Case,
    body: str,
    reader: VerifiedReader,
    submission: str,
    version: int | None = None,
) -> None:
    """Give the reading back to the sender whom the actor has verified; the reason becomes a note.

    With a new code, derived from `submission` as that of a form, or to the person who signs in. A second
    click changes nothing. Raises NotAllowed if no person is known.
    """
    if case.reader_contested_at is None and is_duplicate_message(actor, case, Direction.INTERNAL, body):
        return
    with transition(actor, case, Action.RESTORE_READER, version) as step:
        if reader is VerifiedReader.PERSON and known_person(case) is None:
            raise NotAllowed(Action.RESTORE_READER, case.status, allowed_actions(actor, case))
        _give(case, reader, submission)
        case.reader_contested_at = None
        case.reader_change = ReaderChange.RESTORED
        case.reader_changed_at = clock.now()
        earlier_readers.forget(case)
        _finish_tasks(actor, case)
        step.details(message=add_message(actor, case, Direction.INTERNAL, body).id)
        mark_changed(case)


def known_person(case: Case) -> int | None:
    """Id of the person to whom the case was linked before it was contested, or else is now."""
    linked = case.party.person_id if case.party else None
    return earlier_readers.first_contact(case).person_id or linked


def _give(case: Case, reader: VerifiedReader, submission: str) -> None:
    """Give the case to the reader, with the name and addresses that were known before it was contested."""
    contact = earlier_readers.first_contact(case)
    person = known_person(case)
    party = case.party or Party()
    parties.set_contact(party, contact)
    case.party = party
    case.notify_by = NotifyBy(contact.notify_by or NotifyBy.for_reply(ReplyBy(contact.reply_by)))
    if person is None or reader is VerifiedReader.CODE:
        case.code = crypto.fingerprint("code", codes.code(settings().code_key, submission))
        party.person = None
        case.sender_person_id = None
        case.reply_by = _way(contact.reply_by, instead_of=ReplyBy.PORTAL, way=ReplyBy.CODE)
        return
    case.code = None
    parties.link_person(case, party, person)
    case.reply_by = _way(contact.reply_by, instead_of=ReplyBy.CODE, way=ReplyBy.PORTAL)


def _way(known: str, instead_of: ReplyBy, way: ReplyBy) -> ReplyBy:
    """The known way to the sender, unless it has come to an end."""
    return way if known == instead_of else ReplyBy(known)


def _finish_tasks(actor: Staff, case: Case) -> None:
    tasks = update(Task).where(Task.case_id == case.id, Task.kind == TaskKind.READER_CONTESTED)
    done = {"done_at": clock.now(), "done_by_id": actor.membership}
    session().execute(tasks.where(Task.done_at.is_(None)).values(done))
