"""The PORTAL_ variables of the environment that are no setting, such as misspelt ones."""

import difflib
import os

from portal.config import Settings


def unknown_variables() -> list[str]:
    """A line for each of them, with the setting that is probably meant."""
    known = [f"PORTAL_{name.upper()}" for name in Settings.model_fields]
    lines = []
    for name in sorted(os.environ):
        if name.upper().startswith("PORTAL_") and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, 1, cutoff=0.8)
            lines.append(f"{name} is no setting" + (f": is {near[0]} meant?" if near else ""))
    return lines
