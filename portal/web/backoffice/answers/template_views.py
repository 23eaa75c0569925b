"""The pages of answer templates."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, db
from portal.cases.answers import templates as answer_templates
from portal.cases.answers.models import AnswerTemplate, AnswerTemplateVersion
from portal.cases.answers.rules import may_keep_template
from portal.cases.answers.templates import NewerVersion, NotEditable
from portal.organisation.placeholders import Placeholder, fill
from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web import current
from portal.web.backoffice import backoffice
from portal.web.backoffice.answers.template_forms import TemplateForm, unit_choices
from portal.web.forms import EmptyForm, gone_stale, summary
from portal.web.languages import NAMES
from portal.web.support import notices
from portal.words import authors, dates
from portal.words.kinds import KINDS
from portal.words.placeholders import PLACEHOLDER, examples

NEWER = _l("Någon annan har sparat en ny version. Läs den längre ned, och spara igen om din ska gälla.")


@backoffice.get("/mallar")
def templates() -> ResponseReturnValue:
    actor = current.the_staff()
    rows = [_row(template) for template in answer_templates.list_templates(actor)]
    return render_template("backoffice/templates.html", rows=rows, may_write=bool(unit_choices(actor)))


def _confirm(template: int, text: str) -> ResponseReturnValue:
    notices.add(f"template-{template}", text)
    return redirect(url_for("backoffice.template", template=template), 303)


def _row(template: AnswerTemplate) -> dict[str, Any]:
    return {
        "name": template.name,
        "href": url_for("backoffice.template", template=template.id),
        "away": template.archived_at is not None,
        "fits": ", ".join(_fits(template)),
    }


def _fits(template: AnswerTemplate) -> list[str]:
    """The kind, topic, language and unit of the cases that a template fits."""
    labels = [dates.capital(str(KINDS[template.kind].name)) if template.kind else _("Alla typer")]
    if template.category:
        labels.append(template.category.name)
    labels.append(NAMES.get(template.language, template.language))
    labels.append(template.unit.name if template.unit else _("Alla enheter"))
    return labels


@backoffice.route("/mallar/ny", methods=["GET", "POST"])
def new_template() -> ResponseReturnValue:
    actor = current.the_staff()
    if not unit_choices(actor):
        abort(404)
    form = TemplateForm(actor)
    if not form.validate_on_submit():
        return _template_page(form, None)
    with db.transaction():
        created = answer_templates.save_template(actor, form.template_input())
    return _confirm(created.id, _("Mallen är sparad."))


@backoffice.route("/mallar/<int(max=2147483647):template>", methods=["GET", "POST"])
def template(template: int) -> ResponseReturnValue:
    actor = current.the_staff()
    answer_template = _get_template(template)
    if request.method == "POST" and not may_keep_template(actor, answer_template.unit_id):
        abort(404)
    form = TemplateForm(actor, answer_template)
    if not form.validate_on_submit():
        return _template_page(form, answer_template)
    try:
        with db.transaction():
            answer_templates.save_template(
                actor, form.template_input(), _get_template(template), form.version()
            )
    except NewerVersion:
        return _newer_version(template, form)
    except NotEditable:
        abort(404)
    return _confirm(template, _("Mallen är sparad."))


def _get_template(template: int) -> AnswerTemplate:
    return answer_templates.get_template(current.the_staff(), template) or abort(404)


def _newer_version(template: int, form: TemplateForm) -> ResponseReturnValue:
    """The page with the text of the form, and an error about the version that was saved before it."""
    answer_template = _get_template(template)
    # Having shown the newer version, the page may replace it the next time.
    form.seen.data = str(answer_template.latest.id)
    form.body.errors = [str(NEWER)]
    return _template_page(form, answer_template)


def _template_page(form: TemplateForm, answer_template: AnswerTemplate | None) -> ResponseReturnValue:
    posted = request.method == "POST"
    errors = (form.problems() or [("", form.note() or gone_stale())]) if posted else []
    # Who may not edit a shared template can still read it and its versions.
    may_keep = answer_template is None or may_keep_template(current.the_staff(), answer_template.unit_id)
    placeholders = [(f"{{{placeholder}}}", PLACEHOLDER[placeholder]) for placeholder in Placeholder]
    values = _template_details(answer_template) if answer_template else {}
    page = render_template(
        "backoffice/template.html",
        form=form,
        may_keep=may_keep,
        placeholders=placeholders,
        saved="" if posted or not answer_template else notices.take(f"template-{answer_template.id}"),
        **{"template": None, "versions": [], "example": "", **values},
        **summary(errors),
    )
    return page, 422 if posted else 200


def _template_details(template: AnswerTemplate) -> dict[str, Any]:
    archive = url_for("backoffice.archive_template", template=template.id)
    return {
        "template": _row(template) | {"archive": archive},
        "versions": [_version(version) for version in reversed(template.versions)],
        "example": fill(template.latest.body, examples()),
    }


def _version(version: AnswerTemplateVersion) -> dict[str, str]:
    author = authors.name_and_place(version.author) if version.author_id else _("Fanns från början")
    return {
        "author": author,
        "when": dates.short_moment(version.saved_at, clock.today()),
        "body": version.body,
    }


@backoffice.post("/mallar/<int(max=2147483647):template>/arkivera")
def archive_template(template: int) -> ResponseReturnValue:
    actor = current.the_staff()
    if not EmptyForm().validate_on_submit():
        answer_template = _get_template(template)
        return _template_page(TemplateForm(actor, answer_template, formdata=None), answer_template)
    away = request.form.get("away") == "1"
    try:
        with db.transaction():
            answer_templates.archive_template(actor, _get_template(template), away)
    except NotEditable:
        abort(404)
    restored = _("Mallen är återställd och går att välja igen.")
    return _confirm(template, _("Mallen är arkiverad.") if away else restored)
