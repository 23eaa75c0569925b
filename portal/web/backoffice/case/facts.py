"""The facts of a case and of its sender, as its page and its print list them."""

from flask_babel import gettext as _

from portal import clock
from portal.cases import parties, queries
from portal.cases.models import Case
from portal.cases.permissions import is_contestable
from portal.identity.models import Membership
from portal.web.support import case_presenter
from portal.words import dates, on_behalf
from portal.words.labels import CHANNEL, CLOSE_REASON, READER_CHANGE, ROSA

# A term and its description, as in a description list.
Fact = tuple[str, str]


def facts(case: Case, revealed: bool = False) -> list[Fact]:
    """The facts of a case; those of a protected sender only if `revealed`."""
    return [
        (_("Väg in"), str(CHANNEL[case.channel])),
        *_sender(case, revealed),
        (_("Läsare"), reader_line(case)),
        (_("Ämne"), case.category.name if case.category else _("Utan ämne")),
        *_topic_rules(case),
        (_("Enhet"), case.handling_unit.name),
        (_("Nämnd"), case.responsible_board.name),
        (_("Sekretess"), _secrecy(case)),
        *([(_("Kontaktperson"), name_of(contact))] if (contact := queries.contact_of(case)) else []),
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


def _non_empty(rows: list[Fact]) -> list[Fact]:
    return [(term, text) for term, text in rows if text]


def _closed(case: Case) -> list[Fact]:
    reason = [(_("Avslutat"), str(CLOSE_REASON[case.close_reason]))] if case.close_reason else []
    return [*reason, *case_presenter.close_details(case)]


def _topic_rules(case: Case) -> list[Fact]:
    """The topic's level and special procedure, and the responsible unit if another unit handles the case."""
    rows = []
    if case.category:
        level = case.category.rosa_level
        rows.append((_("ROSA-nivå"), f"{level} {ROSA[level]}" if level else ""))
        rows.append((_("Särskilda regler"), case.category.special_procedure))
    if case.responsible_unit_id != case.handling_unit_id:
        rows.append((_("Ansvarig enhet"), case.responsible_unit.name))
    return _non_empty(rows)


def _secrecy(case: Case) -> str:
    # A mark is a warning and no decision: that is made each time the record is requested (OSL 5:5).
    if case.secrecy is None:
        return _("Inte märkt")
    return _("Sekretessmarkerat, %(provision)s", provision=case.secrecy_provision or "")


def name_of(membership: Membership | None) -> str:
    """The person's name; empty without a membership."""
    return membership.person.name if membership else ""
