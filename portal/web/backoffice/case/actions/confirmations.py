"""What an action has led to, as far as the case knows: who has it, by which day, with which other case."""

from portal.cases import queries
from portal.cases.actions.subjects import other_unit
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web.backoffice.answers.delivery_texts import notice_text
from portal.web.backoffice.case.away import away_note
from portal.words import dates
from portal.words.labels import LEGAL_MATTER


def assigned(_actor: Staff, case: Case) -> str:
    """Who handles the case now."""
    officer = queries.officer_of(case)
    if officer is None:
        return _("Ärendet har ingen handläggare nu.")
    assigned_to = _("%(name)s handlägger nu ärendet.", name=officer.person.name)
    return f"{assigned_to} {away_note(case)}".strip()


def handed_over(_actor: Staff, case: Case) -> str:
    """Which unit has the case now."""
    return _("%(unit)s har nu ärendet.", unit=case.handling_unit.name)


def contact_named(_actor: Staff, case: Case) -> str:
    """Who the sender may turn to; empty if that person has left."""
    contact = queries.contact_of(case)
    return _("%(name)s är nu avsändarens kontaktperson.", name=contact.person.name) if contact else ""


def colleague_barred(_actor: Staff, case: Case) -> str:
    """Who can no longer see the case; empty if there are more, of whom any may be meant."""
    barred = queries.bars(case)
    return _("%(name)s kan inte längre se ärendet.", name=barred[0].name) if len(barred) == 1 else ""


def extended(_actor: Staff, case: Case) -> str:
    """The new day, and how the sender gets to know it; empty if the promise is kept by now."""
    if case.due_answer is None:
        return ""
    moved = _("Svaret är flyttat till %(day)s.", day=dates.weekday_date(case.due_answer))
    return f"{moved} {notice_text(case)}"


def next_step_set(_actor: Staff, case: Case) -> str:
    """The day of the next step."""
    if case.next_step_on is None:
        return _("Ärendet har ingen dag för nästa steg.")
    return _("Nästa steg är %(day)s.", day=dates.weekday_date(case.next_step_on))


def record_flagged(_actor: Staff, case: Case) -> str:
    """Whether the case is a request for a public record, and that it is answered promptly."""
    if case.record_request:
        return _("Ärendet är märkt som begäran om allmän handling. Svara skyndsamt.")
    return _("Ärendet är inte längre märkt som begäran om allmän handling.")


def matter_flagged(_actor: Staff, case: Case) -> str:
    """Which legal matter the case is marked as."""
    if case.legal_matter is None:
        return _("Ärendet är inte längre märkt som något som alltid tas emot.")
    return _("Ärendet är märkt: %(matter)s.", matter=str(LEGAL_MATTER[case.legal_matter]).lower())


def split(actor: Staff, case: Case) -> str:
    """From which case the new one was split; empty if the actor cannot read that."""
    whole = queries.case_by_id(actor, case.split_from_id) if case.split_from_id else None
    return _("Du delade %(number)s. Det här är det nya ärendet.", number=whole.reference) if whole else ""


def merged(actor: Staff, case: Case) -> str:
    """With which case it was merged; empty if the actor cannot read that."""
    kept = queries.case_by_id(actor, case.merged_into_id) if case.merged_into_id else None
    if kept is None:
        return ""
    return _("Ärendet är hopslaget med %(number)s. Avsändaren får samma svar.", number=kept.reference)


def reclassified(_actor: Staff, case: Case) -> str:
    """That the case is corrected, and which unit its topic belongs to if it is at another."""
    unit = other_unit(case)
    corrected = _("Ärendet är rättat.")
    if unit is None:
        return corrected
    return f"{corrected} {_('Ämnet hör till %(unit)s. Lämna över ärendet om de ska svara.', unit=unit.name)}"
