"""The providers of an installation: two by settings, more in a file. A bad one stops the start."""

from pathlib import Path

import pytest

from portal import config
from portal.config import BadSetting
from portal.identity.oidc import providers
from portal.identity.oidc.providers import ALGORITHMS, CITIZENS, STAFF, Provider

FREJA = """
[freja]
audience = "medborgare"
label = "Freja"
issuer = "https://freja.example"
client_id = "kontakt"
client_secret = "hemlighet"
acr = "http://id.elegnamnden.se/loa/1.0/loa3"
"""


def read(tmp_path: Path, text: str, **more: str) -> dict[str, Provider]:
    file = tmp_path / "providers.toml"
    file.write_text(text, encoding="utf-8")
    return providers.read(config.load(env="development", oidc_providers=str(file), **more))


def refusal(tmp_path: Path, text: str, **more: str) -> str:
    with pytest.raises(BadSetting) as problem:
        read(tmp_path, text, **more)
    return str(problem.value)


def test_without_a_file_there_is_one_for_citizens_and_one_for_staff() -> None:
    found = providers.read(config.load(env="development"))
    assert list(found) == [CITIZENS, STAFF]
    assert found[CITIZENS].client_id == "kontakt-medborgare"
    assert found[STAFF].algorithms == ALGORITHMS
    assert "naturalPersonOrgId" in found[STAFF].scope
    assert "naturalPersonOrgId" not in found[CITIZENS].scope


def test_a_file_names_more_of_them(tmp_path: Path) -> None:
    found = read(tmp_path, FREJA)
    assert list(found) == [CITIZENS, STAFF, "freja"]
    assert (found["freja"].issuer, found["freja"].label) == ("https://freja.example", "Freja")
    assert found["freja"].acr == ("http://id.elegnamnden.se/loa/1.0/loa3",)


def test_a_file_tells_more_about_those_of_the_settings(tmp_path: Path) -> None:
    found = read(tmp_path, '[personal]\nlabel = "Tjänste-id"\nmax_age = 60\nalgorithms = ["ES256"]\n')
    told = found[STAFF]
    assert (told.client_id, told.label, told.max_age) == ("kontakt-personal", "Tjänste-id", 60)
    assert told.algorithms == ("ES256",)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("issuer = 5", "freja: issuer"),
        ('issuer = ""', "freja: issuer"),
        ('client_id = ""', "freja: client_id"),
        ('client_secret = ""', "freja: needs a client_secret"),
        ('acr = ""', "freja: acr"),
        ('audience = "alla"', "freja: audience"),
        ('algorithms = ["none"]', "freja: algorithms: may hold RS256"),
        ('algorithms = ["HS256"]', "freja: algorithms: may hold RS256"),
        ("algorithms = []", "freja: algorithms"),
        ('auth = "none"', "freja: auth"),
        ('auth = "private_key_jwt"', "freja: needs PORTAL_OIDC_CLIENT_KEYS"),
        ("max_age = -1", "freja: max_age"),
        ('secret = "x"', "freja: secret"),
        ('email_domains = ["kommun.example"]', "freja: email_domains are for staff alone"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_is(tmp_path: Path, change: str, told: str) -> None:
    name = change.split(" ")[0]
    kept = [line for line in FREJA.splitlines() if not line.startswith(f"{name} ")]
    problem = refusal(tmp_path, "\n".join([*kept, change]))
    assert told in problem
    assert problem.startswith("PORTAL_OIDC_PROVIDERS: ")
    assert "hemlighet" not in problem


@pytest.mark.parametrize(
    "text", ["[", "x = 5", '["Freja AB"]\nlabel = "x"', '["a/b"]\nlabel = "x"', '[freja]\nname = "x"', "[å]"]
)
def test_a_file_that_names_no_provider_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text).startswith("PORTAL_OIDC_PROVIDERS")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="PORTAL_OIDC_PROVIDERS cannot be read"):
        providers.read(config.load(env="development", oidc_providers=str(tmp_path / "gone.toml")))


def test_the_staffs_provider_cannot_be_made_the_citizens(tmp_path: Path) -> None:
    assert "personal: is for its own audience" in refusal(tmp_path, '[personal]\naudience = "medborgare"\n')


def test_the_domains_whose_addresses_the_staffs_provider_vouches_for_stand_in_settings_or_file(
    tmp_path: Path,
) -> None:
    setting = {"oidc_staff_email_domains": "Kommun.example skola.kommun.example"}
    assert read(tmp_path, "", **setting)[STAFF].email_domains == ("kommun.example", "skola.kommun.example")
    file = '[personal]\nemail_domains = ["annan.example"]\nemail_verified_required = false\n'
    told = read(tmp_path, file, **setting)[STAFF]
    assert (told.email_domains, told.email_verified_required) == (("annan.example",), False)


@pytest.mark.parametrize("domain", ["*", "example", "@kommun.example", "-.example", "a.example.", "å.se"])
def test_what_is_no_domain_stops_the_start(tmp_path: Path, domain: str) -> None:
    assert "email_domains: holds what is no domain" in refusal(
        tmp_path, f'[personal]\nemail_domains = ["{domain}"]\n'
    )


def test_no_provider_takes_the_name_of_emergency_access(tmp_path: Path) -> None:
    assert "no name of a provider: nodatkomst" in refusal(tmp_path, '[nodatkomst]\nlabel = "x"\n')
