"""The receipt of a case that this browser has sent, each under a handle of its own."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.cases import clocks, queries
from portal.cases.intake import codes
from portal.cases.intake.submission import Receipt
from portal.cases.models import Case
from portal.config import settings
from portal.identity.actors import CodeHolder
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.web import receipts
from portal.web.forms import EmptyForm
from portal.web.public import public
from portal.web.public.forms import OpenForm
from portal.web.sender_page import procedure
from portal.web.support import cookies, notices
from portal.words import dates
from portal.words.contact import ContactPromise, contact_of
from portal.words.kinds import KINDS
from portal.words.promise import AnswerPromise, PromiseView

# Any of the eight patterns can be read. To try all of them for the best one takes half the time of the page.
QR_MASK = 2
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
    stored = receipts.read(request.path)
    case = stored and queries.case_by_id(CodeHolder(stored.case), stored.case)
    if not stored or not case:
        return render_template("public/no_receipt.html"), receipts.NO_REFERRER
    values = _receipt_page(stored, case) | {"done_href": url_for("public.receipt_done", handle=handle)}
    return render_template("public/receipt.html", **values, note=notices.take(RECEIPT)), receipts.NO_REFERRER


@public.post("/kvitto/<handle>")
def receipt_done(handle: str) -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        abort(422)
    notices.add("start", _("Klart. Koden visas inte längre på den här enheten."))
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
        "qr": _qr(number) if receipt.code else None,
        "follow_address": urlsplit(settings().base_url).netloc + url_for("public.follow_start"),
        "mail_to": contact_of(case),
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


def _qr(number: str) -> Markup:
    # Never the code, which a photo of the screen would give away. A browser sends no fragment to the server.
    address = settings().base_url.rstrip("/") + url_for("public.follow_start", _anchor=number)
    image = segno.make(address, error="m", micro=False, mask=QR_MASK)
    return Markup(image.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True))  # noqa: S704
