"""What is known of a case and of its sender, line by line, as its page and its print show it."""

from flask_babel import gettext as _

from portal.cases import parties
from portal.cases.models import Case
from portal.identity.models import Membership
from portal.web.support import case_presenter
from portal.words import on_behalf
from portal.words.labels import CHANNEL, CLOSE_REASON, ROSA

# A term and what stands beside it.
Fact = tuple[str, str]


def facts(case: Case, revealed: bool = False) -> list[Fact]:
    """What is known of a case and of its sender, as far as it is shown."""
    return [
        (_("Väg in"), str(CHANNEL[case.channel])),
        *_who(case, revealed),
        (_("Ämne"), case.category.name if case.category else _("Utan ämne")),
        *_rules(case),
        (_("Enhet"), case.handling_unit.name),
        (_("Nämnd"), case.handling_unit.board.name),
        (_("Sekretess"), _secrecy(case)),
        *([(_("Kontaktperson"), name_of(case.contact))] if case.contact else []),
        *_closed(case),
    ]


def _who(case: Case, revealed: bool) -> list[Fact]:
    shown, said = parties.sender(case, revealed), parties.principal(case, revealed)
    rows = [
        (_("Avsändare"), case_presenter.sender_name(case, revealed)),
        (_("E-post"), shown.email),
        (_("Mobil"), shown.phone),
        (_("Adress"), shown.address),
        (_("För"), on_behalf.principal_for_staff(said)),
        (_("Fullmakt"), _("Inte prövad") if said else ""),
    ]
    return [(term, text) for term, text in rows if text]


def _closed(case: Case) -> list[Fact]:
    reason = [(_("Avslutat"), str(CLOSE_REASON[case.close_reason]))] if case.close_reason else []
    return [*reason, *case_presenter.close_details(case)]


def _rules(case: Case) -> list[Fact]:
    """What sets the topic apart: its level, a procedure of its own, and a unit that answers for the work."""
    level, special = (case.category.rosa_level, case.category.special_procedure) if case.category else (0, "")
    parted = case.responsible_unit_id != case.handling_unit_id
    rows = [
        (_("ROSA-nivå"), f"{level} {ROSA[level]}" if level else ""),
        (_("Särskilda regler"), special),
        (_("Ansvarig enhet"), case.responsible_unit.name if parted else ""),
    ]
    return [(term, text) for term, text in rows if text]


def _secrecy(case: Case) -> str:
    if case.secrecy_level:
        return f"{case.secrecy_level} {case.secrecy_provision or ''}".strip()
    return (
        _("Ämnet brukar ha sekretess")
        if case.category and case.category.secrecy_default
        else _("Inte prövad")
    )


def name_of(membership: Membership | None) -> str:
    """The name behind a membership; empty where there is none."""
    return membership.person.name if membership else ""
