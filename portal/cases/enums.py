"""The closed sets of words about a case that are not its status. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """What is sent in; the words of the addresses."""

    QUESTION = "fraga"
    COMPLAINT = "klagomal"
    PRAISE = "berom"
    SUGGESTION = "forslag"
    FAULT = "felanmalan"


class ReplyBy(StrEnum):
    """How the sender wants the answer."""

    CODE = "code"
    EMAIL = "email"
    SMS = "sms"
    PORTAL = "portal"


class ForWhom(StrEnum):
    """For whom a sender says that they write, when it is not for themselves."""

    ORGANISATION = "organisation"
    CHILD = "child"
    HELPED = "helped"


class Channel(StrEnum):
    """Which way a case came in."""

    WEB = "web"
    DESK = "desk"
    PHONE = "phone"
    SOCIAL_MEDIA = "social_media"
    MAILBOX = "mailbox"


class Direction(StrEnum):
    """From the sender, from us, or between us."""

    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class Purpose(StrEnum):
    """Why we said something to the sender."""

    ANSWER = "answer"
    QUESTION = "question"
    CONTACT = "contact"
    CALL = "call"
    ORAL_ANSWER = "oral_answer"


ANSWERS = frozenset({Purpose.ANSWER, Purpose.ORAL_ANSWER})


class TaskKind(StrEnum):
    """Why somebody must look at a case."""

    UNDELIVERED = "undelivered"
    UNCERTAIN = "uncertain"
    UNRENDERED = "unrendered"
    NO_MANAGER = "no_manager"


class MeasureKind(StrEnum):
    """What was done because of a case, or what somebody proposes to do better."""

    TAKEN = "taken"
    PROPOSAL = "proposal"


class MeasureState(StrEnum):
    """Where a measure stands; what was done is done from the beginning."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    DONE = "done"
    REJECTED = "rejected"


class Piece(StrEnum):
    """Which part of a case a text is."""

    SUBJECT = "subject"
    MESSAGE = "message"
    PARTY = "party"
