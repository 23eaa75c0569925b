"""The file field of a form, and the forms that have one.

The field has several names in the posted form: `attachments` for the files themselves, `files` for the
handles of those that are uploaded already, and for each of these `alt_<handle>` and `remove_file`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import request
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput

from portal import db
from portal.files import uploads
from portal.files.enums import Refusal, Sender
from portal.files.names import clean_name
from portal.files.rules import MAX_ALT, MAX_BYTES, MAX_FILES, megabytes
from portal.files.uploads import RefusedFile, Upload
from portal.formats import identity_numbers
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web import headers
from portal.web.attachments import refusals, upload_checks
from portal.web.attachments.kinds import accept, details, is_picture
from portal.web.forms import UNFIT, Form, one_line
from portal.web.number_checks import keeps_number, masked, question
from portal.web.request_limits.multipart import PostedFile
from portal.web.support import rate_limits

HANDLES = "files"
REMOVE = "remove_file"
ADD = "add_files"
ALT = "alt_"
# Of a handle that we gave out.
MAX_HANDLE = 64


class UploadRow(NamedTuple):
    """An upload as a form lists it, with its alternative text."""

    handle: str
    name: str
    details: str
    is_picture: bool
    alt: str


class FilesField(Field):
    """Files: those that came with the form, and those that were uploaded before."""

    widget = FileInput(multiple=True)
    _known: dict[str, Upload] | None = None
    _of_draft = False
    removed: Sequence[str] = ()

    def __call__(self, **kwargs: Any) -> Any:
        """The HTML of the field; its page may load the script."""
        headers.allow_script(connects=True)
        return super().__call__(**kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the handles and alternative texts of a posted form, or of a draft (`data`)."""
        self.process_errors: list[str] = []
        self.data = None
        self.handles: list[str] = []
        self.alts: dict[str, str] = {}
        self._new: dict[str, Upload] = {}
        if formdata is not None:
            self._take_posted(formdata)
        elif isinstance(data, str) and data:
            kept = json.loads(data)
            self._of_draft = True
            self.handles, self.alts = kept["handles"], kept["alts"]

    def _take_posted(self, formdata: Any) -> None:
        posted = [handle for handle in formdata.getlist(HANDLES) if 0 < len(handle) <= MAX_HANDLE]
        removed = set(formdata.getlist(REMOVE))
        self.removed = [handle for handle in posted if handle in removed]
        kept = [handle for handle in dict.fromkeys(posted) if handle not in removed]
        # One more than may be sent, so that there is something to refuse.
        self.handles = kept[: MAX_FILES + 1]
        for handle in self.handles:
            alt = UNFIT.sub("", one_line(formdata.get(f"{ALT}{handle}") or ""))
            if alt:
                self.alts[handle] = alt

    def receive(self, posted: Sequence[FileStorage], sender: Sender) -> None:
        """Upload the files that came with the form, and discard those that are to be removed."""
        if self.removed:
            with db.transaction():
                for handle in self.removed:
                    uploads.discard(handle)
        for file in posted:
            if len(self.handles) >= MAX_FILES:
                self.process_errors.append(_refused(file, Refusal.TOO_MANY))
                return
            try:
                upload = _stage(file, sender)
            except RefusedFile as refused:
                self.process_errors.append(refusals.text(refused))
            else:
                self._new[upload.handle] = upload
                self.handles.append(upload.handle)

    @property
    def uploads(self) -> list[Upload]:
        """The uploads that there still are, in their order."""
        if self._known is None:
            before = [handle for handle in self.handles if handle not in self._new]
            self._known = {upload.handle: upload for upload in uploads.staged(before)} if before else {}
        # What this request has uploaded is not seen by the session that it reads with.
        known = self._known | self._new
        return [known[handle] for handle in self.handles if handle in known]

    @property
    def rows(self) -> list[UploadRow]:
        """The uploads as the page lists them."""
        return [
            UploadRow(
                upload.handle,
                upload.name,
                details(upload.kind, upload.bytes),
                is_picture(upload.kind),
                self.alts.get(upload.handle, ""),
            )
            for upload in self.uploads
        ]

    @property
    def accept(self) -> str:
        """What the browser offers to choose from."""
        return accept()

    @property
    def lost(self) -> str:
        """The message that files of a draft are gone; empty if there are all of them."""
        return refusals.expired() if self._of_draft and len(self.uploads) < len(self.handles) else ""

    def keep_until(self, until: datetime) -> None:
        """Let the uploads wait as long as the draft that is saved of the form."""
        uploads.keep_until([upload.handle for upload in self.uploads], until)

    def kept(self) -> str:
        """The field as data of a draft."""
        return json.dumps({"handles": self.handles, "alts": self.alts}) if self.handles else ""

    def check(self, sender: Sender) -> None:
        """Raises StopValidation for files that this sender may not send, or that ask a question first."""
        try:
            uploads.require_acceptable([upload.handle for upload in self.uploads], sender)
        except RefusedFile as refused:
            raise StopValidation(refusals.text(refused)) from None
        for alt in self.alts.values():
            if len(alt) > MAX_ALT:
                raise StopValidation(_("Beskrivningen får vara högst %(most)s tecken.", most=MAX_ALT))
        self._check_numbers()

    asks_number = False

    def _check_numbers(self) -> None:
        # Cameras and people write it where a number has its dash.
        names = " ".join(upload.name.replace("_", "-") for upload in self.uploads)
        numbers = identity_numbers.find(names)
        in_alts = identity_numbers.find(" ".join(self.alts.values()))
        self.asks_number = bool(numbers or in_alts)
        if not self.asks_number or keeps_number(self.name):
            return
        if numbers:
            where = _("Om det inte behövs byter du namn på filen och väljer den igen. Kryssa annars i rutan.")
            text = _("Det ser ut att stå ett personnummer i namnet på en fil: %(number)s. %(where)s")
            raise StopValidation(text % {"number": masked(numbers[0]), "where": where})
        raise StopValidation(question(in_alts[0]))


def described(kept: str) -> list[tuple[Upload, str]]:
    """The uploads of a draft, by what kept() gave, each with its alternative text."""
    if not kept:
        return []
    draft = json.loads(kept)
    return [(upload, draft["alts"].get(upload.handle, "")) for upload in uploads.staged(draft["handles"])]


def _stage(file: FileStorage, sender: Sender) -> Upload:
    if isinstance(file, PostedFile) and not file.is_stored:
        raise RefusedFile(clean_name(file.filename or ""), Refusal.NO_ROOM)
    return uploads.stage(file.stream, file.filename or "", sender)


def _refused(file: FileStorage, reason: Refusal) -> str:
    limit = str(MAX_FILES) if reason is Refusal.TOO_MANY else megabytes(MAX_BYTES)
    return refusals.text(RefusedFile(clean_name(file.filename or ""), reason, limit))


class FilesForm(Form):
    """A form with a field `attachments`. Files that come with it are uploaded before it is validated."""

    _received = False
    is_over_limit = False

    def sender(self) -> Sender:
        """Who sends the files."""
        return Sender.KNOWN

    @property
    def takes_files(self) -> bool:
        """Whether it has the field; one that is made from a form with files may leave it out."""
        return "attachments" in self

    @property
    def field(self) -> FilesField:
        """The file field."""
        field: FilesField = self["attachments"]
        return field

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent and is valid; never if it was posted only to add or remove files."""
        self.receive()
        return super().validate_on_submit(extra_validators)

    def receive(self) -> None:
        """Upload the files that came with the form, once."""
        if self._received or request.method != "POST" or not self.takes_files:
            return
        self._received = True
        posted = upload_checks.posted_files()
        if upload_checks.has_valid_token():
            if tripped := upload_checks.spend(posted):
                self.is_over_limit = True
                self.field.process_errors.append(rate_limits.over_limit_message(tripped))
            else:
                self.field.receive(posted, self.stage_as())
        elif posted:
            self.field.process_errors.append(refusals.choose_again())
        if self.is_only_shown():
            self.field.errors = list(self.field.process_errors)

    def stage_as(self) -> Sender:
        """As whom files are uploaded, before it is known whether their sender is anonymous."""
        return self.sender()

    def is_only_shown(self) -> bool:
        """Whether it was posted by a button that draws the form again."""
        return super().is_only_shown() or ADD in request.form

    def validate_attachments(self, field: FilesField) -> None:
        """Raises StopValidation."""
        field.check(self.sender())

    def attached_texts(self) -> list[str]:
        """The names and alternative texts of the files."""
        if not self.takes_files:
            return []
        return [*(upload.name for upload in self.field.uploads), *self.field.alts.values()]

    def alt_texts(self) -> Mapping[str, str]:
        """The alternative texts, by handle."""
        return self.field.alts


def keep_draft_files(kept: str | None, until: datetime) -> None:
    """Let the uploads of a draft wait until then; `kept` is how the draft has them."""
    if kept:
        uploads.keep_until(json.loads(kept)["handles"], until)


def forget_draft_files(kept: str | None) -> None:
    """Let the uploads of a draft that is deleted wait no longer than those of a form that is not saved."""
    keep_draft_files(kept, uploads.staged_end())


def files_field() -> FilesField:
    """The file field of a form."""
    return FilesField(_l("Bifoga filer"))
