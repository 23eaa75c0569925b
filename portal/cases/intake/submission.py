"""Submission of a case. Idempotent: one form makes one case, however often and concurrently it is sent."""

from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, select

from portal import clock, crypto
from portal.cases import clocks, reference_numbers
from portal.cases.access import capacity
from portal.cases.authority.placement import place
from portal.cases.enums import Channel, Direction, ForWhom, Kind, NotifyBy, ReplyBy
from portal.cases.events import CaseReceived
from portal.cases.intake import codes
from portal.cases.lifecycle import Action, arrow
from portal.cases.models import Case, Message, Party, Representation
from portal.cases.search.index import mark_changed
from portal.config import settings
from portal.db import advisory_lock, session
from portal.events import publish
from portal.identity.actors import Actor, Citizen, CodeHolder
from portal.organisation import queries as organisation
from portal.organisation.models import Category

_SENT = select(Case).where(Case.submission == bindparam("mark"))


@dataclass(frozen=True)
class Represented:
    """Whom a sender claims to represent, if not themselves."""

    kind: ForWhom
    name: str
    organisation_number: str | None = None
    vouched: bool = False


@dataclass(frozen=True)
class NewCase:
    """The validated fields of the public form; `submission` identifies the form that was sent.

    `notify_by` is asked only of who reads on the portal: the other ways to read name the way of messages.
    """

    submission: str
    kind: Kind
    category: str | None
    subject: str
    body: str
    reply_by: ReplyBy
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    notify_by: NotifyBy = NotifyBy.NONE
    language: str = "sv"
    answer_wanted: bool = True
    channel: Channel = Channel.WEB
    for_whom: Represented | None = None


@dataclass(frozen=True)
class Receipt:
    """The result of a submission: number and, unless the sender is signed in, code.

    `same` is False if the form had already made a case, from other content.
    """

    case: int
    year: int
    number: int
    code: str | None
    same: bool

    @property
    def reference(self) -> str:
        """The reference of the case."""
        return reference_numbers.reference(self.year, self.number)


def submit(new: NewCase, sender: Citizen | None = None) -> Receipt:
    """Create a case, or return the one that this form has already made. An anonymous sender is None.

    A signed-in person who chooses a code is anonymous too: nothing that identifies them is stored.
    """
    sender = sender if new.reply_by is not ReplyBy.CODE else None
    mark = crypto.fingerprint("submission", new.submission)
    # No row exists yet that could be locked: the second of two clicks waits here and then finds the first.
    advisory_lock(mark)
    existing = session().scalar(_SENT, {"mark": mark})
    if existing:
        return _receipt(existing, new, same=_is_same_submission(existing, new))
    case = _store(new, mark, sender)
    publish(received(case, sender or CodeHolder(case.id)))
    return _receipt(case, new, same=True)


def received(case: Case, actor: Actor) -> CaseReceived:
    """The event of a new case; the kind of representation only, since a trail holds no names."""
    representation = case.representation
    return CaseReceived(
        case=case.id,
        at=case.received_at,
        actor=actor,
        for_whom=representation.kind if representation else None,
        vouched=representation.vouched if representation else None,
    )


def _receipt(case: Case, new: NewCase, same: bool) -> Receipt:
    return Receipt(case.id, case.year, case.number, _code(new) if case.code else None, same)


def _code(new: NewCase) -> str:
    return codes.code(settings().code_key, new.submission)


def _is_same_submission(case: Case, new: NewCase) -> bool:
    first = session().scalars(select(Message).where(Message.case_id == case.id).order_by(Message.id)).first()
    # Staff correct the public subject, the internal one, or both.
    subject = case.internal_subject if case.internal_subject == new.subject else case.public_subject
    stored = (
        subject,
        first and first.body,
        case.kind,
        case.category and case.category.key,
        case.reply_by,
        case.party and (case.party.name, case.party.email, case.party.phone),
        _represented(case),
    )
    # Name and addresses are not stored for a sender who chose a code.
    contact = (new.name, new.email, new.phone) if new.reply_by is not ReplyBy.CODE else None
    sent = (new.subject, new.body, new.kind, new.category, new.reply_by, contact, new.for_whom)
    return stored == sent


def _represented(case: Case) -> Represented | None:
    row = case.representation
    return Represented(row.kind, row.name, row.organisation_number, row.vouched) if row else None


def _store(new: NewCase, mark: bytes, sender: Citizen | None) -> Case:
    now = clock.now()
    case = Case(submission=mark, received_at=now, updated_at=now)
    case.code = None if sender else crypto.fingerprint("code", _code(new))
    _describe(case, new)
    _route(case, organisation.category(new.category) if new.category else None)
    clocks.promise(case, now)
    clocks.settle_next_step(case)
    case.party = _party(new, sender)
    case.sender_person_id = case.party.person_id if case.party else None
    case.representation = Representation(**asdict(new.for_whom)) if new.for_whom else None
    case.year = clock.stockholm(now).year
    case.number = reference_numbers.allocate(case.year)
    session().add(case)
    session().flush()
    first = Message(case_id=case.id, direction=Direction.IN, language=new.language, body=new.body)
    first.board_id = case.responsible_board_id
    first.arrived_at = now
    session().add(first)
    mark_changed(case)
    return case


def _describe(case: Case, new: NewCase) -> None:
    case.kind = new.kind
    case.answer_wanted = new.answer_wanted
    case.channel = new.channel
    case.language = new.language
    case.reply_by = new.reply_by
    case.notify_by = new.notify_by if new.reply_by is ReplyBy.PORTAL else NotifyBy.for_reply(new.reply_by)
    case.public_subject = new.subject
    case.internal_subject = new.subject
    case.status = arrow(Action.SUBMIT, None, capacity(CodeHolder(0))).target


def _route(case: Case, category: Category | None) -> None:
    """Route the case to the units of its topic; without a topic, to the first line."""
    responsible = category.responsible_unit if category else organisation.first_line()
    place(case, category, responsible, category.handling_unit if category else responsible)


def _party(new: NewCase, sender: Citizen | None) -> Party | None:
    """The party of the case; None for a sender who is known by a code alone."""
    if new.reply_by is ReplyBy.CODE:
        return None
    party = Party(name=new.name, email=new.email, phone=new.phone)
    party.person_id = sender.person if sender else None
    return party
