"""The menu of staff marks the section that a page belongs to."""

import pytest

from portal.identity.actors import Role
from tests import factories
from tests.web import steps


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/handlaggning/", "Ärenden"),
        ("/handlaggning/utkast", "Ärenden"),
        ("/handlaggning/atgarder", "Åtgärder"),
        ("/handlaggning/sammanstallningar", "Förbättringar"),
        ("/handlaggning/enheten", "Enheten"),
        ("/handlaggning/franvaro", "Enheten"),
        ("/handlaggning/enkatsvar", "Enheten"),
        ("/handlaggning/guide", None),
        ("/handlaggning/guide/forsta-dagen", None),
        ("/handlaggning/tangenter", None),
    ],
)
def test_a_page_marks_its_own_section(staff_page: steps.SignIn, path: str, section: str | None) -> None:
    shown = staff_page(factories.member("eva", Role.HEAD_OF_UNIT)).get(path)
    marked = [link.get_text() for link in shown.all(".site-nav [aria-current]")]
    assert marked == ([section] if section else [])
