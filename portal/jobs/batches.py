"""A job that does many things of which each may fail by itself."""

from collections.abc import Callable, Iterable

import structlog

from portal.database.errors import DatabaseUnavailable

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class PartlyFailed(Exception):
    """Some of what a job did failed, each with a line in the log; the rest is done."""


def for_each(ids: Iterable[int], function: Callable[[int], int]) -> int:
    """Call the function with each id; returns the sum of its results. Raises PartlyFailed at the end."""
    done = failed = 0
    for id_ in ids:
        try:
            done += function(id_)
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("job.part_failed", part=id_)
            failed += 1
    if failed:
        raise PartlyFailed
    return done
