"""The pages of a bulk action: the one that asks, the preview, and the one that says what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for

from portal.audit import read_log
from portal.audit.models import Read
from portal.cases import parties
from portal.cases.answers.rules import lacks_regret
from portal.cases.enums import NotifyBy, ReplyBy
from portal.cases.lifecycle import OPEN, Action, Status
from portal.cases.models import Case
from portal.cases.queue.listing import row_of
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.answers import previews
from portal.web.backoffice.answers.bulk_forms import BulkAnswerForm
from portal.web.backoffice.bulk.actions import Pick, picks, with_reasons
from portal.web.backoffice.bulk.labels import WHY, Why
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.case.actions.specs import Bulk
from portal.web.backoffice.queue.rows import RowTexts, row
from portal.web.forms import summary
from portal.web.support import case_presenter
from portal.words.contact import contact_of


def confirmation_page(
    actor: Staff,
    action: Action,
    form: ActionForm,
    rows: Sequence[Pick],
    errors: Sequence[tuple[str, str]] = (),
    preview: bool = False,
    **values: str,
) -> str:
    """The page that asks for the fields of the action, or previews a text.

    `values` may have a `lead`, and as `back` the query of the list that it leads back to: usually its own.
    """
    rows = with_reasons(actor, action, rows)
    count = _count_chosen(rows)
    heading = _bulk(action).heading(count) if count else str(_bulk(action).none)
    return _page(actor, action, form, rows, heading=heading, preview=preview, errors=errors, **values)


def _count_chosen(rows: Sequence[Pick]) -> int:
    return sum(pick.chosen for pick in rows)


def result_page(actor: Staff, action: Action, form: Any, rows: Sequence[Pick]) -> str:
    """The page that lists the changed cases, and the failed ones with reasons, checked for another try."""
    changed: list[Pick] = []
    failed: list[Pick] = []
    for pick in rows:
        group = changed if pick.why is None else failed
        group.append(pick)
    if any(pick.why is Why.CONFIRM for pick in failed):
        form.asks = True
    left = ngettext("Det här ärendet är kvar", "De här %(num)s ärendena är kvar", len(failed))
    return _page(
        actor,
        action,
        form,
        _reload(actor, failed),
        heading=_bulk(action).done(len(changed)) if changed else _("Inget ärende är ändrat."),
        done=_changed_rows(actor, changed),
        left=left if failed else "",
    )


def done_text(action: Action, form: ActionForm, count: int) -> str:
    """What was done with how many cases, and what was chosen for them."""
    field: Any = form.visible()[0]
    names = {str(choice.value): str(choice.label) for choice in field.choices}
    text = _("Nytt ämne: %(name)s.") if str(field.data).startswith("category-") else _("Nu hos: %(name)s.")
    return f"{_bulk(action).done(count)} {text % {'name': names[str(field.data)]}}"


def _reload(actor: Staff, failed: Sequence[Pick]) -> list[Pick]:
    """The failed rows as they are now, with their reasons."""
    numbers = [pick.number for pick in failed]
    rows = []
    for pick, before in zip(picks(actor, numbers), failed, strict=True):
        # The page shows the new version, so it is the one that another try is made with.
        rows.append(replace(pick, seen=None, why=before.why))
    return rows


def _changed_rows(actor: Staff, changed: Sequence[Pick]) -> list[tuple[str, str, str]]:
    """Number, subject and URL of each changed case."""
    rows = []
    for pick, after in zip(changed, picks(actor, [pick.number for pick in changed]), strict=True):
        # A case may have left the actor's scope: then there is nothing to link to, and no more to show.
        href = url_for("backoffice.case", number=pick.number) if after.case else ""
        subject = case_presenter.internal_subject(after.case) if after.case else ""
        rows.append((pick.number, subject, href))
    return rows


def _bulk(action: Action) -> Bulk:
    bulk = SPECS[action].bulk
    assert bulk
    return bulk


def _page(actor: Staff, action: Action, form: ActionForm, rows: Sequence[Pick], **values: Any) -> str:
    back = values.pop("back", request.query_string.decode("ascii", "ignore"))
    query = f"?{back}" if back else ""
    ready = _count_chosen(rows)
    bulk = _bulk(action)
    if bulk.preview:
        # Only a page with a text to send names the senders.
        read_log.log_display(actor, [pick.case for pick in rows if pick.case], Read.LIST)
    texts = RowTexts()
    defaults = {"preview": False, "done": [], "left": "", "lead": ""}
    return render_template(
        "backoffice/many.html",
        **defaults | values | summary(list(values.get("errors", ()))),
        form=form,
        action=action.value,
        button=bulk.submit(ready),
        previewed=bulk.preview,
        second_button=_second_button(action),
        ready=ready,
        rows=[_row(actor, action, pick, texts) | _as_sent(actor, form, pick, values) for pick in rows],
        hint=_regret_reminder(rows, form.visible()[0].data or "") if bulk.preview else "",
        form_href=url_for("backoffice.many") + query,
        back_href=url_for("backoffice.queue") + query,
    )


def _second_button(action: Action) -> str:
    second = SPECS[action].and_close
    return str(SPECS[second].label) if second else ""


def _row(actor: Staff, action: Action, pick: Pick, texts: RowTexts) -> dict[str, Any]:
    """A row of the page; of a case that the actor cannot read it has only the number."""
    values: dict[str, Any] = {"number": pick.number, "href": ""}
    if pick.case:
        values = row(actor, row_of(pick.case), texts)
    return values | {
        "version": pick.case.version if pick.case else "",
        "chosen": pick.chosen,
        "why": _reason_text(action, pick),
        "recipient": recipient(pick.case) if pick.case and _bulk(action).preview else "",
    }


def _as_sent(actor: Staff, form: ActionForm, pick: Pick, page: Mapping[str, Any]) -> dict[str, Any]:
    """On the preview, the answer of a chosen case as its sender gets it."""
    if not (page.get("preview") and pick.case and pick.chosen and isinstance(form, BulkAnswerForm)):
        return {}
    text = form.text_for(pick.case)
    return {
        "said": previews.answer_message(actor, pick.case, text),
        "letter": previews.letter(actor, pick.case, text),
        "letter_language": pick.case.language,
    }


def _reason_text(action: Action, pick: Pick) -> str:
    # "Not now" would puzzle: that an answer is missing is what the officer can do something about.
    if pick.why is Why.NOT_NOW and action is Action.CLOSE and pick.case and pick.case.status in OPEN:
        return _("Ärendet är inte besvarat än.")
    if pick.why is Why.NOT_NOW and pick.case and pick.case.status is Status.CLOSED:
        return _("Ärendet är redan avslutat.")
    if pick.why is Why.CONFIRM:
        return str(_bulk(action).form.question)
    return str(WHY[pick.why]) if pick.why else ""


def recipient(case: Case) -> str:
    """Recipient and medium of an answer: "Maja Ek, mejl till m•••@exempel.se"."""
    if case.reply_by is ReplyBy.CODE:
        return _("Anonym, läser svaret med sin kod")
    ways = {NotifyBy.EMAIL: _("mejl"), NotifyBy.SMS: _("sms"), NotifyBy.NONE: _("inget meddelande")}
    way = case.notify_by if parties.is_notified(case) else NotifyBy.NONE
    # Of a protected sender not even a masked address is shown.
    to = "" if case.hide_sender or way is NotifyBy.NONE else contact_of(case)
    by = _("%(how)s till %(to)s", how=ways[way], to=to) if to else ways[way]
    where = [_("läser svaret på Mina sidor")] if case.reply_by is ReplyBy.PORTAL else []
    return ", ".join([case_presenter.sender_name(case), *where, by])


def _regret_reminder(rows: Sequence[Pick], text: str) -> str:
    """A reminder to express regret if a text answers complaints without it; otherwise empty."""
    count = 0
    for pick in rows:
        if pick.chosen and pick.case:
            count += lacks_regret(pick.case.kind, text)
    if not count:
        return ""
    return ngettext(
        "Ett av ärendena är ett klagomål. Beklaga det som har hänt, och tacka.",
        "%(num)s av ärendena är klagomål. Beklaga det som har hänt, och tacka.",
        count,
    )
