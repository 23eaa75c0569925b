"""Submitting a case, and its receipt."""

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
from portal.budgets import rules as budgets
from portal.cases import clocks, queries
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
from portal.web.forms import EmptyForm, summary
from portal.web.public import public
from portal.web.public.forms import OpenForm, SendForm, new_submission_token
from portal.web.public.start_views import kind_rows, promise_for_new
from portal.web.support import own_cookies, rate_limits
from portal.web.support.case_presenter import contact_of
from portal.words import dates
from portal.words.contact import ContactPromise
from portal.words.kinds import KINDS
from portal.words.labels import REPLY_HINT
from portal.words.promise import AnswerPromise, PromiseView

DRAFT = "draft"
COOKIE_TTL = timedelta(minutes=30)
# The browser may keep the form it got: the back button then shows the same submission token, and sending
# again makes no second case.
KEEP_IN_BROWSER = {"Cache-Control": "private, no-cache"}


@public.route("/lamna/<slug>", methods=["GET", "POST"])
def send(slug: str) -> ResponseReturnValue:
    kind = _kind(slug)
    if kind not in organisation.profile().kinds:
        return _not_accepted(kind)
    form = _form()
    sender = current.citizen()
    if not form.validate_on_submit():
        return _form_page(form, kind)
    if form.reply_by.data == ReplyBy.PORTAL and sender is None:
        return _sign_in_first(form, kind)
    is_anonymous = sender is None or form.reply_by.data == ReplyBy.CODE
    tripped = rate_limits.spend(budgets.SEND_CASE, anonymous=is_anonymous)
    if tripped:
        return _form_page(form, kind, rate_limits.over_limit_message(tripped), 429)
    return _store(form, kind, sender)


def _kind(slug: str) -> Kind:
    try:
        return Kind.from_slug(slug)
    except ValueError:
        abort(404)


def _form() -> SendForm:
    return SendForm(
        sms=bool(settings().sms_gateway), vouched=current.vouched_organisation(), data=_prefilled()
    )


def _not_accepted(kind: Kind) -> ResponseReturnValue:
    # A kind the profile leaves out has an address too: links and bookmarks lead on to the right channel.
    channels = organisation.profile().doors_for(kind)
    return render_template("public/other_way.html", kind=KINDS[kind], doors=channels, kinds=kind_rows())


def _store(form: SendForm, kind: Kind, sender: Citizen | None) -> ResponseReturnValue:
    with db.transaction():
        receipt = submit(_with_name(form.new_case(kind), sender), sender)
        form_drafts.delete_draft(session.pop(DRAFT, ""))
    return _to_receipt(receipt) if receipt.same else _already_submitted(form, kind, receipt)


def _with_name(new: NewCase, sender: Citizen | None) -> NewCase:
    """The new case with the name of the signed-in sender, unless they wrote another or are anonymous."""
    if sender is None or new.name or new.reply_by is ReplyBy.CODE:
        return new
    return replace(new, name=people.person(sender.person).name)


def _sign_in_first(form: SendForm, kind: Kind) -> ResponseReturnValue:
    tripped = rate_limits.spend(budgets.SAVE_FORM)
    if tripped:
        return _form_page(form, kind, rate_limits.over_limit_message(tripped), 429)
    # Stored with us, encrypted: the form is too large for the session cookie and must not reach the provider.
    with db.transaction():
        session[DRAFT] = form_drafts.save_draft(form.draft())
    back = url_for("public.send", slug=kind.slug)
    return redirect(guards.sign_in_url(providers.CITIZENS, back), 303)


def _prefilled() -> dict[str, str]:
    """The draft from before a sign-in, else the contact choices of the signed-in person."""
    if request.method == "POST":
        return {}
    sender = current.citizen()
    draft = form_drafts.get_draft(session.get(DRAFT, ""))
    return draft or (people.contact_choices(sender.person) if sender else {})


def _form_page(form: SendForm, kind: Kind, note: str = "", code: int = 422) -> ResponseReturnValue:
    # The honeypot has no visible field to link to, so its error goes above the form.
    errors = [(id_, text) for id_, text in form.problems() if id_ != "website"]
    note = note or form.note() or "".join(form.website.errors)
    page = render_template(
        "public/form.html",
        kind=KINDS[kind],
        form=form,
        reply_hints=_reply_hints(),
        promise=promise_for_new(),
        doors=organisation.profile().doors_for(kind),
        form_note=note,
        welcome=_signed_in_note(),
        **summary(errors),
    )
    return (page, code) if errors or note else (page, 200, _cache_headers())


def _signed_in_note() -> str:
    # A sender who pressed Send and was redirected to sign in may believe that the case is submitted.
    has_draft = (
        request.method == "GET" and current.citizen() and form_drafts.get_draft(session.get(DRAFT, ""))
    )
    return _("Du är inloggad. Läs igenom det du skrev och skicka.") if has_draft else ""


def _cache_headers() -> dict[str, str]:
    # A form prefilled with personal data must not stay in the browser's cache (headers.py: no-store).
    return {} if current.user() or session.get(DRAFT) else KEEP_IN_BROWSER


def _reply_hints() -> dict[ReplyBy, Any]:
    if current.citizen() is None:
        return dict(REPLY_HINT)
    return REPLY_HINT | {ReplyBy.PORTAL: _("Du följer ärendet på Mina sidor.")}


def _already_submitted(form: SendForm, kind: Kind, receipt: Receipt) -> ResponseReturnValue:
    """The form again for a changed text under a used submission token (docs/decisions/0009)."""
    form.submission.data = new_submission_token()
    note = _(
        "Du har redan skickat det här formuläret en gång och fått numret %(number)s. "
        "Det du har ändrat är inte skickat. Skickar du igen blir det ett nytt ärende.",
        number=receipt.reference,
    )
    return _form_page(form, kind, note)


def _to_receipt(receipt: Receipt) -> ResponseReturnValue:
    answer = redirect(url_for("public.receipt"), 303)
    # In a cookie and not in the address: the code must reach no log, history or referrer.
    answer.set_cookie(
        own_cookies.RECEIPT,
        crypto.cookie_cipher(own_cookies.RECEIPT).encrypt(json.dumps(asdict(receipt)).encode()).decode(),
        max_age=int(COOKIE_TTL.total_seconds()),
        path=url_for("public.receipt"),
        httponly=True,
        secure=not settings().development,
        samesite="Lax",
    )
    return answer


def _read_receipt() -> Receipt | None:
    try:
        token = request.cookies.get(own_cookies.RECEIPT, "")
        # The ttl too: a browser may send a cookie past its max-age.
        plain = crypto.cookie_cipher(own_cookies.RECEIPT).decrypt(token, ttl=int(COOKIE_TTL.total_seconds()))
    except InvalidToken:
        return None
    return Receipt(**json.loads(plain))


@public.get("/kvitto")
def receipt() -> ResponseReturnValue:
    stored = _read_receipt()
    case = stored and queries.case_by_id(CodeHolder(stored.case), stored.case)
    if not stored or not case:
        return render_template("public/no_receipt.html")
    return render_template("public/receipt.html", **_receipt_page(stored, case))


def _receipt_page(receipt: Receipt, case: Case) -> dict[str, Any]:
    number = receipt.reference
    code = codes.groups(receipt.code or "")
    return {
        "heading": KINDS[case.kind].thanks,
        "lead": _lead(case),
        "number": number,
        "code": code if receipt.code else None,
        "my_case": None if receipt.code else url_for("mina_sidor.case", number=number),
        "qr": _qr(number) if receipt.code else None,
        "follow_address": urlsplit(settings().base_url).netloc + url_for("public.follow_start"),
        "mail_to": contact_of(case),
        "open_form": OpenForm(formdata=None, number=number, code="-".join(code)),
        "done_form": EmptyForm(formdata=None),
        "promise": _promise(case),
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


def _promise(case: Case) -> PromiseView | None:
    explanation = clocks.answer_promise(case)
    if explanation:
        return AnswerPromise.on_receipt(explanation)
    contact_explanation = clocks.contact_promise(case)
    return ContactPromise.on_receipt(contact_explanation) if contact_explanation else None


def _steps(case: Case) -> list[SimpleNamespace]:
    arrived = dates.capital(dates.moment(case.received_at))
    steps = [
        _step(KINDS[case.kind].arrived, arrived, "done"),
        _step(_("En handläggare läser och undersöker"), _("Du ser vem på ärendets sida"), "coming"),
    ]
    if case.due_contact:
        steps.append(_step(_("Vi hör av oss"), _latest(case.due_contact), "due"))
    steps.append(_step(_("Du får svar"), _latest(case.due_answer), "due" if case.due_answer else "coming"))
    return steps


def _step(title: Any, detail: str, state: str) -> SimpleNamespace:
    return SimpleNamespace(title=title, detail=detail, state=state)


def _latest(due: date | None) -> str:
    return _("Senast %(due)s", due=dates.weekday_date(due)) if due else ""


def _qr(number: str) -> Markup:
    # Never the code, which a photo of the screen would give away. A browser sends no fragment to the server.
    address = settings().base_url.rstrip("/") + url_for("public.follow_start", _anchor=number)
    image = segno.make(address, error="m", micro=False)
    return Markup(image.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True))  # noqa: S704


@public.post("/kvitto")
def receipt_done() -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        abort(422)
    answer = redirect(url_for("public.start"), 303)
    own_cookies.end(answer, own_cookies.RECEIPT, url_for("public.receipt"))
    return answer
