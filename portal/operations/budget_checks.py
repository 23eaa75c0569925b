"""Whether budgets count as they should: together in all processes, and each sender as one."""

from collections.abc import Iterator
from datetime import timedelta

import redis
from sqlalchemy import func, select

from portal import clock
from portal.budgets.redis_counters import redis_client
from portal.budgets.trips import ONE_SENDER, tripped_since
from portal.config import Settings
from portal.db import session
from portal.notifications.models import OutboxMessage, State

RECENT = timedelta(hours=1)
DAY = timedelta(hours=24)


def setting_problems(using: Settings, processes: int) -> Iterator[str]:
    """Settings that make budgets count wrongly, with so many web processes."""
    if using.development:
        return
    if processes > 1 and not using.redis_url:
        yield f"{processes} processes count separately: set PORTAL_REDIS_URL"
    # Production has https, and TLS ends at a proxy.
    if not using.trusted_proxies:
        yield "all senders behind the proxy are one: set PORTAL_TRUSTED_PROXIES to the number of proxies"


def redis_problems(url: str) -> Iterator[str]:
    """Faults of the Redis of the counts: away, or writing to disk what must be forgotten."""
    if not url:
        return
    client = redis_client(url)
    try:
        client.ping()
        persistence = client.config_get("save", "appendonly")
    except redis.ResponseError:
        # Redis as a service often allows no CONFIG, and then nothing can be known.
        return
    except redis.RedisError:
        yield "Redis does not answer: each process counts separately"
        return
    finally:
        client.close()
    if persistence.get("save") or persistence.get("appendonly") == "yes":
        yield 'Redis writes the counts to disk: set save "" and appendonly no'


def proxy_problems() -> Iterator[str]:
    """A problem if requests came lately whose sender was one of the municipality's own proxies."""
    if any(budget == ONE_SENDER for budget, _lane, _minutes in tripped_since(clock.now() - RECENT)):
        yield "requests came from an address of our own: PORTAL_TRUSTED_PROXIES is not the number of proxies"


def notes() -> Iterator[str]:
    """What the budgets have stopped: nothing that is out of order, but worth knowing."""
    for budget, lane, minutes in tripped_since(clock.now() - DAY):
        if budget != ONE_SENDER:
            yield f"{budget} ({lane}) was used up, minutes of the last 24 hours: {minutes}"
    held = session().scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.state == State.HELD))
    if held:
        yield f"{held} messages are held until tomorrow, over the budget of a recipient or of the day"
