"""An earlier reader contests a change of reader: by the link of a letter, or by the old code."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.actions import readers
from portal.cases.intake import earlier_readers
from portal.cases.intake.models import EarlierReader
from portal.cases.models import Case
from portal.web.forms import EmptyForm
from portal.web.public import public
from portal.web.support import code_forms
from portal.web.support.code_forms import CodeForm
from portal.words import dates


@public.route("/folj/inte-jag/<token>", methods=["GET", "POST"])
def contest_link(token: str) -> ResponseReturnValue:
    form = EmptyForm()
    # A GET must not contest: mail scanners and previews open every link in a letter.
    if form.validate_on_submit():
        with db.transaction():
            return _contest(earlier_readers.by_token(token))
    earlier = earlier_readers.by_token(token)
    if earlier is None:
        return _gone()
    return _question(earlier, form, url_for("public.contest_link", token=token), 422 if form.errors else 200)


@public.post("/folj/inte-jag")
def contest_code() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate_on_submit():
        return _gone(422)
    with db.transaction():
        return _contest(code_forms.earlier_reader_from_form(form))


def replaced_code(form: CodeForm, earlier: EarlierReader) -> ResponseReturnValue:
    """The page for a code that has been replaced, with the question whether its holder did that."""
    return _question(earlier, form, url_for("public.contest_code"), 422)


def _question(
    earlier: EarlierReader, form: EmptyForm | CodeForm, href: str, status: int
) -> ResponseReturnValue:
    case = earlier_readers.case_of(earlier)
    if case.reader_contested_at:
        return _stopped(case, status)
    changed_at = dates.moment(case.reader_changed_at) if case.reader_changed_at else ""
    page = render_template(
        "public/contest.html", number=case.reference, changed_at=changed_at, form=form, href=href
    )
    return page, status


def _contest(earlier: EarlierReader | None) -> ResponseReturnValue:
    if earlier is None:
        return _gone()
    readers.contest(earlier)
    return _stopped(earlier_readers.case_of(earlier))


def _stopped(case: Case, status: int = 200) -> ResponseReturnValue:
    return render_template("public/contested.html", number=case.reference), status


def _gone(status: int = 410) -> ResponseReturnValue:
    return render_template("public/contest_gone.html"), status
