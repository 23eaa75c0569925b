"""A municipality's theme: shades of its two colours for the light and the dark scheme."""

from collections.abc import Mapping

# Least contrast of text (WCAG 2.2, 1.4.3) and of shapes that carry meaning (1.4.11).
TEXT = 4.5
SHAPE = 3.0
WHITE = "#ffffff"
BLACK = "#000000"
# The darkest background of the light scheme and the lightest of the dark one, as in static/kontakt.css:
# what is legible on these is legible on the other backgrounds.
PAGE = "#f6f4ef"
NIGHT = "#2a2723"
STEPS = 20
Properties = Mapping[str, str]


def require_contrast(text: str, background: str, where: str) -> str:
    """The text's colour unchanged. Raises ValueError if it is not legible on the background."""
    ratio = contrast(text, background)
    if ratio < TEXT:
        raise ValueError(f"has too little contrast {where} {ratio:.1f}:1 of at least {TEXT}:1")
    return text


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """Mix a share (0 to 1) of another colour into a colour, in sRGB."""
    channels = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(start + (end - start) * share):02x}" for start, end in channels)


def light_properties(accent: str, mark: str, mark_text: str) -> Properties:
    """CSS custom properties of the light scheme."""
    return {
        "--band": accent,
        "--band-deep": mix(accent, BLACK, 0.3),
        "--band-soft": _shade(accent, WHITE, accent, TEXT, 0.8),
        "--mark": mark,
        "--mark-text": mark_text,
        "--mark-edge": _shade(mark, BLACK, PAGE, SHAPE),
        "--tint": mix(accent, WHITE, 0.86),
        "--tint-dot": mix(accent, WHITE, 0.7),
        "--name": mix(accent, BLACK, 0.3),
        **_accent(accent, mix(accent, BLACK, 0.15), mix(accent, BLACK, 0.3), WHITE, WHITE),
    }


def dark_properties(accent: str, mark: str) -> Properties:
    """CSS custom properties of the dark scheme."""
    pale = _shade(accent, WHITE, NIGHT, TEXT, 0.5)
    return {
        "--band": mix(accent, BLACK, 0.5),
        "--band-deep": mix(accent, BLACK, 0.65),
        "--hero-card": mix(accent, BLACK, 0.75),
        "--mark-edge": _shade(mark, WHITE, NIGHT, SHAPE),
        "--tint": mix(accent, NIGHT, 0.6),
        "--tint-dot": mix(accent, NIGHT, 0.3),
        "--name": WHITE,
        **_accent(pale, mix(pale, WHITE, 0.3), mix(pale, WHITE, 0.5), BLACK, NIGHT),
    }


def _accent(base: str, hover: str, active: str, on_accent: str, background: str) -> Properties:
    """The accent variables that the components of Designsystemet use."""
    values = {
        "text-subtle": base,
        "text-default": active,
        "border-strong": base,
        "base-default": base,
        "base-hover": hover,
        "base-active": active,
        "base-contrast-default": on_accent,
        "surface-tinted": mix(base, background, 0.9),
        "surface-hover": mix(base, background, 0.85),
        "surface-active": mix(base, background, 0.8),
    }
    return {f"--ds-color-accent-{name}": value for name, value in values.items()}


def _shade(colour: str, towards: str, background: str, ratio: float, least: float = 0.0) -> str:
    """Mix in the smallest share of another colour that gives the contrast ratio on the background."""
    for step in range(STEPS + 1):
        shade = mix(colour, towards, step / STEPS)
        if step / STEPS >= least and contrast(shade, background) >= ratio:
            return shade
    return towards


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    red, green, blue = _channels(colour)
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
