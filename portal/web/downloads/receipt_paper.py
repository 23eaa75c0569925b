"""The receipt on paper: number, code, promised days, what happens now and the QR code."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import render_template, url_for
from markupsafe import Markup

from portal import clock
from portal.cases import parties
from portal.cases.intake import code_access, codes
from portal.cases.intake.submission import Receipt
from portal.cases.lifecycle import OPEN
from portal.cases.models import Case
from portal.config import settings
from portal.translation import gettext as _
from portal.words import dates

# Any of the eight patterns can be read. To try all of them for the best one takes half the time of the page.
QR_MASK = 2


def follow_address() -> str:
    """The address of the page that asks for number and code, as it is written on paper."""
    return urlsplit(settings().base_url).netloc + url_for("public.follow_start")


def qr_code(number: str) -> Markup:
    """A QR code that leads to the page that asks for the code, as SVG."""
    # Never the code, which a photo of the screen would give away. A browser sends no fragment to the server.
    address = settings().base_url.rstrip("/") + url_for("public.follow_start", _anchor=number)
    image = segno.make(address, error="m", micro=False, mask=QR_MASK)
    return Markup(image.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True))  # noqa: S704


def receipt_paper(receipt: Receipt, case: Case, back: str = "", guide: SimpleNamespace | None = None) -> str:
    """The page to print or to make a PDF of; `back` and `guide` are for the screen alone."""
    return render_template("public/receipt_paper.html", **_values(receipt, case), back=back, guide=guide)


def _values(receipt: Receipt, case: Case) -> dict[str, Any]:
    return {
        "number": receipt.reference,
        "code": codes.groups(receipt.code or ""),
        "address": follow_address(),
        "qr": qr_code(receipt.reference),
        "sent": dates.full_moment(case.received_at),
        "next_steps": next_steps(case),
        "lost": _lost_code(case),
    }


def next_steps(case: Case) -> list[str]:
    """What happens now, in sentences."""
    if case.status not in OPEN:
        return []
    today = clock.today()
    steps = [_("En handläggare läser det du skrev.")]
    if case.due_contact and not case.contacted_at and case.due_contact >= today:
        steps.append(_("Vi hör av oss senast %(due)s.", due=dates.weekday_date(case.due_contact)))
    if case.answer_wanted and case.due_answer and case.due_answer >= today:
        steps.append(_("Du får svar senast %(due)s.", due=dates.weekday_date(case.due_answer)))
    if not parties.is_notified(case):
        steps.append(_("Vi kan inte meddela dig. Titta själv i ärendet efter svaret."))
    return steps


def _lost_code(case: Case) -> str:
    """What a lost code means."""
    if code_access.is_renewable(case):
        return _("Om du tappar koden kan du få en ny till e-postadressen som du lämnade.")
    return _("Om du tappar koden kan ingen ta fram den igen.")
