"""Counts and their salt in Redis, for several processes together."""

import secrets
from typing import cast

import redis
from limits.storage import RedisStorage
from redis import RedisError as RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.budgets.counters import SALT_TTL

SALT_KEY = "kontakt:salt"
PREFIX = "kontakt:count"
# Seconds that a page may wait for Redis.
REDIS_TIMEOUT = 0.5


class RedisSalt:
    """The salt of all processes that share a Redis, which forgets it after an hour."""

    def __init__(self, url: str) -> None:
        self._client = redis_client(url)

    def current(self) -> bytes:
        """The salt of this hour. Raises RedisError."""
        stored = self._client.get(SALT_KEY)
        if stored is None:
            # NX: the first of several processes decides, and all read what it wrote.
            self._client.set(SALT_KEY, secrets.token_bytes(16), nx=True, ex=SALT_TTL)
            stored = self._client.get(SALT_KEY)
        if stored is None:
            raise RedisError("the salt is not kept")
        return cast(bytes, stored)


def redis_client(url: str) -> redis.Redis:
    """A client that gives up after REDIS_TIMEOUT; it connects when it is first used."""
    # One retry, at once: the server may have closed an idle connection.
    retry = Retry(NoBackoff(), 1)
    return redis.Redis.from_url(
        url, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT, retry=retry
    )


def storage(url: str) -> RedisStorage:
    """The storage of the counts, with connections of its own."""
    pool = redis_client(url).connection_pool
    return RedisStorage("redis://", connection_pool=pool, key_prefix=PREFIX)
