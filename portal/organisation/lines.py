"""Where something stands in a TOML file. The parser keeps no lines, so the text is read once more."""

import re
from dataclasses import dataclass, field

HEADER = re.compile(r"\s*\[\[?([\w.-]+)\]\]?\s*(?:#.*)?$")
PAIR = re.compile(r"""\s*(?:"([^"]+)"|([\w-]+))\s*=\s*(.*)""")
NAMES = ("key", "date")


@dataclass
class Table:
    """A table of the file: its name, its first line, and each of its names with line and value."""

    name: str
    line: int
    pairs: dict[str, tuple[int, str]] = field(default_factory=dict)

    def is_called(self, entry: str) -> bool:
        """Whether it is the one of an array with this key or date."""
        values = (self.pairs[name][1] for name in NAMES if name in self.pairs)
        return any(re.fullmatch(rf'"?{re.escape(entry)}"?\s*(?:#.*)?', value) for value in values)


def line_of(text: str, place: str) -> int:
    """The line of a place such as "units.park.board"; its table's, where it is missing."""
    top, *tables = _tables(text)
    found = [one for one in tables if f"{place}.".startswith(f"{one.name}.")]
    if not found:
        return top.pairs.get(place.partition(".")[0], (1, ""))[0]
    rest = place[len(found[0].name) + 1 :]
    if rest in found[0].pairs:
        return found[0].pairs[rest][0]
    entry, _dot, name = rest.partition(".")
    named = [one for place, one in enumerate(found, 1) if entry == f"#{place}" or one.is_called(entry)]
    last = (named or found[:1])[-1]
    return last.pairs.get(name.partition(".")[0], (last.line, ""))[0]


def _tables(text: str) -> list[Table]:
    found = [Table("", 1)]
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            found.append(Table(header[1], number))
        elif pair := PAIR.match(line):
            found[-1].pairs.setdefault(pair[1] or pair[2], (number, pair[3]))
    return found
