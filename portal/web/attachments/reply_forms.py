"""The forms of what a sender writes on their own case."""

from wtforms import TextAreaField

from portal.cases.models import Case
from portal.files.enums import Sender
from portal.translation import lazy_gettext as _l
from portal.web.attachments.forms import FilesForm, files_field
from portal.web.forms import TEXT_CHECKS, body_field, many_lines


class ReplyForm(FilesForm):
    """A reply of the sender. A text is required beside a file, to say what it is."""

    body = body_field(_l("Skriv något först"))
    attachments = files_field()
    is_anonymous = False

    def of_case(self, case: Case) -> None:
        """Note whether the sender of the case is anonymous."""
        self.is_anonymous = case.party is None

    def sender(self) -> Sender:
        """The sender of the case."""
        return Sender.ANONYMOUS if self.is_anonymous else Sender.KNOWN


class ThanksForm(ReplyForm):
    """Thanks of the sender, who need not write anything."""

    body = TextAreaField(filters=[many_lines], validators=TEXT_CHECKS)
