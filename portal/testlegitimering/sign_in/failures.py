"""The failures of a sign-in: their text, and the error code for the client."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """A failure page, and its OAuth error code (RFC 6749, 4.1.2.1)."""

    heading: str
    text: str
    error: str = "access_denied"
    again: str = "Försök igen"


FAILURES = {
    "cancelled": Failure("Du avbröt i testappen", "Ingen är inloggad. Du kan försöka igen."),
    "timed_out": Failure("Tiden gick ut", "Du bekräftade inte i testappen inom tre minuter."),
    "qr_expired": Failure(
        "Koden har gått ut", "En kod gäller i 30 sekunder. Hämta en ny.", again="Hämta en ny kod"
    ),
    "started_elsewhere": Failure(
        "Inloggningen pågår någon annanstans",
        "Du har redan börjat på en annan enhet eller i en annan flik. Gör klart där eller vänta tre minuter.",
    ),
    "not_started": Failure("Testappen startade inte", "Öppna testappen och försök igen."),
    "certificate": Failure(
        "Det är fel på testlegitimationen", "Den är spärrad eller har gått ut. Välj en annan testperson."
    ),
    "technical": Failure(
        "Det blev ett tekniskt fel",
        "Felet är inte ditt. Vänta en stund och försök igen.",
        "temporarily_unavailable",
    ),
    "level": Failure(
        "Den legitimationen räcker inte",
        "Tjänsten kräver en tillitsnivå som testpersonen inte har. Välj någon annan.",
        "unmet_authentication_requirements",
        "Välj en annan testperson",
    ),
}
