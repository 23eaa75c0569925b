"""A case opened by its code: status, timeline, answers and replies. Its address names it by a handle."""

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.intake import parts
from portal.identity.actors import CodeHolder
from portal.identity.oidc import providers
from portal.web import case_view, current, guards, open_cases
from portal.web.case_view import SenderCase
from portal.web.forms import EmptyForm
from portal.web.public import follow
from portal.web.request_limits import accepts_files


def _holder(handle: str) -> CodeHolder:
    holder = open_cases.code_holder(handle)
    # guards.code_holder has redirected everyone else.
    assert holder
    return holder


def _opened(handle: str) -> SenderCase:
    holder = _holder(handle)
    return SenderCase(holder, lambda: current.case_held(holder), "follow/case.html")


@follow.after_request
def _no_referrer(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@follow.get("/arende")
def latest() -> ResponseReturnValue:
    return redirect(url_for("follow.case", handle=open_cases.latest()), 303)


@follow.get("/<handle>")
def case(handle: str) -> ResponseReturnValue:
    return case_view.show(_opened(handle))


@follow.post("/<handle>")
@accepts_files
def reply(handle: str) -> ResponseReturnValue:
    return case_view.reply(_opened(handle))


@follow.get("/<handle>/arende.pdf")
def pdf_of(handle: str) -> ResponseReturnValue:
    return case_view.download(_opened(handle))


@follow.get("/<handle>/oppnat")
def readers(handle: str) -> ResponseReturnValue:
    return case_view.readers(_opened(handle))


@follow.get("/<handle>/svar.ics")
def calendar_of(handle: str) -> ResponseReturnValue:
    return case_view.download_calendar(_opened(handle))


@follow.get("/<handle>/filer/<int(max=2147483647):file>")
def attachment(handle: str, file: int) -> ResponseReturnValue:
    return case_view.download_file(_opened(handle), file)


@follow.get("/<handle>/filer/<int(max=2147483647):file>/miniatyr")
def thumbnail(handle: str, file: int) -> ResponseReturnValue:
    return case_view.show_thumbnail(_opened(handle), file)


@follow.post("/<handle>/withdraw")
def withdraw(handle: str) -> ResponseReturnValue:
    return case_view.withdraw(_opened(handle))


@follow.post("/<handle>/del")
def open_part(handle: str) -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        return case_view.refuse(_opened(handle))
    reference = current.year_and_number(request.form.get("number", ""))
    with db.transaction():
        part = parts.holder_of_part(_holder(handle), *reference) if reference else None
        if part is None:
            abort(404)
        other = open_cases.handle_of(part) or open_cases.open_case(part)
    return redirect(url_for("follow.case", handle=other), 303)


@follow.post("/<handle>/ta-med")
def take_along(handle: str) -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        return case_view.refuse(_opened(handle))
    open_cases.take_along(handle)
    page = url_for("mina_sidor.take_along", handle=handle)
    return redirect(page if current.citizen() else guards.sign_in_url(providers.CITIZENS, page), 303)


@follow.post("/<handle>/stang")
def close(handle: str) -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        return case_view.refuse(_opened(handle))
    with db.transaction():
        open_cases.close_case(handle)
    return redirect(url_for("public.follow_start"), 303)
