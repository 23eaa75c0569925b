"""The print of a case: all of it in order, with who printed it and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from flask import Response, render_template, url_for

from portal import clock
from portal.audit.dossier import Dossier
from portal.cases.models import Case
from portal.files.queries import attachments
from portal.identity import queries as people
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import in_language
from portal.web import pdf
from portal.web.attachments import rows
from portal.web.backoffice import measures
from portal.web.backoffice.case.facts import Fact, case_secrecy, facts, withheld
from portal.web.backoffice.measures import MeasureRow
from portal.web.support import case_presenter
from portal.web.support.case_presenter import Head, ThreadMessage
from portal.words import dates
from portal.words.promise import PromiseView


class TrailRow(NamedTuple):
    """An entry of the trail, with its number in the case."""

    number: int
    when: str
    title: str
    by: str


@dataclass(frozen=True)
class PaperView:
    """The template values of a print."""

    case: Head
    printed: str
    facts: Sequence[Fact]
    secrecy: str
    withheld: str
    promise: PromiseView | None
    contact_promise: str
    messages: Sequence[ThreadMessage]
    measures: Sequence[MeasureRow]
    trail: Sequence[TrailRow]
    pdf_href: str


def page(dossier: Dossier, on_screen: bool = True) -> str:
    """The printable page."""
    # A print may be handed out as a public record, so it is in the municipality's language, not the reader's.
    with in_language(organisation.profile().language):
        return render_template("backoffice/paper.html", **vars(_view(dossier)), on_screen=on_screen)


def download(dossier: Dossier) -> Response:
    """The print as a PDF file, named by the number of the case."""
    return pdf.attachment(page(dossier, on_screen=False), dossier.case.reference)


def _view(dossier: Dossier) -> PaperView:
    case = dossier.case
    number = case.reference
    printer = people.person(dossier.actor.person).name
    return PaperView(
        case=case_presenter.staff_head(case, url_for("backoffice.case", number=number)),
        printed=_("Utskrivet av %(who)s %(when)s", who=printer, when=dates.full_moment(clock.now())),
        facts=[*_case_facts(case), *facts(case, dossier.bars)],
        secrecy=case_secrecy(case),
        withheld=withheld(dossier),
        promise=case_presenter.promise(case, staff=True),
        contact_promise=case_presenter.contact_promise(case),
        messages=_messages(dossier),
        measures=[measures.row(row, set(), dates.full_moment) for row in reversed(dossier.measures)],
        trail=_trail(dossier),
        pdf_href=url_for("backoffice.pdf_of", number=number) if pdf.available() else "",
    )


def _case_facts(case: Case) -> list[Fact]:
    head = case_presenter.staff_head(case)
    return [
        (_("Typ"), head.kind),
        (_("Läge"), str(head.status.text)),
        (_("Kom in"), dates.full_moment(case.received_at)),
    ]


def _messages(dossier: Dossier) -> list[ThreadMessage]:
    sender = case_presenter.sender_name(dossier.case)
    files = attachments(dossier.actor, dossier.case)
    messages = []
    for row in dossier.messages:
        message = rows.with_files(case_presenter.staff_message(row, sender), row.id, files)
        # Paper has no "i går": the full date holds whenever it is read.
        messages.append(replace(message, when=dates.full_moment(row.arrived_at)))
    return messages


def _trail(dossier: Dossier) -> list[TrailRow]:
    """Every entry, the oldest first."""
    newest_first = case_presenter.timeline(dossier.trail, staff=True)
    rows = []
    for entry, line in zip(dossier.trail, reversed(newest_first), strict=True):
        rows.append(TrailRow(entry.sequence, dates.full_moment(entry.at), line.title, line.by))
    return rows
