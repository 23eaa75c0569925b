"""The start page, opening a case by code, a new code, and the pages about the service."""

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases import reference_numbers
from portal.cases.intake import code_access, codes
from portal.organisation import queries as organisation
from portal.web import headers, languages, open_cases
from portal.web.forms import EmptyForm, summary
from portal.web.public import information_pages, personal_data_page, public, reader_views, start_page
from portal.web.public.forms import NewCodeForm
from portal.web.support import code_forms, notices
from portal.web.support.code_forms import CodeForm
from portal.web.support.safe_redirect import safe_return

log: structlog.stdlib.BoundLogger = structlog.get_logger()


@public.get("/")
def start() -> ResponseReturnValue:
    return start_page.page()


@public.get("/lamna")
def kinds() -> ResponseReturnValue:
    return render_template("public/kinds.html", kinds=start_page.kind_rows())


@public.get("/folj")
def follow_start() -> ResponseReturnValue:
    headers.allow_script()
    note = notices.take("follow")
    return render_template("public/follow.html", form=CodeForm(), shut=note, **summary([]))


@public.post("/folj")
def follow_open() -> ResponseReturnValue:
    headers.allow_script()
    form = CodeForm()
    if languages.is_switched():
        return _redrawn(form)
    if not form.validate_on_submit():
        return _not_opened(form, form.note())
    holder = code_forms.code_holder_from_form(form)
    if holder is None and (earlier := code_forms.earlier_reader_from_form(form)):
        return reader_views.replaced_code(form, earlier)
    if holder is None:
        return _not_opened(form, str(code_forms.MISMATCH))
    with db.transaction():
        handle = open_cases.open_case(holder)
    return redirect(url_for("follow.case", handle=handle), 303)


def _redrawn(form: CodeForm) -> str:
    """The page of the form, in another language: the start page has this form too."""
    if "start" in request.form:
        return start_page.page(form)
    return render_template("public/follow.html", form=form, **summary([]))


def _not_opened(form: CodeForm, error: str) -> ResponseReturnValue:
    form.code.errors = [error]
    return render_template("public/follow.html", form=form, **summary([("code", error)])), 422


@public.route("/folj/ny-kod", methods=["GET", "POST"])
def new_code() -> ResponseReturnValue:
    form = NewCodeForm()
    if form.validate_on_submit():
        reference = reference_numbers.parse(organisation.profile().number_prefix, form.number.data or "")
        # The worker looks the case up: a guess must not show, by answer or time, which of them exist.
        with db.transaction():
            code_access.request_link(*(reference or (0, 0)), email=form.email.data or "")
        # Whether one was sent is not logged either.
        log.info("code_link.requested")
        return redirect(url_for("public.new_code_sent"), 303)
    errors = form.problems() or ([("", form.note())] if form.note() else [])
    page = render_template("public/new_code.html", form=form, **summary(errors))
    return page, 422 if errors else 200


@public.get("/folj/tappad-kod")
def lost_code() -> ResponseReturnValue:
    return render_template("public/text.html", **information_pages.lost_code())


@public.get("/folj/ny-kod/skickad")
def new_code_sent() -> ResponseReturnValue:
    return render_template("public/new_code_sent.html")


@public.route("/folj/ny-kod/<token>", methods=["GET", "POST"])
def new_code_link(token: str) -> ResponseReturnValue:
    form = EmptyForm()
    # A GET must not spend the link: mail scanners and previews open every link in a letter.
    if form.validate_on_submit():
        return _spend(token)
    if not code_access.link_holds(token):
        return render_template("public/new_code_gone.html"), 410
    return render_template("public/new_code_confirm.html", form=form), 422 if form.errors else 200


def _spend(token: str) -> ResponseReturnValue:
    with db.transaction():
        spent = code_access.spend_link(token)
    if spent is None:
        return render_template("public/new_code_gone.html"), 410
    log.info("code_link.spent")
    case, code = spent
    return render_template("public/new_code_shown.html", number=case.reference, code=codes.groups(code))


@public.get("/sprak/<language>")
def language(language: str) -> ResponseReturnValue:
    if language not in languages.NAMES:
        abort(404)
    answer = redirect(safe_return(request.args.get("nasta"), url_for("public.start")), 303)
    languages.set_language_cookie(answer, language)
    return answer


@public.get("/om")
def about_service() -> ResponseReturnValue:
    return render_template("public/text.html", **information_pages.service())


@public.get("/tillganglighet")
def accessibility() -> ResponseReturnValue:
    return render_template("public/text.html", **information_pages.accessibility())


@public.get("/personuppgifter")
def personal_data() -> ResponseReturnValue:
    return render_template("public/text.html", **personal_data_page.personal_data())
