"""Submitting a case."""

from dataclasses import replace
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.budgets import rules as budgets
from portal.cases.enums import Kind, NotifyBy, ReplyBy
from portal.cases.intake.submission import NewCase, Receipt, submit
from portal.config import settings
from portal.files.uploads import RefusedFile
from portal.identity import queries as people
from portal.identity.actors import Citizen, CodeHolder
from portal.identity.oidc import providers
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.web import current, guards
from portal.web.attachments import kinds, posted_files
from portal.web.forms import new_submission_token, summary
from portal.web.public import public
from portal.web.public.forms import SendForm, UploadForm
from portal.web.public.receipt_views import to_receipt
from portal.web.public.start_views import kind_rows, promise_for_new
from portal.web.request_limits import accepts_files
from portal.web.support import rate_limits, waiting_drafts
from portal.words.kinds import KINDS
from portal.words.labels import NOTIFY_HINT, REPLY_HINT

# The browser may keep the form it got: the back button then shows the same submission token, and sending
# again makes no second case.
KEEP_IN_BROWSER = {"Cache-Control": "private, no-cache"}
TOPIC = "amne"


@public.route("/lamna/<slug>", methods=["GET", "POST"])
@accepts_files
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


@public.post("/lamna/filer")
@accepts_files
def upload() -> ResponseReturnValue:
    """The uploaded file as JSON, or why it was refused. Every form with files uses it."""
    form = UploadForm()
    if not form.validate_on_submit():
        error = form.field.process_errors[0] if form.field.process_errors else form.note()
        return {"error": error}, 429 if form.is_over_limit else 422
    if not form.field.uploads:
        return {}
    file = form.field.uploads[-1]
    return {
        "handle": file.handle,
        "name": file.name,
        "details": kinds.details(file.kind, file.bytes),
        "picture": kinds.is_picture(file.kind),
        "traces": file.has_traces,
    }, 201


def _kind(slug: str) -> Kind:
    try:
        return Kind.from_slug(slug)
    except ValueError:
        abort(404)


def _form() -> SendForm:
    sender = current.citizen()
    sms = bool(settings().sms_gateway)
    return SendForm(
        sms=sms,
        vouched=current.vouched_organisation(),
        signed_in=sender is not None,
        data=_prefilled(sender, sms),
    )


def _not_accepted(kind: Kind) -> ResponseReturnValue:
    # A kind the profile leaves out has an address too: links and bookmarks lead on to the right channel.
    channels = organisation.profile().doors_for(kind)
    return render_template("public/other_way.html", kind=KINDS[kind], doors=channels, kinds=kind_rows())


def _store(form: SendForm, kind: Kind, sender: Citizen | None) -> ResponseReturnValue:
    attach = posted_files.with_files(form, lambda case: sender or CodeHolder(case.id))
    try:
        with db.transaction():
            receipt = submit(_with_name(form.new_case(kind), sender), sender, attach)
            is_same = receipt.same and posted_files.are_those_of_first(form, receipt.case)
            waiting_drafts.delete(_draft_handle())
    except RefusedFile as refused:
        posted_files.refuse(form, refused)
        return _form_page(form, kind)
    return to_receipt(receipt) if is_same else _already_submitted(form, kind, receipt)


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
        handle = waiting_drafts.save(form.draft())
    back = url_for("public.send", slug=kind.slug, utkast=handle)
    return redirect(guards.sign_in_url(providers.CITIZENS, back), 303)


def _draft_handle() -> str:
    """The handle of the draft that this tab came back to, from the address; empty without one."""
    return request.args.get(waiting_drafts.PARAMETER, "")


def _prefilled(sender: Citizen | None, sms: bool) -> dict[str, str]:
    """The draft from before a sign-in, else the contact choices of the signed-in person."""
    saved = people.contact_choices(sender.person) if sender else {}
    notify = _saved_notification(saved, sms)
    if request.method == "POST":
        # What a post leaves out is as the person has chosen.
        return notify
    draft = waiting_drafts.get(_draft_handle())
    if draft:
        return draft | {name: draft.get(name) or value for name, value in notify.items()}
    addresses = {name: saved[name] for name in ("email", "phone") if name in saved}
    where = {"reply_by": ReplyBy.PORTAL.value} if "notify_by" in notify else {}
    return where | addresses | notify | _linked_topic()


def _saved_notification(saved: dict[str, str], sms: bool) -> dict[str, str]:
    """The saved choice of how to be notified, by field name; without a way that is not offered now."""
    names = {"email": "notify_email", "phone": "notify_phone"}
    if sms or saved.get("notify_by") != NotifyBy.SMS:
        names["notify_by"] = "notify_by"
    return {names[name]: value for name, value in saved.items() if name in names}


def _linked_topic() -> dict[str, str]:
    """The topic that a link to the form names; an unknown one is left out."""
    topic = request.args.get(TOPIC, "")
    return {"category": topic} if topic and topic in dict(organisation.topics()) else {}


def _form_page(form: SendForm, kind: Kind, note: str = "", code: int = 422) -> ResponseReturnValue:
    # The honeypot has no visible field to link to, so its error goes above the form.
    errors = [(id_, text) for id_, text in form.problems() if id_ != "website"]
    note = note or form.note() or "".join(form.website.errors)
    profile = organisation.profile()
    page = render_template(
        "public/form.html",
        kind=KINDS[kind],
        form=form,
        is_praise=kind is Kind.PRAISE,
        reply_hints=_reply_hints(),
        notify_hints=NOTIFY_HINT,
        promise=promise_for_new(),
        doors=profile.doors_for(kind),
        topics=profile.special_topics(),
        topic_ways=profile.ways_at_topics(kind),
        other_ways=profile.other_ways_for(kind),
        form_note=note,
        welcome=_signed_in_note(),
        **summary(errors),
    )
    return (page, code) if errors or note else (page, 200, _cache_headers())


def _signed_in_note() -> str:
    # A sender who pressed Send and was redirected to sign in may believe that the case is submitted.
    has_draft = request.method == "GET" and current.citizen() and waiting_drafts.get(_draft_handle())
    return _("Du är inloggad. Läs igenom det du skrev och skicka.") if has_draft else ""


def _cache_headers() -> dict[str, str]:
    # A form prefilled with personal data must not stay in the browser's cache (headers.py: no-store).
    return {} if current.user() or _draft_handle() else KEEP_IN_BROWSER


def _reply_hints() -> dict[ReplyBy, Any]:
    if current.citizen() is None:
        return dict(REPLY_HINT)
    return REPLY_HINT | {
        ReplyBy.PORTAL: _("Du följer ärendet på Mina sidor."),
        ReplyBy.CODE: _(
            "Du får koden på nästa sida och läser svaret här. Ärendet kopplas inte till din inloggning."
        ),
    }


def _already_submitted(form: SendForm, kind: Kind, receipt: Receipt) -> ResponseReturnValue:
    """The form again for a changed text under a used submission token (docs/decisions/0009)."""
    form.submission.data = new_submission_token()
    note = _(
        "Du har redan skickat det här formuläret en gång och fått numret %(number)s. Det du har "
        "ändrat är inte skickat. Om du skickar igen blir det ett nytt ärende.",
        number=receipt.reference,
    )
    return _form_page(form, kind, note)
