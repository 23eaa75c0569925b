"""Events of registration: by staff for a sender, secrecy marks, subjects, whether the sender is named."""

from dataclasses import dataclass

from portal.cases.events import CaseEvent, Code, MessageEvent, NewCaseEvent


@dataclass(frozen=True, kw_only=True)
class CaseRegistered(NewCaseEvent):
    """A member of staff registered a case for its sender; `solved` if they answered it at once."""

    solved: bool = False


class ClosedAtFirstContact(CaseEvent):
    """The case was closed by who registered and answered it, in one step."""


@dataclass(frozen=True, kw_only=True)
class SecrecyMarked(CaseEvent):
    """The case was marked as secret (OSL 5:5): by which provision, and the authority's id."""

    provision: Code
    board: int


class SecrecyLiftRequested(MessageEvent):
    """The first of two people asked to lift the secrecy; `message` is the note with the reason."""


class SecrecyLifted(MessageEvent):
    """The secrecy of the case was lifted; `message` is the note with the reason."""


@dataclass(frozen=True, kw_only=True)
class MessageMarked(MessageEvent):
    """A message was marked as secret: by which provision, and the authority's id."""

    provision: Code
    board: int


@dataclass(frozen=True, kw_only=True)
class MessageSecrecyLifted(MessageEvent):
    """The secrecy of a message was lifted; `note` is the id of the note with the reason."""

    note: int


@dataclass(frozen=True, kw_only=True)
class SubjectCorrected(CaseEvent):
    """The public subject, the internal one or both were corrected."""

    public: bool
    internal: bool


class SenderHidden(CaseEvent):
    """The sender of the case is named in no list, register or search."""


class SenderShown(CaseEvent):
    """The sender of the case is named again."""
