"""Number and code: the form that asks for them, and whom they show."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal import clock
from portal.cases import queries, reference_numbers
from portal.cases.intake import codes
from portal.identity.actors import CodeHolder
from portal.organisation import queries as organisation
from portal.web.forms import Form, one_line

NO_FIT = _l("Numret och koden passar inte ihop. Se efter på kvittot att allt är rätt.")


class CodeForm(Form):
    """Number and code."""

    number = StringField(_l("Ärendenummer"), filters=[one_line])
    code = StringField(_l("Kod"), filters=[one_line])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        sample = reference_numbers.formatted(organisation.profile().number_prefix, clock.today().year, 412)
        self.number.description = _("Till exempel %(number)s", number=sample)


def code_holder_from_form(form: CodeForm) -> CodeHolder | None:
    """Whoever wrote a number and a code that belong together; a wrong one and a malformed one are alike."""
    place = reference_numbers.parse(organisation.profile().number_prefix, form.number.data or "")
    code = codes.normalise(form.code.data or "")
    return queries.code_holder_for(code, *place) if place and code else None
