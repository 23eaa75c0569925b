"""The receipt of a case that was just registered: number and code, to read aloud or print."""

from types import SimpleNamespace
from typing import Any

from flask import abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.audit import read_log
from portal.cases import queries
from portal.cases.intake import codes
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import Status
from portal.cases.models import Case
from portal.cases.registration.same_address import cases_with_address
from portal.formats.codes.spelling_alphabet import spelled
from portal.identity.actors import CodeHolder, Staff
from portal.translation import gettext as _
from portal.translation import in_language
from portal.web import current, receipts
from portal.web.backoffice import backoffice
from portal.web.downloads.receipt_paper import qr_code, receipt_paper
from portal.web.forms import EmptyForm
from portal.web.support import case_presenter, cookies
from portal.words import dates
from portal.words.contact import contact_of
from portal.words.profile_texts import profile_texts


@backoffice.get("/registrera/<handle>")
def case_receipt(handle: str) -> ResponseReturnValue:
    actor = current.the_staff()
    stored, case = _stored(actor, handle)
    if stored is None or case is None:
        return render_template("backoffice/no_case_receipt.html"), 410, receipts.NO_REFERRER
    readable = queries.case_by_id(actor, case.id) is not None
    others = cases_with_address(actor, case) if readable else []
    # Their sender is this one, so far as an address tells.
    read_log.log_rows(actor, [other.id for other in others])
    page = render_template(
        "backoffice/case_receipt.html",
        **_values(stored, case),
        handle=handle,
        case_href=url_for("backoffice.case", number=case.reference) if readable else "",
        others=[_other(other) for other in others],
        done_form=EmptyForm(formdata=None),
    )
    return page, receipts.NO_REFERRER


@backoffice.get("/registrera/<handle>/utskrift")
def case_receipt_print(handle: str) -> ResponseReturnValue:
    stored, case = _stored(current.the_staff(), handle)
    if stored is None or case is None:
        return render_template("backoffice/no_case_receipt.html"), 410, receipts.NO_REFERRER
    guide = SimpleNamespace(
        name=_("Utskrift"),
        back=_("Tillbaka till kvittot"),
        print=_("Skriv ut sidan med webbläsaren: Ctrl och P, eller Cmd och P på en Mac."),
    )
    # The sender takes it along, and reads it in their own language.
    with in_language(case.language):
        back = url_for("backoffice.case_receipt", handle=handle)
        page = receipt_paper(stored, case, back, guide)
    return page, receipts.NO_REFERRER


@backoffice.post("/registrera/<handle>")
def case_receipt_done(handle: str) -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        abort(422)
    answer = make_response(redirect(url_for("backoffice.register_case"), 303))
    receipts.forget(answer, cookies.REGISTERED, handle)
    return answer


def _stored(actor: Staff, handle: str) -> tuple[Receipt | None, Case | None]:
    """The receipt and its case, if this person has just registered it in this browser."""
    stored = receipts.read(url_for("backoffice.case_receipt", handle=handle), actor.person)
    # Not as staff: who registers a case need not be able to read it. The code is theirs to pass on.
    return stored, (queries.case_by_id(CodeHolder(stored.case), stored.case) if stored else None)


def _values(receipt: Receipt, case: Case) -> dict[str, Any]:
    groups = codes.groups(receipt.code or "")
    return {
        "number": receipt.reference,
        "code": groups,
        "qr": qr_code(receipt.reference),
        "aloud": [SimpleNamespace(group=group, words=", ".join(spelled(group))) for group in groups],
        "lines": [line for line in (_next(case), _promise(case), _message(case)) if line],
    }


def _next(case: Case) -> str:
    if case.status is Status.CLOSED:
        return _("Svaret är sparat och ärendet är avslutat. Avsändaren läser det med koden.")
    unit, _language = profile_texts(case.handling_unit.name)
    return _("Ärendet har gått till %(unit)s.", unit=unit)


def _is_ahead(case: Case) -> bool:
    return case.status is not Status.CLOSED and bool(case.due_answer and case.due_answer >= clock.today())


def _promise(case: Case) -> str:
    """The day that the sender is promised, also one that has passed."""
    if case.status is Status.CLOSED or not case.answer_wanted:
        return ""
    if case.due_answer:
        due = dates.weekday_date(case.due_answer)
        if _is_ahead(case):
            return _("Avsändaren får svar senast %(due)s.", due=due)
        return _("Svaret skulle ha kommit senast %(due)s, så ärendet är redan försenat.", due=due)
    if case.due_contact and case.due_contact >= clock.today():
        due = dates.weekday_date(case.due_contact)
        return _("Vi hör av oss till avsändaren senast %(due)s.", due=due)
    return ""


def _message(case: Case) -> str:
    address = contact_of(case)
    return _("Avsändaren får ett meddelande till %(address)s.", address=address) if address else ""


def _other(case: Case) -> SimpleNamespace:
    return SimpleNamespace(
        number=case.reference,
        href=url_for("backoffice.case", number=case.reference),
        subject=case_presenter.shown_subject(case.internal_subject),
        topic=case.category.name if case.category else _("Utan ämne"),
    )
