"""The start page, the ways in to a case by code, and the pages about the service."""

from types import SimpleNamespace

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock, db
from portal.cases import reference_numbers
from portal.cases.deadlines import explain
from portal.cases.enums import Kind
from portal.cases.intake import code_access, codes
from portal.organisation import queries as organisation
from portal.web import current, languages
from portal.web.forms import Posted, sent, summary
from portal.web.public import information_pages, public
from portal.web.public.forms import NewCodeForm
from portal.web.support import code_forms, rate_limits
from portal.web.support.code_forms import CodeForm
from portal.web.support.safe_redirect import safe_return
from portal.words import contact
from portal.words import promise as words
from portal.words.kinds import KINDS


def unsent_promise() -> words.PromiseView | None:
    """The date somebody gets who sends today, where the municipality gives one."""
    given = organisation.profile().promise
    days = given.answer_working_days or given.contact_working_days
    if not days:
        return None
    explained = explain(clock.today(), days, organisation.closed_days())
    view = words.AnswerPromise if given.answer_working_days else contact.ContactPromise
    return view.for_new(explained)


def kind_rows() -> list[SimpleNamespace]:
    """The kinds that the profile takes, each with its address."""
    kinds = [Kind(key) for key in organisation.profile().kinds]
    return [
        SimpleNamespace(
            verb=KINDS[kind].verb, text=KINDS[kind].text, href=url_for("public.send", kind=kind.value)
        )
        for kind in kinds
    ]


@public.get("/")
def start() -> ResponseReturnValue:
    """What do you want to do?"""
    return render_template(
        "public/start.html",
        promise=unsent_promise(),
        kinds=kind_rows(),
        follow_form=CodeForm(),
        doors=organisation.profile().ways(),
    )


@public.get("/lamna")
def kinds() -> ResponseReturnValue:
    """The kinds alone, for whoever comes to the address without one."""
    return render_template("public/kinds.html", kinds=kind_rows())


@public.get("/folj")
def follow_start() -> ResponseReturnValue:
    """Number and code, please."""
    shut = _shut() if "stangt" in request.args else ""
    return render_template("public/follow.html", form=CodeForm(), shut=shut, **summary([]))


def _shut() -> str:
    return _(
        "Ärendet är inte öppet här längre. Vi stänger det efter 30 minuter, så att ingen annan läser det."
    )


@public.post("/folj")
@rate_limits.limiter.limit(rate_limits.WRONG_CODES, deduct_when=rate_limits.is_refused)
def follow_open() -> ResponseReturnValue:
    """Open the case of this number and code in this browser."""
    form = CodeForm()
    if not sent(form):
        return _not_opened(form, form.note())
    holder = code_forms.code_holder_from_form(form)
    if holder is None:
        return _not_opened(form, str(code_forms.MISMATCH))
    with db.transaction():
        session[current.GRANT] = code_access.grant(holder)
    return redirect(url_for("follow.case"), 303)


def _not_opened(form: CodeForm, why: str) -> ResponseReturnValue:
    form.code.errors = [why]
    return render_template("public/follow.html", form=form, **summary([("code", why)])), 422


@public.route("/folj/ny-kod", methods=["GET", "POST"])
@rate_limits.limiter.limit(rate_limits.WRONG_CODES, methods=["POST"])
def new_code() -> ResponseReturnValue:
    """Ask for a link to the address on the case. The answer is the same if there is no such case."""
    form = NewCodeForm()
    if sent(form):
        place = reference_numbers.parse(organisation.profile().number_prefix, form.number.data or "")
        if place:
            with db.transaction():
                code_access.request_link(*place, email=form.email.data or "")
        return redirect(url_for("public.new_code_sent"), 303)
    errors = form.problems() or ([("", form.note())] if request.method == "POST" else [])
    page = render_template("public/new_code.html", form=form, **summary(errors))
    return page, 422 if errors else 200


@public.get("/folj/ny-kod/skickad")
def new_code_sent() -> ResponseReturnValue:
    """Look in your mail."""
    return render_template("public/new_code_sent.html")


@public.route("/folj/ny-kod/<token>", methods=["GET", "POST"])
@rate_limits.limiter.limit(rate_limits.WRONG_CODES, methods=["POST"])
def new_code_link(token: str) -> ResponseReturnValue:
    """The one-time link: looking at it spends nothing, the button does."""
    form = Posted()
    if sent(form):
        return _spend(token)
    if not code_access.link_holds(token):
        return render_template("public/new_code_gone.html"), 410
    return render_template("public/new_code_confirm.html", form=form), 422 if form.errors else 200


def _spend(token: str) -> ResponseReturnValue:
    with db.transaction():
        spent = code_access.spend_link(token)
    if spent is None:
        return render_template("public/new_code_gone.html"), 410
    case, code = spent
    number = reference_numbers.formatted(organisation.profile().number_prefix, case.year, case.number)
    return render_template("public/new_code_shown.html", number=number, code=codes.groups(code))


@public.get("/sprak/<language>")
def language(language: str) -> ResponseReturnValue:
    """Speak another language from now on, on the page where that was asked. Only a cookie is changed."""
    if language not in languages.NAMES:
        abort(404)
    answer = redirect(safe_return(request.args.get("nasta"), url_for("public.start")), 303)
    languages.set_language_cookie(answer, language)
    return answer


@public.get("/om")
def about_service() -> ResponseReturnValue:
    """How it works."""
    return render_template("public/text.html", **information_pages.service())


@public.get("/tillganglighet")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement (lag 2018:1937)."""
    return render_template("public/text.html", **information_pages.accessibility())


@public.get("/personuppgifter")
def personal_data() -> ResponseReturnValue:
    """What is stored, why and for how long (GDPR article 13)."""
    return render_template("public/text.html", **information_pages.personal_data())
