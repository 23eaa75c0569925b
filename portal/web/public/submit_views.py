"""Sending in, and the receipt."""

import json
from dataclasses import asdict, replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import segno
from cryptography.fernet import InvalidToken
from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from portal import crypto, db
from portal.cases import clocks, queries, reference_numbers
from portal.cases.enums import Kind, ReplyBy
from portal.cases.intake import codes, form_drafts
from portal.cases.intake.submission import NewCase, Receipt, submit
from portal.cases.models import Case
from portal.config import settings
from portal.identity import queries as people
from portal.identity.actors import Citizen, CodeHolder
from portal.identity.oidc import providers
from portal.organisation import queries as organisation
from portal.web import current, guards
from portal.web.case_view import procedure
from portal.web.forms import Posted, sent, summary
from portal.web.public import public
from portal.web.public.forms import OpenForm, SendForm, new_submission
from portal.web.public.start_views import kind_rows, unsent_promise
from portal.web.support import rate_limits
from portal.web.support.case_presenter import contact_of
from portal.words import contact, dates
from portal.words import promise as words
from portal.words.kinds import KINDS
from portal.words.labels import REPLY_HINT

DRAFT = "draft"
COOKIE, COOKIE_PATH, COOKIE_LIFE = "kvitto", "/kvitto", timedelta(minutes=30)
# The browser may keep the empty form: the back button then finds the same submission, and no second case.
UNSENT = {"Cache-Control": "private, no-cache"}


@public.route("/lamna/<kind>", methods=["GET", "POST"])
def send(kind: str) -> ResponseReturnValue:
    """One page, one form, one case."""
    if kind not in set(Kind):
        abort(404)
    if kind not in organisation.profile().kinds:
        return _other_way(Kind(kind))
    form, sender = _form(), current.citizen()
    if not sent(form):
        return _form_page(form, Kind(kind))
    if form.reply_by.data == ReplyBy.PORTAL and sender is None:
        return _sign_in_first(form, kind)
    if not rate_limits.may_send():
        return _form_page(form, Kind(kind), rate_limits.too_many_message(), 429)
    return _store(form, Kind(kind), sender)


def _form() -> SendForm:
    return SendForm(sms=bool(settings().sms_gateway), vouched=current.vouched(), data=_prefilled())


def _other_way(kind: Kind) -> ResponseReturnValue:
    """The right way for what this municipality does not take in here."""
    ways = organisation.profile().ways_for(kind)
    return render_template("public/other_way.html", kind=KINDS[kind], doors=ways, kinds=kind_rows())


def _store(form: SendForm, kind: Kind, sender: Citizen | None) -> ResponseReturnValue:
    with db.transaction():
        receipt = submit(_named(form.new_case(kind), sender), sender)
        form_drafts.delete_draft(session.pop(DRAFT, ""))
    return _to_receipt(receipt) if receipt.same else _sent_before(form, kind, receipt)


def _named(new: NewCase, sender: Citizen | None) -> NewCase:
    """A signed-in person who answers to their name need not write it."""
    known = sender and new.reply_by is not ReplyBy.CODE and not new.name
    return replace(new, name=people.person(sender.person).name) if sender and known else new


def _sign_in_first(form: SendForm, kind: str) -> ResponseReturnValue:
    """What was written waits on our side while its writer is at the provider."""
    with db.transaction():
        session[DRAFT] = form_drafts.save_draft(form.written())
    back = url_for("public.send", kind=kind)
    return redirect(guards.sign_in_url(providers.CITIZENS, back), 303)


def _prefilled() -> dict[str, str]:
    """The draft of somebody who comes back from a sign-in, or what a signed-in person has chosen before."""
    if request.method == "POST":
        return {}
    sender = current.citizen()
    draft = form_drafts.get_draft(session.get(DRAFT, ""))
    return draft or (people.contact_choices(sender.person) if sender else {})


def _form_page(form: SendForm, kind: Kind, note: str = "", code: int = 422) -> ResponseReturnValue:
    errors = [(id_, text) for id_, text in form.problems() if id_ != "website"]
    note = note or form.note() or "".join(form.website.errors)
    page = render_template(
        "public/form.html",
        kind=KINDS[kind],
        form=form,
        reply_hints=_hints(),
        promise=unsent_promise(),
        doors=organisation.profile().ways_for(kind),
        form_note=note,
        welcome=_welcome(),
        **summary(errors),
    )
    return (page, code) if errors or note else (page, 200, _kept_by_browser())


def _welcome() -> str:
    """Whoever pressed Send and was sent to sign in must not believe that it is sent."""
    back = request.method == "GET" and current.citizen() and form_drafts.get_draft(session.get(DRAFT, ""))
    return _("Du är inloggad. Läs igenom det du skrev och skicka.") if back else ""


def _kept_by_browser() -> dict[str, str]:
    """An empty form tells nothing of anybody; one that is filled in for its reader is not kept."""
    return {} if current.user() or session.get(DRAFT) else UNSENT


def _hints() -> dict[ReplyBy, Any]:
    here = {ReplyBy.PORTAL: _("Du följer ärendet på Mina sidor.")} if current.citizen() else {}
    return REPLY_HINT | here


def _sent_before(form: SendForm, kind: Kind, receipt: Receipt) -> ResponseReturnValue:
    """The back button, another text: nothing is thrown away and nothing is sent twice unasked."""
    form.submission.data = new_submission()
    note = _(
        "Du har redan skickat det här formuläret en gång och fått numret %(number)s. "
        "Det du har ändrat är inte skickat. Skickar du igen blir det ett nytt ärende.",
        number=_number(receipt.year, receipt.number),
    )
    return _form_page(form, kind, note)


def _number(year: int, number: int) -> str:
    return reference_numbers.formatted(organisation.profile().number_prefix, year, number)


def _to_receipt(receipt: Receipt) -> ResponseReturnValue:
    answer = redirect(url_for("public.receipt"), 303)
    sealed = crypto.cookie_box(COOKIE).encrypt(json.dumps(asdict(receipt)).encode()).decode()
    secure, life = not settings().development, int(COOKIE_LIFE.total_seconds())
    answer.set_cookie(
        COOKIE, sealed, max_age=life, path=COOKIE_PATH, httponly=True, secure=secure, samesite="Lax"
    )
    return answer


def _read_receipt() -> Receipt | None:
    try:
        sealed = request.cookies.get(COOKIE, "")
        plain = crypto.cookie_box(COOKIE).decrypt(sealed, ttl=int(COOKIE_LIFE.total_seconds()))
    except InvalidToken:
        return None
    return Receipt(**json.loads(plain))


@public.get("/kvitto")
def receipt() -> ResponseReturnValue:
    """Number, code, what happens now, the promised date."""
    found = _read_receipt()
    case = found and queries.case_by_id(CodeHolder(found.case), found.case)
    if not found or not case:
        return render_template("public/no_receipt.html")
    return render_template("public/receipt.html", **_receipt_page(found, case))


def _receipt_page(found: Receipt, case: Case) -> dict[str, Any]:
    number, code = _number(found.year, found.number), codes.groups(found.code or "")
    return {
        "heading": KINDS[case.kind].thanks,
        "lead": _lead(case),
        "number": number,
        "code": code if found.code else None,
        "my_case": None if found.code else url_for("mina_sidor.case", number=number),
        "qr": _qr(number) if found.code else None,
        "follow_address": urlsplit(settings().base_url).netloc + "/folj",
        "mail_to": contact_of(case),
        "open_form": OpenForm(formdata=None, number=number, code="-".join(code)),
        "done_form": Posted(formdata=None),
        "promise": _promised(case),
        "procedure": procedure(case),
        "steps": _steps(case),
    }


def _lead(case: Case) -> str:
    if case.due_answer:
        due = dates.weekday_date(case.due_answer)
        return _("En handläggare läser det du skrev och svarar senast %(due)s.", due=due)
    if case.due_contact:
        due = dates.weekday_date(case.due_contact)
        return _("En handläggare läser det du skrev och hör av sig senast %(due)s.", due=due)
    return _("En handläggare läser det du skrev och svarar dig.")


def _promised(case: Case) -> words.PromiseView | None:
    explained = clocks.promised(case)
    if explained:
        return words.AnswerPromise.on_receipt(explained)
    touch = clocks.contact_promised(case)
    return contact.ContactPromise.on_receipt(touch) if touch else None


def _steps(case: Case) -> list[SimpleNamespace]:
    arrived, who = dates.capital(dates.moment(case.received_at)), _("Du ser vem på ärendets sida")
    steps = [
        (KINDS[case.kind].arrived, arrived, "done"),
        (_("En handläggare läser och undersöker"), who, "coming"),
        *([(_("Vi hör av oss"), _by(case.due_contact), "due")] if case.due_contact else []),
        (_("Du får svar"), _by(case.due_answer), "due" if case.due_answer else "coming"),
    ]
    return [SimpleNamespace(title=title, detail=detail, state=state) for title, detail, state in steps]


def _by(due: date | None) -> str:
    return _("Senast %(due)s", due=dates.weekday_date(due)) if due else ""


def _qr(number: str) -> Markup:
    """Leads to the page where the code is asked for. It carries the number, never the code."""
    address = f"{settings().base_url.rstrip('/')}/folj#{number}"
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True))  # noqa: S704


@public.post("/kvitto")
def receipt_done() -> ResponseReturnValue:
    """Klar: this device forgets the code."""
    if not sent(Posted()):
        abort(422)
    answer = redirect(url_for("public.start"), 303)
    answer.delete_cookie(COOKIE, path=COOKIE_PATH)
    return answer
