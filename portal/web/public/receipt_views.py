"""The receipt of a case that this browser has sent, each under a handle of its own."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cases import clocks, queries
from portal.cases.intake import code_access, codes
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case
from portal.identity.actors import CodeHolder
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.web import pdf, receipts
from portal.web.downloads import calendar, receipt_paper
from portal.web.forms import EmptyForm
from portal.web.public import public
from portal.web.public.forms import OpenForm
from portal.web.sender_page import procedure
from portal.web.support import cookies, notices
from portal.words import dates
from portal.words.contact import ContactPromise, contact_of
from portal.words.kinds import KINDS
from portal.words.promise import AnswerPromise, PromiseView

# The name of the page among the confirmations.
RECEIPT = "receipt"


def to_receipt(receipt: Receipt) -> Response:
    """Redirect to the receipt."""
    return receipts.redirect_to(receipt, cookies.RECEIPTS)


@public.get("/kvitto")
def latest_receipt() -> ResponseReturnValue:
    handle = receipts.latest(cookies.RECEIPTS)
    if handle is None:
        return render_template("public/no_receipt.html")
    return redirect(url_for("public.receipt", handle=handle), 303)


@public.get("/kvitto/<handle>")
def receipt(handle: str) -> ResponseReturnValue:
    stored, case = _stored(handle)
    if not stored or not case:
        return render_template("public/no_receipt.html"), receipts.NO_REFERRER
    values = _receipt_page(stored, case) | _links(stored, case, handle)
    page = render_template("public/receipt.html", **values, note=notices.take(RECEIPT))
    return page, receipts.NO_REFERRER


@public.get("/kvitto/<handle>/kvitto.pdf")
def receipt_pdf(handle: str) -> ResponseReturnValue:
    stored, case = _stored(handle)
    # The cookie of the receipt holds the code: no other browser gets the file.
    if not stored or not case or not stored.code:
        return render_template("public/no_receipt.html"), 410, receipts.NO_REFERRER
    text = _("Vi gör inga pdf-filer här. Skriv ut sidan, eller spara den med webbläsaren.")
    if pdf.available():
        try:
            answer = pdf.attachment(receipt_paper.receipt_paper(stored, case), stored.reference)
            answer.headers.update(receipts.NO_REFERRER)
            return answer
        except pdf.PdfFailed:
            text = _("Vänta en stund och försök igen. Du kan också skriva ut sidan.")
    back = url_for("public.receipt", handle=handle)
    page = render_template("follow/no_pdf.html", text=text, case_href=back, back=_("Tillbaka till kvittot"))
    return page, 503 if pdf.available() else 404, receipts.NO_REFERRER


@public.get("/kvitto/<handle>/svar.ics")
def receipt_calendar(handle: str) -> ResponseReturnValue:
    stored, case = _stored(handle)
    file = calendar.attachment(case) if stored and case else None
    return file or (render_template("public/no_receipt.html"), 410, receipts.NO_REFERRER)


def _stored(handle: str) -> tuple[Receipt | None, Case | None]:
    """The receipt of this browser with the handle, and its case."""
    stored = receipts.read(url_for("public.receipt", handle=handle))
    return stored, (queries.case_by_id(CodeHolder(stored.case), stored.case) if stored else None)


def _links(receipt: Receipt, case: Case, handle: str) -> dict[str, str]:
    """The addresses of the files of the receipt and of Klar; empty for what there is none of."""
    has_pdf = receipt.code and pdf.available()
    return {
        "done_href": url_for("public.receipt_done", handle=handle),
        "pdf_href": url_for("public.receipt_pdf", handle=handle) if has_pdf else "",
        "calendar_href": url_for("public.receipt_calendar", handle=handle) if calendar.has_days(case) else "",
    }


@public.post("/kvitto/<handle>")
def receipt_done(handle: str) -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        abort(422)
    notices.add("start", _("Klart. Koden visas inte längre i den här webbläsaren."))
    answer = make_response(redirect(url_for("public.start"), 303))
    receipts.forget(answer, cookies.RECEIPTS, handle)
    return answer


def _receipt_page(receipt: Receipt, case: Case) -> dict[str, Any]:
    number = receipt.reference
    code = codes.groups(receipt.code or "")
    return {
        "heading": KINDS[case.kind].thanks,
        "lead": _lead(case),
        "number": number,
        "code": code if receipt.code else None,
        "my_case": None if receipt.code else url_for("mina_sidor.case", number=number),
        "qr": receipt_paper.qr_code(number) if receipt.code else None,
        "follow_address": receipt_paper.follow_address(),
        "mail_to": contact_of(case),
        "renewable": code_access.is_renewable(case),
        "open_form": OpenForm(formdata=None, number=number, code="-".join(code)),
        "done_form": EmptyForm(formdata=None),
        "promise": _promise(case),
        "procedure": procedure(case),
        "steps": _steps(case),
    }


def _lead(case: Case) -> str:
    if not case.answer_wanted:
        return _("En handläggare läser det du skrev. Du har valt att inte få något svar.")
    if case.due_answer:
        due = dates.weekday_date(case.due_answer)
        return _("En handläggare läser det du skrev och svarar senast %(due)s.", due=due)
    if case.due_contact:
        due = dates.weekday_date(case.due_contact)
        return _("En handläggare läser det du skrev och hör av sig senast %(due)s.", due=due)
    return _("En handläggare läser det du skrev och svarar dig.")


def _promise(case: Case) -> PromiseView | None:
    explanation = clocks.answer_promise(case)
    if explanation:
        return AnswerPromise.on_receipt(explanation, organisation.profile().summer)
    contact_explanation = clocks.contact_promise(case)
    return ContactPromise.on_receipt(contact_explanation) if contact_explanation else None


def _steps(case: Case) -> list[SimpleNamespace]:
    arrived = dates.capital(dates.moment(case.received_at))
    steps = [
        _step(KINDS[case.kind].arrived, arrived, "done"),
        _step(
            _("En handläggare läser och undersöker"), _("Du ser vem det är när du öppnar ärendet"), "coming"
        ),
    ]
    if case.due_contact:
        steps.append(_step(_("Vi hör av oss"), _latest(case.due_contact), "due"))
    if case.answer_wanted:
        state = "due" if case.due_answer else "coming"
        steps.append(_step(_("Du får svar"), _latest(case.due_answer), state))
    return steps


def _step(title: Any, detail: str, state: str) -> SimpleNamespace:
    return SimpleNamespace(title=title, detail=detail, state=state)


def _latest(due: date | None) -> str:
    return _("Senast %(due)s", due=dates.weekday_date(due)) if due else ""
