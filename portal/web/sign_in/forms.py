"""The form of emergency access."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.web.forms import Form, Needed, one_line


class EmergencyForm(Form):
    """The code alone: it is typed, so that no address of ours ever holds it."""

    code = StringField(_l("Kod"), filters=[one_line], validators=[Needed(_l("Skriv koden."))])
