"""The blueprint of the back office and what all its pages share."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.web import current, errors, kept_form, languages
from portal.web.backoffice import active_role
from portal.web.backoffice.case_list import address
from portal.web.backoffice.shortcuts import KEYS

backoffice = Blueprint("backoffice", __name__, url_prefix="/handlaggning")


backoffice.url_defaults(address.carry_list)
# A global, since macros are imported without the values of the page.
backoffice.app_template_global("list_field")(address.list_field)


@backoffice.context_processor
def _roles() -> dict[str, Any]:
    # An error page is drawn without a user, and must not wait for the database.
    if current.user() is None:
        return {"roles": [], "emergency": "", "key_groups": KEYS}
    return {**active_role.active_role(), "key_groups": KEYS}


@backoffice.errorhandler(404)
def gone(error: Exception) -> ResponseReturnValue:
    """The 404 page, with the text of a posted form on it."""
    # The case may have left the writer's scope: give the text back, reveal nothing of the case.
    fields = kept_form.written(kept_form.posted()) if request.method == "POST" else []
    if fields and kept_form.is_own_post():
        return render_template("backoffice/gone.html", fields=fields, next_href=address.next_href()), 404
    return lost(error)


@backoffice.app_errorhandler(404)
def lost(_error: Exception) -> ResponseReturnValue:
    """The 404 page of an address that no view has; for staff below the back office with their menu."""
    if languages.is_staff_path() and current.user() and current.staff():
        return render_template("backoffice/lost.html", **_roles()), 404
    return errors.error_page(404)


# Last, since the views use the blueprint: importing them adds them to it.
from portal.web.backoffice import measures_views
from portal.web.backoffice.answers import earlier_views, preview_views, template_views
from portal.web.backoffice.attachments import views as attachment_views
from portal.web.backoffice.board_reports import case_views as report_case_views
from portal.web.backoffice.board_reports import change_views as report_change_views
from portal.web.backoffice.board_reports import file_views as report_file_views
from portal.web.backoffice.board_reports import list_views as report_list_views
from portal.web.backoffice.board_reports import views as report_views
from portal.web.backoffice.bulk import views as bulk_views
from portal.web.backoffice.case import draft_views
from portal.web.backoffice.case import views as case_views
from portal.web.backoffice.case_list import step_views
from portal.web.backoffice.comments import views as comment_views
from portal.web.backoffice.desk import views as desk_views
from portal.web.backoffice.figures import views as figures_views
from portal.web.backoffice.guide import views as guide_views
from portal.web.backoffice.improvements import compilation_views, publication_views
from portal.web.backoffice.improvements import views as improvement_views
from portal.web.backoffice.locations import views as location_views
from portal.web.backoffice.notices import views as notice_views
from portal.web.backoffice.outbox import views as outbox_views
from portal.web.backoffice.queue import placing_views, saved_views
from portal.web.backoffice.queue import views as queue_views
from portal.web.backoffice.register import views as register_views
from portal.web.backoffice.registration import receipt_views as case_receipt_views
from portal.web.backoffice.registration import views as registration_views
from portal.web.backoffice.routines import views as routine_views
from portal.web.backoffice.unit import absence_views
from portal.web.backoffice.unit import views as unit_views
