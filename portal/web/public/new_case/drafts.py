"""The drafts that a form for a new case was opened from, and what is filled in when it is opened."""

from collections.abc import Sequence

from flask import request

from portal.cases.enums import Kind, NotifyBy, ReplyBy
from portal.cases.intake import saved_drafts
from portal.cases.intake.saved_drafts import SavedForm
from portal.identity import queries as people
from portal.identity.actors import Citizen
from portal.organisation import queries as organisation
from portal.web.attachments.forms import forget_draft_files
from portal.web.public.forms import SendForm
from portal.web.support import waiting_drafts

TOPIC = "amne"
# The address parameter with the handle of a draft that the person has saved.
SAVED = "sparat"


def waiting_handle() -> str:
    """The handle of the draft that this tab came back to, from the address; empty without one."""
    return request.args.get(waiting_drafts.PARAMETER, "")


def saved_handle() -> str:
    """The handle of the saved draft that this form was opened from; empty without one."""
    return request.args.get(SAVED, "")


def prefilled(sender: Citizen | None, kind: Kind, sms: bool) -> dict[str, str]:
    """The draft from before a sign-in, else the contact choices of the signed-in person."""
    saved = people.contact_choices(sender.person) if sender else {}
    notify = _saved_notification(saved, sms)
    if request.method == "POST":
        # What a post leaves out is as the person has chosen.
        return notify
    draft = waiting_drafts.get(waiting_handle()) or _saved_fields(sender, kind)
    if draft:
        return draft | {name: draft.get(name) or value for name, value in notify.items()}
    addresses = {name: saved[name] for name in ("email", "phone") if name in saved}
    where = {"reply_by": ReplyBy.PORTAL.value} if "notify_by" in notify else {}
    return where | addresses | notify | _linked_topic()


def _saved_fields(sender: Citizen | None, kind: Kind) -> dict[str, str]:
    """The fields of the person's own saved draft; empty without one, and for anybody else."""
    saved = saved_drafts.read(sender, saved_handle()) if sender else None
    return saved.fields if saved and saved.kind is kind else {}


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


def of_sent(form: SendForm, sender: Citizen | None) -> list[SavedForm]:
    """The saved drafts of what this form sends.

    They are the one that the form was opened from, the one that was saved from it (the Back button leads to
    it), and those of the signed-in person with the same text.
    """
    handles = {saved_handle(), saved_drafts.handle_of(form.submission.data or "")} - {""}
    sent = saved_drafts.existing(handles) if handles else []
    if sender:
        sent += saved_drafts.with_text(sender, form.subject.data or "", form.body.data or "")
    return sent


def remove(saved: Sequence[SavedForm]) -> None:
    """Delete saved drafts; their uploads wait no longer than those of a form that is not saved."""
    saved_drafts.remove_sent([form.handle for form in saved])
    for form in saved:
        forget_draft_files(form.fields.get("attachments"))
