"""The page of a case for its sender, opened by its code or by signing in: replies, thanks, withdrawal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.audit import readers as openings
from portal.budgets import rules as budgets
from portal.cases.actions import sender as sender_actions
from portal.cases.lifecycle import NotAllowed
from portal.cases.models import Case, Message
from portal.files.enums import Variant
from portal.files.queries import open_attachment
from portal.files.uploads import RefusedFile
from portal.identity.actors import Actor
from portal.pagination import place
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web import headers, pdf
from portal.web.attachments import downloads, posted_files
from portal.web.attachments.reply_forms import ReplyForm, ThanksForm
from portal.web.downloads import calendar
from portal.web.forms import EmptyForm, Form, gone_stale, summary
from portal.web.sender_page import new_owner, page_values, paper_values
from portal.web.support import case_presenter, notices, rate_limits
from portal.words.sender import readers as reader_words

SENT = _l("Tack. Vi har fått det du skrev.")
WITHDRAWN = _l("Du har tagit tillbaka ärendet.")
THANKED = _l("Tack. Vi har fått din hälsning.")
ALREADY_THANKED = _l("Du har redan tackat. Om du vill skriva något mer väljer du ”Skicka och öppna igen”.")


Action = Callable[[Actor, Case], None]


@dataclass(frozen=True)
class SenderCase:
    """A case that its sender has opened. `read` returns it, locked inside a transaction.

    The blueprint of the request has to have the views case, reply and withdraw.
    """

    actor: Actor
    read: Callable[[], Case]
    template: str


def show(opened: SenderCase) -> ResponseReturnValue:
    """Return the page of the case."""
    return _page(opened, _reply_form(opened), 200)


def _reply_form(opened: SenderCase) -> ReplyForm:
    form = ReplyForm(formdata=None)
    form.of_case(opened.read())
    return form


def download(opened: SenderCase) -> ResponseReturnValue:
    """Return the case as a PDF, with what its sender reads on the page and nothing else."""
    case = opened.read()
    if not pdf.available():
        return _no_pdf(_("Vi gör inga pdf-filer här. Webbläsaren kan spara sidan."), 404)
    try:
        page = render_template("follow/paper.html", **paper_values(opened.actor, case))
        return pdf.attachment(page, case.reference)
    except pdf.PdfFailed:
        return _no_pdf(_("Vänta en stund och försök igen. Webbläsaren kan också spara sidan."), 503)


def readers(opened: SenderCase) -> ResponseReturnValue:
    """Return the page of who has opened the case."""
    case = opened.read()
    where = place(openings.ORDER, request.args.get("efter"), request.args.get("fore"))
    page = openings.openings(opened.actor, case, where)
    return render_template(
        "follow/readers.html",
        case=case_presenter.sender_head(case),
        case_href=_address(".case"),
        days=reader_words.days(page.rows),
        newer=f"{request.path}?fore={page.before}" if page.before else "",
        older=f"{request.path}?efter={page.after}" if page.after else "",
    )


def download_calendar(opened: SenderCase) -> ResponseReturnValue:
    """Return the promised days of the case as a calendar file."""
    return calendar.attachment(opened.read()) or abort(404)


def download_file(opened: SenderCase, file: int) -> Response:
    """Return a file of the case as a download."""
    return downloads.download(open_attachment(opened.actor, opened.read(), file, Variant.SHOWN))


def show_thumbnail(opened: SenderCase, file: int) -> Response:
    """Return the thumbnail of a picture of the case."""
    return downloads.picture(open_attachment(opened.actor, opened.read(), file, Variant.THUMBNAIL))


def _no_pdf(text: str, code: int) -> ResponseReturnValue:
    return render_template("follow/no_pdf.html", text=text, case_href=_address(".case")), code


def reply(opened: SenderCase) -> ResponseReturnValue:
    """Add the posted text to the case: a reply, thanks, or a complaint that the answer did not help."""
    form = ThanksForm() if "thank" in request.form else ReplyForm()
    form.of_case(opened.read())
    if not form.validate_on_submit():
        return _page(opened, form, 422)
    tripped = rate_limits.spend(budgets.WRITE_ON_CASE)
    if tripped:
        return _page(opened, form, 429, rate_limits.over_limit_message(tripped))
    body = form.body.data or ""
    if "not_satisfied" in request.form:
        return _act(opened, form, _writing(form, sender_actions.not_satisfied, body), _not_satisfied)
    if isinstance(form, ThanksForm):
        # Who only pressed the button has said that word.
        return _act(opened, form, _writing(form, sender_actions.thank, body or _("Tack")), THANKED)
    return _act(opened, form, _writing(form, sender_actions.reply, body), SENT)


def _writing(form: ReplyForm, command: Callable[..., Message | None], body: str) -> Action:
    """The command with the text of the form, and its files attached to the message that it adds."""

    def run(actor: Actor, case: Case) -> None:
        message = command(actor, case, body=body, more=posted_files.has_more(form, case))
        if message:
            posted_files.attach_files(form, actor, case, message)

    return run


def _not_satisfied(case: Case) -> str:
    return _("Tack för att du säger till. %(who)s", who=new_owner(case))


def withdraw(opened: SenderCase) -> ResponseReturnValue:
    """Withdraw the case."""
    if not EmptyForm().validate_on_submit():
        return refuse(opened)
    return _act(opened, _reply_form(opened), sender_actions.withdraw, WITHDRAWN)


def refuse(opened: SenderCase) -> ResponseReturnValue:
    """Return the page for a form without a valid token."""
    return _page(opened, _reply_form(opened), 422)


def _act(opened: SenderCase, form: ReplyForm, action: Action, done: Any) -> ResponseReturnValue:
    try:
        with db.transaction():
            action(opened.actor, opened.read())
    except RefusedFile as refused:
        posted_files.refuse(form, refused)
        return _page(opened, form, 422)
    except sender_actions.AlreadyThanked:
        return _page(opened, form, 409, str(ALREADY_THANKED))
    except (NotAllowed, db.StaleVersion):
        # 409 with the text kept: staff acted on the case while the sender wrote.
        return _page(opened, form, 409, _("Ärendet ändrades medan du skrev. Läs det nya och försök igen."))
    notices.add(_notice_page(), str(done(opened.read()) if callable(done) else done))
    return redirect(_address(".case"), 303)


def _notice_page() -> str:
    """The name of this page among the confirmations: the handle or the number in its address."""
    return "".join((request.view_args or {}).values())


def _page(opened: SenderCase, form: ReplyForm, code: int, note: str = "") -> ResponseReturnValue:
    case = opened.read()
    headers.allow_script()
    errors = _errors(form, code, note)
    page = render_template(
        opened.template,
        **page_values(opened.actor, case),
        **summary(errors),
        reply_form=form,
        reply_href=_address(".reply"),
        withdraw_href=_address(".withdraw"),
        pdf_href=_address(".pdf_of") if pdf.available() else "",
        readers_href=_address(".readers"),
        calendar_href=_address(".calendar_of") if calendar.has_days(case) else "",
        contact_href=_address(".notification") if request.blueprint == "mina_sidor" else "",
        close_href=_address(".close") if request.blueprint == "follow" else "",
        part_href=_address(".open_part") if request.blueprint == "follow" else "",
        along_href=_address(".take_along") if request.blueprint == "follow" else "",
        button_form=EmptyForm(formdata=None),
        saved=notices.take(_notice_page()) if request.method == "GET" else "",
    )
    return page, code if errors else 200


def _address(endpoint: str) -> str:
    # A relative endpoint is of the request's own blueprint, and the case is named by the same address.
    return url_for(endpoint, **(request.view_args or {}))


def _errors(form: Form, code: int, note: str) -> list[tuple[str, str]]:
    if form.is_only_shown():
        return form.problems()
    return form.problems() or ([("", note or form.note() or gone_stale())] if code != 200 else [])
