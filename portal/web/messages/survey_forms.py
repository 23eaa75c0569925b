"""The form of the two questions after a case was closed."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from portal.surveys.rules import MAX_COMMENT, Helped, Treatment
from portal.translation import lazy_gettext as _l
from portal.web.forms import Form, KnownChoice, MaxLength, PrintableText, many_lines
from portal.web.number_checks import NoIdentityNumber

HELPED = {Helped.YES: _l("Ja"), Helped.PARTLY: _l("Delvis"), Helped.NO: _l("Nej")}
TREATMENT = {
    Treatment.GOOD: _l("Bra"),
    Treatment.NEITHER: _l("Varken bra eller dåligt"),
    Treatment.BAD: _l("Dåligt"),
}


class SurveyForm(Form):
    """Whether the sender was helped and how they were treated, and what they want to add."""

    got_answer = RadioField(
        choices=[SelectChoice(value.value, label) for value, label in HELPED.items()],
        validate_choice=False,
        validators=[KnownChoice(_l("Välj om du fick svar på det du undrade"))],
    )
    treatment = RadioField(
        choices=[SelectChoice(value.value, label) for value, label in TREATMENT.items()],
        validate_choice=False,
        validators=[KnownChoice(_l("Välj hur bemötandet var"))],
    )
    comment = TextAreaField(
        filters=[many_lines],
        validators=[PrintableText(), MaxLength(MAX_COMMENT), NoIdentityNumber()],
        render_kw={"rows": "4"},
    )
