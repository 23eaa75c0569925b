"""The public statistics as open data: every row that is published, and nothing else."""

import json
from dataclasses import asdict, dataclass

from portal.cases.enums import Kind
from portal.formats import spreadsheet
from portal.organisation import queries as organisation
from portal.statistics.published import queries as published
from portal.statistics.published.queries import PublicRow, Share
from portal.statistics.published.tree import Table
from portal.web.public.figures.rows import counts, joined
from portal.words.kinds import KINDS

LICENCE = "CC0-1.0"
# Swedish, as the addresses are: the data are read by people in Sweden, in a spreadsheet or a program.
FIELDS = {
    "tabell": "typ (månad för månad), nämnd, ämne, enhet eller utfall (år för år)",
    "namn": "typen, nämnden, ämnet, enheten eller utfallet; små nämnder är sammanslagna",
    "forsta_manad": "den första månaden, år och månad",
    "sista_manad": "den sista månaden, år och månad",
    "arenden": "ärenden som kom in; ämnen, enheter och utfall är avrundade till närmaste femtal",
    "besvarade": "ärenden som hade fått svar när månaden räknades",
    "svar_lovade": "löften om svar vars dag hade gått",
    "svar_i_tid": "så många av dem fick svar i tid",
    "avslutade_av": "ärenden som skulle vara avslutade",
    "avslutade_i_tid": "så många av dem avslutades i tid",
    "kontakt_lovade": "löften om en första kontakt vars dag hade gått",
    "kontakt_i_tid": "så många av dem hölls",
    "median_arbetsdagar": "hälften fick svar inom så många arbetsdagar",
    "nio_av_tio_arbetsdagar": "nio av tio fick svar inom så många arbetsdagar",
}
TABLES = {
    Table.KIND: "typ",
    Table.BOARD: "nämnd",
    Table.TOPIC: "ämne",
    Table.UNIT: "enhet",
    Table.FATE: "utfall",
}
ROUNDED = (Table.TOPIC, Table.UNIT, Table.FATE)


@dataclass(frozen=True)
class Record:
    """A row of the open data; None for what is not published. The names are those of FIELDS."""

    tabell: str
    namn: str
    forsta_manad: str
    sista_manad: str
    arenden: int
    besvarade: int | None = None
    svar_lovade: int | None = None
    svar_i_tid: int | None = None
    avslutade_av: int | None = None
    avslutade_i_tid: int | None = None
    kontakt_lovade: int | None = None
    kontakt_i_tid: int | None = None
    median_arbetsdagar: int | None = None
    nio_av_tio_arbetsdagar: int | None = None


def as_csv() -> str:
    """A file for Swedish Excel."""
    lines = [spreadsheet.line(list(FIELDS))]
    for record in _records():
        values = asdict(record).values()
        lines.append(spreadsheet.line(["" if value is None else str(value) for value in values]))
    return spreadsheet.BYTE_ORDER_MARK + "".join(lines)


def as_json() -> str:
    """The same with what the fields mean."""
    data = {
        "kommun": organisation.profile().full,
        "licens": LICENCE,
        "falt": FIELDS,
        "rader": [asdict(record) for record in _records()],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _records() -> list[Record]:
    extent = published.extent()
    rows = published.rows(extent.first, extent.last) if extent else []
    return [_record(row) for row in rows]


def _record(row: PublicRow) -> Record:
    months = row.first.isoformat()[:7], row.last.isoformat()[:7]
    if row.table in ROUNDED:
        return Record(TABLES[row.table], counts([row], row.table)[0].name, *months, row.sums["cases"])
    numbers = row.figures
    name = str(KINDS[Kind(str(row.keys[0]))].name) if row.table is Table.KIND else joined(row.names)
    answer, closed, contact = map(_numbers, (numbers.answer, numbers.closed, numbers.contact))
    times = numbers.median, numbers.nine_of_ten
    counted = [numbers.answered, *answer, *closed, *contact, *times]
    return Record(TABLES[row.table], name, *months, numbers.cases, *counted)


def _numbers(share: Share | None) -> tuple[int | None, int | None]:
    return (share.total, share.part) if share else (None, None)
