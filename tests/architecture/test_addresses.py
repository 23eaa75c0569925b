"""Every internal address comes from `url_for`. The rule is shown samples that break it."""

from pathlib import Path

import pytest

from tests.architecture import addresses
from tests.architecture.tree import PORTAL, TEMPLATES


def test_no_address_is_written_by_hand() -> None:
    assert addresses.in_templates(TEMPLATES) == []
    assert addresses.in_python(PORTAL / "web") == []


@pytest.mark.parametrize(
    "source",
    [
        '<p>\n<a href="/om">Om</a>',
        '<form\naction="{{ href }}/utkast">',
        '<button\nformaction="{{ case.href }}/{{ action }}">',
        '{# en\nrad #}<link href="/tema.css">',
        '\n{{ back_link("/folj", _("Tillbaka")) }}',
        '\n{{ form(case.href ~ "/unrelate") }}',
        '{% trans %}\n<a href="/folj/ny-kod">ny</a>{% endtrans %}',
    ],
)
def test_an_address_in_a_template_is_found(source: str) -> None:
    assert [fault.partition(":")[0] for fault in addresses.in_template(source)] == ["2"]


def test_an_address_of_url_for_or_of_others_is_allowed() -> None:
    source = (
        '{# action="/folj" #}<a href="{{ url_for(\'public.start\') }}">1/2</a>'
        '<a href="{{ phone }}">a</a><a href="https://example.se/om">b</a><a href="#svara">c</a>'
    )
    assert addresses.in_template(source) == []


@pytest.mark.parametrize(
    "line",
    [
        'links = [("Start", "/folj")]',
        'href = f"{case}/{action}"',
        'href = f"{case}/utskrift"',
        'href = f"/handlaggning/arenden/{number}"',
        'href = base + "/folj"',
    ],
)
def test_an_address_in_python_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "views.py").write_text(f"{line}\n")
    assert len(addresses.in_python(tmp_path)) == 1


def test_a_route_says_its_own_address(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text(
        '"""/om: the page about the service."""\n'
        'pages = Blueprint("pages", __name__, url_prefix="/sidor")\n\n\n'
        '@pages.get("/om")\n'
        "def about() -> str:\n"
        '    return url_for("pages.about").rstrip("/") + f"{1}/2"\n'
    )
    assert addresses.in_python(tmp_path) == []
