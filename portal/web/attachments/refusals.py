"""Why a file was not accepted, and what to do instead, in words."""

from portal.files.enums import Refusal
from portal.files.uploads import RefusedFile
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l

# Each names the file, and says what to do.
TEXTS = {
    Refusal.EMPTY: _l("Filen %(name)s är tom. Välj den igen."),
    Refusal.TOO_LARGE: _l("Filen %(name)s är för stor. Den får vara högst %(limit)s."),
    Refusal.TOO_MANY: _l("Det är för många filer. Välj högst %(limit)s."),
    Refusal.TOO_LARGE_TOGETHER: _l(
        "Filerna är för stora tillsammans, så %(name)s fick inte plats. Gränsen är %(limit)s."
    ),
    Refusal.UNKNOWN_KIND: _l(
        "Vi kan inte ta emot filen %(name)s. Spara den som pdf, eller som bild, och välj den igen."
    ),
    Refusal.HEIC: _l(
        "Bilden %(name)s är sparad som HEIC, och det kan vi inte visa. Spara den som JPEG och välj den igen."
    ),
    Refusal.MACROS: _l("Filen %(name)s innehåller makron. Spara den som pdf och välj den igen."),
    Refusal.LINKED: _l(
        "Filen %(name)s hämtar eller gömmer andra filer. Spara den som pdf och välj den igen."
    ),
    Refusal.DAMAGED: _l("Filen %(name)s går inte att öppna. Kontrollera den och välj den igen."),
    Refusal.ENCRYPTED: _l("Filen %(name)s är låst med lösenord. Ta bort lösenordet och välj den igen."),
    Refusal.TOO_MANY_PAGES: _l("Filen %(name)s har för många sidor. Dela den, eller välj ut några sidor."),
    Refusal.TOO_MANY_PIXELS: _l("Bilden %(name)s är för stor. Gör den mindre och välj den igen."),
    Refusal.UNPACKS_TOO_LARGE: _l(
        "Filen %(name)s är för stor när den packas upp. Spara den som pdf och välj den igen."
    ),
    Refusal.TOO_DEMANDING: _l(
        "Filen %(name)s är för krånglig att kontrollera. Spara den som pdf och välj den igen."
    ),
    Refusal.NOT_AS_ANONYMOUS: _l(
        "Filen %(name)s kan innehålla ditt namn. Om du vill vara anonym sparar du den som pdf."
    ),
    Refusal.HAS_TRACES: _l(
        "Filen %(name)s innehåller uppgifter om vem som gjorde den, eller när och var. Om du vill vara "
        "anonym tar du en skärmbild av den och skickar skärmbilden."
    ),
    Refusal.INFECTED: _l("Filen %(name)s innehåller något som kan skada datorn. Skicka den inte."),
    Refusal.EXPIRED: _l("En fil som du valde finns inte kvar hos oss. Välj den igen."),
    Refusal.NO_ROOM: _l(
        "Det finns inte plats för filen %(name)s just nu. Skicka utan den, eller vänta en stund."
    ),
    Refusal.NO_ROOM_FOR_COPIES: _l(
        "Det finns inte plats för filerna i alla ärenden. Svara utan dem, eller välj mindre filer."
    ),
    Refusal.BUSY: _l("Vi hinner inte kontrollera filen %(name)s just nu. Vänta en minut och välj den igen."),
}


def text(refused: RefusedFile) -> str:
    """The message at the file field."""
    values = {"name": refused.name, "limit": refused.limit}
    return str(TEXTS.get(refused.reason, TEXTS[Refusal.UNKNOWN_KIND])) % values


def expired() -> str:
    """The message for an upload that is gone."""
    return str(TEXTS[Refusal.EXPIRED])


def choose_again() -> str:
    """The message for files that came with a form without a valid token."""
    return _("Filerna följde inte med. Välj dem igen.")
