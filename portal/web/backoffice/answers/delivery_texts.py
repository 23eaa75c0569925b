"""What a text to a sender was, to whom it went and by which way: the confirmation of sending it."""

from flask_babel.speaklater import LazyString

from portal.cases import parties
from portal.cases.enums import ReplyBy
from portal.cases.intake.code_access import opens_by_code
from portal.cases.models import Case
from portal.notifications.rendering import may_email_answer
from portal.notifications.rules import Medium, medium_for
from portal.translation import gettext as _
from portal.web.support import case_presenter
from portal.words import dates


def delivery_text(what: LazyString, case: Case, is_answer: bool) -> str:
    """The confirmation, such as "Svaret är skickat till Maria Ek med mejl."."""
    if case.reply_by is ReplyBy.CODE:
        return _("%(what)s ligger i ärendet. Avsändaren läser med sin kod.", what=what)
    medium = medium_for(case.notify_by)
    if not parties.is_notified(case):
        placed = _("%(what)s ligger %(where)s.", what=what, where=_place(case))
        return f"{placed} {_('Avsändaren får inget meddelande.')}"
    to = _recipient(case)
    # Only an answer may be in the e-mail itself, where the topic allows it.
    if medium is Medium.EMAIL and is_answer and may_email_answer(case):
        return _("%(what)s är skickat till %(to)s med mejl.", what=what, to=to)
    notice = _("ett sms") if medium is Medium.SMS else _("ett mejl")
    where = _place(case)
    placed = _("%(what)s ligger %(where)s.", what=what, where=where)
    return f"{placed} {dates.capital(to)} {_('får %(notice)s.', notice=notice)}"


def notice_text(case: Case) -> str:
    """How the sender gets to know what was done, such as "Maria Ek får veta det med mejl."."""
    medium = medium_for(case.notify_by)
    if not parties.is_notified(case):
        return _("Avsändaren läser det %(where)s, och får inget meddelande.", where=_place(case))
    how = _("sms") if medium is Medium.SMS else _("mejl")
    return dates.capital(_("%(to)s får veta det med %(how)s.", to=_recipient(case), how=how))


def _place(case: Case) -> str:
    return _("i ärendet, som öppnas med koden") if opens_by_code(case) else _("på Mina sidor")


def _recipient(case: Case) -> str:
    """The name of the sender; of a protected sender no name."""
    sender = parties.sender(case, False)
    hidden = case.hide_sender or parties.is_protected(case) or not sender.name
    return _("avsändaren") if hidden else case_presenter.sender_name(case)
