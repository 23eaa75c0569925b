"""Counters in memory and in Redis: shared by processes, with an expiry, and without addresses."""

from collections.abc import Iterator

import pytest
import redis
import time_machine
from structlog.testing import capture_logs

from portal.budgets import counters, redis_counters
from portal.budgets.counters import Count, Counters
from portal.budgets.rules import Budget, Lane
from portal.operations import budget_checks
from tests import redis_server

THREE = Budget("three", 3)
ADDRESS = Count(THREE, Lane.STRANGER, "192.0.2.1", 3)
NETWORK = Count(THREE, Lane.STRANGER, "192.0.2.0/24", 5)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with redis_server.server() as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    redis.Redis.from_url(server).flushall()
    return server


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> Counters:
    return Counters(request.getfixturevalue("url") if request.param == "redis" else "")


def spent(store: Counters, *counts: Count, times: int) -> list[bool]:
    return [store.spend(counts) is None for _time in range(times)]


def test_so_many_are_allowed_and_no_more(store: Counters) -> None:
    assert spent(store, ADDRESS, times=5) == [True] * 3 + [False] * 2


def test_what_is_refused_is_counted_nowhere(store: Counters) -> None:
    spent(store, ADDRESS, NETWORK, times=10)
    assert spent(store, NETWORK, times=3) == [True, True, False]


def test_the_first_that_is_used_up_is_named_with_its_time(store: Counters) -> None:
    spent(store, ADDRESS, NETWORK, times=3)
    tripped = store.spend([ADDRESS, NETWORK])
    assert tripped is not None
    assert tripped.count == ADDRESS
    seconds = (tripped.until - counters.clock.now()).total_seconds()
    assert 590 < seconds <= 601


def test_to_look_counts_nothing(store: Counters) -> None:
    assert [store.tripped([ADDRESS]) for _time in range(5)] == [None] * 5
    assert spent(store, ADDRESS, times=4) == [True] * 3 + [False]


def test_lanes_and_budgets_share_nothing(store: Counters) -> None:
    spent(store, ADDRESS, times=3)
    other_lane = Count(THREE, Lane.CITIZEN, ADDRESS.key, 3)
    other_budget = Count(Budget("other", 3), Lane.STRANGER, ADDRESS.key, 3)
    assert spent(store, other_lane, other_budget, times=1) == [True]


def test_the_salt_of_a_process_lives_an_hour() -> None:
    with time_machine.travel("2026-05-04 08:00:00Z", tick=False) as clock:
        salt = counters.MemorySalt()
        first = salt.current()
        clock.shift(3600)
        assert salt.current() == first
        clock.shift(1)
        assert salt.current() != first


def test_two_processes_count_together(url: str) -> None:
    one = Counters(url)
    other = Counters(url)
    assert spent(one, ADDRESS, times=2) == [True, True]
    assert spent(other, ADDRESS, times=2) == [True, False]


def test_redis_forgets_salt_and_counts_and_holds_no_address(url: str) -> None:
    spent(Counters(url), ADDRESS, times=2)
    client = redis.Redis.from_url(url)
    keys = client.keys("*")
    assert 0 < client.ttl(redis_counters.SALT_KEY) <= 3600
    assert all(0 < client.ttl(key) <= 3600 for key in keys)
    assert not any(b"192.0.2" in key for key in keys)
    assert len(keys) == 2


def test_a_redis_that_is_away_is_a_line_and_no_error() -> None:
    store = Counters("redis://127.0.0.1:1")
    with capture_logs() as lines:
        assert spent(store, ADDRESS, times=5) == [True] * 3 + [False] * 2
    assert [line["event"] for line in lines] == ["budgets.redis_away"]


def test_a_redis_that_goes_away_and_comes_back() -> None:
    with redis_server.server() as url:
        store = Counters(url)
        spent(store, ADDRESS, times=3)
        redis.Redis.from_url(url).config_set("maxmemory", "1")
        with capture_logs() as lines:
            assert spent(store, NETWORK, times=2) == [True, True]
        assert [line["event"] for line in lines] == ["budgets.redis_away"]
        redis.Redis.from_url(url).config_set("maxmemory", "0")
        with time_machine.travel(counters.clock.now() + counters.REDIS_PAUSE, tick=True):
            assert spent(store, ADDRESS, times=1) == [False]
    assert spent(store, NETWORK, times=1) == [True]


def test_check_names_a_redis_that_is_away_or_writes_to_disk(url: str) -> None:
    assert list(budget_checks.redis_problems("")) == []
    assert list(budget_checks.redis_problems(url)) == []
    redis.Redis.from_url(url).config_set("save", "60 1")
    assert "writes the counts to disk" in "".join(budget_checks.redis_problems(url))
    redis.Redis.from_url(url).config_set("save", "")
    assert "does not answer" in "".join(budget_checks.redis_problems("redis://127.0.0.1:1"))
