"""Mina sidor: the overview, one case, and adding a case by its code."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases import parties
from portal.cases.actions import sender as sender_actions
from portal.cases.intake import saved_drafts
from portal.identity.actors import CodeHolder
from portal.translation import gettext as _
from portal.web import case_view, current, languages, open_cases
from portal.web.attachments.forms import forget_draft_files
from portal.web.case_view import SenderCase
from portal.web.forms import EmptyForm, gone_stale, one_line, summary
from portal.web.mina_sidor import messages_page, mina_sidor, search_page
from portal.web.mina_sidor import overview as overviews
from portal.web.mina_sidor.forms import AdoptForm, TakeAlongForm
from portal.web.request_limits import accepts_files
from portal.web.support import code_forms, notices


@mina_sidor.get("")
def overview() -> ResponseReturnValue:
    return _overview_page(AdoptForm(formdata=None), 200)


def _overview_page(
    form: AdoptForm, code: int, errors: list[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    actor = current.the_citizen()
    shown = overviews.shown_closed(request.args.get(overviews.PARAMETER, ""))
    values = overviews.page_values(actor, current.user().name, shown) | summary(errors or [])
    saved = notices.take("overview") if code == 200 else ""
    return render_template("mina_sidor/overview.html", **values, code_form=form, saved=saved), code


@mina_sidor.post("")
def adopt() -> ResponseReturnValue:
    form = AdoptForm()
    actor = current.the_citizen()
    if languages.is_switched():
        return _overview_page(form, 200)
    holder = code_forms.code_holder_from_form(form) if form.validate_on_submit() else None
    if holder is None:
        form.code.errors = [form.note() or str(code_forms.MISMATCH)]
        return _overview_page(form, 422, [("code", form.code.errors[0])])
    with db.transaction():
        sender_actions.adopt(actor, current.case_held(holder), unsafe=bool(form.unsafe.data))
    notices.add("overview", _("Ärendet finns nu på Mina sidor. Koden behövs inte längre."))
    return redirect(url_for("mina_sidor.overview"), 303)


@mina_sidor.get("/sok")
def find() -> ResponseReturnValue:
    words = one_line(request.args.get(search_page.PARAMETER, ""))[: search_page.MAX_LENGTH]
    shown = request.args.get(search_page.SHOWN, "")
    return render_template(
        "mina_sidor/search.html", **search_page.page_values(current.the_citizen(), words, shown)
    )


@mina_sidor.get("/meddelanden")
def sent_messages() -> ResponseReturnValue:
    actor = current.the_citizen()
    values = messages_page.page_values(actor, request.args.get("efter"), request.args.get("fore"))
    return render_template("mina_sidor/messages.html", **values)


@mina_sidor.post("/utkast/<handle>/ta-bort")
def remove_draft(handle: str) -> ResponseReturnValue:
    actor = current.the_citizen()
    if not EmptyForm().validate_on_submit():
        return _overview_page(AdoptForm(formdata=None), 422, [("", gone_stale())])
    with db.transaction():
        draft = saved_drafts.read(actor, handle)
        if draft:
            forget_draft_files(draft.fields.get("attachments"))
        removed = saved_drafts.remove(actor, handle)
    notices.add("overview", _("Utkastet är borttaget.") if removed else _("Utkastet fanns inte kvar."))
    return redirect(url_for("mina_sidor.overview"), 303)


@mina_sidor.get("/ta-med/<handle>")
def take_along(handle: str) -> ResponseReturnValue:
    holder = open_cases.code_holder(handle)
    if holder is None:
        return redirect(url_for("mina_sidor.overview"), 303)
    return _take_along_page(holder, TakeAlongForm(), 200)


@mina_sidor.post("/ta-med/<handle>")
def add_taken_along(handle: str) -> ResponseReturnValue:
    form = TakeAlongForm()
    holder = open_cases.code_holder(handle)
    if not form.validate_on_submit():
        return _take_along_page(holder, form, 422) if holder else abort(422)
    if holder is None:
        return redirect(url_for("mina_sidor.overview"), 303)
    with db.transaction():
        sender_actions.adopt(current.the_citizen(), current.case_held(holder), unsafe=bool(form.unsafe.data))
        open_cases.close_case(handle)
    notices.add("overview", _("Ärendet finns nu på Mina sidor. Koden behövs inte längre."))
    return redirect(url_for("mina_sidor.overview"), 303)


def _take_along_page(holder: CodeHolder, form: TakeAlongForm, status: int) -> ResponseReturnValue:
    case = current.case_held(holder)
    page = render_template(
        "mina_sidor/take_along.html",
        case=case,
        form=form,
        has_address=any(parties.reached_at(case)),
        note=form.note(),
    )
    return page, status


def _opened(number: str) -> SenderCase:
    actor = current.the_citizen()
    return SenderCase(actor, lambda: current.case(actor, number), "mina_sidor/case.html")


@mina_sidor.get("/arenden/<number>")
def case(number: str) -> ResponseReturnValue:
    return case_view.show(_opened(number))


@mina_sidor.post("/arenden/<number>")
@accepts_files
def reply(number: str) -> ResponseReturnValue:
    return case_view.reply(_opened(number))


@mina_sidor.get("/arenden/<number>/arende.pdf")
def pdf_of(number: str) -> ResponseReturnValue:
    return case_view.download(_opened(number))


@mina_sidor.get("/arenden/<number>/oppnat")
def readers(number: str) -> ResponseReturnValue:
    return case_view.readers(_opened(number))


@mina_sidor.get("/arenden/<number>/svar.ics")
def calendar_of(number: str) -> ResponseReturnValue:
    return case_view.download_calendar(_opened(number))


@mina_sidor.get("/arenden/<number>/filer/<int(max=2147483647):file>")
def attachment(number: str, file: int) -> ResponseReturnValue:
    return case_view.download_file(_opened(number), file)


@mina_sidor.get("/arenden/<number>/filer/<int(max=2147483647):file>/miniatyr")
def thumbnail(number: str, file: int) -> ResponseReturnValue:
    return case_view.show_thumbnail(_opened(number), file)


@mina_sidor.post("/arenden/<number>/withdraw")
def withdraw(number: str) -> ResponseReturnValue:
    return case_view.withdraw(_opened(number))
