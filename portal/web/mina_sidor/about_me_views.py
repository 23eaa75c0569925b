"""All about me: the page, and the copy of what is held about a citizen, as JSON and as PDF."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from flask import Response, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.identity.actors import Citizen
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import page_language
from portal.web import current, pdf
from portal.web.mina_sidor import about_me as copy
from portal.web.mina_sidor import about_me_paper, mina_sidor
from portal.web.mina_sidor.about_me import Values
from portal.web.support import fresh_sign_in
from portal.words import dates

# Of a PDF, which is made with limits of time and memory: so many characters take some ten seconds.
MAX_PDF_TEXT, MAX_PDF_CASES = 200_000, 100


@mina_sidor.get("/allt-om-mig")
def about_me() -> ResponseReturnValue:
    return render_template("mina_sidor/about_me.html", left_out=copy.LEFT_OUT, has_pdf=pdf.available())


@mina_sidor.get("/allt-om-mig.json")
def about_me_json() -> ResponseReturnValue:
    actor = current.the_citizen()
    if not fresh_sign_in.is_fresh():
        return _sign_in_again()
    response = Response(stream_with_context(_lines(actor)), mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"{_file_name()}.json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _sign_in_again() -> ResponseReturnValue:
    return fresh_sign_in.sign_in_again(
        url_for("mina_sidor.about_me"), _("Du håller på att hämta allt om dig.")
    )


def _file_name() -> str:
    return f"allt-om-mig-{clock.today().isoformat()}"


def _lines(actor: Citizen) -> Iterator[str]:
    """The file, a case at a time.

    The person is read when this is called, so that a failure gives an error page and no broken file.
    """
    head = _head() | {"person": copy.person(actor)}
    # The first lines of an object whose last member is the list of cases.
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    return chain([f'{opening},\n "cases": ['], _cases(actor), ["\n ]\n}\n"])


def _cases(actor: Citizen) -> Iterator[str]:
    separator = "\n"
    for case in copy.cases(actor):
        yield separator + json.dumps(case, ensure_ascii=False, indent=1)
        separator = ",\n"


def _head() -> dict[str, Any]:
    return {
        "municipality": organisation.profile().full,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "language": page_language(),
        "left_out": list(map(str, copy.LEFT_OUT)),
    }


@mina_sidor.get("/allt-om-mig.pdf")
def about_me_pdf() -> ResponseReturnValue:
    actor = current.the_citizen()
    if not fresh_sign_in.is_fresh():
        return _sign_in_again()
    if not pdf.available():
        return _no_pdf(_("Vi gör inga pdf-filer här. Hämta filen som JSON."), 404)
    cases, is_cut = _printed_cases(actor)
    page = render_template(
        "mina_sidor/about_me_paper.html",
        person=about_me_paper.person_values(copy.person(actor)),
        cases=list(map(about_me_paper.case_values, cases)),
        is_cut=is_cut,
        left_out=copy.LEFT_OUT,
        saved=_("Sparat %(when)s", when=dates.full_moment(clock.now())),
    )
    try:
        return pdf.attachment(page, _file_name())
    except pdf.PdfFailed:
        return _no_pdf(_("Vänta en stund och försök igen, eller hämta filen som JSON."), 503)


def _no_pdf(text: str, code: int) -> ResponseReturnValue:
    page = render_template(
        "follow/no_pdf.html", text=text, case_href=url_for("mina_sidor.about_me"), back=_("Tillbaka")
    )
    return page, code


def _printed_cases(actor: Citizen) -> tuple[list[Values], bool]:
    """The newest cases that a PDF has room for, and whether there are more."""
    printed: list[Values] = []
    left = MAX_PDF_TEXT
    for case in copy.cases(actor):
        left -= len(json.dumps(case, ensure_ascii=False))
        if printed and (left < 0 or len(printed) == MAX_PDF_CASES):
            return printed, True
        printed.append(case)
    return printed, False
