"""The same thing with many cases: chosen in the queue, asked about on a page of its own, done one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import db
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
from portal.web.backoffice.bulk.labels import WHY, WORDS, Why
from portal.web.backoffice.case.actions import DEEDS
from portal.web.backoffice.queue import page as queue_page
from portal.web.forms import summary, whole_number
from portal.web.support import case_presenter

MAX_CASES = 100
MAX_NUMBER = 40
MAILED = {ReplyBy.EMAIL, ReplyBy.SMS}


@dataclass(frozen=True)
class Pick:
    """A case that was chosen, if the actor may see it; the version that a page has shown; why it is left."""

    number: str
    case: Case | None
    seen: int | None = None
    why: Why | None = None
    chosen: bool = True


def chosen() -> list[str]:
    """The numbers that were chosen, each once, in the order of the page."""
    written = (each.strip()[:MAX_NUMBER] for each in request.form.getlist("case"))
    return list(dict.fromkeys(each for each in written if each))


def picks(actor: Staff, written: Sequence[str]) -> list[Pick]:
    """The cases with these numbers, each with the version that the page before this one showed."""
    prefix = organisation.profile().number_prefix
    places = {each: reference_numbers.parse(prefix, each) for each in written}
    found = queries.cases_by_reference(actor, {place for place in places.values() if place})
    versions = _versions()
    return [
        Pick(each, found.get(place) if place else None, versions.get(each)) for each, place in places.items()
    ]


def _versions() -> dict[str, int]:
    """The version of each case, by its number, as the page said them: "KB-2026-000001 3"."""
    versions = {}
    for seen in request.form.getlist("seen"):
        number, _space, version = seen.rpartition(" ")
        known = whole_number(version)
        if known is not None:
            versions[number] = known
    return versions


def weighed(actor: Staff, name: str, picked: Sequence[Pick]) -> list[Pick]:
    """The same, each with why it cannot be done as things are now; those are not chosen any more."""
    found = [replace(each, why=_barred(actor, name, each)) for each in picked]
    return [replace(each, chosen=each.why is None) for each in found]


def _barred(actor: Staff, name: str, pick: Pick) -> Why | None:
    if pick.case is None:
        return Why.UNSEEN
    if pick.seen not in (None, pick.case.version):
        return Why.CHANGED
    return None if Action(name) in allowed_actions(actor, pick.case) else Why.NOT_NOW


def done(actor: Staff, name: str, form: Any, picked: Sequence[Pick]) -> list[Pick]:
    """Do it with each, in a transaction of its own, and tell of each why it was left, if it was."""
    return [replace(each, why=_do(actor, name, form, each)) for each in picked]


def _do(actor: Staff, name: str, form: Any, pick: Pick) -> Why | None:
    form.version.data = "" if pick.seen is None else str(pick.seen)
    try:
        with db.transaction():
            case = current.other_case(actor, pick.number)
            if case is None:
                return Why.UNSEEN
            DEEDS[name].do(actor, case, form)
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
    name: str,
    form: Any,
    picked: Sequence[Pick],
    errors: Sequence[tuple[str, str]] = (),
    preview: bool = False,
) -> str:
    """The page that asks what the deed needs, or shows an answer as it will be sent."""
    rows = weighed(actor, name, picked)
    count = sum(each.chosen for each in rows)
    heading = WORDS[name].heading(count) if count else _("Det går inte med något av ärendena nu")
    return _page(actor, name, form, rows, heading=heading, preview=preview, errors=errors)


def tell(actor: Staff, name: str, form: Any, picked: Sequence[Pick]) -> str:
    """The page that tells what was done, and of the rest why not, chosen still to be tried again."""
    ready, left = ([each for each in picked if (each.why is None) is well] for well in (True, False))
    form.asks = any(each.why is Why.CONFIRM for each in left)
    # What somebody tries again is tried with the cases as this page shows them.
    now = [replace(each, seen=None) for each in picks(actor, [each.number for each in left])]
    rows = [replace(each, why=before.why) for each, before in zip(now, left, strict=True)]
    seen = {each.number for each in picks(actor, [each.number for each in ready]) if each.case}
    heading = WORDS[name].done(len(ready)) if ready else _("Inget ärende är ändrat.")
    finished = [(each.number, _subject(each), _href(each) if each.number in seen else "") for each in ready]
    told = ngettext("Det här ärendet är kvar", "De här %(num)s ärendena är kvar", len(left)) if left else ""
    return _page(actor, name, form, rows, heading=heading, done=finished, told=True, left=told)


def _page(actor: Staff, name: str, form: Any, rows: Sequence[Pick], **values: Any) -> str:
    back = request.query_string.decode("ascii", "ignore")
    ready = sum(each.chosen for each in rows)
    return render_template(
        "backoffice/many.html",
        **{"preview": False, "done": [], "told": False, "left": ""}
        | values
        | summary(list(values.get("errors", ()))),
        form=form,
        deed=name,
        button=WORDS[name].do(ready),
        ready=ready,
        rows=[_row(actor, name, each) for each in rows],
        hint=_courtesy(rows, form.body.data or "") if name == "answer" else "",
        here=url_for("backoffice.many") + (f"?{back}" if back else ""),
        back_href=url_for("backoffice.queue") + (f"?{back}" if back else ""),
    )


def _row(actor: Staff, name: str, pick: Pick) -> dict[str, Any]:
    """A chosen case as the page lists it; of one that is not seen, only the number that was sent."""
    shown = queue_page.row(actor, pick.case) if pick.case else {"number": pick.number, "href": ""}
    return shown | {
        "version": pick.case.version if pick.case else "",
        "chosen": pick.chosen,
        "why": _said(name, pick),
        "way": way(pick.case) if pick.case and name == "answer" else "",
    }


def _said(name: str, pick: Pick) -> str:
    """Why it is left, in words."""
    if pick.why is Why.NOT_NOW and name == Action.CLOSE.value and pick.case and pick.case.status in OPEN:
        return _("Ärendet är inte besvarat än.")
    return str(WHY[pick.why]) if pick.why else ""


def _subject(pick: Pick) -> str:
    return pick.case.internal_subject if pick.case else ""


def _href(pick: Pick) -> str:
    return url_for("backoffice.case", number=pick.number)


def way(case: Case) -> str:
    """To whom an answer goes, and how: "Maja Ek, mejl till m•••@exempel.se"."""
    if case.reply_by is ReplyBy.CODE:
        return _("Anonym, läser svaret med sin kod")
    how = {ReplyBy.EMAIL: _("mejl"), ReplyBy.SMS: _("sms"), ReplyBy.PORTAL: _("läser svaret på Mina sidor")}
    # Of whom nothing may be shown, not even half an address is.
    to = "" if case.hide_sender else case_presenter.contact_of(case) or ""
    told = _("%(how)s till %(to)s", how=how[case.reply_by], to=to) if to and case.reply_by in MAILED else ""
    return f"{case_presenter.sender_name(case)}, {told or how[case.reply_by]}"


def _courtesy(rows: Sequence[Pick], text: str) -> str:
    """A calm reminder, where there is something to regret and nobody has."""
    kinds = [each.case.kind for each in rows if each.chosen and each.case]
    count = sum(lacks_regret(kind, text) for kind in kinds)
    if not count:
        return ""
    return ngettext(
        "Ett av ärendena är ett klagomål. Beklaga det som har hänt, och tacka.",
        "%(num)s av ärendena är klagomål. Beklaga det som har hänt, och tacka.",
        count,
    )
