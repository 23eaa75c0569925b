"""The staff membership that a form was drawn for, which the form carries and its post is checked against."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity import commands as identity
from portal.identity.actors import Staff
from portal.identity.models import Membership
from portal.translation import gettext as _
from portal.web import current, kept_form
from portal.web.forms import EmptyForm, whole_number
from portal.words.labels import ROLE

FIELD = "acting_as"
# Chooses the membership itself, so it may be posted from a page of any.
SWITCH = "backoffice.switch_membership"


def field_value() -> str:
    """The active membership, for the hidden field of every form of the back office; empty elsewhere."""
    if request.blueprint != "backoffice":
        return ""
    staff = current.staff()
    return str(staff.membership or "") if staff else ""


def check_post(actor: Staff) -> ResponseReturnValue | None:
    """The 409 page for a form that was drawn for another membership than the active one; otherwise None.

    A press on its button switches to that membership, and lets the post through.
    """
    drawn_for = request.form.get(FIELD) if request.method == "POST" else None
    if request.endpoint == SWITCH or drawn_for in (None, str(actor.membership or "")):
        return None
    membership = _own_membership(drawn_for)
    if membership and "switch_to" in request.form and EmptyForm().validate_on_submit():
        _switch(membership)
        return None
    return _other_membership_page(actor, membership)


def _own_membership(text: str | None) -> Membership | None:
    number = whole_number(text)
    return next((row for row in current.memberships() if row.id == number), None)


def _switch(membership: Membership) -> None:
    user = current.user()
    with db.transaction():
        identity.switch_membership(user.id, membership)
    user.membership = membership.id
    # current.staff() keeps the actor on the user for the rest of the request.
    user.staff = None


def _other_membership_page(actor: Staff, drawn_for: Membership | None) -> ResponseReturnValue:
    # A text that another site posts must not be shown as the reader's own.
    pairs = kept_form.posted() if kept_form.is_own_post() else []
    active = _own_membership(str(actor.membership or ""))
    html = render_template(
        "errors/other_membership.html",
        path=request.full_path.rstrip("?"),
        pairs=pairs,
        fields=kept_form.written(pairs),
        drawn_for=role_name(drawn_for) if drawn_for and pairs else "",
        active=role_name(active) if active else "",
    )
    return html, 409


def role_name(membership: Membership, emergency: bool = False) -> str:
    """The role and its unit: "Handläggare, Gatuenheten"."""
    unit = membership.unit or membership.board or membership.administration
    name = f"{ROLE[membership.role]}, {unit.name}" if unit else str(ROLE[membership.role])
    if emergency:
        return _("%(role)s (nödåtkomst)", role=name)
    return _("%(role)s (vikarie)", role=name) if membership.substitute_for_id else name
