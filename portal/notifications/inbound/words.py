"""The words of the automatic answer, of a letter that is sent on, and of what a message leaves out."""

from portal.cases.models import Case
from portal.config import Settings
from portal.formats import cleaning
from portal.notifications.inbound.mime.letters import Letter
from portal.notifications.inbound.mime.quotes import without_quote
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import gettext as _staff
from portal.translation import ngettext
from portal.words.profile_texts import profile_texts

# As long as what is written in a form.
MAX_BODY = 20_000


def message_body(letter: Letter, own: str, using: Settings) -> str:
    """The text of a letter as a message of a case, with what is not in it named in brackets.

    In the current language. `own` is what the links of our letters begin with.
    """
    text = cleaning.body(without_quote(_printable(letter.text), own))
    notes = _notes(letter, len(text) > MAX_BODY, using)
    if not cleaning.is_visible(text):
        text = letter.subject if cleaning.is_visible(letter.subject) else _("[Mejlet hade ingen text.]")
    return "\n\n".join([text[:MAX_BODY].rstrip(), *notes])


def is_complete(letter: Letter) -> bool:
    """Whether a message of a case holds all of the letter."""
    return letter.whole and not letter.attachments and len(letter.text) <= MAX_BODY


def _printable(text: str) -> str:
    """The text without control characters, which a form refuses."""
    return "".join(sign for sign in text if sign in "\n\r\t" or sign.isprintable() or not _is_control(sign))


def _is_control(sign: str) -> bool:
    return sign < " " or "\x7f" <= sign <= "\x9f" or "\ud800" <= sign <= "\udfff"


def _notes(letter: Letter, cut: bool, using: Settings) -> list[str]:
    parts = []
    count = letter.attachments
    if count:
        parts.append(ngettext("Mejlet hade %(num)s bilaga.", "Mejlet hade %(num)s bilagor.", count))
    if cut or not letter.whole:
        parts.append(_("Mejlet är längre än så här."))
    if not parts:
        return []
    if using.mail_forward:
        parts.append(_("Hela mejlet finns i %(address)s.", address=using.mail_forward))
    else:
        parts.append(_("Hela mejlet finns i brevlådan för svar."))
    return [f"[{' '.join(parts)}]"]


def answer_subject() -> str:
    """The subject of the automatic answer."""
    return _("Vi har fått ditt mejl")


def answer_text(case: Case | None) -> str:
    """The automatic answer, in the current language; with a case it is a message there."""
    profile = organisation.profile()
    lines = [_("Hej."), "", _first_line(case), ""]
    lines += [
        _("Du behöver inte göra något mer. Det här svaret skickas automatiskt, högst en gång i veckan."),
        "",
        _("Hälsningar"),
        f"{profile_texts(profile.service)[0]} {profile.short}",
    ]
    return "\n".join(lines)


def _first_line(case: Case | None) -> str:
    if case is None:
        return _("Vi har fått ditt mejl. Det går vidare till kommunens brevlåda, där någon läser det.")
    return _(
        "Vi har fått ditt mejl. Det finns nu i ärende %(number)s, och handläggaren läser det där.",
        number=case.reference,
    )


def forward_subject(letter: Letter) -> str:
    """The subject of a letter that is sent on, for staff."""
    return _staff("Vidare från Kontakt: %(subject)s", subject=letter.subject or _staff("utan rubrik"))


def forward_text(case: Case | None, is_message: bool) -> str:
    """Why a letter is sent on, for staff."""
    if case is None:
        text = _staff("Mejlet kom till Kontakts brevlåda. Det hör inte till något ärende där.")
    elif is_message:
        text = _staff("Mejlet hör till ärende %(number)s. Texten finns i ärendet.", number=case.reference)
    else:
        text = _staff("Mejlet hör till ärende %(number)s, som inte tar emot mejl.", number=case.reference)
    return f"{text} {_staff('Hela mejlet ligger bifogat.')}"
