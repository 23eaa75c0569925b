"""Error pages. They work without a database and reveal nothing about the error."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.translation import gettext as _
from portal.web import request_limits

# The request was read and the portal works: a signed-in person goes on from here.
WITH_MENU = frozenset({403, 404, 405, 410})


def _texts(code: int) -> tuple[str, str]:
    match code:
        case 404:
            return _("Sidan finns inte"), _("Adressen kan vara fel, eller så är sidan borttagen.")
        case 405:
            return _("Sidan går inte att öppna så här"), _("Börja om från startsidan.")
        case 410:
            text = _(
                "Vi har tappat filen eller en del av den. Felet är vårt. Kontakta oss, så hjälper vi dig."
            )
            return _("Filen går inte att öppna"), text
        case 413 if request_limits.is_with_files():
            text = _(
                "Filerna får vara högst 25 MB tillsammans. Gå tillbaka med webbläsarens bakåtknapp. Texten "
                "finns kvar där. Välj färre eller mindre filer och skicka igen."
            )
            return _("Det du skickade är för stort"), text
        case 413:
            text = _(
                "Du kan skicka högst 256 kB åt gången. Gå tillbaka med webbläsarens bakåtknapp. Texten finns "
                "kvar där. Korta den och skicka igen."
            )
            return _("Det du skickade är för stort"), text
        case 414:
            return _("Adressen är för lång"), _("Börja om från startsidan.")
        case 429:
            return _("För många försök"), _("Vänta tio minuter och försök igen.")
        case 503:
            text = _("Felet är vårt. Vänta en minut och ladda om sidan.")
            return _("Tjänsten svarar inte just nu"), text
        case code if code < 500:
            return _("Det gick inte att läsa det du skickade"), _("Gå tillbaka och försök igen.")
        case _other:
            text = _("Vänta en stund och försök igen. Det du skrev kan finnas kvar om du går tillbaka.")
            return _("Något gick fel hos oss"), text


def error_page(code: int) -> ResponseReturnValue:
    """The error page of a status code."""
    heading, text = _texts(code)
    links = [
        (_("Till start"), url_for("public.start")),
        (_("Följ ditt ärende"), url_for("public.follow_start")),
    ]
    menu = code in WITH_MENU
    return render_template("errors/error.html", heading=heading, text=text, links=links, menu=menu), code
