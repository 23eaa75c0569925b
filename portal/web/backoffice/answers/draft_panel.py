"""The draft of an answer as its writer sees it, and what is done so that no text is lost."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal import clock, db
from portal.audit.dossier import Dossier
from portal.audit.models import TrailEntry
from portal.cases import events, parties
from portal.cases.access import Capacity, capacity
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers.models import AnswerDraft
from portal.cases.answers.rules import lacks_regret, lacks_thanks, prompts
from portal.cases.enums import ReplyBy
from portal.cases.models import Case
from portal.events import kinds
from portal.identity.actors import Staff
from portal.notifications.rendering import may_email_answer
from portal.notifications.rules import Medium, medium_for
from portal.web import current
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers.forms import AnswerForm
from portal.words import dates

ANSWERS = {kind.__name__ for kind in kinds(events.AnswerEvent)}


@dataclass(frozen=True)
class AnswerPanel:
    """All that the form of an answer says, its fields aside; `away` forgets the draft."""

    hint: str
    state: str
    since: str
    text: str
    away: str


def panel(dossier: Dossier) -> AnswerPanel:
    """The panel of a case, with the actor's own draft where there is one."""
    case, draft = dossier.case, dossier.draft
    return AnswerPanel(
        hint=hint(case, draft.body if draft else ""),
        state=state(draft),
        since=since(dossier),
        text=draft.body if draft else "",
        away=url_for("backoffice.throw_away", draft=draft.id) if draft else "",
    )


def hint(case: Case, text: str) -> str:
    """How the sender gets what is written, and what courtesy asks for."""
    return " ".join([read_by(case), *reminders(case, text)])


def read_by(case: Case) -> str:
    """How the sender gets the answer."""
    medium = medium_for(case.reply_by)
    if medium is not None and not any(parties.reached_at(case)):
        return _("Avsändaren har ingen adress, och läser svaret i ärendet.")
    if medium is Medium.EMAIL and may_email_answer(case):
        return _("Avsändaren får svaret i ett mejl, och läser det i ärendet.")
    where = {
        ReplyBy.EMAIL: _("Avsändaren får ett mejl om att svaret finns, och läser det i ärendet."),
        ReplyBy.SMS: _("Avsändaren får ett sms om att svaret finns, och läser det i ärendet."),
        ReplyBy.PORTAL: _("Avsändaren läser svaret på Mina sidor."),
        ReplyBy.CODE: _("Avsändaren är anonym och läser svaret med sin kod."),
    }
    return where[case.reply_by]


def reminders(case: Case, text: str) -> list[str]:
    """What the answer does not hold yet, and what the policy asks of it: only the first is refused."""
    left = [_("Byt ut %(prompt)s innan du skickar.", prompt=each) for each in prompts(text)[:1]]
    match lacks_regret(case.kind, text), lacks_thanks(case.kind, text):
        case True, True:
            return [*left, _("Det är ett klagomål: beklaga det som har hänt, och tacka.")]
        case True, False:
            return [*left, _("Det är ett klagomål: beklaga det som har hänt.")]
        case False, True:
            return [*left, _("Glöm inte att tacka.")]
    return left


def state(draft: AnswerDraft | None) -> str:
    """When a draft was saved: "Utkastet sparades kl. 10.11."."""
    if draft is None:
        return ""
    today, day = clock.today(), clock.stockholm(draft.saved_at).date()
    when = dates.clock_time(draft.saved_at) if day == today else dates.short_moment(draft.saved_at, today)
    return _("Utkastet sparades %(when)s.", when=when)


def since(dossier: Dossier) -> str:
    """What others have done with the case since the draft was saved; empty if nothing, or without a draft."""
    draft = dossier.draft
    if draft is None:
        return ""
    others = [entry for entry in dossier.trail if not _by(dossier.actor, entry)]
    later = [entry for entry in others if entry.at > draft.saved_at]
    answers = [entry for entry in later if entry.event in ANSWERS]
    if answers:
        who = dossier.names.get(answers[-1].actor_id or 0, _("En kollega"))
        return _("%(who)s har svarat sedan du sparade utkastet. Läs det svaret först.", who=who)
    return _("Ärendet har ändrats sedan du sparade utkastet. Läs det nya först.") if later else ""


def _by(actor: Staff, entry: TrailEntry) -> bool:
    return (entry.actor_kind, entry.actor_id) == ("staff", actor.membership)


def rescue(actor: Staff, number: str, form: Any) -> bool:
    """Keep an answer that cannot be sent now as a draft; tells whether there was one to keep."""
    if not isinstance(form, AnswerForm) or form.csrf_token.errors or form.body.errors or not form.body.data:
        return False
    if capacity(actor) is not Capacity.HANDLER:
        return False
    save(actor, number, form, form.body.data)
    return True


def save(actor: Staff, number: str, form: ActionForm, body: str) -> AnswerDraft | None:
    """Keep a text as the actor's draft for a case that they reach (404 for others)."""
    with db.transaction():
        return answer_drafts.save_draft(actor, current.case(actor, number), body, form.seen())
