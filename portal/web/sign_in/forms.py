"""The forms of one-time codes: for emergency access (nödåtkomst), and at the screen of the desk."""

from wtforms import StringField

from portal.translation import lazy_gettext as _l
from portal.web.forms import Form, Required, one_line


class EmergencyForm(Form):
    """The one-time code. It is typed in a form, so that no address or log holds it."""

    code = StringField(_l("Kod"), filters=[one_line], validators=[Required(_l("Skriv koden."))])


class DeskNumberForm(Form):
    """The number that staff at the desk gave."""

    number = StringField(_l("Nummer"), filters=[one_line], validators=[Required(_l("Skriv numret."))])
