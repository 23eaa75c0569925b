"""The page of similar cases, with what makes one of them the same matter or related."""

from flask import render_template, request, url_for

from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.case import related
from portal.web.backoffice.case.routing_forms import MergeForm
from portal.web.support import case_presenter, notices

# The hidden field of the forms of this page, and its value, which lead back to it.
BACK, HERE = "back", "similar"


@backoffice.get("/arenden/<number>/liknande")
def similar_cases(number: str) -> str:
    actor = current.the_staff()
    # Number and subject alone are no read: nothing goes into the read log.
    case = current.case(actor, number)
    href = url_for("backoffice.case", number=number)
    return render_template(
        "backoffice/similar.html",
        case=case_presenter.staff_head(case, href),
        cases=related.similar(actor, case),
        merge_form=MergeForm.for_case(actor, case, formdata=None, version=case.version),
        back=(BACK, HERE),
        saved=notices.take(case.reference),
    )


def way_back(number: str) -> str:
    """The address after an action: the page of similar cases if it was taken there, else the case."""
    endpoint = "similar_cases" if request.form.get(BACK) == HERE else "case"
    return url_for(f"backoffice.{endpoint}", number=number)
