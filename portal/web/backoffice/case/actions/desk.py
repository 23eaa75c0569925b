"""The spec of the action by which staff write down what a sender has said."""

from portal.cases.desk import replies
from portal.cases.lifecycle import Action
from portal.translation import lazy_gettext as _l
from portal.web.backoffice.case.actions.specs import ActionSpec, Place
from portal.web.backoffice.desk.forms import RecordReplyForm

DESK: dict[Action, ActionSpec] = {
    Action.RECORD_REPLY: ActionSpec(
        replies.record_reply,
        Place.FROM_SENDER,
        _l("Skriv in vad avsändaren berättade"),
        _l("Det är inskrivet i ärendet."),
        button=_l("Skriv in"),
        tab=_l("Uppgift i telefon, vid besök eller i brev"),
        form=RecordReplyForm,
    ),
}
