"""A view model with its texts as one reads them: spaces that keep a date together are spaces here."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from portal.words.dates import breakable


def plain(value: Any) -> Any:
    """The value, and what is inside it, with breakable spaces."""
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, list | tuple):
        return type(value)(plain(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: plain(getattr(value, field.name)) for field in fields(value)})
    return value
