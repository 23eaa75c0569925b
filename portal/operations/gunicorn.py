"""Settings of gunicorn."""

import gc
import os
from typing import Any

from gunicorn.glogging import Logger

from portal import logs


class ServerLogger(Logger):
    """Writes gunicorn's errors as the lines of our log, also before the application is loaded."""

    def setup(self, cfg: Any) -> None:
        """Replace the handlers of the error log."""
        super().setup(cfg)
        # From the environment: the settings are loaded with the application, in the worker.
        log_format: logs.Format = "json" if os.environ.get("PORTAL_LOG_FORMAT") == "json" else "text"
        logs.configure(log_format, "INFO")
        self.error_log.handlers[:] = [logs.StderrHandler(logs.formatter(log_format))]


worker_class = "gthread"
# With more than one, rate limits need a Redis to be counted together (docs/decisions/0015).
workers = int(os.environ.get("PORTAL_PROCESSES") or 1)
threads = 8
# Loaded once and then forked: the processes share what they do not change, half of the memory of each.
preload_app = True
timeout = 60
keepalive = 5
# Above what the portal bounds itself (portal/web/request_limits.py), so that its page is seen.
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
# An address in a log would be a trace of an anonymous sender. Gunicorn's warnings hold the address of a
# malformed request, so only errors are logged, and of those the template without the values.
accesslog = None
loglevel = "error"
logger_class = ServerLogger
control_socket_disable = True
# Files that the process makes, such as those of SQLite, are for its own user alone.
umask = 0o077


def when_ready(_server: Any) -> None:
    """Keep what was loaded out of the garbage collection of the processes, which would copy it by that."""
    gc.collect()
    gc.freeze()


def on_starting(server: Any) -> None:
    """Log what makes rate limits count wrongly: only the server knows how many processes it starts."""
    # Imported here, since gunicorn also reads this module where the portal's settings are not needed.
    import structlog

    from portal import config
    from portal.operations import budget_checks

    log: structlog.stdlib.BoundLogger = structlog.get_logger()
    try:
        settings = config.load()
    except config.BadSetting:
        # The application stops the start, and says why.
        return
    for problem in budget_checks.setting_problems(settings, server.cfg.workers):
        log.warning("limits.unsafe", problem=problem)
