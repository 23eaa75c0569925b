"""Who keeps which answer template, and what courtesy asks for."""

import pytest

from portal.cases.answers.rules import lacks_regret, lacks_thanks, may_keep_template, prompts
from portal.cases.enums import Kind
from portal.identity.actors import Role, Staff

PARK, STREETS = 1, 2
KEEPS = {
    Role.OFFICER: {PARK},
    Role.HEAD_OF_UNIT: {PARK, None},
    Role.HEAD_OF_ADMINISTRATION: {None},
    Role.REGISTRAR: {PARK, STREETS, None},
}


@pytest.mark.parametrize("role", [*Role, None])
def test_who_keeps_which(role: Role | None) -> None:
    unit = None if role in (Role.REGISTRAR, Role.HEAD_OF_ADMINISTRATION) else PARK
    actor = Staff(1, 1, role, unit=unit, administration=1)
    keeps = {each for each in (PARK, STREETS, None) if may_keep_template(actor, each)}
    assert keeps == KEEPS.get(role, set()) if role else keeps == set()


def test_a_handler_for_a_board_has_no_unit_of_their_own() -> None:
    actor = Staff(1, 1, Role.OFFICER, board=1)
    assert not any(may_keep_template(actor, unit) for unit in (PARK, None))


@pytest.mark.parametrize(
    ("text", "thanks", "regret"),
    [
        ("Tack. Jag beklagar.", False, False),
        ("TACK för att du skrev, och förlåt.", False, False),
        ("Thank you. I am sorry.", False, False),
        ("Vi ber om ursäkt.", True, False),
        ("Attacken är över.", True, True),
        ("Vi är tacksamma, och beklagar verkligen.", False, False),
        ("Vi tacklar felet. Jag beklagliggör inget.", True, True),
        ("Det var tråkigt att läsa. Tackar.", False, False),
        ("", True, True),
    ],
)
def test_a_complaint_is_thanked_for_and_regretted(text: str, thanks: bool, regret: bool) -> None:
    assert (lacks_thanks(Kind.COMPLAINT, text), lacks_regret(Kind.COMPLAINT, text)) == (thanks, regret)


@pytest.mark.parametrize(
    "text",
    [
        *("Jag känner tacksamhet.", "Vi vill framföra vår tacksamhet.", "Tacksamheten är stor."),
        *("Du ska ha tackat i förväg.", "Du tackas för din synpunkt.", "Vi tackade nej, men tack."),
    ],
)
def test_thanks_are_found_in_every_inflection(text: str) -> None:
    assert not lacks_thanks(Kind.COMPLAINT, text)


@pytest.mark.parametrize(
    "text",
    ["Vi tackar nej till det.", "Vi tackade  nej.", "Vi får tacka\nnej.", "Vi har tackat nej.", "Nej tack."],
)
def test_a_polite_no_is_no_thanks(text: str) -> None:
    assert lacks_thanks(Kind.COMPLAINT, text)


@pytest.mark.parametrize(
    "text",
    [
        *("Felet beklagas.", "Det är beklagansvärt.", "Vi för fram vårt beklagande.", "Ett beklagandet."),
        *("Våra beklaganden.", "Dröjsmålet ursäktas.", "Ta emot ursäkten.", "De beklagansvärda felen."),
    ],
)
def test_regret_is_found_in_every_inflection(text: str) -> None:
    assert not lacks_regret(Kind.COMPLAINT, text)


@pytest.mark.parametrize("kind", Kind)
def test_opinions_are_thanked_for_and_only_complaints_regretted(kind: Kind) -> None:
    opinion = kind in (Kind.COMPLAINT, Kind.PRAISE, Kind.SUGGESTION)
    assert lacks_thanks(kind, "Ja.") == opinion
    assert lacks_regret(kind, "Ja.") == (kind is Kind.COMPLAINT)


def test_what_a_template_asks_for_is_found_until_it_is_written() -> None:
    assert prompts("Hej\n[Skriv svaret här.] och [write it]") == ["[Skriv svaret här.]", "[write it]"]
    assert prompts("Se [bilaga 1] och [Skriv") == []
