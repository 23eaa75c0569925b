"""The answer form's panel on the page of a case, and the drafts that keep an unsent text."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import get_template_attribute, url_for
from markupsafe import Markup

from portal import clock, db
from portal.audit.dossier import Dossier
from portal.audit.trail import Entry
from portal.cases import events, parties
from portal.cases.access import Capacity, capacity
from portal.cases.answers import drafts as answer_drafts
from portal.cases.answers import templates as answer_templates
from portal.cases.answers.drafts import NewerDraft
from portal.cases.answers.models import AnswerDraft
from portal.cases.answers.rules import lacks_regret, lacks_thanks
from portal.cases.answers.templates import TemplateRow
from portal.cases.enums import ReplyBy
from portal.cases.lifecycle import Action
from portal.cases.models import Case
from portal.events import kinds
from portal.files import uploads
from portal.identity.actors import Staff
from portal.notifications.rendering import may_email_answer
from portal.notifications.rules import Medium, medium_for
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice.action_forms import FIRST_TEXT, no_options, option_slot
from portal.web.backoffice.answers import group_panel
from portal.web.backoffice.answers.forms import AnswerForm, template_choices
from portal.web.backoffice.case_list.address import opened_list
from portal.web.forms import many_lines
from portal.words import authors, dates

ANSWERS = {kind.__name__ for kind in kinds(events.AnswerEvent)}


@dataclass(frozen=True)
class AnswerPanel:
    """What is around the fields of an answer form; `away` is the address that discards the draft.

    `group` says who else gets the answer, `closes` whether the case can be closed with it, and `onward`
    whether it was opened from a list that has a next one. `files` are the uploads of the draft.
    """

    hint: str
    state: str
    since: str
    text: str
    away: str
    group: str
    closes: bool = True
    onward: bool = False
    files: str = ""


def panel(dossier: Dossier, form: object = None, to_choose: bool = True) -> AnswerPanel:
    """The panel of a case, with the actor's own draft if there is one.

    `form` is one that was posted and is shown again. `to_choose` if some of a group can be left out.
    """
    case = dossier.case
    draft = dossier.draft
    chosen = form.left_out() if isinstance(form, AnswerForm) else None
    left_out = chosen if chosen is not None else draft.left_out if draft else []
    return AnswerPanel(
        hint=hint(case, draft.body if draft else ""),
        state=state(draft),
        since=since(dossier),
        text=draft.body if draft else "",
        away=url_for("backoffice.discard_draft", draft=draft.id) if draft else "",
        closes=Action.ANSWER_AND_CLOSE in dossier.actions,
        onward=opened_list(dossier.actor) is not None,
        group=group_panel.draw(dossier, left_out, to_choose),
        files=(draft and draft.files) or "",
    )


# In place of what differs between pages in the form that is drawn once: noncharacters, see action_forms.py.
HINT, STATE, SINCE, HIDDEN, GROUP = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd6", "\ufddb"
ANSWER_HREF, DRAFT_HREF, PAGE, REVISION = "\ufdd7", "\ufdd8", "\ufdd9", "\ufdda"
MIN_ROWS, MAX_ROWS = 5, 24


def draw(form: AnswerForm, panel: AnswerPanel, answer_href: str, draft_href: str) -> Markup:
    """The form of an answer that was sent, with its errors."""
    picker = len(form.templates) > 0
    return _draw(form, panel, "", answer_href, draft_href, _rows(form.body.data or ""), picker)


def draw_unsent(
    dossier: Dossier, panel: AnswerPanel, hidden: Markup, answer_href: str, draft_href: str
) -> Markup:
    """The form of an answer with the draft, if there is one; `hidden` are the fields of every action."""
    templates = answer_templates.templates_for(dossier.actor, dossier.case)
    if panel.files:
        form = _with_files(panel, templates)
        return _draw(form, panel, hidden, answer_href, draft_href, _rows(panel.text), bool(templates))
    slots = {
        HIDDEN: hidden,
        ANSWER_HREF: answer_href,
        DRAFT_HREF: draft_href,
        PAGE: secrets.token_urlsafe(12),
        REVISION: answer_drafts.revision(panel.text) if dossier.draft else "",
        HINT: panel.hint,
        STATE: panel.state,
        SINCE: panel.since,
        GROUP: panel.group,
        **option_slot(template_choices(templates)),
        # Last, as the text that people write.
        FIRST_TEXT: many_lines(panel.text),
    }
    html = _drawn_once(bool(templates), bool(panel.since), _rows(panel.text), panel.closes, panel.onward)
    for placeholder, text in slots.items():
        html = html.replace(placeholder, text)
    return html


def _with_files(panel: AnswerPanel, templates: Sequence[TemplateRow]) -> AnswerForm:
    """The form of a draft that has uploads: it looks like no other."""
    shown = {"draft": answer_drafts.revision(panel.text), "page": secrets.token_urlsafe(12)}
    return AnswerForm(templates, formdata=None, body=panel.text, attachments=panel.files, **shown)


@cache
def _drawn_once(picker: bool, since: bool, rows: int, closes: bool, onward: bool) -> Markup:
    form = AnswerForm(formdata=None, page=PAGE, draft=REVISION, body=FIRST_TEXT)
    form.template.choices = no_options()
    panel = AnswerPanel(
        HINT, STATE, SINCE if since else "", text="", away="", group=GROUP, closes=closes, onward=onward
    )
    return _draw(form, panel, HIDDEN, ANSWER_HREF, DRAFT_HREF, rows, picker)


def _draw(form: AnswerForm, *values: Any) -> Markup:
    html: Markup = get_template_attribute("backoffice/_answer.html", "answer_form")(form, *values)
    return html


def _rows(text: str) -> int:
    return max(MIN_ROWS, min(MAX_ROWS, text.count("\n") + 2))


def hint(case: Case, text: str) -> str:
    """The hint of the text field: how the sender reads the answer, and reminders about the text."""
    return " ".join([read_by(case), *reminders(case, text)])


def read_by(case: Case) -> str:
    """How the sender is notified of the answer, and where it is read."""
    if case.reply_by is ReplyBy.CODE:
        return _("Avsändaren är anonym och läser svaret med sin kod.")
    medium = medium_for(case.notify_by) if parties.is_notified(case) else None
    if medium is Medium.EMAIL and may_email_answer(case):
        return _("Avsändaren får svaret i ett mejl, och läser det i ärendet.")
    if case.reply_by is ReplyBy.PORTAL:
        return _read_on_portal(medium)
    if medium is None:
        return _("Avsändaren läser svaret i ärendet, och får inget meddelande.")
    if medium is Medium.EMAIL:
        return _("Avsändaren får ett mejl om att svaret finns, och läser det i ärendet.")
    return _("Avsändaren får ett sms om att svaret finns, och läser det i ärendet.")


def _read_on_portal(medium: Medium | None) -> str:
    if medium is None:
        return _("Avsändaren läser svaret på Mina sidor, och får inget meddelande.")
    if medium is Medium.EMAIL:
        return _("Avsändaren läser svaret på Mina sidor, och får ett mejl om det.")
    return _("Avsändaren läser svaret på Mina sidor, och får ett sms om det.")


def reminders(case: Case, text: str) -> list[str]:
    """What the text lacks: a prompt to replace, regret and thanks. Only a prompt keeps it from being sent."""
    left = []
    for prompt in answer_templates.unfilled_prompts(text)[:1]:
        left.append(_("Byt ut %(prompt)s innan du skickar.", prompt=prompt))
    # The municipality's complaint policy asks for both, but an officer may know better than a word list.
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
    today = clock.today()
    saved_today = clock.stockholm(draft.saved_at).date() == today
    when = dates.clock_time(draft.saved_at) if saved_today else dates.short_moment(draft.saved_at, today)
    return _("Utkastet sparades %(when)s.", when=when)


def since(dossier: Dossier) -> str:
    """A warning if others have changed the case since the draft was saved; otherwise empty."""
    draft = dossier.draft
    if draft is None:
        return ""
    changed = False
    answer = None
    for entry in dossier.trail:
        if entry.at > draft.saved_at and not _is_by(dossier.actor, entry):
            changed = True
            answer = entry if entry.event in ANSWERS else answer
    if answer is not None:
        who = authors.name(answer.actor) if answer.actor else _("En kollega")
        return _("%(who)s har svarat sedan du sparade utkastet. Läs det svaret först.", who=who)
    return _("Ärendet har ändrats sedan du sparade utkastet. Läs det nya först.") if changed else ""


def _is_by(actor: Staff, entry: Entry) -> bool:
    return (entry.actor_kind, entry.actor_id) == ("staff", actor.membership)


def rescue(actor: Staff, number: str, form: Any) -> bool:
    """Save the text of an answer that could not be sent as a draft; return whether it was saved."""
    if not isinstance(form, AnswerForm) or form.csrf_token.errors or form.body.errors or not form.body.data:
        return False
    # The officer may have lost the right to answer since the page was opened.
    if capacity(actor) is not Capacity.HANDLER:
        return False
    try:
        save(actor, number, form, form.body.data)
    except NewerDraft:
        # The page gives the text back all the same.
        return False
    return True


def save(actor: Staff, number: str, form: AnswerForm, body: str) -> AnswerDraft | None:
    """Save a text as the actor's draft. Aborts with 404 if the actor cannot read the case.

    Raises NewerDraft if another tab has saved another text since the page was drawn.
    """
    with db.transaction():
        case = current.case(actor, number)
        draft = answer_drafts.save_draft(
            actor, case, body, form.seen(), form.shown_draft(), form.left_out(), form.field.kept()
        )
        form.field.keep_until(answer_drafts.expires_at(draft) if draft else uploads.staged_end())
    # The form may be drawn again, and then shows this draft.
    form.draft.data = answer_drafts.revision(draft.body if draft else "")
    return draft
