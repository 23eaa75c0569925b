"""The facts of a case and of its sender, as its page and its print list them."""

from collections.abc import Sequence

from portal import clock
from portal.audit.dossier import Dossier
from portal.cases import parties, queries
from portal.cases.access import Bar
from portal.cases.actions.subjects import other_unit
from portal.cases.clocks import own_day, pressing_day, promised_day
from portal.cases.deadlines import days_left
from portal.cases.events.registration import MessageMarked
from portal.cases.models import Case
from portal.cases.permissions import is_contestable
from portal.identity.models import Membership
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web.support import case_presenter
from portal.web.support.locations import lines
from portal.words import dates, on_behalf
from portal.words.contact import close_reason
from portal.words.labels import BAR, CHANNEL, LEGAL_MATTER, READER_CHANGE, ROSA

MESSAGE_MARKED = MessageMarked.__name__
# A term and its description, as in a description list.
Fact = tuple[str, str]


def facts(case: Case, bars: Sequence[Bar], revealed: bool = False) -> list[Fact]:
    """The facts of a case; those of a protected sender only if `revealed`."""
    return [
        (_("Kom in via"), str(CHANNEL[case.channel])),
        *([] if case.answer_wanted else [(_("Svar"), _("Avsändaren behöver inget svar"))]),
        *_sender(case, revealed),
        (_("Läsare"), reader_line(case)),
        (_("Ämne"), case.category.name if case.category else _("Utan ämne")),
        *_topic_rules(case),
        *lines.facts(case),
        *([(_("Tas alltid emot"), str(LEGAL_MATTER[case.legal_matter]))] if case.legal_matter else []),
        (_("Enhet"), case.handling_unit.name),
        (_("Nämnd"), case.responsible_board.name),
        *_secrecy(case),
        *([(_("Kontaktperson"), name_of(contact))] if (contact := queries.contact_of(case)) else []),
        *((_("Jäv"), f"{bar.name}, {BAR[bar.kind]}") for bar in bars),
        *_closed(case),
    ]


def _sender(case: Case, revealed: bool) -> list[Fact]:
    sender = parties.sender(case, revealed)
    principal = parties.principal(case, revealed)
    rows = [
        (_("Avsändare"), case_presenter.sender_name(case, revealed)),
        (_("E-post"), sender.email),
        (_("Mobil"), sender.phone),
        (_("Adress"), sender.address),
        (_("För"), on_behalf.principal_for_staff(principal)),
        # The sender only states whom they write for: no power of attorney has been shown.
        (_("Fullmakt"), _("Inte prövad") if principal else ""),
    ]
    return _non_empty(rows)


def reader_line(case: Case) -> str:
    """Who reads the case outside the municipality, and when that last changed."""
    if case.reader_contested_at:
        return _("Ingen. Stoppad %(when)s.", when=dates.moment(case.reader_contested_at))
    person = case.party is not None and case.party.person_id is not None
    who = _("Avsändaren på Mina sidor") if person else _("Den som har koden")
    return f"{who}. {_reader_changed(case)}".strip()


def _reader_changed(case: Case) -> str:
    if case.reader_change is None or case.reader_changed_at is None:
        return ""
    day = dates.day_and_month(clock.stockholm(case.reader_changed_at).date(), clock.today())
    return _("Läsare ändrad %(day)s: %(how)s.", day=day, how=READER_CHANGE[case.reader_change])


def reader_warning(case: Case) -> str:
    """A warning before anyone writes to a sender whose reader has changed; empty if none is needed."""
    if case.reader_contested_at:
        return _(
            "Läsningen är stoppad: den tidigare läsaren säger att någon annan har tagit över ärendet. "
            "Vänta med att svara tills du har kontrollerat vem avsändaren är."
        )
    if not is_contestable(case):
        return ""
    wait = _("Vänta med känsliga uppgifter i sju dagar, eller ring avsändaren först.")
    return f"{_reader_changed(case)} {wait}"


def next_step_line(case: Case) -> str:
    """The day of the next step and whether the sender knows it; empty without one."""
    if case.next_step_on is None:
        return ""
    day = dates.capital(dates.weekday_date(case.next_step_on))
    known = _("Avsändaren har fått veta dagen.") if case.next_step_shared else ""
    return f"{day}. {known}".strip()


def _non_empty(rows: list[Fact]) -> list[Fact]:
    return [(term, text) for term, text in rows if text]


def _closed(case: Case) -> list[Fact]:
    reason = [(_("Avslutat"), close_reason(case))] if case.close_reason else []
    return [*reason, *case_presenter.close_details(case)]


def _topic_rules(case: Case) -> list[Fact]:
    """The level, the topic's unit and special procedure, and the responsible unit if another handles it."""
    rows = [(_("ROSA-nivå"), f"{case.level} {ROSA[case.level]}" if case.level else "")]
    if unit := other_unit(case):
        rows.append((_("Ämnet hör till"), unit.name))
    if case.category:
        rows.append((_("Särskilda regler"), case.category.special_procedure))
    if case.responsible_unit_id != case.handling_unit_id:
        rows.append((_("Ansvarig enhet"), case.responsible_unit.name))
    return _non_empty(rows)


def _secrecy(case: Case) -> list[Fact]:
    rows = [
        (_("Sekretess"), case_secrecy(case) or _("Inte sekretessmarkerat")),
        (_("Hävning"), _lift_request(case)),
        (_("Rubrik i registret"), _other_subject(case)),
    ]
    return _non_empty(rows)


def case_secrecy(case: Case) -> str:
    """The secrecy mark of a case; empty without one."""
    return case_presenter.secrecy_mark(case) if case.secrecy else ""


def _lift_request(case: Case) -> str:
    if case.secrecy_lift_by is None:
        return ""
    name = case.secrecy_lift_by.person.name
    return _("%(name)s har begärt att sekretessen hävs. En annan person måste häva den.", name=name)


def _other_subject(case: Case) -> str:
    """The public subject, where it is another than the one that staff see."""
    other = case.public_subject != case.internal_subject
    return case_presenter.shown_subject(case.public_subject) if other else ""


def withheld(dossier: Dossier) -> str:
    """A line on the messages that are hidden from the reader by their marks; empty if there are none."""
    shown = {message.id for message in dossier.messages}
    marked = {entry.details.get("message") for entry in dossier.trail if entry.event == MESSAGE_MARKED}
    count = len(marked - shown)
    if not count:
        return ""
    return ngettext(
        "Ett meddelande är sekretessmarkerat. Bara ärendets enhet och nämndens registrator läser det.",
        "%(num)s meddelanden är sekretessmarkerade. Bara ärendets enhet och nämndens registrator läser dem.",
        count,
    )


def name_of(membership: Membership | None) -> str:
    """The person's name; empty without a membership."""
    return membership.person.name if membership else ""


def due_state(case: Case) -> str:
    """Whether the day that presses is late or soon, as a CSS state."""
    last = pressing_day(case)
    return dates.due_state(days_left(last, clock.today(), organisation.closed_days())) if last else ""


def due_line(case: Case) -> str:
    """The day that presses, in a line: "Svar senast måndag 18 maj, 4 dagar kvar"."""
    last = pressing_day(case)
    if last is None:
        return ""
    days = days_left(last, clock.today(), organisation.closed_days())
    values = {"due": dates.weekday_date(last), "left": dates.days_left(days)}
    if last != own_day(case):
        return _("Svar till gruppen senast %(due)s, %(left)s", **values)
    if promised_day(case) is None:
        return _("Nästa steg %(due)s, %(left)s", **values)
    if case.paused_on:
        return _("Svar väntas senast %(due)s, %(left)s", **values)
    if case.due_answer:
        return _("Svar senast %(due)s, %(left)s", **values)
    return _("Hör av dig senast %(due)s, %(left)s", **values)
