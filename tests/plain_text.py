"""A view model with its texts as one reads them: spaces that keep a date together are spaces here."""

from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from typing import Any

from portal.words.dates import breakable


def plain(value: Any) -> Any:
    """The value, and what is inside it, with breakable spaces."""
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, list | tuple):
        return type(value)(plain(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        made = replace(value, **{field.name: plain(getattr(value, field.name)) for field in fields(value)})
        vars(made).update({name: plain(getattr(value, name)) for name in _computed(type(value))})
        return made
    return value


def _computed(view: type) -> set[str]:
    """What a view model computes when it is asked for."""
    return {
        name
        for base in view.__mro__
        for name, found in vars(base).items()
        if isinstance(found, cached_property)
    }
