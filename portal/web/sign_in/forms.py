"""The form for emergency access (nödåtkomst)."""

from wtforms import StringField

from portal.translation import lazy_gettext as _l
from portal.web.forms import Form, Required, one_line


class EmergencyForm(Form):
    """The one-time code. It is typed in a form, so that no address or log holds it."""

    code = StringField(_l("Kod"), filters=[one_line], validators=[Required(_l("Skriv koden."))])
