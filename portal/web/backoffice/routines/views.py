"""The pages of routines, and of one with its follow-ups."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.identity.actors import Staff
from portal.organisation import queries as organisation
from portal.routines import commands, queries
from portal.routines.queries import FollowUpRow, RoutineState
from portal.routines.rules import FOLLOWS_UP, may_follow_up
from portal.translation import gettext as _
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.routines.forms import FollowUpForm
from portal.web.forms import summary
from portal.web.support import notices
from portal.words import authors, dates

PAGE = "routines"


@backoffice.get("/rutiner")
def routines() -> str:
    actor = current.the_staff()
    rows = [_row(actor, state) for state in queries.states()]
    return render_template(
        "backoffice/routines.html",
        rows=rows,
        late=[row for row in rows if row["late"] and row["own"]],
        follows_up=actor.role in FOLLOWS_UP,
        saved=notices.take(PAGE),
    )


@backoffice.route("/rutiner/<key>", methods=["GET", "POST"])
def routine(key: str) -> ResponseReturnValue:
    actor = current.the_staff()
    state = queries.state(key) or abort(404)
    form = FollowUpForm()
    if not form.validate_on_submit():
        return _page(actor, state, form)
    try:
        with db.transaction():
            commands.follow_up(actor, key, form.day(), form.body.data or "")
    except commands.WrongFollowUp as wrong:
        form.refuse(wrong.problem)
        return _page(actor, state, form)
    notices.add(PAGE, _("Uppföljningen av %(title)s är sparad.", title=state.routine.title))
    return redirect(url_for("backoffice.routines"), 303)


def _page(actor: Staff, state: RoutineState, form: FollowUpForm) -> ResponseReturnValue:
    errors = form.all_problems()
    profile = organisation.profile()
    page = render_template(
        "backoffice/routine.html",
        routine=state.routine,
        unit=state.unit_name,
        topics=[profile.category(key).name for key in state.routine.topics],
        due=_due(state),
        form=form if may_follow_up(actor, state.unit) else None,
        history=[_history_row(row) for row in queries.history(state.routine.key)],
        **summary(errors),
    )
    return page, 422 if errors else 200


def _row(actor: Staff, state: RoutineState) -> dict[str, Any]:
    return {
        "title": state.routine.title,
        "unit": state.unit_name,
        "href": url_for("backoffice.routine", key=state.routine.key),
        "last": _last(state),
        "due": _due(state),
        "late": state.is_overdue(clock.today()),
        "own": may_follow_up(actor, state.unit),
    }


def _last(state: RoutineState) -> str:
    if state.last is None:
        return _("Inte uppföljd än")
    who = authors.role_and_place(state.last.author)
    return _("%(day)s, %(who)s", day=dates.full_date(state.last.day), who=who)


def _due(state: RoutineState) -> str:
    return dates.full_date(state.due)


def _history_row(row: FollowUpRow) -> dict[str, str]:
    return {
        "day": dates.full_date(row.day),
        "who": f"{authors.name(row.author)}, {authors.role_and_place(row.author)}",
        "note": row.note,
        "next": dates.full_date(row.next_on),
    }
