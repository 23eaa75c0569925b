"""Install the answer templates of a profile. Templates that staff have edited or archived are left alone."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.cases.answers.models import AnswerTemplate, AnswerTemplateVersion
from portal.cases.enums import Kind
from portal.db import session
from portal.organisation.models import Category
from portal.organisation.profile import Profile
from portal.organisation.sections import AnswerTemplate as Shipped


def install(profile: Profile) -> None:
    """Update unedited templates to the profile's texts, and archive those that it no longer has."""
    query = select(AnswerTemplate).where(AnswerTemplate.key.is_not(None))
    stored = {
        each.key: each for each in session().scalars(query.options(selectinload(AnswerTemplate.versions)))
    }
    topics = {each.key: each.id for each in session().scalars(select(Category))}
    for shipped in profile.answer_templates:
        row = stored.pop(shipped.key, None) or AnswerTemplate(key=shipped.key)
        if not _is_theirs(row):
            _put(row, shipped, topics)
    for dropped in stored.values():
        if not _is_theirs(dropped):
            dropped.archived_at = dropped.archived_at or clock.now()
    session().flush()


def _is_theirs(template: AnswerTemplate) -> bool:
    return any(version.author_id for version in template.versions)


def _put(row: AnswerTemplate, shipped: Shipped, topics: dict[str, int]) -> None:
    row.name, row.language = shipped.name, shipped.language
    row.kind = Kind(shipped.kind) if shipped.kind else None
    row.category_id = topics[shipped.category] if shipped.category else None
    if not row.versions or row.latest.body != shipped.text:
        row.versions.append(AnswerTemplateVersion(body=shipped.text, saved_at=clock.now()))
    session().add(row)
