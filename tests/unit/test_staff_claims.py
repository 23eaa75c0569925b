"""Which keys of a member of staff are believed from which provider, and how they are compared."""

from typing import Any

import pytest

from portal.cli.member_options import mask_numbers
from portal.identity.oidc.claims import AFFILIATION
from portal.identity.oidc.identified import Identified, Key, KeyKind, identified
from portal.identity.oidc.providers import Provider

ISSUER = "https://op.example"
ANNA = {"sub": "anna", "email": "Anna@Kommun.example", "email_verified": True, AFFILIATION: "Anna@123"}


def provider(**more: Any) -> Provider:
    given = {"name": "personal", "audience": "personal", "issuer": ISSUER, "client_id": "x", "acr": "loa3"}
    return Provider(**{**given, "email_domains": ["Kommun.example"], **more})


def told(asked: Provider | None = None, **claims: Any) -> Identified:
    return identified(asked or provider(), {**ANNA, **claims}, "")


def test_a_staff_provider_vouches_for_affiliation_and_for_e_mail_of_its_own_domains() -> None:
    who = told()
    assert (who.affiliation, who.email) == ("Anna@123", "anna@kommun.example")
    assert [(key.kind, key.value) for key in who.keys] == [
        *(("subject", "anna"), ("affiliation", "anna@123"), ("email", "anna@kommun.example"))
    ]


def test_a_citizens_provider_vouches_for_neither() -> None:
    who = told(provider(name="freja", audience="medborgare"))
    assert (who.affiliation, who.email) == (None, None)
    assert [key.kind for key in who.keys] == ["subject"]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "anna@annan.example"},
        {"email": "anna@x.kommun.example"},
        {"email": "anna@kommun.example.annan.example"},
        {"email": "anna@kommun.example@annan.example"},
        {"email": "annan.example@anna@kommun.example"},
        {"email": "ann\N{LATIN SMALL LETTER DOTLESS I}@kommun.example"},
        {"email": ["anna@kommun.example"]},
        {"email": ""},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": "True "},
        {"email_verified": "1"},
        {"email_verified": 1},
        {"email_verified": None},
    ],
)
def test_an_address_of_another_domain_or_that_nobody_verified_is_not_believed(claims: dict[str, Any]) -> None:
    assert told(**claims).email is None


def test_a_provider_may_send_that_it_verified_an_address_as_text() -> None:
    assert told(email_verified="true").email == "anna@kommun.example"


def test_a_provider_may_leave_out_that_it_verified_an_address_but_not_deny_it() -> None:
    silent = {name: value for name, value in ANNA.items() if name != "email_verified"}
    trusted = provider(email_verified_required=False)
    assert identified(provider(), silent, "").email is None
    assert identified(trusted, silent, "").email == "anna@kommun.example"
    assert told(trusted, email_verified=False).email is None


def test_without_domains_no_address_is_asked_for_or_believed() -> None:
    assert told(provider(email_domains=())).email is None
    assert "email" not in provider(email_domains=()).scope.split()
    assert provider().scope.split()[-1] == "email"


@pytest.mark.parametrize(
    ("kind", "written", "compared"),
    [
        (KeyKind.SUBJECT, "AbC", "AbC"),
        (KeyKind.AFFILIATION, " SE2321000016-1003 ", "se2321000016-1003"),
        (KeyKind.AFFILIATION, "Åsa@1", "Åsa@1"),
        (KeyKind.EMAIL, "A.B@Kommun.Example", "a.b@kommun.example"),
        (KeyKind.EMAIL, "anna", None),
        (KeyKind.EMAIL, "a b@kommun.example", None),
        (KeyKind.SUBJECT, " ", None),
        (KeyKind.AFFILIATION, "a\nb", None),
        (KeyKind.AFFILIATION, "a" * 256, None),
        (KeyKind.AFFILIATION, {"a": 1}, None),
    ],
)
def test_keys_are_compared_without_regard_to_what_means_nothing(
    kind: KeyKind, written: Any, compared: str | None
) -> None:
    key = Key.of(ISSUER, kind, written)
    assert (key.value if key else None) == compared


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("198704202392", "19870420****"),
        ("870420-2392@9999990000", "870420****@9999990000"),
        ("se2321000016-1003", "se2321000016-1003"),
        ("anna@kommun.example", "anna@kommun.example"),
    ],
)
def test_no_screen_shows_a_whole_personnummer_even_where_a_provider_makes_a_key_of_it(
    text: str, shown: str
) -> None:
    assert mask_numbers(text) == shown
