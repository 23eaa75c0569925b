"""A calendar file as RFC 5545 writes it, whatever its texts hold."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from portal.formats.calendar_file import DayEvent, calendar_file

MADE = datetime(2026, 5, 4, 8, tzinfo=UTC)


def unfolded(file: str) -> list[str]:
    """The lines as a calendar reads them."""
    return file.replace("\r\n ", "").split("\r\n")


def value(file: str, name: str) -> str:
    """The text of a property, without its escapes."""
    line = next(line for line in unfolded(file) if line.startswith(f"{name}:"))
    parts = line.removeprefix(f"{name}:").split("\\\\")
    plain = (part.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";") for part in parts)
    return "\\".join(plain)


def test_an_event_lasts_a_whole_day_and_ends_before_the_next() -> None:
    file = calendar_file([DayEvent("KB-1-answer@kontakt", 3, date(2026, 12, 31), "Svar")], MADE)
    assert unfolded(file) == [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kontakt//SV", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"),
        *("BEGIN:VEVENT", "UID:KB-1-answer@kontakt", "DTSTAMP:20260504T080000Z", "SEQUENCE:3"),
        *("DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "SUMMARY:Svar"),
        *("TRANSP:TRANSPARENT", "CLASS:PRIVATE", "END:VEVENT", "END:VCALENDAR", ""),
    ]


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("\\;,\n"), max_size=200))
def test_a_text_comes_out_as_it_was_in_lines_of_75_octets(text: str) -> None:
    file = calendar_file([DayEvent("a", 0, date(2026, 5, 4), text)], MADE)
    assert value(file, "SUMMARY") == text
    assert file.count("\n") == file.count("\r\n")
    assert max(len(line.encode()) for line in file.split("\r\n")) <= 75
