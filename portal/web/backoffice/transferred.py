"""The page of a case that another authority answers for now, for the records officer of the former board."""

from dataclasses import replace

from flask import render_template, url_for

from portal import clock
from portal.audit.transferred import TransferredCase
from portal.cases import parties
from portal.cases.authority.handovers import place_held
from portal.cases.authority.models import CaseHandover
from portal.cases.locations.rules import Location
from portal.cases.models import Message
from portal.files.queries import attachments_held
from portal.translation import gettext as _
from portal.web.attachments import rows
from portal.web.backoffice import measures
from portal.web.support import case_presenter
from portal.web.support.case_presenter import ThreadMessage
from portal.web.support.locations.lines import location_facts
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.labels import CHANNEL, HANDOVER_GROUND, STATUS


def render(known: TransferredCase) -> str:
    """The page, without any action."""
    handover = known.handover
    case = handover.case
    sender = _sender_name(handover)
    return render_template(
        "backoffice/transferred.html",
        number=case.reference,
        kind=dates.capital(str(KINDS[case.kind].name)),
        subject=case_presenter.shown_subject(handover.internal_subject),
        language=case_presenter.other_language(case.language),
        status=STATUS[handover.status],
        handed_over=_sentence(handover),
        facts=_facts(handover, sender),
        messages=_messages(known, sender),
        measures=[measures.row(measure, set()) for measure in known.measures],
        trail=case_presenter.timeline(known.trail, staff=True),
        back_href=url_for("backoffice.queue"),
    )


def _messages(known: TransferredCase, sender: str) -> list[ThreadMessage]:
    files = attachments_held(known)
    address = rows.staff_address(known.handover.case.reference)
    shown = []
    for message in known.messages:
        drawn = _message(known.handover, message, sender)
        shown.append(rows.with_files(drawn, message.id, files, address, originals=True))
    return shown


def _message(handover: CaseHandover, message: Message, sender: str) -> ThreadMessage:
    shown = case_presenter.staff_message(message, sender)
    return shown if _had_mark(handover, message) else replace(shown, mark="")


def _had_mark(handover: CaseHandover, message: Message) -> bool:
    """Whether the mark of a message is from before the handover, and no later one of others."""
    left = clock.stockholm(handover.at).date()
    since = message.secrecy_marked_on is None or message.secrecy_marked_on > left
    return not since and message.secrecy_board_id != handover.to_board_id


def _sentence(handover: CaseHandover) -> str:
    return _(
        "%(board)s svarar för ärendet sedan %(day)s. Här står det er nämnd hade fram till dess.",
        board=handover.to_board.name,
        day=dates.weekday_date(clock.stockholm(handover.at).date()),
    )


def _facts(handover: CaseHandover, sender: str) -> list[tuple[str, str]]:
    case = handover.case
    shown = not handover.hide_sender and not parties.is_protected(case)
    rows = [
        (_("Kom in"), dates.full_moment(case.received_at)),
        (_("Kom in via"), str(CHANNEL[case.channel])),
        (_("Avsändare"), sender),
        (_("E-post"), (handover.sender_email or "") if shown else ""),
        (_("Mobil"), (handover.sender_phone or "") if shown else ""),
        (_("Rubrik för avsändaren"), case_presenter.shown_subject(handover.public_subject)),
        *location_facts(place_held(handover) or Location()),
        (_("Ämne"), handover.category.name if handover.category else _("Utan ämne")),
        (_("Enhet"), handover.from_unit.name),
        (_("Nämnd"), handover.from_board.name),
        (_("Sekretess"), _secrecy(handover)),
        (_("Överlämnat till"), f"{handover.to_unit.name}, {handover.to_board.name}"),
        (_("Överlämnat"), dates.full_moment(handover.at)),
        (_("Grund"), _ground(handover)),
    ]
    return [(term, text) for term, text in rows if text]


def _secrecy(handover: CaseHandover) -> str:
    if handover.secrecy is None:
        return _("Inte märkt")
    return _("Sekretessmarkerat, %(provision)s", provision=handover.secrecy_provision or "")


def _ground(handover: CaseHandover) -> str:
    ground = str(HANDOVER_GROUND[handover.ground])
    return f"{ground}, {handover.provision}" if handover.provision else ground


def _sender_name(handover: CaseHandover) -> str:
    """The name as it was then. Protection that came later holds here too."""
    if parties.is_protected(handover.case):
        return case_presenter.sender_name(handover.case)
    known = handover.sender_name or handover.sender_email or handover.sender_phone
    if handover.hide_sender or not known:
        return _("Anonym")
    return handover.sender_name or _("Utan namn")
