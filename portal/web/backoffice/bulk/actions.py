"""Bulk actions: cases are chosen in the queue, a page asks for the fields, each is done by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import db
from portal.audit import read_log
from portal.audit.models import Read
from portal.cases import queries, reference_numbers
from portal.cases.actions.routing import NeedsConfirmation
from portal.cases.answers.rules import lacks_regret
from portal.cases.enums import ReplyBy
from portal.cases.lifecycle import OPEN, Action, NotAllowed
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.transitions import Conflict
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.web import current
from portal.web.backoffice.action_forms import ActionForm
from portal.web.backoffice.bulk.labels import WHY, Why
from portal.web.backoffice.case.action_specs import Bulk
from portal.web.backoffice.case.actions import SPECS
from portal.web.backoffice.queue import page as queue_page
from portal.web.forms import summary, whole_number
from portal.web.support import case_presenter

MAX_CASES = 100
MAX_NUMBER = 40
MAILED = {ReplyBy.EMAIL, ReplyBy.SMS}


@dataclass(frozen=True)
class Pick:
    """A chosen case, if the actor can read it; the version that a page showed; why it was left as it is."""

    number: str
    case: Case | None
    seen: int | None = None
    why: Why | None = None
    chosen: bool = True


def chosen() -> list[str]:
    """The numbers that were chosen, each once, in the order of the page."""
    numbers = [number.strip()[:MAX_NUMBER] for number in request.form.getlist("case")]
    return list(dict.fromkeys(filter(None, numbers)))


def picks(actor: Staff, written: Sequence[str]) -> list[Pick]:
    """The cases with these numbers, each with the version that the page before this one showed."""
    prefix = organisation.profile().number_prefix
    parsed = {number: reference_numbers.parse(prefix, number) for number in written}
    cases = queries.cases_by_reference(actor, {key for key in parsed.values() if key})
    versions = _versions()
    picked = []
    for number, key in parsed.items():
        picked.append(Pick(number, cases.get(key) if key else None, versions.get(number)))
    return picked


def _versions() -> dict[str, int]:
    """The version of each case, by its number, as the page said them: "KB-2026-000001 3"."""
    versions = {}
    for seen in request.form.getlist("seen"):
        number, _space, version = seen.rpartition(" ")
        known = whole_number(version)
        if known is not None:
            versions[number] = known
    return versions


def weighed(actor: Staff, action: Action, picked: Sequence[Pick]) -> list[Pick]:
    """The same, each with why the action is not possible now; those are not chosen any more."""
    reasons = [_barred(actor, action, pick) for pick in picked]
    return [replace(pick, why=why, chosen=why is None) for pick, why in zip(picked, reasons, strict=True)]


def _barred(actor: Staff, action: Action, pick: Pick) -> Why | None:
    if pick.case is None:
        return Why.UNSEEN
    if pick.seen not in (None, pick.case.version):
        return Why.CHANGED
    return None if action in allowed_actions(actor, pick.case) else Why.NOT_NOW


def done(actor: Staff, action: Action, form: ActionForm, picked: Sequence[Pick]) -> list[Pick]:
    """Do the action with each case in a transaction of its own; says why where it was not done."""
    return [replace(pick, why=_do(actor, action, form, pick)) for pick in picked]


def _do(actor: Staff, action: Action, form: ActionForm, pick: Pick) -> Why | None:
    form.version.data = "" if pick.seen is None else str(pick.seen)
    try:
        with db.transaction():
            case = current.other_case(actor, pick.number)
            if case is None:
                return Why.UNSEEN
            SPECS[action].run(actor, case, form)
    except (Conflict, db.StaleVersion):
        return Why.CHANGED
    except NeedsConfirmation:
        return Why.CONFIRM
    except NotAllowed as refusal:
        # The action itself is possible: then it was the officer or the unit that was not.
        return Why.NOT_THEIRS if refusal.action in refusal.allowed else Why.NOT_NOW
    return None


def ask(
    actor: Staff,
    action: Action,
    form: ActionForm,
    picked: Sequence[Pick],
    errors: Sequence[tuple[str, str]] = (),
    preview: bool = False,
) -> str:
    """The page that asks for the fields of the action, or previews a text."""
    rows = weighed(actor, action, picked)
    count = sum(pick.chosen for pick in rows)
    heading = _bulk(action).heading(count) if count else _("Det går inte med något av ärendena nu")
    return _page(actor, action, form, rows, heading=heading, preview=preview, errors=errors)


def tell(actor: Staff, action: Action, form: Any, picked: Sequence[Pick]) -> str:
    """The page that lists what was done, and what was not and why, still chosen to be tried again."""
    ready = [pick for pick in picked if pick.why is None]
    left = [pick for pick in picked if pick.why is not None]
    form.asks = any(pick.why is Why.CONFIRM for pick in left)
    return _page(
        actor,
        action,
        form,
        _again(actor, left),
        heading=_bulk(action).done(len(ready)) if ready else _("Inget ärende är ändrat."),
        done=_finished(actor, ready),
        told=True,
        left=ngettext("Det här ärendet är kvar", "De här %(num)s ärendena är kvar", len(left))
        if left
        else "",
    )


def _again(actor: Staff, left: Sequence[Pick]) -> list[Pick]:
    """The cases that were left, to be tried again as this page shows them."""
    rows = []
    for pick, before in zip(picks(actor, [pick.number for pick in left]), left, strict=True):
        rows.append(replace(pick, seen=None, why=before.why))
    return rows


def _finished(actor: Staff, ready: Sequence[Pick]) -> list[tuple[str, str, str]]:
    """Number, subject and address of each case that was changed; no address if it cannot be read now."""
    seen = {pick.number for pick in picks(actor, [pick.number for pick in ready]) if pick.case}
    rows = []
    for pick in ready:
        href = url_for("backoffice.case", number=pick.number) if pick.number in seen else ""
        rows.append((pick.number, pick.case.internal_subject if pick.case else "", href))
    return rows


def _bulk(action: Action) -> Bulk:
    bulk = SPECS[action].bulk
    assert bulk
    return bulk


def _page(actor: Staff, action: Action, form: ActionForm, rows: Sequence[Pick], **values: Any) -> str:
    back = request.query_string.decode("ascii", "ignore")
    query = f"?{back}" if back else ""
    ready = sum(pick.chosen for pick in rows)
    bulk = _bulk(action)
    if bulk.preview:
        # Only a page with a text to send names the senders.
        read_log.log_display(actor, [pick.case for pick in rows if pick.case], Read.LIST)
    usual = {"preview": False, "done": [], "told": False, "left": ""}
    return render_template(
        "backoffice/many.html",
        **usual | values | summary(list(values.get("errors", ()))),
        form=form,
        deed=action.value,
        button=bulk.submit(ready),
        previewed=bulk.preview,
        second_button=_second_button(action),
        ready=ready,
        rows=[_row(actor, action, pick) for pick in rows],
        hint=_courtesy(rows, form.visible()[0].data or "") if bulk.preview else "",
        here=url_for("backoffice.many") + query,
        back_href=url_for("backoffice.queue") + query,
    )


def _second_button(action: Action) -> str:
    second = SPECS[action].and_close
    return str(SPECS[second].label) if second else ""


def _row(actor: Staff, action: Action, pick: Pick) -> dict[str, Any]:
    """A chosen case as the page lists it; only the number of one that the actor cannot read."""
    shown = queue_page.row(actor, pick.case) if pick.case else {"number": pick.number, "href": ""}
    return shown | {
        "version": pick.case.version if pick.case else "",
        "chosen": pick.chosen,
        "why": _reason(action, pick),
        "way": way(pick.case) if pick.case and _bulk(action).preview else "",
    }


def _reason(action: Action, pick: Pick) -> str:
    """Why it was left, in words."""
    if pick.why is Why.NOT_NOW and action is Action.CLOSE and pick.case and pick.case.status in OPEN:
        return _("Ärendet är inte besvarat än.")
    return str(WHY[pick.why]) if pick.why else ""


def way(case: Case) -> str:
    """Recipient and medium of an answer: "Maja Ek, mejl till m•••@exempel.se"."""
    if case.reply_by is ReplyBy.CODE:
        return _("Anonym, läser svaret med sin kod")
    how = {ReplyBy.EMAIL: _("mejl"), ReplyBy.SMS: _("sms"), ReplyBy.PORTAL: _("läser svaret på Mina sidor")}
    # Of whom nothing may be shown, not even half an address is.
    to = "" if case.hide_sender else case_presenter.contact_of(case) or ""
    by = how[case.reply_by]
    if to and case.reply_by in MAILED:
        by = _("%(how)s till %(to)s", how=by, to=to)
    return f"{case_presenter.sender_name(case)}, {by}"


def _courtesy(rows: Sequence[Pick], text: str) -> str:
    """A reminder to express regret, where a complaint is answered without it."""
    kinds = [pick.case.kind for pick in rows if pick.chosen and pick.case]
    count = sum(lacks_regret(kind, text) for kind in kinds)
    if not count:
        return ""
    return ngettext(
        "Ett av ärendena är ett klagomål. Beklaga det som har hänt, och tacka.",
        "%(num)s av ärendena är klagomål. Beklaga det som har hänt, och tacka.",
        count,
    )
