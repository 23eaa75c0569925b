"""The status codes and pages of the exceptions of the domain, where no view has a better answer."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.actions.bars import NobodyLeft
from portal.cases.actions.routing import AlreadyThere
from portal.cases.actions.secrecy import SamePerson, UnknownProvision, WrongMessage
from portal.cases.actions.sender import AlreadyThanked
from portal.cases.actions.subjects import DroppedKind
from portal.cases.answers.drafts import NewerDraft
from portal.cases.answers.templates import NewerVersion, NotEditable
from portal.cases.authority.handovers import WrongGround
from portal.cases.deadlines import WrongDate
from portal.cases.desk.replies import WrongMoment
from portal.cases.desk.visits import OwnVisit
from portal.cases.groups.merging import WrongCase
from portal.cases.lifecycle import NotAllowed
from portal.cases.measures.actions import WrongMeasure
from portal.cases.queue.saved_filters import TooMany
from portal.cases.transitions import Conflict, NeedsConfirmation
from portal.database.errors import UnstorableValue
from portal.db import StaleVersion
from portal.files.storage.encryption import BadContent
from portal.files.storage.folder import NoRoom
from portal.identity.oidc.errors import SignInFailed
from portal.identity.oidc.http import Unreachable
from portal.identity.oidc.jwt import Untrusted
from portal.identity.person_lookup import ConflictingIdentities
from portal.pagination import BadCursor
from portal.routines.commands import UnknownRoutine, WrongFollowUp
from portal.translation import gettext as _
from portal.web import kept_form
from portal.web.errors.pages import error_page
from portal.web.errors.posted_fields import posted_fields

STATUS: dict[type[Exception], int] = {
    BadCursor: 400,
    SignInFailed: 400,
    Untrusted: 400,
    NotEditable: 404,
    UnknownRoutine: 404,
    BadContent: 410,
    AlreadyThanked: 409,
    ConflictingIdentities: 409,
    Conflict: 409,
    NewerDraft: 409,
    NewerVersion: 409,
    NotAllowed: 409,
    StaleVersion: 409,
    AlreadyThere: 422,
    DroppedKind: 422,
    NeedsConfirmation: 422,
    SamePerson: 422,
    NobodyLeft: 422,
    OwnVisit: 422,
    TooMany: 422,
    UnknownProvision: 422,
    UnstorableValue: 422,
    WrongCase: 422,
    WrongDate: 422,
    WrongFollowUp: 422,
    WrongGround: 422,
    WrongMeasure: 422,
    WrongMessage: 422,
    WrongMoment: 422,
    NoRoom: 503,
    Unreachable: 503,
}


def status_of(error: Exception) -> int:
    """The status code of an exception of the domain, or of its nearest base class."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    raise KeyError(type(error))


def refused(error: Exception) -> ResponseReturnValue:
    """The page of a refusal, with the text of a posted form to copy."""
    status = status_of(error)
    # A value in the address that cannot be stored names nothing.
    if isinstance(error, UnstorableValue) and request.method != "POST":
        status = 404
    if request.accept_mimetypes.best == "application/json":
        return {"state": ""}, status
    if status not in (409, 422) or posted_fields() is None:
        return error_page(status)
    heading, text = _texts(status)
    return kept_form.page(heading, text, status, url_for("public.start"), _("Till start"))


def _texts(status: int) -> tuple[str, str]:
    if status == 409:
        text = _("Något har ändrats sedan sidan visades, eller så får du inte göra det här. Inget är sparat.")
        return _("Det går inte att göra så nu"), text
    text = _("Något i formuläret går inte att använda. Inget är sparat. Gå tillbaka och rätta det.")
    return _("Det gick inte att spara"), text
