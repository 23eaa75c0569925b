"""Settings of gunicorn."""

import os
from typing import Any

worker_class = "gthread"
# With more than one, rate limits need a Redis to be counted together (docs/decisions/0015).
workers = int(os.environ.get("PORTAL_PROCESSES") or 1)
threads = 8
timeout = 60
keepalive = 5
# An address in a log would be a trace of an anonymous sender. Gunicorn's warnings hold the address of a
# malformed request, so only errors are logged.
accesslog = None
loglevel = "error"
control_socket_disable = True


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
