"""Submission of a case. Idempotent: one form makes one case, however often and concurrently it is sent."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from portal import clock, crypto
from portal.cases import clocks, reference_numbers
from portal.cases.access import Capacity
from portal.cases.authority.placement import place
from portal.cases.enums import Channel, Direction, ForWhom, Kind, NotifyBy, ReplyBy
from portal.cases.events import CaseReceived
from portal.cases.intake import codes
from portal.cases.intake.rules import stays_by_agreement
from portal.cases.lifecycle import Action, arrow
from portal.cases.locations import records
from portal.cases.locations.rules import Location
from portal.cases.models import Case, Message, Party, Representation
from portal.cases.search.index import mark_changed
from portal.config import settings
from portal.db import advisory_lock, session
from portal.events import publish
from portal.identity.actors import Actor, Citizen, CodeHolder, Staff
from portal.organisation import queries as organisation
from portal.organisation.models import Category

# What is done with the first message of a new case in the same transaction, such as attaching its files.
WithFirst = Callable[[Case, Message], None]
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
    location: Location | None = None


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


@dataclass(frozen=True)
class Registration:
    """What a member of staff says of a case that they register for its sender.

    `arrived` is when it came in if not now, `level` what they judge, and `kept` whether the first line has
    solved it.
    """

    by: Staff
    arrived: datetime | None = None
    level: int | None = None
    kept: bool = False


def submit(new: NewCase, sender: Citizen | None = None, with_first: WithFirst | None = None) -> Receipt:
    """Create a case, or return the one that this form has already made. An anonymous sender is None.

    A signed-in person who chooses a code is anonymous too: nothing that identifies them is stored.
    `with_first` is called for a new case alone.
    """
    sender = sender if new.reply_by is not ReplyBy.CODE else None
    existing = submitted(new.submission)
    if existing:
        return receipt(existing, new, same=is_same_submission(existing, new))
    case = add_case(new, sender, with_first=with_first)
    publish(received(case, sender or CodeHolder(case.id)))
    return receipt(case, new, same=True)


def submitted(submission: str) -> Case | None:
    """The case that a form has made; None if it is new. No other request makes one while this one looks."""
    mark = crypto.fingerprint("submission", submission)
    # No row exists yet that could be locked: the second of two clicks waits here and then finds the first.
    advisory_lock(mark)
    return session().scalar(_SENT, {"mark": mark})


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


def receipt(case: Case, new: NewCase, same: bool) -> Receipt:
    """The receipt of the case that a form has made."""
    return Receipt(case.id, case.year, case.number, _code(new) if case.code else None, same)


def _code(new: NewCase) -> str:
    return codes.code(settings().code_key, new.submission)


def is_same_submission(case: Case, new: NewCase) -> bool:
    """Whether a case was made from this content, whatever has been corrected since."""
    if case.submitted_content:
        return case.submitted_content == _fingerprint(new)
    return _is_as_it_is_now(case, new)


def _fingerprint(new: NewCase) -> bytes:
    """Of the content and the form: the same content in two cases has nothing in common."""
    return crypto.fingerprint("content", repr((new.submission, *_content(new))))


def _content(new: NewCase) -> tuple[object, ...]:
    # Name and addresses are not stored for a sender who chose a code.
    contact = (new.name, new.email, new.phone) if new.reply_by is not ReplyBy.CODE else None
    content = new.subject, new.body, new.kind, new.category
    return (*content, new.reply_by, contact, new.for_whom, new.location)


def _is_as_it_is_now(case: Case, new: NewCase) -> bool:
    """For a case without the fingerprint: of an earlier release."""
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
        records.location_of(case.location) if case.location else None,
    )
    return stored == _content(new)


def _represented(case: Case) -> Represented | None:
    row = case.representation
    return Represented(row.kind, row.name, row.organisation_number, row.vouched) if row else None


def add_case(
    new: NewCase,
    sender: Citizen | None,
    registration: Registration | None = None,
    with_first: WithFirst | None = None,
    beside: Case | None = None,
) -> Case:
    """Add a case with its first message, and publish nothing. It goes to the units of the one `beside` it."""
    now = clock.now()
    arrived = (registration and registration.arrived) or now
    case = Case(submission=crypto.fingerprint("submission", new.submission), received_at=arrived)
    case.submitted_content = _fingerprint(new)
    case.updated_at = now
    case.code = None if sender else crypto.fingerprint("code", _code(new))
    _describe(case, new)
    case.status = arrow(Action.SUBMIT, None, _capacity(registration)).target
    category = organisation.category(new.category) if new.category else None
    if beside:
        place(case, category, beside.responsible_unit, beside.handling_unit)
    else:
        _route(case, category, registration)
    clocks.promise(case, arrived)
    clocks.settle_next_step(case)
    case.party = _party(new, sender)
    case.sender_person_id = case.party.person_id if case.party else None
    case.representation = Representation(**asdict(new.for_whom)) if new.for_whom else None
    case.location = records.new_row(new.location, case) if new.location else None
    case.year = clock.stockholm(now).year
    case.number = reference_numbers.allocate(case.year)
    session().add(case)
    session().flush()
    first = _first_message(case, new, registration)
    session().add(first)
    mark_changed(case)
    if with_first:
        session().flush()
        with_first(case, first)
    return case


def _capacity(registration: Registration | None) -> Capacity:
    return Capacity.REGISTRANT if registration else Capacity.SENDER


def _first_message(case: Case, new: NewCase, registration: Registration | None) -> Message:
    first = Message(case_id=case.id, direction=Direction.IN, language=new.language, body=new.body)
    first.board_id = case.responsible_board_id
    first.arrived_at = case.received_at
    # The register has it from now on, also where it came in earlier (OSL 5:1).
    first.registered_at = case.updated_at
    first.registered_by_id = registration.by.person if registration else None
    return first


def _describe(case: Case, new: NewCase) -> None:
    case.kind = new.kind
    case.answer_wanted = new.answer_wanted
    case.channel = new.channel
    case.language = new.language
    case.reply_by = new.reply_by
    case.notify_by = new.notify_by if new.reply_by is ReplyBy.PORTAL else NotifyBy.for_reply(new.reply_by)
    case.public_subject = new.subject
    case.internal_subject = new.subject


def _route(case: Case, category: Category | None, registration: Registration | None) -> None:
    """Route the case to the units of its topic, and of the level that was judged; else to the first line."""
    responsible = category.responsible_unit if category else organisation.first_line()
    level = registration.level if registration else None
    handling = responsible
    if registration and registration.kept:
        handling = organisation.first_line()
    elif category and stays_by_agreement(level, category.rosa_level):
        handling = category.handling_unit
    place(case, category, responsible, handling)
    case.level = level or case.level


def _party(new: NewCase, sender: Citizen | None) -> Party | None:
    """The party of the case; None for a sender who is known by a code alone."""
    if new.reply_by is ReplyBy.CODE:
        return None
    party = Party(name=new.name, email=new.email, phone=new.phone)
    party.person_id = sender.person if sender else None
    return party
