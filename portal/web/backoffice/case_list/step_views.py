"""The way from a case to the next one of its list, or to the one before."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.cases.queue import adjacent, conditions
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.case_list.address import opened_list
from portal.web.support import notices

# The value of the button that goes on to the next case when the action is done.
NEXT = "next"


@backoffice.get("/arenden/<number>/nasta")
def next_case(number: str) -> ResponseReturnValue:
    return _step(current.the_staff(), number)


@backoffice.get("/arenden/<number>/forra")
def previous_case(number: str) -> ResponseReturnValue:
    return _step(current.the_staff(), number, back=True)


def goes_on(actor: Staff) -> bool:
    """Whether the button was pressed that goes on to the next case, and there is a list to go on in."""
    return request.form.get("close") == NEXT and opened_list(actor) is not None


def to_next(actor: Staff, number: str, done: str) -> ResponseReturnValue:
    """Redirect to the next case of the list, which says what was done in the case before."""
    return _step(actor, number, done=done)


def _step(actor: Staff, number: str, back: bool = False, done: str = "") -> ResponseReturnValue:
    """Redirect to the adjacent case, as the list is now; to the queue if there is none.

    The case itself is not read: it may have left the list, and the actor may no longer see it.
    """
    opened = opened_list(actor)
    if opened is None:
        return redirect(url_for("backoffice.case", number=number), 303)
    nearest = adjacent.adjacent_case(actor, opened.filters, conditions.days(), opened.cursor, back)
    if nearest.case:
        return _show(nearest.case.reference, done, opened.to(nearest.case))
    if nearest.rest:
        return _show("queue", done, opened.page("fore" if back else "efter", nearest.rest))
    end = _("Det var det första i listan.") if back else _("Det var det sista i listan.")
    return _show("queue", f"{done} {end}".strip(), opened.href)


def _show(page: str, notice: str, href: str) -> ResponseReturnValue:
    if notice:
        notices.add(page, notice)
    return redirect(href, 303)
