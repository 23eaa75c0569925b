"""Line numbers of a TOML file, for error messages: tomllib does not keep them."""

import re
from dataclasses import dataclass, field

HEADER = re.compile(r"\s*\[\[?([\w.-]+)\]\]?\s*(?:#.*)?$")
PAIR = re.compile(r"""\s*(?:"([^"]+)"|([\w-]+))\s*=\s*(.*)""")
# The names that tell the tables of an array apart.
KEY_NAMES = ("key", "date")


@dataclass
class Table:
    """A table of the file, with its first line and, for each pair, the line and the raw value."""

    name: str
    line: int
    pairs: dict[str, tuple[int, str]] = field(default_factory=dict)

    def has_key(self, key: str) -> bool:
        """Whether the table is the one of an array with this key or date."""
        for name in KEY_NAMES:
            if name in self.pairs and re.fullmatch(rf'"?{re.escape(key)}"?\s*(?:#.*)?', self.pairs[name][1]):
                return True
        return False

    def line_of(self, name: str) -> int:
        """The line of a pair, or the first line of the table if it has no such pair."""
        return self.pairs.get(name, (self.line, ""))[0]


def line_of(text: str, path: str) -> int:
    """The line of a path such as "units.park.board", or that of its table if the path is missing."""
    tables = _tables(text)
    matching = [table for table in tables if f"{path}.".startswith(f"{table.name}.")]
    if not matching:
        return tables[0].line_of(path.partition(".")[0])
    first = matching[0]
    rest = path[len(first.name) + 1 :]
    # A pair of a plain table; its name may itself hold dots, as the texts of translations do.
    if rest in first.pairs:
        return first.line_of(rest)
    key, _dot, name = rest.partition(".")
    return _entry(matching, key).line_of(name.partition(".")[0])


def _entry(tables: list[Table], key: str) -> Table:
    """The table of an array with a key or, written "#2", a position; of duplicates the last."""
    for position, table in reversed(list(enumerate(tables, 1))):
        if key == f"#{position}" or table.has_key(key):
            return table
    return tables[0]


def _tables(text: str) -> list[Table]:
    tables = [Table("", 1)]
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            tables.append(Table(header[1], number))
        elif pair := PAIR.match(line):
            tables[-1].pairs.setdefault(pair[1] or pair[2], (number, pair[3]))
    return tables
