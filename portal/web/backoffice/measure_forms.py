"""What staff write down about a case besides what is said in it, each a form of its own."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from portal.web.backoffice.case.forms import ActionForm, number
from portal.web.forms import Needed, body_field


class MeasureForm(ActionForm):
    """What was done because of the case."""

    body = body_field(
        _l("Skriv åtgärden först"),
        _l("Vad ni har gjort"),
        _l("Till exempel lagat, ändrat en rutin eller pratat med någon. Avsändaren ser den inte."),
    )


class ProposeForm(ActionForm):
    """What could be better."""

    body = body_field(
        _l("Skriv förslaget först"),
        _l("Vad som kan bli bättre"),
        _l("Nämnden följer upp förslagen. Avsändaren ser det inte."),
    )


class SettleForm(ActionForm):
    """Which proposal is settled, by the button beside it."""

    measure = HiddenField(validators=[Needed(_l("Välj ett förslag"))])

    def which(self) -> int | None:
        """Its id, if what was sent can be one."""
        return number(self.measure.data)
