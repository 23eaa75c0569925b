"""The public text of an improvement: written, previewed, published, corrected and taken away."""

from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.cases.groups import rules as names
from portal.cases.groups.answers import identity_of
from portal.cases.improvements import publications, queries
from portal.cases.improvements.commands import UnknownImprovement, WrongImprovement
from portal.cases.improvements.models import Improvement
from portal.cases.improvements.rules import ImprovementState, may_publish
from portal.cases.parties import is_protected
from portal.identity.actors import Staff
from portal.translation import gettext as _
from portal.translation import ngettext
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.improvements.publication_forms import PublicationForm
from portal.web.backoffice.improvements.views import errors_of, notice_page, refused_button
from portal.web.forms import EmptyForm, summary
from portal.web.support import notices


@backoffice.route("/forbattringar/<int(max=2147483647):improvement_id>/text", methods=["GET", "POST"])
def publish_improvement(improvement_id: int) -> ResponseReturnValue:
    actor = current.the_staff()
    row = _publishable(actor, improvement_id)
    form = PublicationForm(data=_stored(row))
    if not form.validate_on_submit() or request.form.get("step") == "edit":
        return _text_page(row, form, errors_of(form))
    if request.form.get("step") != "publish":
        return _preview(actor, row, form)
    try:
        with db.transaction():
            publications.publish(actor, improvement_id, form.seen(), *form.texts())
    except UnknownImprovement:
        abort(404)
    except WrongImprovement as wrong:
        form.refuse(wrong.problem)
        return _text_page(row, form, errors_of(form))
    except db.StaleVersion:
        return _stale(actor, improvement_id, form)
    notices.add(notice_page(improvement_id), _("Texten är publicerad, och avsändarna får veta det."))
    return _back(improvement_id)


def _publishable(actor: Staff, improvement_id: int) -> Improvement:
    row = queries.improvement(actor, improvement_id)
    if row is None or not may_publish(actor, queries.place_of(row)):
        abort(404)
    if row.state is not ImprovementState.DONE:
        abort(404)
    return row


def _stored(row: Improvement) -> dict[str, str]:
    """The text that is public now, and the version of the improvement."""
    current_text = queries.publication(row.id)
    known = {"version": str(row.version)}
    if current_text:
        known |= {"you_said": current_text.you_said, "we_did": current_text.we_did}
    return known


def _text_page(
    row: Improvement, form: PublicationForm, errors: list[tuple[str, str]], code: int = 422
) -> ResponseReturnValue:
    page = render_template(
        "backoffice/improvement_text.html",
        title=row.title,
        improvement_id=row.id,
        form=form,
        public=queries.publication(row.id) is not None,
        **summary(errors),
    )
    return page, code if errors else 200


def _preview(actor: Staff, row: Improvement, form: PublicationForm) -> ResponseReturnValue:
    """The text as the public will read it, whom it informs, and the names that it has."""
    you_said, we_did = form.texts()
    count = len(publications.uninformed(actor, row))
    page = render_template(
        "backoffice/improvement_preview.html",
        title=row.title,
        improvement_id=row.id,
        form=form,
        you_said=you_said,
        we_did=we_did,
        board=row.board.name,
        informed=_whom(count),
        names=", ".join(_names_in(actor, row, f"{you_said}\n{we_did}")),
    )
    return page, 200


def _whom(count: int) -> str:
    if not count:
        return _("Inga fler avsändare får besked.")
    return ngettext("%(num)s avsändare får veta det.", "%(num)s avsändare får veta det.", count)


def _names_in(actor: Staff, row: Improvement, text: str) -> list[str]:
    """The words of a text by which a sender of a linked case can be recognised, unless they are hidden."""
    words: dict[str, bool] = {}
    for linked in queries.linked_cases(actor, row):
        if not is_protected(linked.case) and not linked.case.hide_sender:
            words |= dict.fromkeys(names.named(text, identity_of(linked.case)), True)
    return list(words)


def _stale(actor: Staff, improvement_id: int, form: PublicationForm) -> ResponseReturnValue:
    """The form with the text, which can be sent again once what is new has been read."""
    db.close_read_session()
    row = _publishable(actor, improvement_id)
    form.version.data = str(row.version)
    text = _("Någon hann ändra eller publicera före dig. Det du skrev finns kvar. Läs det nya först.")
    return _text_page(row, form, [("", text)], 409)


@backoffice.post("/forbattringar/<int(max=2147483647):improvement_id>/avpublicera")
def unpublish_improvement(improvement_id: int) -> ResponseReturnValue:
    def take_away(actor: Staff, version: int) -> str:
        publications.unpublish(actor, improvement_id, version)
        return _("Texten är avpublicerad. Den finns kvar här.")

    return _pressed(improvement_id, take_away)


@backoffice.post("/forbattringar/<int(max=2147483647):improvement_id>/beratta")
def inform_more(improvement_id: int) -> ResponseReturnValue:
    def inform(actor: Staff, _version: int) -> str:
        count = publications.inform_more(actor, improvement_id)
        return _whom(count)

    return _pressed(improvement_id, inform)


def _pressed(improvement_id: int, action: Callable[[Staff, int], str]) -> ResponseReturnValue:
    """Do what a button of the page says, and go back to the page."""
    actor = current.the_staff()
    row = _publishable(actor, improvement_id)
    if not EmptyForm().validate_on_submit():
        return refused_button(actor, row)
    try:
        with db.transaction():
            text = action(actor, PublicationForm().seen())
    except UnknownImprovement:
        abort(404)
    except (WrongImprovement, db.StaleVersion):
        text = _("Någon hann före. Läs det nya först.")
    notices.add(notice_page(improvement_id), text)
    return _back(improvement_id)


def _back(improvement_id: int) -> ResponseReturnValue:
    return redirect(url_for("backoffice.improvement", improvement_id=improvement_id), 303)
