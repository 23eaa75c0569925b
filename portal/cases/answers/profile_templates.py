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
    rows = session().scalars(query.options(selectinload(AnswerTemplate.versions)))
    stored = {row.key: row for row in rows}
    topics = {topic.key: topic.id for topic in session().scalars(select(Category))}
    for shipped in profile.answer_templates:
        template = stored.pop(shipped.key, None) or AnswerTemplate(key=shipped.key)
        if not _is_edited(template):
            _update(template, shipped, topics)
    # What is left is not in the profile any more. Archived, not deleted: answers were written from it.
    for dropped in stored.values():
        if not _is_edited(dropped):
            dropped.archived_at = dropped.archived_at or clock.now()
    session().flush()


def _is_edited(template: AnswerTemplate) -> bool:
    return any(version.author_id for version in template.versions)


def _update(template: AnswerTemplate, shipped: Shipped, topics: dict[str, int]) -> None:
    template.name = shipped.name
    template.language = shipped.language
    template.kind = Kind(shipped.kind) if shipped.kind else None
    template.category_id = topics[shipped.category] if shipped.category else None
    # Loading the same profile again adds no version: only a changed text does.
    if not template.versions or template.latest.body != shipped.text:
        template.versions.append(AnswerTemplateVersion(body=shipped.text, saved_at=clock.now()))
    session().add(template)
