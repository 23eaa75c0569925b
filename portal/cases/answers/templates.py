"""Answer templates: list, save and archive. Saving adds a version; a version never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.cases.answers.models import AnswerTemplate, AnswerTemplateVersion
from portal.cases.answers.rules import may_keep_template, prompts
from portal.cases.enums import Kind
from portal.cases.models import Case
from portal.db import session
from portal.formats.anonymisation import Mask
from portal.identity.actors import Role, Staff
from portal.identity.snapshots import snapshot_id


class NotEditable(Exception):
    """The actor may not edit the template, or those of the unit that it should belong to."""


class NewerVersion(Exception):
    """Another version has been saved since the page was read."""


@dataclass(frozen=True)
class TemplateInput:
    """The content of a template and what it is for; None is any."""

    name: str
    body: str
    language: str = "sv"
    kind: Kind | None = None
    category: int | None = None
    unit: int | None = None


def list_templates(actor: Staff) -> Sequence[AnswerTemplate]:
    """All templates that the actor may use or edit, archived ones last."""
    query = _for(actor).order_by(AnswerTemplate.archived_at.is_not(None), *_order())
    return session().scalars(query).all()


def get_template(actor: Staff, template: int) -> AnswerTemplate | None:
    """The template with this id; None if the actor may neither use nor edit it."""
    return session().scalar(_for(actor).where(AnswerTemplate.id == template))


class TemplateRow(NamedTuple):
    """A template as a list offers it."""

    id: int
    name: str


def templates_for(actor: Staff, case: Case) -> Sequence[TemplateRow]:
    """Templates that suit a case: for all units, for the unit that handles it, and for the actor's own."""
    values = {
        "language": case.language,
        "kind": case.kind,
        "category": case.category_id,
        "handling_unit": case.handling_unit_id,
        "own_unit": actor.unit,
    }
    return [TemplateRow(*row) for row in session().execute(_templates_for(), values)]


def templates_for_all(actor: Staff, cases: Sequence[Case]) -> Sequence[TemplateRow]:
    """Templates that suit each of the cases, in the order of the first."""
    # By what decides: many cases of one kind, topic and unit are asked for once.
    alike = {(case.language, case.kind, case.category_id, case.handling_unit_id): case for case in cases}
    offered = [templates_for(actor, case) for case in alike.values()]
    if not offered:
        return []
    in_all = set(offered[0]).intersection(*offered[1:])
    return [template for template in offered[0] if template in in_all]


def latest_body(template: int) -> str:
    """The text of a template as it is now. Raises NoResultFound."""
    bodies = select(AnswerTemplateVersion.body).where(AnswerTemplateVersion.template_id == template)
    return session().scalars(bodies.order_by(AnswerTemplateVersion.id.desc()).limit(1)).one()


@cache
def _templates_for() -> Select[int, str]:
    units = bindparam("handling_unit", type_=Integer), bindparam("own_unit", type_=Integer)
    query = select(AnswerTemplate.id, AnswerTemplate.name).where(
        AnswerTemplate.archived_at.is_(None),
        AnswerTemplate.language == bindparam("language"),
        or_(AnswerTemplate.kind.is_(None), AnswerTemplate.kind == bindparam("kind")),
        or_(
            AnswerTemplate.category_id.is_(None),
            AnswerTemplate.category_id == bindparam("category", type_=Integer),
        ),
        or_(AnswerTemplate.unit_id.is_(None), *(AnswerTemplate.unit_id == unit for unit in units)),
    )
    # False sorts first, so templates for exactly this kind precede general ones.
    return query.order_by(AnswerTemplate.kind.is_(None), *_order())


def unfilled_prompts(text: str) -> list[str]:
    """The prompts of our own that are still in a text; no bracket that a sender wrote is one.

    They are those of templates, and those in place of the details of an earlier answer.
    """
    candidates = prompts(text)
    if not candidates:
        return []
    if masks := [prompt for prompt in candidates if prompt in set(Mask)]:
        return masks
    with_brackets = AnswerTemplateVersion.body.contains("[")
    bodies = session().scalars(select(AnswerTemplateVersion.body).where(with_brackets))
    # What is filled in, such as {namn}, comes after the words that a prompt begins with.
    own = tuple({prompt.partition("{")[0] for body in bodies for prompt in prompts(body)})
    return [prompt for prompt in candidates if prompt.startswith(own)]


def _whole() -> Select[AnswerTemplate]:
    parts = joinedload(AnswerTemplate.category), joinedload(AnswerTemplate.unit)
    versions = selectinload(AnswerTemplate.versions).joinedload(AnswerTemplateVersion.author)
    return select(AnswerTemplate).options(*parts, versions)


def _for(actor: Staff) -> Select[AnswerTemplate]:
    if actor.role is Role.REGISTRAR:
        return _whole()
    return _whole().where(or_(AnswerTemplate.unit_id.is_(None), AnswerTemplate.unit_id == actor.unit))


def _order() -> tuple[Any, ...]:
    return AnswerTemplate.language.desc(), AnswerTemplate.name, AnswerTemplate.id


def save_template(
    actor: Staff, content: TemplateInput, template: AnswerTemplate | None = None, seen: int | None = None
) -> AnswerTemplate:
    """Add a template, or a new version of one; saving the same content again changes nothing.

    Raises NotEditable, and NewerVersion if `seen` (a version id) is not the latest.
    """
    _require_editable(actor, content.unit)
    if template is None:
        return _add_version(actor, AnswerTemplate(), content)
    # Both units: a template must not be taken from, nor given to, a unit whose templates are not the actor's.
    _require_editable(actor, template.unit_id)
    if _content(template) == content:
        return template
    if seen is not None and seen != template.latest.id:
        raise NewerVersion
    return _add_version(actor, template, content)


def _require_editable(actor: Staff, unit: int | None) -> None:
    if not may_keep_template(actor, unit):
        raise NotEditable


def _content(template: AnswerTemplate) -> TemplateInput:
    return TemplateInput(
        name=template.name,
        body=template.latest.body,
        language=template.language,
        kind=template.kind,
        category=template.category_id,
        unit=template.unit_id,
    )


def _add_version(actor: Staff, template: AnswerTemplate, content: TemplateInput) -> AnswerTemplate:
    template.name = content.name
    template.language = content.language
    template.kind = content.kind
    template.category_id = content.category
    template.unit_id = content.unit
    version = AnswerTemplateVersion(body=content.body, author_id=actor.membership, saved_at=clock.now())
    version.author_snapshot_id = snapshot_id(actor)
    template.versions.append(version)
    session().add(template)
    session().flush()
    return template


def archive_template(actor: Staff, template: AnswerTemplate, away: bool) -> None:
    """Archive a template or, with `away` false, restore it. Raises NotEditable."""
    _require_editable(actor, template.unit_id)
    if away != (template.archived_at is not None):
        template.archived_at = clock.now() if away else None
