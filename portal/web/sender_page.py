"""What the page of a case shows its sender: the promise, messages, facts and the words of its forms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from markupsafe import Markup

from portal import clock
from portal.audit import trail
from portal.audit.trail import Entry
from portal.cases import parties, queries
from portal.cases.answers.reactions import has_thanked
from portal.cases.authority.escalation import nearest_manager
from portal.cases.authority.groups import is_member
from portal.cases.clocks import arrival_day
from portal.cases.improvements import queries as improvements
from portal.cases.improvements.models import Publication
from portal.cases.intake import parts
from portal.cases.lifecycle import OPEN, CloseReason, Status
from portal.cases.models import Case
from portal.cases.permissions import allowed_actions
from portal.cases.queries import MessageRow
from portal.files.queries import attachments
from portal.formats.names import given_name
from portal.identity import queries as people
from portal.identity.absences.queries import answering_for
from portal.identity.actors import Actor, Citizen, CodeHolder
from portal.identity.snapshots import as_now
from portal.notifications.delivery_words import sender_lines
from portal.notifications.sent.messages import messages_to_reader
from portal.organisation import queries as organisation
from portal.surveys import invitations
from portal.translation import gettext as _
from portal.web.attachments import rows
from portal.web.support import case_presenter
from portal.web.support.case_presenter import Head, ThreadMessage, TimelineLine
from portal.web.support.locations.lines import place_line
from portal.words import authors, dates, on_behalf
from portal.words.contact import close_reason, told_by
from portal.words.profile_texts import profile_markup, profile_texts


@dataclass(frozen=True)
class PartLink:
    """Another part of the case, and by when it is answered. Without an address it is opened by a form."""

    case: Head
    due: str


def page_values(actor: Actor, case: Case) -> dict[str, Any]:
    """The template values of the page, except its forms."""
    read = queries.messages(actor, case)
    files = attachments(actor, case)
    thanked = has_thanked([message.purpose for message in read])
    entries = trail.timeline(actor, case)
    return {
        "case": case_presenter.sender_head(case),
        "promise": case_presenter.promise(case),
        "messages": [_message(message, files, rows.sender_address) for message in read],
        "timeline": case_presenter.timeline(entries, staff=False),
        "sent": sender_lines(messages_to_reader(case)),
        "handed_over": _handed_over(case, entries),
        "led_to": _led_to(entries),
        "together": _together(case),
        "parts": _parts(actor, case, entries),
        "new_owner": new_owner(case) if case.unsatisfied and case.status in OPEN else "",
        "survey_href": _survey_href(case),
        "facts": _facts(case),
        "procedure": procedure(case),
        "actions": {action.value for action in allowed_actions(actor, case)},
        "thanked": thanked,
        "unhappy": _who_takes_over(case) if case.status not in OPEN else "",
        **_reply_texts(case, thanked),
    }


def _survey_href(case: Case) -> str:
    """The address of the questions about the answer; empty if the sender is not asked, or has answered."""
    token = invitations.token_for(case)
    return url_for("messages.survey", token=token) if token else ""


def _message(message: MessageRow, files: rows.Files, address: rows.Address | None = None) -> ThreadMessage:
    """A message with its files; on paper these are only named."""
    return rows.with_files(case_presenter.thread_message(message, _("Du")), message.id, files, address)


def paper_values(actor: Actor, case: Case) -> dict[str, Any]:
    """The template values of the case on paper: what its sender reads on the page, with full dates."""
    files = attachments(actor, case)
    messages = []
    for message in queries.messages(actor, case):
        shown = _message(message, files)
        messages.append(replace(shown, when=dates.full_moment(message.arrived_at)))
    return {
        "case": case_presenter.sender_head(case),
        "saved": _("Sparat %(when)s", when=dates.full_moment(clock.now())),
        "promise": case_presenter.promise(case),
        "messages": messages,
        "timeline": _paper_timeline(trail.timeline(actor, case)),
        "facts": _facts(case),
    }


def _paper_timeline(entries: Sequence[Entry]) -> list[TimelineLine]:
    """What has happened, the oldest first."""
    lines = []
    for entry in entries:
        for line in case_presenter.timeline([entry], staff=False):
            lines.append(replace(line, detail=dates.full_moment(entry.at)))
    return lines


def _handed_over(case: Case, entries: Sequence[Entry]) -> str:
    """Which board answers since the last handover to another, and that the promise holds; else empty."""
    # A secrecy mark names a board too, without a ground.
    boards = [entry.details["board"] for entry in entries if "ground" in entry.details]
    if not boards or case.status not in OPEN:
        return ""
    name, _language = profile_texts(organisation.board_names()[boards[-1]])
    return " ".join(filter(None, [_answering_board(case, name), _arrival(case)]))


def _led_to(entries: Sequence[Entry]) -> Sequence[Publication]:
    """What the sender was informed that their case led to, as it is published now."""
    ids = {entry.details["improvement"] for entry in entries if entry.event == "ImprovementShared"}
    return improvements.shared_with(sorted(ids)) if ids else []


def _answering_board(case: Case, name: str) -> str:
    due = case.due_answer
    if due is None or case.paused_on or due < clock.today():
        return _("%(board)s svarar nu.", board=name)
    return _("%(board)s svarar nu. Löftet gäller: senast %(due)s.", board=name, due=dates.weekday_date(due))


def _arrival(case: Case) -> str:
    """That the day of arrival counts, of a matter where it does; else empty."""
    if case.matter_passed_on is None:
        return ""
    arrived = dates.weekday_date(arrival_day(case))
    return _("Det kom in till kommunen %(arrived)s, och den dagen gäller.", arrived=arrived)


def _together(case: Case) -> str:
    """That the case is answered with another one, here and by the day that was promised; else empty."""
    if not is_member(case):
        return ""
    due = case.due_answer
    if due is None or case.paused_on or due < clock.today():
        return _("Vi tar hand om ärendet tillsammans med ett annat. Du får svaret här, i ditt eget ärende.")
    text = _(
        "Vi tar hand om ärendet tillsammans med ett annat. Du får svaret här senast %(due)s, som vi lovade."
    )
    return text % {"due": dates.weekday_date(due)}


def _parts(actor: Actor, case: Case, entries: Sequence[Entry]) -> list[PartLink]:
    """The other parts of a case that was split."""
    is_split = case.split_from_id or any(entry.event == "CaseSplit" for entry in entries)
    if not is_split or not isinstance(actor, Citizen | CodeHolder):
        return []
    links = []
    for part in parts.other_parts(actor, case):
        due = None if part.paused_on or part.status not in OPEN else part.due_answer
        href = "" if isinstance(actor, CodeHolder) else url_for(".case", number=part.reference)
        links.append(
            PartLink(
                case_presenter.sender_head(part, href),
                _("Svar senast %(due)s", due=dates.weekday_date(due)) if due and due >= clock.today() else "",
            )
        )
    return links


def procedure(case: Case) -> Markup | None:
    """The special procedure of the topic, as the municipality's profile describes it; None without one."""
    if case.category and case.category.special_procedure:
        return profile_markup(case.category.special_procedure)
    return None


def _facts(case: Case) -> list[tuple[str, str]]:
    rows = [
        (_("Kontakt"), contact_name(case) or profile_markup(case.handling_unit.name)),
        (_("Telefon"), organisation.unit_phone(case.handling_unit.key)),
        (_("Vi hör av oss igen"), _told_next_step(case)),
        (_("Ansvarar"), profile_markup(case.responsible_unit.name)),
        (_("Ämne"), profile_markup(case.category.name) if case.category else ""),
        (_("Plats"), place_line(case)),
        (_("För"), on_behalf.principal_for_sender(parties.own_principal(case))),
        (_("Du får"), told_by(case)),
        (_("Avslutat"), close_reason(case)),
        *case_presenter.close_details(case),
    ]
    return [(term, text) for term, text in rows if text]


def _told_next_step(case: Case) -> str:
    """The day of the next step that is shared, as long as it is ahead; else empty."""
    day = case.next_step_on
    if not case.next_step_shared or day is None or day < clock.today():
        return ""
    return _("senast %(day)s", day=dates.weekday_date(day))


def contact_name(case: Case) -> str:
    """The name of the contact person, or of the officer if there is none; empty if only the unit has it.

    While they are away it is the name of who answers for them.
    """
    member = queries.contact_of(case) or queries.officer_of(case)
    if member is None:
        return ""
    answering = answering_for(member.id)
    if answering == member.id:
        return member.person.name
    # A substitute may be barred from this very case: then the unit answers.
    substitute = people.membership(answering) if answering in queries.readers(case) else None
    return substitute.person.name if substitute else ""


def _reply_texts(case: Case, thanked: bool) -> dict[str, str]:
    name = given_name(contact_name(case))
    unit, _language = profile_texts(case.handling_unit.name)
    if case.status not in OPEN:
        return {
            "reply_label": _("Skriv till oss"),
            "reply_hint": _reply_hint(case, thanked),
            "reply_button": _("Skicka och öppna igen"),
        }
    return {
        "reply_label": _("Skriv tillbaka till %(name)s", name=name) if name else _("Skriv mer"),
        "reply_hint": _reply_hint(case, thanked),
        "reply_button": _("Skicka till %(name)s", name=name or unit),
    }


def _reply_hint(case: Case, thanked: bool) -> str:
    if case.status is Status.AWAITING_CITIZEN:
        needed = _("Vi behöver ditt svar för att komma vidare.")
        return f"{needed} {_asked_by(case)}".strip()
    if case.status in OPEN:
        return _("Det du skriver läggs till i ärendet.")
    if thanked or case.close_reason is CloseReason.WITHDRAWN:
        return _("Om du skriver mer öppnas ärendet igen.")
    return _("Välj sedan om du vill tacka, skriva mer eller säga att du inte är nöjd.")


def _asked_by(case: Case) -> str:
    """The day by which a reply was asked for, where the promise does not say it: its clock runs on."""
    due = case.supplement_due
    if case.paused_on or due is None or due < clock.today():
        return ""
    return _("Svaret behövs senast %(date)s.", date=dates.weekday_date(due))


def new_owner(case: Case) -> str:
    """Who has the case of a sender who was not satisfied."""
    officer = queries.officer_of(case)
    if officer is None:
        return _("Vi utser någon annan än den som svarade.")
    return _("%(manager)s tar nu över ärendet.", manager=authors.manager(as_now(officer.id)))


def _who_takes_over(case: Case) -> str:
    """Who gets the case if its sender is not satisfied with the answer."""
    officer = nearest_manager(case)
    if officer is None:
        return _("Om du inte är nöjd tar någon annan över ärendet. Berätta varför.")
    manager = authors.manager_in_sentence(as_now(officer))
    return _("Om du inte är nöjd tar %(manager)s över ärendet. Berätta varför.", manager=manager)
