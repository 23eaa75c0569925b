"""Answer templates: shipped, written, found where they fit, and never taken from who changed them."""

import dataclasses

import pytest
from flask import Flask

from portal import db
from portal.cases.answers import templates as answer_templates
from portal.cases.answers.models import AnswerTemplate
from portal.cases.answers.templates import NewerVersion, NotEditable, TemplateInput
from portal.cases.enums import Kind
from portal.identity.actors import Role, Staff
from portal.organisation import queries as organisation
from tests import factories
from tests.installation import BURLOV, Installation

HELLO = TemplateInput("Hälsning", "Hej {namn},")


def unit(key: str) -> int:
    found = organisation.unit(key)
    assert found
    return found.id


def write(
    actor: Staff, wanted: TemplateInput, of: AnswerTemplate | None = None, seen: int | None = None
) -> int:
    with db.transaction():
        own = answer_templates.get_template(actor, of.id) if of else None
        return answer_templates.save_template(actor, wanted, own, seen).id


def read(actor: Staff, template: int) -> AnswerTemplate:
    db.close_read_session()
    found = answer_templates.get_template(actor, template)
    assert found
    return found


def names(actor: Staff, **given: object) -> set[str]:
    case = factories.case(factories.send_in(**given))
    return {each.name for each in answer_templates.templates_for(actor, case)}


def test_those_of_the_profile_are_found_by_kind_and_language(inside: Flask) -> None:
    anna = factories.member()
    assert names(anna) == {"Klagomål: beklaga och tacka"}
    assert names(anna, kind=Kind.QUESTION) == {"Tack för din fråga"}
    (english,) = answer_templates.templates_for(anna, factories.case(factories.send_in(language="en")))
    assert answer_templates.latest_body(english.id).startswith("Hello {namn},")


def test_a_template_is_found_where_it_fits_and_nowhere_else(inside: Flask) -> None:
    eva, anna = factories.member("eva", Role.REGISTRAR, None), factories.member()
    samir = factories.member("samir", unit="gata")
    topic = organisation.category("parker")
    assert topic
    write(eva, dataclasses.replace(HELLO, name="Ämnets", category=topic.id))
    write(anna, dataclasses.replace(HELLO, name="Parkens", unit=unit("park")))
    away = read(eva, write(eva, dataclasses.replace(HELLO, name="Undanlagd")))
    with db.transaction():
        answer_templates.archive_template(eva, db.session().merge(away), True)
    assert names(anna) == {"Klagomål: beklaga och tacka", "Ämnets", "Parkens"}
    assert names(samir, category="gator") == {"Klagomål: beklaga och tacka"}
    assert names(anna, category="gator") == {"Klagomål: beklaga och tacka", "Parkens"}
    assert "Parkens" not in {each.name for each in answer_templates.list_templates(samir)}
    assert answer_templates.list_templates(eva)[-1].name == "Undanlagd"


def test_each_change_is_a_version_and_the_same_again_is_none(inside: Flask) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    made = read(eva, write(eva, HELLO))
    changed = dataclasses.replace(HELLO, body="God dag {namn},")
    for _click in range(2):
        write(eva, changed, made, made.latest.id)
    found = read(eva, made.id)
    assert [(each.body, each.author_id) for each in found.versions] == [
        (HELLO.body, eva.membership),
        (changed.body, eva.membership),
    ]
    with pytest.raises(NewerVersion):
        write(eva, dataclasses.replace(HELLO, body="Hallå"), made, made.versions[0].id)
    assert len(read(eva, made.id).versions) == 2


def test_nobody_changes_what_is_somebody_elses_to_keep(inside: Flask) -> None:
    eva, anna = factories.member("eva", Role.REGISTRAR, None), factories.member()
    shared = read(eva, write(eva, HELLO))
    for wanted, of in ((HELLO, None), (dataclasses.replace(HELLO, unit=unit("park")), shared)):
        with pytest.raises(NotEditable):
            write(anna, wanted, of)
    with db.transaction(), pytest.raises(NotEditable):
        answer_templates.archive_template(anna, db.session().merge(shared), True)
    assert len(read(eva, shared.id).versions) == 1


def test_a_new_profile_changes_what_is_its_own_and_leaves_what_staff_have_changed(own: Installation) -> None:
    eva = factories.member("eva", Role.REGISTRAR, None)
    question, praise = (
        next(each for each in answer_templates.list_templates(eva) if each.key == key)
        for key in ("fraga-sv", "berom-sv")
    )
    mine = TemplateInput(question.name, "Vår egen text", kind=Kind.QUESTION)
    write(eva, mine, question)
    own.becomes(
        BURLOV.replace("Tack för din fråga.\n", "Tack så mycket.\n")
        .replace("Tack för dina vänliga ord.", "Tack, det värmer.")
        .replace('key = "forslag-sv"', 'key = "forslag-ny"')
    )
    assert read(eva, question.id).latest.body == "Vår egen text"
    assert "Tack, det värmer." in read(eva, praise.id).latest.body
    assert len(read(eva, praise.id).versions) == 2
    found = {each.key: each for each in answer_templates.list_templates(eva)}
    assert found["forslag-sv"].archived_at
    assert found["forslag-ny"].archived_at is None
    assert len(found["fraga-en"].versions) == 1
