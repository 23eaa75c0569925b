"""Names of files, as people give them: made safe and short for display and download. Pure."""

import re
import unicodedata

from portal.files.enums import FileKind
from portal.files.kinds import KINDS

MAX_NAME = 100
# What a name is when nothing of it is left.
NAMELESS = "fil"
# Path separators, and what Windows and shells give a meaning of their own.
UNSAFE = re.compile(r"""[\\/:*?"<>|]""")
SPACES = re.compile(r"\s+")
# Control, format (as the right-to-left override), surrogate, private and unassigned characters.
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
# Base letters with more marks than any language has.
MAX_MARKS = 3
# Names of devices, which Windows opens in place of a file.
DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")


def clean_name(name: str) -> str:
    """A safe, short name: the last part of a path, without invisible characters, at most MAX_NAME long."""
    last = name[-4 * MAX_NAME :].replace("\\", "/").rpartition("/")[2]
    visible = "".join(_visible(SPACES.sub(" ", last)))
    safe = UNSAFE.sub("_", unicodedata.normalize("NFC", visible)).strip(" .")
    if DEVICES.match(safe):
        safe = f"_{safe}"
    return _shortened(safe) or NAMELESS


def _visible(text: str) -> list[str]:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if category not in INVISIBLE and marks <= MAX_MARKS:
            kept.append(character)
    return kept


def _shortened(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:MAX_NAME].strip(" .")
    return f"{stem[: MAX_NAME - len(extension) - 1].strip(' .')}.{extension}"


def extension_of(name: str) -> str:
    """The extension of a name in lower case without the dot; empty if it has none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def name_of_kind(name: str, kind: FileKind) -> str:
    """The clean name with an extension of its kind, so that what opens it is what it is."""
    clean = clean_name(name)
    spec = KINDS[kind]
    if extension_of(clean) in spec.extensions:
        return clean
    stem = clean.rpartition(".")[0] if _has_extension(clean) else clean
    return _shortened(f"{stem or NAMELESS}.{spec.extension}")


def _has_extension(name: str) -> bool:
    extension = extension_of(name)
    return 1 <= len(extension) <= 4 and extension.isascii() and extension.isalnum()
