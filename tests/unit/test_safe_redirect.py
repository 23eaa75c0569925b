"""Where a sign-in may lead: a path of this site, nothing else."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.support.safe_redirect import safe_return

HERE, HOME = "https://kontakt.example/logga-in", "/handlaggning/"
NASTY = st.text(st.sampled_from("/\\.:@?#%&=\t\r\n \u2028aev0"), max_size=12)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/handlaggning/",
        "/handlaggning/?vy=mine&sida=2",
        "/handlaggning/arenden/KB-2026-000413",
        "/sok?q=r%C3%A4ksm%C3%B6rg%C3%A5s",
    ],
)
def test_a_path_of_this_site_is_kept(path: str) -> None:
    assert safe_return(path, HOME) == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        None,
        "",
        "/" + "a" * 800,
        "/logga-in?nasta=/logga-in?nasta=/",
        "/logga-in?nasta=%2Flogga-in%3Fnasta%3D%2Flogga-in%253Fnasta%253D%252F",
        "handlaggning",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: x=y",
        "/ok\n",
        "/ok\x00",
        "/ok#//evil.example",
        "@evil.example",
        "/ok@evil.example\\",
    ],
)
def test_everything_else_leads_home(elsewhere: str | None) -> None:
    assert safe_return(elsewhere, HOME) == HOME


@given(st.one_of(st.text(), NASTY, NASTY.map(lambda text: f"/{text}")))
def test_no_address_leads_to_another_site(asked: str) -> None:
    there = urlsplit(urljoin(HERE, safe_return(asked, HOME)))
    assert (there.scheme, there.netloc) == ("https", "kontakt.example")


@given(st.one_of(st.text(), NASTY.map(lambda text: f"/{text}")))
def test_no_address_breaks_a_header(asked: str) -> None:
    assert safe_return(asked, HOME).isprintable()
    assert safe_return(asked, HOME).isascii()
