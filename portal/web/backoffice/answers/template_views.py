"""The pages of answer templates. The views stand on the blueprint of the back office."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import clock, db
from portal.cases.answers import templates as answer_templates
from portal.cases.answers.models import AnswerTemplate, AnswerTemplateVersion
from portal.cases.answers.rules import may_keep_template
from portal.cases.answers.templates import NewerVersion, NotEditable
from portal.identity import queries as people
from portal.organisation.placeholders import Placeholder, fill
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.answers.template_forms import TemplateForm, unit_choices
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.languages import NAMES
from portal.words import dates
from portal.words.kinds import KINDS
from portal.words.placeholders import PLACEHOLDER, examples

SAVED = {
    "sparad": _l("Mallen är sparad."),
    "undanlagd": _l("Mallen är undanlagd."),
    "aterstalld": _l("Mallen går att välja igen."),
}
NEWER = _l("Någon annan har sparat en ny version. Läs den längre ned, och spara igen om din ska gälla.")


@backoffice.get("/mallar")
def templates() -> ResponseReturnValue:
    """Every template that one may use or keep."""
    actor = current.the_staff()
    rows = [_row(each) for each in answer_templates.list_templates(actor)]
    return render_template(
        "backoffice/templates.html", rows=rows, may_write=bool(unit_choices(actor)), saved=_saved()
    )


def _saved() -> str:
    return str(SAVED.get(request.args.get("klart", ""), ""))


def _row(template: AnswerTemplate) -> dict[str, Any]:
    return {
        "name": template.name,
        "href": url_for("backoffice.template", template=template.id),
        "away": template.archived_at is not None,
        "fits": ", ".join(_fits(template)),
    }


def _fits(template: AnswerTemplate) -> list[str]:
    """For what and for whom, in words."""
    return [
        dates.capital(str(KINDS[template.kind].name)) if template.kind else _("Alla typer"),
        *([template.category.name] if template.category else []),
        NAMES.get(template.language, template.language),
        template.unit.name if template.unit else _("Alla enheter"),
    ]


@backoffice.route("/mallar/ny", methods=["GET", "POST"])
def new_template() -> ResponseReturnValue:
    """Write a template."""
    actor = current.the_staff()
    if not unit_choices(actor):
        abort(404)
    form = TemplateForm(actor)
    if not form.validate_on_submit():
        return _edit(form, None)
    with db.transaction():
        made = answer_templates.save_template(actor, form.wanted())
    return redirect(url_for("backoffice.template", template=made.id, klart="sparad"), 303)


@backoffice.route("/mallar/<int(max=2147483647):template>", methods=["GET", "POST"])
def template(template: int) -> ResponseReturnValue:
    """One template with its versions; saving it makes a new one."""
    actor = current.the_staff()
    found = _found(template)
    if request.method == "POST" and not may_keep_template(actor, found.unit_id):
        abort(404)
    form = TemplateForm(actor, found)
    if not form.validate_on_submit():
        return _edit(form, found)
    try:
        with db.transaction():
            answer_templates.save_template(actor, form.wanted(), _found(template), form.version())
    except NewerVersion:
        return _newer(template, form)
    except NotEditable:
        abort(404)
    return redirect(url_for("backoffice.template", template=template, klart="sparad"), 303)


def _found(template: int) -> AnswerTemplate:
    return answer_templates.get_template(current.the_staff(), template) or abort(404)


def _newer(template: int, form: TemplateForm) -> ResponseReturnValue:
    """Two at once: the text is kept, the other's is shown below, and saving again is meant."""
    found = _found(template)
    form.seen.data = str(found.latest.id)
    form.body.errors = [str(NEWER)]
    return _edit(form, found)


def _edit(form: TemplateForm, found: AnswerTemplate | None) -> ResponseReturnValue:
    actor, posted = current.the_staff(), request.method == "POST"
    errors = (form.problems() or [("", form.note() or gone_stale())]) if posted else []
    may_keep = found is None or may_keep_template(actor, found.unit_id)
    words = [(f"{{{each}}}", PLACEHOLDER[each]) for each in Placeholder]
    values = _about(found) if found else {}
    page = render_template(
        "backoffice/template.html",
        form=form,
        may_keep=may_keep,
        placeholders=words,
        saved=_saved(),
        **{"template": None, "versions": [], "example": "", **values},
        **summary(errors),
    )
    return page, 422 if posted else 200


def _about(found: AnswerTemplate) -> dict[str, Any]:
    names = people.names()
    return {
        "template": _row(found) | {"archive": url_for("backoffice.put_template_away", template=found.id)},
        "versions": [_version(each, names) for each in reversed(found.versions)],
        "example": fill(found.latest.body, examples()),
    }


def _version(version: AnswerTemplateVersion, names: dict[int, str]) -> dict[str, str]:
    author = names.get(version.author_id, "") if version.author_id else _("Följde med profilen")
    return {
        "author": author,
        "when": dates.short_moment(version.saved_at, clock.today()),
        "body": version.body,
    }


@backoffice.post("/mallar/<int(max=2147483647):template>/arkivera")
def put_template_away(template: int) -> ResponseReturnValue:
    """Offer it no longer, or again."""
    if not EmptyForm().validate_on_submit():
        return _edit(TemplateForm(current.the_staff(), _found(template), formdata=None), _found(template))
    away = request.form.get("away") == "1"
    try:
        with db.transaction():
            answer_templates.archive_template(current.the_staff(), _found(template), away)
    except NotEditable:
        abort(404)
    done = "undanlagd" if away else "aterstalld"
    return redirect(url_for("backoffice.template", template=template, klart=done), 303)
