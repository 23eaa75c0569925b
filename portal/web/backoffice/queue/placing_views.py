"""Cases without a handler, for those who place them: number, age, unit and topic, and no text or name."""

from typing import Any

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.cases import reference_numbers
from portal.cases.lifecycle import NotAllowed
from portal.cases.models import Case
from portal.cases.ownership import placements, units
from portal.cases.ownership import queries as ownership
from portal.cases.queue import conditions
from portal.cases.queue.saved_filters import saved
from portal.cases.transitions import Conflict
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.pagination import BEGINNING, BadCursor, place
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.queue import filter_forms, view_menu
from portal.web.backoffice.queue.placing_forms import PlaceForm
from portal.web.backoffice.queue.views import queue_page
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.support import notices
from portal.words import dates

log: structlog.stdlib.BoundLogger = structlog.get_logger()
PAGE = "placing"


@backoffice.get("/utan-handlaggare")
def placing() -> ResponseReturnValue:
    return _list(_placer(), notices.take(PAGE))


@backoffice.get("/utan-handlaggare/<number>")
def place_form(number: str) -> ResponseReturnValue:
    actor = _placer()
    case = _case(actor, number)
    if case is None:
        return _gone(actor)
    return _form_page(case, PlaceForm(units.destinations(case), data={"version": str(case.version)}))


@backoffice.post("/utan-handlaggare/<number>")
def place_case(number: str) -> ResponseReturnValue:
    # First, as of every post: without its token nothing is looked up.
    if not EmptyForm().validate_on_submit():
        return queue_page(current.the_staff(), {}, [("", gone_stale())]), 422
    actor = _placer()
    case = _case(actor, number)
    if case is None:
        return _gone(actor)
    form = PlaceForm(units.destinations(case))
    if not form.validate_on_submit():
        return _form_page(case, form), 422
    return _place(actor, number, form)


def _place(actor: Staff, number: str, form: PlaceForm) -> ResponseReturnValue:
    try:
        with db.transaction():
            case = _case(actor, number)
            if case:
                placements.place_case(actor, case, **form.arguments())
    except (Conflict, NotAllowed, db.StaleVersion):
        log.info("action.refused", endpoint=request.endpoint, membership=actor.membership)
        return _changed(actor, number, form)
    if case is None:
        return _gone(actor)
    notices.add(PAGE, _("%(number)s är placerat.", number=number))
    return redirect(url_for("backoffice.placing"), 303)


def _changed(actor: Staff, number: str, form: PlaceForm) -> ResponseReturnValue:
    """The page of a case that had changed, to place it again; the list if it has a handler by now."""
    case = _case(actor, number)
    if case is None:
        return _gone(actor)
    again = PlaceForm(units.destinations(case))
    again.version.data = str(case.version)
    again.to.data = form.to.data if form.to.data in again.chosen else ""
    note = _("Ärendet ändrades medan du valde. Kontrollera valet och placera det igen.")
    return _form_page(case, again, note), 409


def _placer() -> Staff:
    actor = current.the_staff()
    return actor if ownership.places_cases(actor) else abort(404)


def _case(actor: Staff, number: str) -> Case | None:
    year_and_number = reference_numbers.parse(organisation.profile().number_prefix, number)
    return ownership.placeable_case(actor, *year_and_number) if year_and_number else None


def _gone(actor: Staff) -> ResponseReturnValue:
    """The list, for a case that the actor does not place: the same whether it exists or not."""
    note = _(
        "Ärendet finns inte i listan. Om det fanns här nyss har det fått en handläggare eller avslutats."
    )
    return _list(actor, "", [("", note)]), 409 if request.method == "POST" else 404


def _list(actor: Staff, success: str, errors: list[tuple[str, str]] | None = None) -> str:
    notes = []
    cursor = BEGINNING
    try:
        cursor = place(ownership.OLDEST, request.args.get("efter"), request.args.get("fore"))
    except BadCursor:
        notes.append(_("Platsen i listan gick inte att läsa. Här är början."))
    page = ownership.list_placeable(actor, cursor)
    readable = ownership.readable_ids(actor, page.rows)
    return render_template(
        "backoffice/placing.html",
        heading=view_menu.PLACING_LABEL,
        groups=_menu(actor),
        success=success,
        notes=notes,
        rows=[_row(case) | {"readable": case.id in readable} for case in page.rows],
        older=url_for("backoffice.placing", efter=page.after) if page.after else None,
        newer=url_for("backoffice.placing", fore=page.before) if page.before else None,
        **summary(errors or []),
    )


def _menu(actor: Staff) -> list[tuple[str, list[view_menu.Item]]]:
    address = filter_forms.parse_address(actor, {})
    saved_views = saved(actor)
    counts = view_menu.counted(actor, address, saved_views, conditions.days())
    return view_menu.groups(actor, address, saved_views, counts, placing=True)


def _row(case: Case) -> dict[str, Any]:
    arrived = clock.stockholm(case.received_at).date()
    days = (clock.today() - arrived).days
    return {
        "number": case.reference,
        "topic": case.category.name if case.category else _("Utan ämne"),
        "unit": case.handling_unit.name,
        "unit_closed": case.handling_unit.closed_at is not None,
        "arrived": dates.weekday_date(arrived),
        "age": ngettext("%(num)s dag sedan", "%(num)s dagar sedan", days) if days else "",
        "href": url_for("backoffice.place_form", number=case.reference),
        "case_href": url_for("backoffice.case", number=case.reference),
    }


def _form_page(case: Case, form: PlaceForm, note: str = "") -> str:
    # Without a unit to choose there is no field that an error could lead to.
    errors = form.problems({} if form.chosen else {"to": ""}) or ([("", note)] if note else [])
    return render_template("backoffice/place.html", case=_row(case), form=form, **summary(errors))
