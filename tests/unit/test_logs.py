"""The lines of the log: as text and as JSON, with time and level, without personal data."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from portal import logs
from portal.logs import processors

OURS = "portal.tests"
MARKERS = ("198704202392", "19870420-2392", "maja@exempel.se", "070-174 06 12", "+46701740612")


class Lines:
    """The logger of the test, and the lines that it has written to standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.log: structlog.stdlib.BoundLogger = structlog.get_logger(OURS)
        self.capsys = capsys

    def read(self) -> list[str]:
        """The lines since the last reading."""
        return self.capsys.readouterr().err.splitlines()

    def read_json(self) -> dict[str, object]:
        """The only line, as JSON."""
        (line,) = self.read()
        return dict(json.loads(line))


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    monkeypatch.setattr(processors, "_shown", {})
    yield Lines(capsys)
    logs.configure("text", "INFO")


def fail(message: str) -> None:
    raise ValueError(message)


def test_a_line_of_text_begins_with_time_level_and_event(lines: Lines) -> None:
    logs.configure("text", "INFO")
    lines.log.warning("code.wrong", endpoint="public.follow_open")
    (line,) = lines.read()
    first, level, event, endpoint = line.split(" ")
    assert first.startswith("timestamp=20")
    assert first.endswith("Z")
    assert (level, event, endpoint) == ("level=warning", "event=code.wrong", "endpoint=public.follow_open")


def test_json_is_one_object_for_each_line(lines: Lines) -> None:
    logs.configure("json", "INFO")
    lines.log.info("membership.added", membership=7)
    line = lines.read_json()
    assert line.pop("timestamp")
    assert line == {"level": "info", "event": "membership.added", "membership": 7}


def test_the_level_is_that_of_the_setting(lines: Lines) -> None:
    logs.configure("text", "WARNING")
    lines.log.info("code.wrong")
    assert lines.read() == []


@pytest.mark.parametrize("field", sorted(processors.PERSONAL))
def test_a_field_that_is_personal_is_removed(lines: Lines, field: str) -> None:
    logs.configure("json", "INFO")
    lines.log.info("code.wrong", **{field: "Maja Ek"})
    assert lines.read_json()[field] == "[removed]"


@pytest.mark.parametrize("value", [*MARKERS, "hej maja@exempel.se?", "https://x.example/?kod=AAAA", ["Maja"]])
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_looks_personal_is_masked(lines: Lines, log_format: logs.Format, value: object) -> None:
    logs.configure(log_format, "INFO")
    lines.log.info("sign_in.failed", reason=value)
    (line,) = lines.read()
    assert [marker for marker in (*MARKERS, "kod", "Maja") if marker in line] == []


def test_a_value_forges_no_line_and_has_a_bound(lines: Lines) -> None:
    logs.configure("text", "INFO")
    lines.log.info("sign_in.failed", reason="fel\r\n\u2028level=info event=ok " + "a b " * 20_000)
    (line,) = lines.read()
    assert len(line) < 400


def test_an_exception_is_its_types_and_lines_without_its_message(lines: Lines) -> None:
    logs.configure("json", "INFO")
    try:
        try:
            fail("Maja Ek")
        except ValueError as error:
            raise KeyError("198704202392") from error
    except KeyError:
        lines.log.exception("worker.failed")
    line = lines.read_json()
    assert line["exception"] == "KeyError from ValueError"
    assert "test_logs.py" in str(line["frames"])
    assert not {"Maja", "198704202392"} & set(str(line).split())


def test_the_same_place_shows_its_lines_once_a_minute(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    logs.configure("json", "INFO")
    shown = []
    for moment in (0.0, 10.0, 59.0, 61.0):
        monkeypatch.setattr("portal.logs.processors.time.monotonic", lambda now=moment: now)
        try:
            fail("x")
        except ValueError:
            lines.log.exception("worker.failed")
    for line in lines.read():
        shown.append("frames" in json.loads(line))
    assert shown == [True, False, False, True]


def test_a_library_is_named_with_its_template_alone(lines: Lines) -> None:
    logs.configure("json", "DEBUG")
    library = logging.getLogger("some.library")
    library.info("GET %s", "/folj?kod=AAAA")
    library.error("Error handling request %s", "/folj/ny-kod/hemlig")
    line = lines.read_json()
    assert (line["event"], line["logger"]) == ("library.message", "some.library")
    assert line["message"] == "Error handling request %s"


def test_configuring_again_adds_no_second_line(lines: Lines) -> None:
    logs.configure("text", "INFO")
    logs.configure("text", "INFO")
    lines.log.info("code.wrong")
    assert len(lines.read()) == 1
