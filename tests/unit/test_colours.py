"""The colours of a theme: legible whatever a municipality chooses, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.organisation import colours

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
ACCENTS = COLOURS.filter(lambda colour: colours.contrast(colour, colours.PAGE) >= colours.TEXT)


def test_contrast_is_that_of_wcag() -> None:
    assert colours.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.contrast("#123456", "#123456") == 1


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_both_ways(one: str, other: str) -> None:
    assert colours.contrast(one, other) == colours.contrast(other, one)


@pytest.mark.parametrize("mark", ["#ffe066", "#f6f4ef", "#2a2723", "#1b4b7a"])
def test_the_edge_of_the_mark_has_the_contrast_that_wcag_asks_of_a_shape(mark: str) -> None:
    """3:1 (WCAG 2.2, 1.4.11), in either scheme."""
    light, dark = (
        colours.light_properties("#6b2346", mark, "#000000"),
        colours.dark_properties("#6b2346", mark),
    )
    assert colours.contrast(light["--mark-edge"], colours.PAGE) >= 3
    assert colours.contrast(dark["--mark-edge"], colours.NIGHT) >= 3


def test_what_cannot_be_read_is_refused_with_its_contrast() -> None:
    assert colours.require_contrast("#6b2346", colours.PAGE, "on the page") == "#6b2346"
    with pytest.raises(ValueError, match=r"too little contrast on the page 2\.\d:1 of at least 4\.5:1"):
        colours.require_contrast("#999999", colours.PAGE, "on the page")


@given(ACCENTS, COLOURS)
def test_every_text_of_the_light_scheme_can_be_read(accent: str, mark: str) -> None:
    found = colours.light_properties(accent, mark, "#000000")
    pairs = [
        (colours.WHITE, found["--band"]),
        (colours.WHITE, found["--band-deep"]),
        (found["--band-soft"], found["--band"]),
        (found["--band-soft"], found["--band-deep"]),
        (found["--name"], colours.WHITE),
        (found["--ds-color-accent-text-subtle"], colours.PAGE),
    ]
    pairs += [
        (colours.WHITE, found[f"--ds-color-accent-base-{state}"]) for state in ("default", "hover", "active")
    ]
    assert [pair for pair in pairs if colours.contrast(*pair) < colours.TEXT] == []
    assert colours.contrast(found["--mark-edge"], colours.PAGE) >= colours.SHAPE


@given(ACCENTS, COLOURS)
def test_every_text_of_the_dark_scheme_can_be_read(accent: str, mark: str) -> None:
    found = colours.dark_properties(accent, mark)
    pairs = [(colours.WHITE, found["--band"]), (colours.WHITE, found["--band-deep"])]
    grounds = colours.NIGHT, found["--hero-card"]
    pairs += [(found["--ds-color-accent-text-subtle"], ground) for ground in grounds]
    pairs += [
        (colours.BLACK, found[f"--ds-color-accent-base-{state}"]) for state in ("default", "hover", "active")
    ]
    assert [pair for pair in pairs if colours.contrast(*pair) < colours.TEXT] == []
    assert colours.contrast(found["--mark-edge"], colours.NIGHT) >= colours.SHAPE
