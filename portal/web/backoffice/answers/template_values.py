"""The values of an answer template's placeholders in a case, in the sender's language."""

from portal import clock
from portal.cases import parties
from portal.cases.answers import templates
from portal.cases.answers.templates import TemplateRow
from portal.cases.models import Case
from portal.formats.names import given_name
from portal.identity import queries as people
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.organisation.placeholders import Placeholder, fill
from portal.translation import in_language
from portal.web.support import case_presenter
from portal.words import dates, placeholders
from portal.words.profile_texts import profile_texts


def render_template_text(actor: Staff, case: Case, template: TemplateRow) -> str:
    """The template's text for this case. The name is empty for an anonymous or protected sender."""
    return fill_in(actor, case, templates.latest_body(template.id))


def fill_in(actor: Staff, case: Case, text: str) -> str:
    """A text for this case, with its placeholders filled in."""
    with in_language(case.language):
        return fill(text, _values(actor, case))


def _values(actor: Staff, case: Case) -> dict[Placeholder, str]:
    profile = organisation.profile()
    unit, _language = profile_texts(case.handling_unit.name)
    return {
        Placeholder.NAME: given_name(parties.sender(case).name),
        Placeholder.NUMBER: case.reference,
        Placeholder.SUBJECT: case_presenter.shown_subject(case.public_subject),
        Placeholder.OFFICER: people.person(actor.person).name,
        Placeholder.UNIT: unit,
        Placeholder.MUNICIPALITY: profile.full,
        Placeholder.TODAY: dates.weekday_date(clock.today()),
        Placeholder.DUE: placeholders.due_phrase(_due_day(case)),
    }


def _due_day(case: Case) -> str | None:
    """The promised day, None if it has passed, is on hold or was never promised."""
    due = None if case.paused_on else case.due_answer
    return dates.weekday_date(due) if due and due >= clock.today() else None
