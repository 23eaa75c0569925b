"""Answer templates: who finds which, how they are written, changed and put away. A version never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.cases.answers.models import AnswerTemplate, AnswerTemplateVersion
from portal.cases.answers.rules import may_keep_template
from portal.cases.enums import Kind
from portal.cases.models import Case
from portal.db import session
from portal.identity.actors import Role, Staff


class NotEditable(Exception):
    """The template, or where it is to go, is somebody else's to keep."""


class NewerVersion(Exception):
    """Somebody has saved another version since the page was read."""


@dataclass(frozen=True)
class TemplateInput:
    """What a template shall say and where it shall fit; None fits everything."""

    name: str
    body: str
    language: str = "sv"
    kind: Kind | None = None
    category: int | None = None
    unit: int | None = None


def list_templates(actor: Staff) -> Sequence[AnswerTemplate]:
    """All that the actor may use or keep, those that are put away last."""
    query = _for(actor).order_by(AnswerTemplate.archived_at.is_not(None), *_order())
    return session().scalars(query).all()


def get_template(actor: Staff, template: int) -> AnswerTemplate | None:
    """One of them by its id."""
    return session().scalar(_for(actor).where(AnswerTemplate.id == template))


def templates_for(actor: Staff, case: Case) -> Sequence[AnswerTemplate]:
    """Those for this kind, topic and language: for all, for the unit that has the case, and for one's own."""
    units = {case.handling_unit_id, actor.unit} - {None}
    query = select(AnswerTemplate).where(
        AnswerTemplate.archived_at.is_(None),
        AnswerTemplate.language == case.language,
        or_(AnswerTemplate.kind.is_(None), AnswerTemplate.kind == case.kind),
        or_(AnswerTemplate.category_id.is_(None), AnswerTemplate.category_id == case.category_id),
        or_(AnswerTemplate.unit_id.is_(None), AnswerTemplate.unit_id.in_(units)),
    )
    # What is meant for just this comes first.
    return session().scalars(query.order_by(AnswerTemplate.kind.is_(None), *_order())).all()


def _whole() -> Select[AnswerTemplate]:
    parts = joinedload(AnswerTemplate.category), joinedload(AnswerTemplate.unit)
    return select(AnswerTemplate).options(*parts, selectinload(AnswerTemplate.versions))


def _for(actor: Staff) -> Select[AnswerTemplate]:
    if actor.role is Role.REGISTRAR:
        return _whole()
    return _whole().where(or_(AnswerTemplate.unit_id.is_(None), AnswerTemplate.unit_id == actor.unit))


def _order() -> tuple[Any, ...]:
    return AnswerTemplate.language.desc(), AnswerTemplate.name, AnswerTemplate.id


def save_template(
    actor: Staff, wanted: TemplateInput, template: AnswerTemplate | None = None, seen: int | None = None
) -> AnswerTemplate:
    """Write a new template, or a new version of one; the same once more is a second click.

    Raises NotTheirs, and NewerVersion when the version that was seen is not the latest.
    """
    _must_keep(actor, wanted.unit)
    if template is None:
        return _put(actor, AnswerTemplate(), wanted)
    _must_keep(actor, template.unit_id)
    if _is_unchanged(template) == wanted:
        return template
    if seen is not None and seen != template.latest.id:
        raise NewerVersion
    return _put(actor, template, wanted)


def _must_keep(actor: Staff, unit: int | None) -> None:
    if not may_keep_template(actor, unit):
        raise NotEditable


def _is_unchanged(template: AnswerTemplate) -> TemplateInput:
    where = template.kind, template.category_id, template.unit_id
    return TemplateInput(template.name, template.latest.body, template.language, *where)


def _put(actor: Staff, template: AnswerTemplate, wanted: TemplateInput) -> AnswerTemplate:
    template.name, template.language, template.kind = wanted.name, wanted.language, wanted.kind
    template.category_id, template.unit_id = wanted.category, wanted.unit
    version = AnswerTemplateVersion(body=wanted.body, author_id=actor.membership, saved_at=clock.now())
    template.versions.append(version)
    session().add(template)
    session().flush()
    return template


def archive_template(actor: Staff, template: AnswerTemplate, away: bool) -> None:
    """Offer a template no longer, or again. Raises NotTheirs."""
    _must_keep(actor, template.unit_id)
    if away != (template.archived_at is not None):
        template.archived_at = clock.now() if away else None
