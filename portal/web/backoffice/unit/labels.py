"""Swedish words of what is refused of an absence."""

from portal.identity.absences.rules import AbsenceProblem
from portal.translation import lazy_gettext as _l

# `name` is the person of the absence that is in the way, and `days` its days.
PROBLEMS = {
    AbsenceProblem.ENDS_FIRST: _l("Sista dagen är före den första. Byt plats på dagarna."),
    AbsenceProblem.PAST: _l("Frånvaron är redan över. Välj en sista dag från i dag och framåt."),
    AbsenceProblem.TOO_FAR: _l("Välj en sista dag inom två år."),
    AbsenceProblem.OVERLAPS: _l(
        "%(name)s är redan borta %(days)s. Ta bort den frånvaron först, eller välj andra dagar."
    ),
    AbsenceProblem.SELF: _l("Välj någon annan än den som är borta."),
    AbsenceProblem.CANNOT_READ: _l("Den du valde kan inte läsa ärendena alla dagar. Välj en annan."),
    AbsenceProblem.RING: _l(
        "%(name)s är borta %(days)s, och det skulle leda tillbaka till den som är borta. Välj en annan."
    ),
    AbsenceProblem.SUBSTITUTE_AWAY: _l("%(name)s är också borta %(days)s. Välj en annan."),
}
# The field that each is shown at; the others are about the substitute.
FIELDS = {
    AbsenceProblem.ENDS_FIRST: "last",
    AbsenceProblem.PAST: "last",
    AbsenceProblem.TOO_FAR: "last",
    AbsenceProblem.OVERLAPS: "first",
}
SUBSTITUTE = "substitute"
