"""The number of an organisation, however it is written; a sole trader's is a personnummer and refused."""

import pytest

from portal.formats.identity_numbers import organisation_number
from portal.identity.oidc.claims import ORG_NAME, ORG_NUMBER
from portal.identity.oidc.identified import Organisation, identified, protected
from portal.identity.oidc.providers import Provider

NUMBER = "9999999999"
CLAIM = "https://op.example/protected"


@pytest.mark.parametrize(
    "written", [NUMBER, "999999-9999", f"16{NUMBER}", "16999999-9999", "999999 9999", "999999\u20139999"]
)
def test_ten_digits_are_found_however_they_are_written(written: str) -> None:
    assert organisation_number(written) == NUMBER


@pytest.mark.parametrize(
    "written",
    ["", "9999999998", "999999999", "99999999999", f"19{NUMBER}", "Fjädern", "999999-999a", "٩٩٩٩٩٩٩٩٩٩"],
)
def test_what_cannot_be_one_is_refused(written: str) -> None:
    assert organisation_number(written) is None


@pytest.mark.parametrize("written", ["198406092380", "840609-2380", "8406092380", "8406692388"])
def test_a_personnummer_is_never_one(written: str) -> None:
    assert organisation_number(written) is None


def provider(audience: str = "medborgare") -> Provider:
    """Somebody who vouches."""
    return Provider(
        name="op",
        audience=audience,
        issuer="https://op.example",
        client_id="k",
        acr="loa3",
        protected_claim=CLAIM,
    )


@pytest.mark.parametrize(
    ("claims", "vouched"),
    [
        ({}, None),
        ({ORG_NAME: "Fjädern"}, None),
        (
            {ORG_NUMBER: "999999-9999", ORG_NAME: "  Klubben\nFjädern "},
            Organisation("Klubben Fjädern", NUMBER),
        ),
        ({ORG_NUMBER: f"16{NUMBER}"}, Organisation(NUMBER, NUMBER)),
        ({ORG_NUMBER: "8406092380", ORG_NAME: "Majas bageri"}, Organisation("Majas bageri", None)),
        ({ORG_NUMBER: "8406092380"}, None),
    ],
)
def test_a_citizen_may_be_vouched_for_as_an_organisation(
    claims: dict[str, str], vouched: Organisation | None
) -> None:
    assert identified(provider(), {"sub": "a"} | claims, "").organisation == vouched


def test_the_organisation_of_staff_is_no_matter_of_a_citizens() -> None:
    claims = {"sub": "a", ORG_NUMBER: NUMBER, ORG_NAME: "Kommunen"}
    assert identified(provider("personal"), claims, "").organisation is None


@pytest.mark.parametrize("said", [True, "true", "ja", 1, ["skyddad folkbokföring"], {"since": "2020"}])
def test_whatever_a_provider_says_of_protection_but_no_is_a_yes(said: object) -> None:
    assert protected(provider(), {}, {CLAIM: said})
    assert protected(provider(), {CLAIM: said}, {CLAIM: False})


@pytest.mark.parametrize("said", [None, False, 0, "", "false", "no"])
def test_a_plain_no_is_a_no(said: object) -> None:
    assert not protected(provider(), {}, {CLAIM: said})


def test_a_claim_that_nobody_has_agreed_on_says_nothing() -> None:
    unset = provider().model_copy(update={"protected_claim": ""})
    assert not protected(unset, {CLAIM: True}, {"": True})
