"""One case, opened by its code: status, timeline, answers, and a way to write back."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import db
from portal.audit import trail
from portal.cases import commands, opening, queries
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.identity import queries as people
from portal.identity.actors import CodeHolder
from portal.web import current, limits, presenting
from portal.web.forms import Posted, sent, summary
from portal.web.public.forms import ReplyForm
from portal.words.labels import CLOSE_REASON
from portal.words.masks import masked_email

follow = Blueprint("follow", __name__, url_prefix="/folj/arende")


def _holder() -> CodeHolder:
    """The guard has seen to it that there is one."""
    holder = current.code_holder()
    assert holder
    return holder


@follow.get("")
def case() -> ResponseReturnValue:
    """The case."""
    return _page(ReplyForm(), 200)


@follow.post("")
def reply() -> ResponseReturnValue:
    """Write back."""
    form, holder = ReplyForm(), _holder()
    if not sent(form):
        return _page(form, 422)
    if not limits.may_send():
        return _page(form, 429, limits.too_many())
    with db.transaction():
        commands.reply(holder, current.case_held(holder), form.body.data or "")
    return redirect(url_for("follow.case", skickat=1), 303)


@follow.post("/stang")
def close() -> ResponseReturnValue:
    """Close the case in this browser."""
    if not sent(Posted()):
        return _page(ReplyForm(formdata=None), 422)
    with db.transaction():
        opening.end_grant(session.pop(current.GRANT))
    return redirect(url_for("public.follow_start"), 303)


def _page(form: ReplyForm, code: int, note: str = "") -> ResponseReturnValue:
    holder = _holder()
    found = current.case_held(holder)
    errors = form.problems() or ([("", note or form.note() or _stale())] if code != 200 else [])
    values = _described(holder, found) | summary(errors) | _reply_words(found)
    saved = _("Tack. Vi har fått det du skrev.") if "skickat" in request.args else ""
    page = render_template(
        "follow/case.html", **values, reply_form=form, close_form=Posted(formdata=None), saved=saved
    )
    return page, code


def _stale() -> str:
    return _("Sidan hade varit öppen för länge. Försök igen.")


def _described(holder: CodeHolder, found: Case) -> dict[str, object]:
    messages = queries.messages(holder, found)
    entries = trail.timeline(holder, found)
    return {
        "case": presenting.head(found, found.public_subject),
        "promise": presenting.promise(found),
        "messages": [presenting.said(each, _("Du"), found.handling_unit.name) for each in messages],
        "timeline": presenting.happened(entries, people.names(), staff=False),
        "facts": _facts(found),
    }


def _facts(found: Case) -> list[tuple[str, str]]:
    officer = people.membership(found.officer_id)
    rows = [
        (_("Kontakt"), officer.person.name if officer else ""),
        (_("Ansvarar"), found.responsible_unit.name),
        (_("Ämne"), found.category.name if found.category else ""),
        (_("Svar till"), masked_email(found.party.email) if found.party and found.party.email else ""),
        (_("Avslutat"), str(CLOSE_REASON[found.close_reason]) if found.close_reason else ""),
    ]
    return [(term, text) for term, text in rows if text]


def _reply_words(found: Case) -> dict[str, str]:
    officer = people.membership(found.officer_id)
    name = officer.person.name.split()[0] if officer else ""
    hint = (
        _("Det du skriver läggs till i ärendet.")
        if found.status in OPEN
        else _("Fråga mer eller berätta om svaret inte hjälpte. Ärendet öppnas igen.")
    )
    return {
        "reply_label": _("Skriv tillbaka till %(name)s", name=name) if name else _("Skriv mer"),
        "reply_hint": hint,
        "reply_button": _("Skicka till %(name)s", name=name) if name else _("Skicka"),
    }
