"""The names of the views of the queue."""

from portal.cases.queue.filters import View
from portal.translation import lazy_gettext as _l

LABELS = {
    View.MINE: _l("Mina ärenden"),
    View.UNIT: _l("Enhetens ärenden"),
    View.OPEN: _l("Alla öppna"),
    View.UNASSIGNED: _l("Att fördela"),
    View.DUE_SOON: _l("Snart sista dagen"),
    View.OVERDUE: _l("Försenade"),
    View.OVERDUE_THRICE: _l("Mycket försenade"),
    View.AWAITING: _l("Väntar på invånaren"),
    View.NEWEST: _l("Nyaste först"),
    View.REOPENED: _l("Öppnade igen"),
    View.UNSATISFIED: _l("Inte nöjda"),
    View.UNDELIVERED: _l("Behöver åtgärdas"),
}
