"""A calendar file (iCalendar, RFC 5545) of events that each last one whole day. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Kontakt//SV"
# A longer line is folded: octets, not characters (RFC 5545, 3.1).
MAX_OCTETS = 75
ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\r\n": "\\n", "\r": "\\n", "\n": "\\n"}


@dataclass(frozen=True)
class DayEvent:
    """A day in a calendar. An event with a known `uid` and a higher `sequence` replaces the earlier one."""

    uid: str
    sequence: int
    day: date
    summary: str


def calendar_file(events: Sequence[DayEvent], made_at: datetime) -> str:
    """The file of the events, with the line ends that the standard asks for."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for event in events:
        lines.extend(_event(event, stamp))
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: DayEvent, stamp: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_escaped(event.uid)}",
        f"DTSTAMP:{stamp}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        # The end is the first day that is no longer part of the event (3.6.1).
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(event.summary)}",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for sign, escape in ESCAPED.items():
        text = text.replace(sign, escape)
    return text


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most MAX_OCTETS; a part after the first begins with a space."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > MAX_OCTETS:
            yield part
            part = " "
        part += sign
    yield part
