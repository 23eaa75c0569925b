"""The log: one line for each event, as text or JSON on standard error, without personal data.

Write to it with `log: structlog.stdlib.BoundLogger = structlog.get_logger()` and an event of
portal/logs/events.py: `log.warning("code.wrong", endpoint=request.endpoint)`.
"""

import logging
import sys
from typing import Literal, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from portal.logs import processors

Format = Literal["text", "json"]
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
# The libraries log from this level: below it they describe requests, which may be those of anonymous senders.
LIBRARIES = logging.WARNING
# The values of every line; the rest of it follows in the order of the call.
FIRST_KEYS = ("timestamp", "level", "event")


class StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to the standard error of the moment, which tests and servers replace."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        self.stream = sys.stderr
        super().emit(record)


def configure(log_format: Format, level: Level) -> None:
    """Set up structlog and the standard library's loggers in this process; may be called again."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *processors.SHARED,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, StderrHandler):
            root.removeHandler(handler)
    root.addHandler(StderrHandler(formatter(log_format)))
    root.setLevel(LIBRARIES)
    # Werkzeug sets its own level to INFO unless it has one, and then logs the address of each request.
    logging.getLogger("werkzeug").setLevel(LIBRARIES)
    logging.getLogger("portal").setLevel(level)
    # SQLAlchemy names the logger of a pool by the module of its class.
    logging.getLogger("portal.database.engine").setLevel(LIBRARIES)


def formatter(log_format: Format) -> ProcessorFormatter:
    """The formatter of every line, ours and those of libraries."""
    return ProcessorFormatter(
        processors=[ProcessorFormatter.remove_processors_meta, _renderer(log_format)],
        foreign_pre_chain=[processors.name_library, *processors.SHARED],
        # The template of a library's message without its arguments, which may be an address or a text.
        use_get_message=False,
    )


def _renderer(log_format: Format) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.processors.LogfmtRenderer(key_order=FIRST_KEYS, drop_missing=True)
