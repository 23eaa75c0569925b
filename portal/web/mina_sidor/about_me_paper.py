"""The copy of what is held about a citizen, as template values of its PDF: labels, and dates to read."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from portal.translation import gettext as _
from portal.translation import lazy_gettext as _l
from portal.web.attachments.kinds import size_text
from portal.web.mina_sidor.about_me import Values
from portal.words import dates

PERSON = {
    "name": _l("Namn"),
    "identity_number": _l("Personnummer"),
    "coordination_level": _l("Samordningsnummer, nivå"),
    "eidas_identifier": _l("Nummer från ett annat land"),
    "protected": _l("Skyddade personuppgifter"),
    "email": _l("E-postadress"),
    "phone": _l("Mobilnummer"),
    "notify_by": _l("Meddelanden"),
    "first_signed_in_at": _l("Sparat sedan"),
}
CASE = {
    "kind": _l("Typ"),
    "topic": _l("Ämne"),
    "status": _l("Läge"),
    "closed_because": _l("Avslutat"),
    "received_at": _l("Kom in"),
    "answered_at": _l("Besvarat"),
    "closed_at": _l("Avslutat den"),
    "answer_promised_by": _l("Svar senast"),
    "contact_promised_by": _l("Vi hör av oss senast"),
    "handled_by": _l("Enhet"),
    "board": _l("Nämnd"),
    "secrecy": _l("Sekretess"),
    "reply_by": _l("Du får svaret"),
    "notify_by": _l("Meddelanden"),
    "on_behalf_of": _l("För"),
    "channel": _l("Kom in via"),
    "language": _l("Språk"),
}
SENDER = {
    "name": _l("Ditt namn i ärendet"),
    "email": _l("Din e-postadress i ärendet"),
    "phone": _l("Ditt mobilnummer i ärendet"),
    "address": _l("Din adress i ärendet"),
    "identity_number": _l("Ditt personnummer i ärendet"),
    "hidden_from_staff": _l("Dold för personal"),
}
DRAFT = {"subject": _l("Rubrik"), "place": _l("Plats"), "body": _l("Det du skrev")}
MOMENTS = frozenset({"first_signed_in_at", "received_at", "answered_at", "closed_at"})
DAYS = frozenset({"answer_promised_by", "contact_promised_by"})


def person_values(person: Values) -> dict[str, Any]:
    """The person, their sessions and their drafts."""
    drafts = []
    for draft in person["drafts"]:
        drafts.append(draft | {"saved_at": _moment(draft["saved_at"]), "text": _draft_text(draft)})
    sessions = []
    for row in person["open_sessions"]:
        sessions.append((_moment(row["signed_in_at"]), _moment(row["last_used_at"])))
    rows = _rows(PERSON, person)
    return {"rows": rows, "logins": person["sign_in_identifiers"], "sessions": sessions, "drafts": drafts}


def _draft_text(draft: Values) -> str:
    """What was written; the other fields are choices, as values of the form."""
    files = ", ".join(row["name"] for row in draft["files"])
    lines = []
    for name, label in DRAFT.items():
        if text := draft["fields"].get(name):
            lines.append(f"{label}: {text}")
    return "\n".join([*lines, f"{_('Filer:')} {files}"] if files else lines)


def case_values(case: Values) -> dict[str, Any]:
    """A case: its facts, messages, and lists with a heading each."""
    lists = [
        (_("Det som har hänt"), _lines(case["events"], _event)),
        (_("Meddelanden till dig"), _lines(case["deliveries"], _delivery, "queued_at")),
        (_("Det här ledde ditt ärende till"), _lines(case["led_to"], _improvement, "published_at")),
        (_("Vem har öppnat ärendet?"), _openings(case)),
    ]
    return {
        "number": case["number"],
        "subject": case["subject"],
        "rows": [*_rows(CASE, case), *_place(case["place"]), *_rows(SENDER, case["sender"]), *_asked(case)],
        "messages": list(map(_message, case["messages"])),
        "lists": [(heading, lines) for heading, lines in lists if lines],
    }


def _rows(labels: dict[str, Any], values: Values) -> list[tuple[str, str]]:
    return [(str(label), _text(name, values[name])) for name, label in labels.items() if values[name]]


def _text(name: str, value: Any) -> str:
    if value is True:
        return _("Ja")
    if name in MOMENTS:
        return _moment(value)
    return dates.full_date(date.fromisoformat(value)) if name in DAYS else str(value)


def _place(place: Values | None) -> list[tuple[str, str]]:
    if place is None:
        return []
    spot = ""
    if place["latitude"] is not None:
        spot = f"{place['latitude']}, {place['longitude']}"
    return [(term, text) for term, text in ((_("Plats"), place["text"]), (_("Koordinater"), spot)) if text]


def _asked(case: Values) -> list[tuple[str, str]]:
    rows = []
    for row in case["asked_about_the_answer"]:
        day = dates.full_date(date.fromisoformat(row["day"]))
        rows.append((_("Enkäten skickad"), _("%(day)s, besvarad", day=day) if row["answered"] else day))
    return rows


def _message(message: Values) -> Values:
    return message | {"at": _moment(message["at"]), "files": list(map(_file, message["files"]))}


def _file(row: Values) -> Values:
    details = f"{row['kind']}, {size_text(row['bytes'])}"
    return {"name": row["name"], "details": details, "alt": row["description"], "state": row["problem"]}


def _moment(text: str) -> str:
    return dates.full_moment(datetime.fromisoformat(text))


def _lines(rows: Sequence[Values], text: Callable[[Values], str], at: str = "at") -> list[tuple[str, str]]:
    return [(_moment(row[at]), text(row)) for row in rows]


def _event(row: Values) -> str:
    return f"{row['what']} ({row['by']})" if row["by"] else str(row["what"])


def _delivery(row: Values) -> str:
    return ", ".join(filter(None, (row["what"], row["to"], row["state"])))


def _improvement(row: Values) -> str:
    return f"{row['you_said']} {row['we_did']}"


def _openings(case: Values) -> list[tuple[str, str]]:
    """Who opened it, the latest first; where older ones are left out, the last line says so."""
    lines = _lines(case["opened_by"], _opening)
    since = case["opened_by_since"]
    return (
        [*lines, (_moment(since), _("Det som är äldre är inte med. Fråga kommunen om du vill ha det."))]
        if since
        else lines
    )


def _opening(row: Values) -> str:
    return f"{row['who']}: {row['what']}"
