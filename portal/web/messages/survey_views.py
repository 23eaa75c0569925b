"""The two questions after a case was closed, by the link of a letter or of the case's page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal import db
from portal.surveys import answers, invitations
from portal.surveys.models import SurveyInvitation
from portal.surveys.rules import Helped, Treatment
from portal.translation import in_language
from portal.web import languages
from portal.web.forms import summary
from portal.web.messages import messages
from portal.web.messages.survey_forms import SurveyForm
from portal.web.messages.way_back import way_back

# The token is in the address, and goes to no other page.
NO_REFERRER = {"Referrer-Policy": "no-referrer"}


@messages.route("/enkat/<token>", methods=["GET", "POST"])
def survey(token: str) -> ResponseReturnValue:
    invitation = invitations.by_token(token)
    if invitation is None:
        return _closed("unknown", 404)
    # In the language that the reader has chosen, or else in that of the case.
    with in_language(languages.chosen() or invitation.case.language):
        if not invitations.is_open(invitation):
            return _closed("expired", 410)
        if invitation.answered:
            return _closed("answered", 200)
        return _questions(token, invitation)


def _questions(token: str, invitation: SurveyInvitation) -> ResponseReturnValue:
    form = SurveyForm()
    # A GET spends nothing: mail scanners and previews open every link in a letter.
    if not form.validate_on_submit():
        errors = [] if languages.is_switched() else form.problems() or _note(form)
        page = render_template(
            "public/survey.html", form=form, number=invitation.case.reference, **summary(errors)
        )
        return page, 422 if errors else 200, NO_REFERRER
    helped, comment = Helped(form.got_answer.data), form.comment.data or ""
    with db.transaction():
        answered = answers.answer(token, helped, Treatment(form.treatment.data), comment)
    # A second click, while the first one was being counted.
    if answered is None:
        return _closed("answered", 200)
    return _thanks(answered, helped, comment)


def _note(form: SurveyForm) -> list[tuple[str, str]]:
    return [("", form.note())] if form.note() else []


def _thanks(invitation: SurveyInvitation, helped: Helped, comment: str) -> ResponseReturnValue:
    way = way_back(invitation.case, helped, comment)
    page = render_template("public/survey_thanks.html", way=way, number=invitation.case.reference)
    return page, 200, NO_REFERRER


def _closed(why: str, status: int) -> ResponseReturnValue:
    return render_template("public/survey_closed.html", why=why), status, NO_REFERRER
