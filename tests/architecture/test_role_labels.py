"""Testlegitimering, the portal and the README call each role by the same Swedish word."""

from portal.testlegitimering.people import ROLES, load_people
from portal.words import labels
from tests.architecture import documents
from tests.architecture.tree import ROOT

LABELS = {role.value: str(label) for role, label in labels.ROLE.items()}
# No membership in the portal, so no word there to agree with.
WITHOUT_MEMBERSHIP = {"citizen", "none"}


def test_testlegitimering_calls_each_role_as_the_portal_does() -> None:
    words = {role: word for role, word in ROLES.items() if role not in WITHOUT_MEMBERSHIP}
    assert words == LABELS


def test_the_readme_names_the_role_of_each_person_as_the_portal_does() -> None:
    rows = documents.rows_of((ROOT / "README.md").read_text(encoding="utf-8"), "person")
    roles = {name.strip(): row[1] for row in rows for name in row[0].split(",")}
    staff = [person for person in load_people() if person.role not in WITHOUT_MEMBERSHIP]
    for person in staff:
        assert LABELS[person.role].lower() in roles[person.name].lower(), person.name


def test_a_unit_named_as_the_role_is_written_once() -> None:
    titles = {person.key: person.title for person in load_people()}
    assert titles["eva"] == "Medborgarservice"
    assert titles["anna"] == "Handläggare, Parkenheten"
