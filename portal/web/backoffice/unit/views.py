"""The page of a head, and the page that assigns the cases of one officer to another."""

from urllib.parse import urlencode

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.cases.access import HANDLERS
from portal.cases.lifecycle import Action
from portal.cases.queue import conditions
from portal.cases.queue.filters import Filters, Promise
from portal.cases.queue.listing import list_cases
from portal.cases.queue.loads import Load, officer_loads
from portal.identity import queries as people
from portal.identity.absences.queries import answering_for
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.bulk import actions as bulk_actions
from portal.web.backoffice.bulk import pages
from portal.web.backoffice.case.routing_forms import OfficerForm
from portal.web.backoffice.unit.levels import level_of
from portal.web.backoffice.unit.page import page_values


@backoffice.get("/enheten")
def unit() -> str:
    actor = current.the_staff()
    level = level_of(actor)
    if level is None:
        abort(404)
    return render_template("backoffice/unit.html", **page_values(actor, level))


@backoffice.get("/enheten/fordela-om/<int(max=2147483647):membership>")
def assign_anew(membership: int) -> ResponseReturnValue:
    actor = current.the_staff()
    if actor.role not in HANDLERS or people.membership(membership) is None:
        abort(404)
    pressing = Promise.PRESSING if request.args.get("lofte") == Promise.PRESSING else None
    filters = Filters(officer=str(membership), promise=pressing)
    days = conditions.days()
    page = list_cases(actor, filters, days, size=bulk_actions.MAX_CASES)
    rows = bulk_actions.picks(actor, [case.reference for case in page.rows])
    form = OfficerForm.for_cases(actor, [pick.case for pick in rows if pick.case])
    # The one who answers for the officer today is proposed.
    substitute = str(answering_for(membership) or "")
    if substitute != str(membership) and substitute in form.handlers:
        form.officer.data = substitute
    load = officer_loads(actor, days).get(membership, Load())
    return pages.confirmation_page(
        actor,
        Action.ASSIGN,
        form,
        rows,
        lead=_first_of(len(rows), load.pressing if pressing else load.open),
        back=urlencode({"handlaggare": membership} | ({"lofte": pressing.value} if pressing else {})),
    )


def _first_of(shown: int, count: int) -> str:
    """That more cases are left than one page assigns; empty if there are none."""
    if count <= shown:
        return ""
    return _("De %(shown)s första av %(count)s. Fördela resten efteråt.", shown=shown, count=count)
