"""The start page, opening a case by code, a new code, and the pages about the service."""

from datetime import date
from functools import lru_cache
from types import SimpleNamespace

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.cases import reference_numbers
from portal.cases.deadlines import explain
from portal.cases.enums import Kind
from portal.cases.intake import code_access, codes
from portal.database.errors import DatabaseUnavailable
from portal.organisation import queries as organisation
from portal.organisation.sections import Summer
from portal.statistics.published import queries as published
from portal.translation import page_language
from portal.web import headers, languages, open_cases
from portal.web.forms import EmptyForm, summary
from portal.web.public import information_pages, personal_data_page, public, reader_views
from portal.web.public.figures import drawn_pages
from portal.web.public.forms import NewCodeForm
from portal.web.support import code_forms, notices
from portal.web.support.code_forms import CodeForm
from portal.web.support.safe_redirect import safe_return
from portal.words.contact import ContactPromise
from portal.words.kinds import KINDS
from portal.words.promise import AnswerPromise, PromiseView

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def promise_for_new() -> PromiseView | None:
    """The promise of a case submitted today; None if the municipality promises no number of days."""
    promise = organisation.profile().promise
    days = promise.answer_working_days or promise.contact_working_days
    if not days:
        return None
    closed = tuple(organisation.closed_days().items())
    # Only an answer may be extended, so a contact is no later in summer.
    is_answer = promise.answer_working_days is not None
    summer = organisation.profile().summer
    return _promise_of_day(clock.today(), days, is_answer, closed, summer, page_language())


# The same for everybody on a day: it has nothing of a person or a case.
@lru_cache(maxsize=32)
def _promise_of_day(
    day: date,
    days: int,
    is_answer: bool,
    closed: tuple[tuple[date, str], ...],
    summer: Summer | None,
    _language: str,
) -> PromiseView:
    explanation = explain(day, days, dict(closed))
    return AnswerPromise.for_new(explanation, summer) if is_answer else ContactPromise.for_new(explanation)


def kind_rows() -> list[SimpleNamespace]:
    """The kinds that the profile accepts, with the addresses of their forms."""
    rows = []
    for key in organisation.profile().kinds:
        kind = Kind(key)
        href = url_for("public.send", slug=kind.slug)
        rows.append(SimpleNamespace(verb=KINDS[kind].verb, text=KINDS[kind].text, href=href))
    return rows


@public.get("/")
def start() -> ResponseReturnValue:
    return _start_page(CodeForm())


def _start_page(form: CodeForm) -> str:
    sentence, has_texts = _what_is_public()
    return render_template(
        "public/start.html",
        promise=promise_for_new(),
        kinds=kind_rows(),
        follow_form=form,
        doors=organisation.profile().general_doors(),
        sentence=sentence,
        saved=notices.take("start"),
        said_and_done=has_texts,
    )


def _what_is_public() -> tuple[str, bool]:
    """The sentence about the latest month, and whether texts of improvements are public."""
    try:
        edition, has_texts = published.edition_and_texts()
        return drawn_pages.sentence(edition), has_texts
    # All else on the page can be read without a database.
    except DatabaseUnavailable:
        return "", False


@public.get("/lamna")
def kinds() -> ResponseReturnValue:
    return render_template("public/kinds.html", kinds=kind_rows())


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
        return _start_page(form)
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
