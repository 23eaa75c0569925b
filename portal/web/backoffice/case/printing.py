"""A case on paper: all of it in order, with who printed it and when."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Response, render_template, send_file, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from portal import clock
from portal.audit import trail
from portal.cases import queries
from portal.cases.measures import queries as measure_queries
from portal.cases.models import Case
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.web.backoffice import measures
from portal.web.backoffice.case import pdf
from portal.web.backoffice.case.facts import facts
from portal.web.support import case_presenter
from portal.words import dates


def page(actor: Staff, case: Case, on_screen: bool = True) -> str:
    """The page that is made for paper, in the municipality's own language whoever reads it."""
    with force_locale(organisation.profile().language):
        return render_template("backoffice/paper.html", **_values(actor, case), on_screen=on_screen)


def download(actor: Staff, case: Case) -> Response:
    """The same as a PDF, named by the number of the case; no cache keeps it."""
    written = BytesIO(pdf.made(page(actor, case, on_screen=False)))
    name = f"{case_presenter.number_of(case)}.pdf"
    answer = send_file(written, "application/pdf", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _values(actor: Staff, case: Case) -> dict[str, Any]:
    number = case_presenter.number_of(case)
    names = people.names()
    at_hand = {"who": names.get(actor.membership or 0, ""), "when": dates.full_moment(clock.now())}
    return {
        "case": case_presenter.head(case, case.internal_subject, url_for("backoffice.case", number=number)),
        "printed": _("Utskrivet av %(who)s %(when)s", **at_hand),
        "facts": [*_first(case), *facts(case)],
        "promise": case_presenter.promise(case, staff=True),
        "contact_promise": case_presenter.contact_promise(case),
        "messages": _said(actor, case),
        "measures": [
            measures.row(each, set(), dates.full_moment)
            for each in reversed(measure_queries.of_case(actor, case))
        ],
        "trail": _trail(actor, case, names),
        "pdf_href": url_for("backoffice.pdf_of", number=number) if pdf.available() else "",
    }


def _first(case: Case) -> list[tuple[str, str]]:
    head = case_presenter.head(case, "")
    return [
        (_("Typ"), head.kind),
        (_("Läge"), str(head.status.text)),
        (_("Inkom"), dates.full_moment(case.received_at)),
    ]


def _said(actor: Staff, case: Case) -> list[case_presenter.Said]:
    sender, unit = case_presenter.sender_name(case), case.handling_unit.name
    messages = queries.messages(actor, case)
    return [
        replace(case_presenter.said(each, sender, unit), when=dates.full_moment(each.arrived_at))
        for each in messages
    ]


def _trail(actor: Staff, case: Case, names: dict[int, str]) -> list[dict[str, str]]:
    """Every entry by its number, the oldest first."""
    entries = trail.timeline(actor, case)
    told = reversed(case_presenter.happened(entries, names, staff=True))
    return [
        {"number": str(entry.sequence), "when": dates.full_moment(entry.at), "title": line.title}
        for entry, line in zip(entries, told, strict=True)
    ]
