"""Submitting a case."""

from dataclasses import replace
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.budgets import rules as budgets
from portal.cases.enums import Kind, NotifyBy, ReplyBy
from portal.cases.intake import saved_drafts
from portal.cases.intake.submission import NewCase, Receipt, submit
from portal.config import settings
from portal.files.uploads import RefusedFile
from portal.identity import queries as people
from portal.identity.actors import Citizen, CodeHolder
from portal.identity.oidc import providers
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.web import current, guards, languages
from portal.web.attachments import kinds, saving
from portal.web.attachments.forms import FilesForm, files_field
from portal.web.forms import new_submission_token, summary
from portal.web.public import public
from portal.web.public.forms import SendForm
from portal.web.public.receipt_views import to_receipt
from portal.web.public.start_views import kind_rows, promise_for_new
from portal.web.request_limits import accepts_files
from portal.web.support import notices, rate_limits, waiting_drafts
from portal.words.kinds import KINDS
from portal.words.labels import NOTIFY_HINT, REPLY_HINT

# The browser may keep the form it got: the back button then shows the same submission token, and sending
# again makes no second case.
KEEP_IN_BROWSER = {"Cache-Control": "private, no-cache"}
TOPIC = "amne"
# The address parameter with the handle of a draft that the person has saved, and the button that saves one.
SAVED = "sparat"
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
    if not valid:
        return _form_page(form, kind)
    if form.reply_by.data == ReplyBy.PORTAL and sender is None:
        return _sign_in_first(form, kind)
    is_anonymous = sender is None or form.reply_by.data == ReplyBy.CODE
    tripped = rate_limits.spend(budgets.SEND_CASE, anonymous=is_anonymous)
    if tripped:
        return _form_page(form, kind, rate_limits.over_limit_message(tripped), 429)
    return _store(form, kind, sender)


class UploadForm(FilesForm):
    """One file that a script uploads before its form is sent; or the handle of one to remove."""

    attachments = files_field()


@public.post("/lamna/filer")
@accepts_files
def upload() -> ResponseReturnValue:
    """The uploaded file as JSON, or why it was refused. Every form with files uses it."""
    form = UploadForm()
    form.receive()
    if form.field.process_errors:
        return {"error": str(form.field.process_errors[0])}, 422
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
        sms=sms,
        vouched=current.vouched_organisation(),
        signed_in=sender is not None,
        data=_prefilled(sender, kind, sms),
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
            saved_drafts.save(sender, kind, form.draft(), _saved_handle())
    except saved_drafts.TooManySaved:
        return _form_page(form, kind, _too_many_saved())
    notices.add("overview", _("Utkastet är sparat. Det finns här i 30 dagar."))
    return redirect(url_for("mina_sidor.overview"), 303)


def _too_many_saved() -> str:
    most = saved_drafts.MAX_SAVED
    return _("Du har redan %(most)s utkast. Ta bort ett på Mina sidor och spara igen.", most=most)


def _store(form: SendForm, kind: Kind, sender: Citizen | None) -> ResponseReturnValue:
    is_anonymous = form.reply_by.data == ReplyBy.CODE
    if is_anonymous and sender and _saved_handle():
        # Not in the transaction of the case: no row of a person may be written together with it.
        with db.transaction():
            _remove_saved(sender)
    try:
        receipt, is_same = _submit(form, kind, sender, is_anonymous)
    except RefusedFile as refused:
        saving.refuse(form, refused)
        return _form_page(form, kind)
    return to_receipt(receipt) if is_same else _already_submitted(form, kind, receipt)


def _submit(form: SendForm, kind: Kind, sender: Citizen | None, is_anonymous: bool) -> tuple[Receipt, bool]:
    """Submit the case and attach its files; returns whether this form is what became the case."""
    named = None if is_anonymous else sender
    attach = saving.with_files(form, lambda case: named or CodeHolder(case.id))
    with db.transaction():
        receipt = submit(_with_name(form.new_case(kind), sender), sender, attach)
        is_same = receipt.same and saving.are_those_of_first(form, receipt.case)
        waiting_drafts.delete(_draft_handle())
        if not is_anonymous:
            _remove_saved(sender)
    return receipt, is_same


def _remove_saved(sender: Citizen | None) -> None:
    """Delete the saved draft that this form was opened from."""
    if sender and _saved_handle():
        saved_drafts.remove(sender, _saved_handle())


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


def _saved_handle() -> str:
    """The handle of the saved draft that this form was opened from; empty without one."""
    return request.args.get(SAVED, "")


def _saved_fields(sender: Citizen | None, kind: Kind) -> dict[str, str]:
    """The fields of the person's own saved draft; empty without one, and for anybody else."""
    saved = saved_drafts.read(sender, _saved_handle()) if sender else None
    return saved.fields if saved and saved.kind is kind else {}


def _prefilled(sender: Citizen | None, kind: Kind, sms: bool) -> dict[str, str]:
    """The draft from before a sign-in, else the contact choices of the signed-in person."""
    saved = people.contact_choices(sender.person) if sender else {}
    notify = _saved_notification(saved, sms)
    if request.method == "POST":
        # What a post leaves out is as the person has chosen.
        return notify
    draft = waiting_drafts.get(_draft_handle()) or _saved_fields(sender, kind)
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
        saves_drafts=current.citizen() is not None,
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
