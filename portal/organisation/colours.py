"""A municipality's two colours, and all that is drawn in them, light and dark."""

from collections.abc import Mapping

# WCAG 2.2, 1.4.3 and 1.4.11.
TEXT, SHAPE = 4.5, 3.0
WHITE, BLACK = "#ffffff", "#000000"
# The darkest light and the lightest dark that something stands on, as in static/kontakt.css.
PAGE, NIGHT = "#f6f4ef", "#2a2723"
STEPS = 20
Properties = Mapping[str, str]


def legible(text: str, ground: str, where: str) -> str:
    """The text's colour again; ValueError when it cannot be read on the ground."""
    found = contrast(text, ground)
    if found < TEXT:
        raise ValueError(f"has too little contrast {where} {found:.1f}:1 of at least {TEXT}:1")
    return text


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share of another in it."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in pairs)


def light(accent: str, mark: str, mark_text: str) -> Properties:
    """The custom properties of the light scheme."""
    return {
        "--band": accent,
        "--band-deep": mixed(accent, BLACK, 0.3),
        "--band-soft": _until(accent, WHITE, accent, TEXT, 0.8),
        "--mark": mark,
        "--mark-text": mark_text,
        "--mark-edge": _until(mark, BLACK, PAGE, SHAPE),
        "--tint": mixed(accent, WHITE, 0.86),
        "--tint-dot": mixed(accent, WHITE, 0.7),
        "--name": mixed(accent, BLACK, 0.3),
        **_accent(accent, mixed(accent, BLACK, 0.15), mixed(accent, BLACK, 0.3), WHITE, WHITE),
    }


def dark(accent: str, mark: str) -> Properties:
    """The custom properties of the dark scheme."""
    pale = _until(accent, WHITE, NIGHT, TEXT, 0.5)
    return {
        "--band": mixed(accent, BLACK, 0.5),
        "--band-deep": mixed(accent, BLACK, 0.65),
        "--hero-card": mixed(accent, BLACK, 0.75),
        "--mark-edge": _until(mark, WHITE, NIGHT, SHAPE),
        "--tint": mixed(accent, NIGHT, 0.6),
        "--tint-dot": mixed(accent, NIGHT, 0.3),
        "--name": WHITE,
        **_accent(pale, mixed(pale, WHITE, 0.3), mixed(pale, WHITE, 0.5), BLACK, NIGHT),
    }


def _accent(base: str, hover: str, active: str, on_it: str, ground: str) -> Properties:
    """What the components of Designsystemet draw in the accent."""
    values = {
        "text-subtle": base,
        "text-default": active,
        "border-strong": base,
        "base-default": base,
        "base-hover": hover,
        "base-active": active,
        "base-contrast-default": on_it,
        "surface-tinted": mixed(base, ground, 0.9),
        "surface-hover": mixed(base, ground, 0.85),
        "surface-active": mixed(base, ground, 0.8),
    }
    return {f"--ds-color-accent-{name}": value for name, value in values.items()}


def _until(colour: str, towards: str, ground: str, ratio: float, least: float = 0.0) -> str:
    """The colour, moved no further towards another than it takes to be seen on the ground."""
    shares = [step / STEPS for step in range(STEPS + 1) if step / STEPS >= least]
    tried = (mixed(colour, towards, share) for share in shares)
    return next((one for one in tried if contrast(one, ground) >= ratio), towards)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    shares = (part / 255 for part in _parts(colour))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
