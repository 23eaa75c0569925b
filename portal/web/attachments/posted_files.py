"""The files of a form that was sent: attached to the message that it became."""

from collections.abc import Callable, Sequence

from portal.cases.models import Case, Message
from portal.files import copies, repeats
from portal.files.attachments import attach
from portal.files.uploads import RefusedFile
from portal.identity.actors import Actor
from portal.web.attachments import refusals
from portal.web.attachments.forms import FilesForm


def with_files(form: FilesForm, actor: Callable[[Case], Actor]) -> Callable[[Case, Message], None]:
    """Attaches the files of a form to the first message of the case that it makes."""

    def run(case: Case, message: Message) -> None:
        attach_files(form, actor(case), case, message)

    return run


def attach_files(form: FilesForm, actor: Actor, case: Case, message: Message) -> None:
    """Attach the files of a form, in the transaction of its command. Raises RefusedFile."""
    attach(actor, case, message, form.field.handles, form.alt_texts(), form.sender())


def attach_to_all(form: FilesForm, actor: Actor, messages: Sequence[tuple[Case, Message]]) -> None:
    """Attach the files of a form to the first of the messages, and a copy of them to each other."""
    if not messages or not form.takes_files or not form.field.handles:
        return
    case, message = messages[0]
    attach_files(form, actor, case, message)
    copies.copy_files(message, messages[1:])


def has_more(form: FilesForm, case: Case) -> bool:
    """Whether a form has files that the latest message of the case has not: else it is a second click."""
    return (
        form.takes_files and bool(form.field.handles) and not repeats.are_of_latest(case, form.field.handles)
    )


def are_those_of_first(form: FilesForm, case_id: int) -> bool:
    """Whether the files of a form are those of the first message of the case that it made before."""
    return repeats.are_of_first(case_id, form.field.handles)


def refuse(form: FilesForm, refused: RefusedFile) -> None:
    """Set the error of the file field for a file that could not be attached."""
    form.field.errors = [refusals.text(refused)]
