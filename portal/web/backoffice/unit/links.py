"""Numbers that lead to the list of the queue with exactly the cases that they count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.cases.queue import counts as counting
from portal.translation import gettext as _


@dataclass(frozen=True)
class Number:
    """A number of cases; without an address where the reader sees no list, or where it is 0."""

    label: str
    text: str
    href: str = ""
    alarming: bool = False


def number(label: str, count: int, address: Mapping[str, Any], alarming: bool = False) -> Number:
    """A number with the address of its list, which counts as far as the queue does."""
    text = _("1\N{NO-BREAK SPACE}000+") if count > counting.MAX_COUNT else str(count)
    href = url_for("backoffice.queue", **address) if count else ""
    return Number(label, text, href, alarming and count > 0)
