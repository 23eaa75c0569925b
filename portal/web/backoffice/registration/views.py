"""Registering a case for its sender."""

from flask import render_template
from flask.typing import ResponseReturnValue

from portal import db
from portal.budgets import rules as budgets
from portal.cases.enums import Kind
from portal.cases.intake.submission import Receipt
from portal.cases.registration.commands import NotReached, TopicClosed, register
from portal.cases.registration.rules import WrongArrival
from portal.files.uploads import RefusedFile
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.web import current, receipts
from portal.web.attachments import posted_files
from portal.web.backoffice import backoffice
from portal.web.backoffice.registration.arrival_forms import problem_text
from portal.web.backoffice.registration.forms import RegisterForm
from portal.web.forms import new_submission_token, summary
from portal.web.request_limits import accepts_files
from portal.web.support import cookies, rate_limits


@backoffice.route("/registrera", methods=["GET", "POST"])
@accepts_files
def register_case() -> ResponseReturnValue:
    actor = current.the_staff()
    form = RegisterForm(actor)
    if not form.validate_on_submit():
        return _page(form)
    tripped = rate_limits.spend(budgets.REGISTER_CASE)
    if tripped:
        return _page(form, [rate_limits.over_limit_message(tripped)], 429)
    questions = form.questions()
    if questions:
        form.confirm(questions)
        return _page(form, [question.text for question in questions])
    return _register(actor, form)


def _register(actor: Staff, form: RegisterForm) -> ResponseReturnValue:
    try:
        with db.transaction():
            attach = posted_files.with_files(form, lambda _case: actor)
            receipt = register(actor, form.new_case(), **form.arguments(), with_first=attach)
            is_same = receipt.same and posted_files.are_those_of_first(form, receipt.case)
    except RefusedFile as refused:
        posted_files.refuse(form, refused)
        return _page(form)
    except WrongArrival as refusal:
        return _refused(form, "arrived_on", problem_text(refusal.problem, organisation.first_day()))
    except TopicClosed:
        text = _("Ämnet stängdes medan du skrev. Välj ett annat i listan, eller Vet inte.")
        return _refused(form, "category", text)
    except NotReached:
        text = _(
            "Ärendet hör till en enhet som du inte når, så du kan inte spara ett svar. "
            "Töm fältet och registrera. Då svarar enheten."
        )
        return _refused(form, "answer", text)
    if not is_same:
        return _registered_before(form, receipt)
    return receipts.redirect_to(receipt, cookies.REGISTERED, actor.person)


def _refused(form: RegisterForm, field: str, text: str) -> ResponseReturnValue:
    form[field].errors = [text]
    return _page(form)


def _registered_before(form: RegisterForm, receipt: Receipt) -> ResponseReturnValue:
    """The form again for a changed text under a used submission token (docs/decisions/0009)."""
    form.submission.data = new_submission_token()
    note = _(
        "Du har redan registrerat det här formuläret, och det fick numret %(number)s. Det du har "
        "ändrat är inte sparat. Om du registrerar igen blir det ett nytt ärende.",
        number=receipt.reference,
    )
    return _page(form, [note])


def _page(form: RegisterForm, notes: list[str] | None = None, code: int = 422) -> ResponseReturnValue:
    errors = form.problems()
    shown = [*(notes or []), form.note()]
    profile = organisation.profile()
    dropped = [kind for kind in Kind if kind not in profile.kinds]
    doors = [door for kind in dropped for door in profile.doors_for(kind)]
    page = render_template(
        "backoffice/registration.html",
        form=form,
        notes=[note for note in shown if note],
        # A door may be that of several kinds.
        doors=list(dict.fromkeys([*doors, *profile.not_handled])),
        **summary(errors),
    )
    return (page, code) if errors or any(shown) else page
