"""The pages of open fault reports by place."""

from typing import Any

from flask import render_template, request, url_for

from portal import clock
from portal.audit import read_log
from portal.cases.locations import listing
from portal.cases.locations.listing import NO_STREET, OLDEST, StreetReports
from portal.cases.models import Case
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.pagination import Page, place
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.support import case_presenter
from portal.web.support.locations.lines import place_line
from portal.words import dates
from portal.words.labels import STATUS

STREET, TOPIC, AFTER, BEFORE = "gata", "amne", "efter", "fore"
# The value of STREET for places without one.
ELSEWHERE = "-"


@backoffice.get("/platser")
def places() -> str:
    actor = current.the_staff()
    topics = organisation.topics()
    topic = request.args.get(TOPIC, "")
    topic = topic if topic in dict(topics) else ""
    values = {"topics": topics, "topic": topic, "names": {"street": STREET, "topic": TOPIC}}
    street = request.args.get(STREET)
    if street is None:
        return render_template("backoffice/places.html", **values, **_streets(actor, topic))
    key = NO_STREET if street == ELSEWHERE else street
    return render_template(
        "backoffice/places_of_street.html", **values, **_reports(actor, key, topic, street)
    )


def _streets(actor: Staff, topic: str) -> dict[str, Any]:
    after, before = request.args.get(AFTER), request.args.get(BEFORE)
    listed = listing.streets(actor, topic or None, place(listing.street_order(), after, before))
    return {"rows": [_street(row, topic) for row in listed.rows], **_pager(listed, topic)}


def _street(row: StreetReports, topic: str) -> dict[str, str]:
    has_street = row.street != NO_STREET
    value = row.street if has_street else ELSEWHERE
    values: dict[str, Any] = {STREET: value, TOPIC: topic or None}
    return {
        "name": dates.capital(row.name) if row.name and has_street else _("Platser utan gata"),
        "count": ngettext("%(num)s felanmälan", "%(num)s felanmälningar", row.total),
        "href": url_for("backoffice.places", **values),
    }


def _reports(actor: Staff, key: str, topic: str, street: str) -> dict[str, Any]:
    after, before = request.args.get(AFTER), request.args.get(BEFORE)
    listed = listing.reports(actor, key, topic or None, place(OLDEST, after, before))
    cases: list[Case] = list(listed.rows)
    # A place is in its sender's own words.
    read_log.log_rows(actor, [case.id for case in cases])
    names = [case.location.street_name for case in cases if case.location and case.location.street_name]
    return {
        "street": street,
        "heading": dates.capital(names[0]) if names and key != NO_STREET else _("Platser utan gata"),
        "rows": [_report(case) for case in cases],
        **_pager(listed, topic, street),
    }


def _report(case: Case) -> dict[str, Any]:
    return {
        "number": case.reference,
        "href": url_for("backoffice.case", number=case.reference),
        "subject": case_presenter.shown_subject(case.internal_subject),
        "place": place_line(case),
        "topic": case.category.name if case.category else _("Utan ämne"),
        "status": STATUS[case.status],
        "unit": case.handling_unit.name,
        "day": dates.day_and_month(clock.stockholm(case.received_at).date(), clock.today()),
        "together": case.merged_into_id is not None,
    }


def _pager(listed: Page, topic: str, street: str | None = None) -> dict[str, str]:
    def href(name: str, cursor: str | None) -> str:
        values: dict[str, Any] = {STREET: street, TOPIC: topic or None, name: cursor}
        return url_for("backoffice.places", **values) if cursor else ""

    return {"previous": href(BEFORE, listed.before), "next": href(AFTER, listed.after)}
