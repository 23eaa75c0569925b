"""The form for a case number and its code, and the actor they identify."""

from typing import Any

import structlog
from wtforms import StringField

from portal import clock
from portal.cases import reference_numbers
from portal.cases.intake import code_access, codes, earlier_readers
from portal.cases.intake.models import EarlierReader
from portal.identity.actors import CodeHolder
from portal.organisation import queries as organisation
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.forms import Form, one_line

log: structlog.stdlib.BoundLogger = structlog.get_logger()
# One message for a wrong number, a wrong code and a malformed one: it must not confirm a guess.
MISMATCH = _l("Numret och koden hör inte ihop. Jämför med kvittot.")


class CodeForm(Form):
    """The case number and the code of a receipt."""

    number = StringField(_l("Ärendenummer"), filters=[one_line])
    code = StringField(_l("Kod"), filters=[one_line])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        example = reference_numbers.reference(clock.today().year, 412)
        self.number.description = _("Till exempel %(number)s", number=example)


def code_holder_from_form(form: CodeForm) -> CodeHolder | None:
    """The holder of the code in the form; None unless number and code belong together."""
    code, reference = code_and_reference(form)
    holder = code_access.code_holder_for(code, *reference) if reference and code else None
    if holder is None:
        log.info("code.wrong")
    return holder


def earlier_reader_from_form(form: CodeForm) -> EarlierReader | None:
    """The earlier reader with the code in the form, which has been replaced; None if there is none."""
    code, reference = code_and_reference(form)
    return earlier_readers.by_code(code, *reference) if reference and code else None


def code_and_reference(form: CodeForm) -> tuple[str | None, tuple[int, int] | None]:
    """What was typed, each None if it is malformed."""
    reference = reference_numbers.parse(organisation.profile().number_prefix, form.number.data or "")
    return codes.normalise(form.code.data or ""), reference
