"""Enumerations of a case, apart from its status. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """What kind of contact a case is."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    SUGGESTION = "suggestion"
    FAULT_REPORT = "fault_report"

    @property
    def slug(self) -> str:
        """The word of addresses and query parameters, in Swedish."""
        return _KIND_SLUGS[self]

    @classmethod
    def from_slug(cls, slug: str) -> "Kind":
        """The kind with this word in an address. Raises ValueError if there is none."""
        for kind in cls:
            if kind.slug == slug:
                return kind
        raise ValueError(slug)


_KIND_SLUGS = {
    Kind.QUESTION: "fraga",
    Kind.COMPLAINT: "klagomal",
    Kind.PRAISE: "berom",
    Kind.SUGGESTION: "forslag",
    Kind.FAULT_REPORT: "felanmalan",
}


class ReplyBy(StrEnum):
    """Where the sender reads the answer."""

    CODE = "code"
    EMAIL = "email"
    SMS = "sms"
    PORTAL = "portal"


class NotifyBy(StrEnum):
    """How the sender is notified of what happens in the case, wherever they read it."""

    EMAIL = "email"
    SMS = "sms"
    NONE = "none"

    @classmethod
    def for_reply(cls, reply_by: ReplyBy) -> "NotifyBy":
        """The way that the choice of where to read names; NONE where it names none."""
        return {ReplyBy.EMAIL: cls.EMAIL, ReplyBy.SMS: cls.SMS}.get(reply_by, cls.NONE)

    def address(self, email: str | None, phone: str | None) -> str | None:
        """That of the two which messages go to; None if the sender cannot be notified."""
        return {NotifyBy.EMAIL: email, NotifyBy.SMS: phone}.get(self) or None


class ForWhom(StrEnum):
    """Whom a sender claims to represent, if not themselves."""

    ORGANISATION = "organisation"
    CHILD = "child"
    HELPED = "helped"


class Channel(StrEnum):
    """The channel that a case came in by."""

    WEB = "web"
    DESK = "desk"
    PHONE = "phone"
    LETTER = "letter"
    SOCIAL_MEDIA = "social_media"
    MAILBOX = "mailbox"


class Direction(StrEnum):
    """From the sender, to the sender, or between members of staff."""

    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class Via(StrEnum):
    """By which way a message came in. Who sent one that came by e-mail is not verified."""

    WEB = "web"
    EMAIL = "email"
    # Written down by staff: how the sender was known is in KnownBy.
    PHONE = "phone"
    DESK = "desk"
    LETTER = "letter"
    SOCIAL_MEDIA = "social_media"


class KnownBy(StrEnum):
    """How staff knew who said what they have written down."""

    CODE = "code"
    SIGNED_IN = "signed_in"
    STAFF = "staff"
    UNVERIFIED = "unverified"


class Purpose(StrEnum):
    """The purpose of a message to, or a conversation with, the sender. The sender has thanks alone."""

    ANSWER = "answer"
    QUESTION = "question"
    CONTACT = "contact"
    CALL = "call"
    ORAL_ANSWER = "oral_answer"
    THANKS = "thanks"


ANSWERS = frozenset({Purpose.ANSWER, Purpose.ORAL_ANSWER})


class Secrecy(StrEnum):
    """Why a case has secrecy: the default of its topic, or a mark made on the case itself."""

    TOPIC = "topic"
    MARKED = "marked"


class HandoverGround(StrEnum):
    """The ground on which a case went to another authority (OSL 8:1-2)."""

    NO_SECRECY = "no_secrecy"
    CONSENT = "consent"
    PROVISION = "provision"
    # The unit moved to another board (nämnd) with its cases.
    REORGANISED = "reorganised"


class LegalMatter(StrEnum):
    """A matter that is received even if it was sent to the wrong place (FL 20 and 45 §§)."""

    APPEAL = "appeal"
    DAMAGES = "damages"
    CHILD_CONCERN = "child_concern"
    WHISTLEBLOWING = "whistleblowing"
    TIME_LIMIT = "time_limit"


class BarKind(StrEnum):
    """Why a member of staff may not handle a case (jäv, FL 16-18 §§)."""

    OWN = "own"
    CONCERNED = "concerned"


class TaskKind(StrEnum):
    """Why a member of staff must look at a case."""

    UNDELIVERED = "undelivered"
    UNCERTAIN = "uncertain"
    UNRENDERED = "unrendered"
    HELD = "held"
    NO_MANAGER = "no_manager"
    NO_HANDLER = "no_handler"
    READER_CONTESTED = "reader_contested"
    EMAIL_REPLY = "email_reply"
    HIDDEN_FILE = "hidden_file"


class ReaderChange(StrEnum):
    """How the reader of a case last changed."""

    ADOPTED = "adopted"
    NEW_CODE = "new_code"
    NEW_ADDRESS = "new_address"
    RESTORED = "restored"


class VerifiedReader(StrEnum):
    """To whom staff give the reading of a case back."""

    CODE = "code"
    PERSON = "person"


class MeasureKind(StrEnum):
    """A measure that was taken because of a case, or a proposal for improvement."""

    TAKEN = "taken"
    PROPOSAL = "proposal"


class MeasureState(StrEnum):
    """The state of a measure; one that was taken is DONE from the start."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    DONE = "done"
    REJECTED = "rejected"


class Piece(StrEnum):
    """The part of a case that an indexed text comes from."""

    SUBJECT = "subject"
    MESSAGE = "message"
    PARTY = "party"
