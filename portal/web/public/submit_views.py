"""Submitting a case."""

from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.budgets import rules as budgets
from portal.cases.enums import Kind, ReplyBy
from portal.cases.intake import saved_drafts
from portal.cases.intake.submission import Receipt
from portal.cases.locations.rules import MAX_ACCURACY
from portal.config import settings
from portal.files.uploads import RefusedFile
from portal.identity.actors import Citizen
from portal.identity.oidc import providers
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.web import current, guards, headers, languages
from portal.web.attachments import kinds, posted_files
from portal.web.forms import new_submission_token, summary
from portal.web.public import public
from portal.web.public.faults import same_fault
from portal.web.public.forms import SendForm, UploadForm
from portal.web.public.new_case import drafts, store
from portal.web.public.receipt_views import RECEIPT, to_receipt
from portal.web.public.start_page import kind_rows, promise_for_new
from portal.web.request_limits import accepts_files
from portal.web.support import notices, rate_limits, waiting_drafts
from portal.web.support.locations.location_forms import shared_accuracy
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.labels import NOTIFY_HINT, REPLY_HINT

# The browser may keep the form it got: the back button then shows the same submission token, and sending
# again makes no second case.
KEEP_IN_BROWSER = {"Cache-Control": "private, no-cache"}
# The button that saves a draft.
SAVE_BUTTON = "spara_utkast"


@public.route("/lamna/<slug>", methods=["GET", "POST"])
@accepts_files
def send(slug: str) -> ResponseReturnValue:
    kind = _kind(slug)
    if kind not in organisation.profile().kinds:
        return _not_accepted(kind)
    form = _form(kind)
    sender = current.citizen()
    valid = form.validate_on_submit()
    if SAVE_BUTTON in request.form and not form.csrf_token.errors and not languages.is_switched():
        return _save_draft(form, kind, sender)
    if not valid or same_fault.is_changing():
        return _form_page(form, kind)
    if form.reply_by.data == ReplyBy.PORTAL and sender is None:
        return _sign_in_first(form, kind)
    is_anonymous = sender is None or form.reply_by.data == ReplyBy.CODE
    question = same_fault.question(form.new_case(kind), is_anonymous, form.field.handles)
    if question:
        return question
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


def _form(kind: Kind) -> SendForm:
    sender = current.citizen()
    sms = bool(settings().sms_gateway)
    return SendForm(
        kind,
        sms=sms,
        vouched=current.vouched_organisation(),
        signed_in=sender is not None,
        data=drafts.prefilled(sender, kind, sms),
    )


def _not_accepted(kind: Kind) -> ResponseReturnValue:
    # A kind the profile leaves out has an address too: links and bookmarks lead on to the right channel.
    channels = organisation.profile().doors_for(kind)
    return render_template("public/other_way.html", kind=KINDS[kind], doors=channels, kinds=kind_rows())


def _save_draft(form: SendForm, kind: Kind, sender: Citizen | None) -> ResponseReturnValue:
    """Save what has been written so far, whatever is still missing."""
    if sender is None:
        return _sign_in_first(form, kind)
    for field in form:
        # What is missing is asked for when it is sent.
        field.errors = []
    if not (form.subject.data or form.body.data):
        return _form_page(form, kind, _("Skriv en rubrik eller några ord först. Spara sedan utkastet."))
    tripped = rate_limits.spend(budgets.SAVE_FORM)
    if tripped:
        return _form_page(form, kind, rate_limits.over_limit_message(tripped), 429)
    try:
        with db.transaction():
            until = saved_drafts.save(sender, kind, form.draft(), drafts.saved_handle())
            form.field.keep_until(until)
    except saved_drafts.TooManySaved:
        return _form_page(form, kind, _too_many_saved())
    notices.add("overview", _("Utkastet är sparat. Det finns här till %(day)s.", day=_last_day(until)))
    return redirect(url_for("mina_sidor.overview"), 303)


def _last_day(until: datetime) -> str:
    return dates.short_date(clock.stockholm(until).date(), clock.today())


def _too_many_saved() -> str:
    most = saved_drafts.MAX_SAVED
    return _("Du har redan %(most)s utkast. Ta bort ett på Mina sidor och spara igen.", most=most)


def _store(form: SendForm, kind: Kind, sender: Citizen | None) -> ResponseReturnValue:
    is_anonymous = form.reply_by.data == ReplyBy.CODE
    try:
        sent, is_same = store.store(form, kind, sender, is_anonymous)
    except RefusedFile as refused:
        posted_files.refuse(form, refused)
        return _form_page(form, kind)
    if not is_same:
        return _already_submitted(form, kind, sent.receipt)
    if same_fault.chosen():
        notices.add(RECEIPT, str(same_fault.JOINED if sent.joined else same_fault.NOT_JOINED))
    return to_receipt(sent.receipt)


def _sign_in_first(form: SendForm, kind: Kind) -> ResponseReturnValue:
    tripped = rate_limits.spend(budgets.SAVE_FORM)
    if tripped:
        return _form_page(form, kind, rate_limits.over_limit_message(tripped), 429)
    # Stored with us, encrypted: the form is too large for the session cookie and must not reach the provider.
    with db.transaction():
        handle = waiting_drafts.save(form.draft())
    back = url_for("public.send", slug=kind.slug, utkast=handle, sparat=drafts.saved_handle() or None)
    return redirect(guards.sign_in_url(providers.CITIZENS, back), 303)


def _form_page(form: SendForm, kind: Kind, note: str = "", code: int = 422) -> ResponseReturnValue:
    # The honeypot has no visible field to link to, so its error goes above the form.
    errors = [(id_, text) for id_, text in form.problems() if id_ != "website"]
    note = note or form.note() or "".join(form.website.errors)
    headers.allow_script()
    if "place" in form:
        headers.allow_geolocation()
    profile = organisation.profile()
    page = render_template(
        "public/form.html",
        kind=KINDS[kind],
        form=form,
        is_praise=kind is Kind.PRAISE,
        shared_metres=shared_accuracy(form),
        max_accuracy=MAX_ACCURACY,
        reply_hints=_reply_hints(),
        notify_hints=NOTIFY_HINT,
        promise=promise_for_new(),
        doors=profile.doors_for(kind),
        topics=profile.special_topics(),
        topic_ways=profile.ways_at_topics(kind),
        other_ways=profile.other_ways_for(kind),
        form_note=note,
        welcome=_signed_in_note(),
        saves_drafts=current.citizen() is not None,
        **summary(errors),
    )
    return (page, code) if errors or note else (page, 200, _cache_headers())


def _signed_in_note() -> str:
    # A sender who pressed Send and was redirected to sign in may believe that the case is submitted.
    has_draft = request.method == "GET" and current.citizen() and waiting_drafts.get(drafts.waiting_handle())
    return _("Du är inloggad. Läs igenom det du skrev och skicka.") if has_draft else ""


def _cache_headers() -> dict[str, str]:
    # A form prefilled with personal data must not stay in the browser's cache (headers.py: no-store).
    return {} if current.user() or drafts.waiting_handle() else KEEP_IN_BROWSER


def _reply_hints() -> dict[ReplyBy, Any]:
    if current.citizen() is None:
        return dict(REPLY_HINT)
    return REPLY_HINT | {
        ReplyBy.PORTAL: _("Du följer ärendet på Mina sidor."),
        ReplyBy.EMAIL: _("Vi mejlar till adressen som du skriver här. Ärendet finns också på Mina sidor."),
        ReplyBy.SMS: _("Vi skickar sms till numret som du skriver här. Ärendet finns också på Mina sidor."),
        ReplyBy.CODE: _(
            "Du får koden på nästa sida och läser svaret här. Ärendet kopplas inte till din inloggning. "
            "Om du tappar koden kan du inte öppna ärendet."
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
