"""Case numbers in HTML that do not break over two lines. Pure."""

import re

from markupsafe import Markup

NUMBER = re.compile(r"\b[A-ZÅÄÖ]{1,8}-[0-9]{4}-[0-9]{6,9}\b")
# The text from the end of a tag to the next tag. What an option or a text field holds is text and no markup.
TEXT_WITH_NUMBER = re.compile(r">(?>[^<>]*?-[0-9]{4}-[0-9]{6})[^<>]*+<(?!/(?:option|textarea|title)\b)")


def kept_together(html: str) -> Markup:
    """The HTML with an element around each case number in its texts: browsers break a line at a hyphen."""
    return Markup(TEXT_WITH_NUMBER.sub(_with_elements, html))  # noqa: S704


def _with_elements(text: re.Match[str]) -> str:
    return NUMBER.sub(r'<bdi class="case-number">\g<0></bdi>', text[0])
