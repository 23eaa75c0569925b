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


def delivery_text(what: LazyString, case: Case, is_answer: bool) -> str:
    """The confirmation, such as "Svaret är skickat till Maria Ek med e-post."."""
    medium = medium_for(case.reply_by)
    if case.reply_by is ReplyBy.CODE:
        return _("%(what)s kan läsas med kvittokoden.", what=what)
    if medium is None or not any(parties.reached_at(case)):
        return _("%(what)s läses %(where)s.", what=what, where=_place(case))
    to = _recipient(case)
    # Only an answer may be in the e-mail itself, where the topic allows it.
    if medium is Medium.EMAIL and is_answer and may_email_answer(case):
        return _("%(what)s är skickat till %(to)s med e-post.", what=what, to=to)
    notice = _("ett sms") if medium is Medium.SMS else _("ett mejl")
    where = _place(case)
    return _("%(what)s läses %(where)s; %(to)s får %(notice)s.", what=what, where=where, to=to, notice=notice)


def _place(case: Case) -> str:
    return _("i ärendet, med kvittokoden") if opens_by_code(case) else _("på Mina sidor")


def _recipient(case: Case) -> str:
    """The name of the sender; of a protected sender no name."""
    sender = parties.sender(case, False)
    hidden = case.hide_sender or parties.is_protected(case) or not sender.name
    return _("avsändaren") if hidden else case_presenter.sender_name(case)
