"""Metrics in the text format of Prometheus, read from the database at each scrape. Figures alone."""

import hmac
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from portal import clock
from portal.config import settings
from portal.files import maintenance as files
from portal.key_strength import MIN_LENGTH
from portal.notifications.rules import Medium
from portal.notifications.sent import overview
from portal.operations import jobs


class _Outbox(Collector):
    def collect(self) -> Iterable[GaugeMetricFamily]:
        waiting = GaugeMetricFamily("kontakt_outbox_waiting", "Messages to be sent.", labels=["medium"])
        oldest = GaugeMetricFamily(
            "kontakt_outbox_oldest_seconds", "Age of the oldest of them.", labels=["medium"]
        )
        backlogs = {backlog.medium: backlog for backlog in overview.backlogs()}
        for medium in Medium:
            backlog = backlogs.get(medium)
            age = (clock.now() - backlog.oldest).total_seconds() if backlog else 0.0
            waiting.add_metric([medium.value], backlog.messages if backlog else 0)
            oldest.add_metric([medium.value], age)
        yield from (waiting, oldest, self._undelivered())

    def _undelivered(self) -> GaugeMetricFamily:
        undelivered = GaugeMetricFamily(
            "kontakt_outbox_undelivered",
            "Messages of the last 30 days that were not delivered.",
            labels=["medium", "state", "problem"],
        )
        counts: dict[tuple[str, str, str], int] = {}
        for row in overview.failures():
            key = (row.medium.value, row.state.value, row.problem or "")
            counts[key] = counts.get(key, 0) + row.messages
        for labels, count in counts.items():
            undelivered.add_metric(list(labels), count)
        return undelivered


class _Jobs(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        failing = GaugeMetricFamily("kontakt_jobs_failing", "Jobs that failed or are overdue.")
        failing.add_metric([], len(jobs.problems()))
        yield failing


class _Files(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        stored = GaugeMetricFamily("kontakt_files", "Files that are not ready, by state.", labels=["state"])
        for state, count in files.counts().items():
            stored.add_metric([state.value], count)
        yield stored


def exposition() -> bytes:
    """All metrics, as a scrape gets them."""
    # A registry of our own: the library's has the figures of this process, of which there are several.
    registry = CollectorRegistry()
    registry.register(_Outbox())
    registry.register(_Jobs())
    registry.register(_Files())
    return generate_latest(registry)


def is_scraper(authorization: str) -> bool:
    """Whether a request brings the token of the scraper (RFC 6750). One that is too short opens nothing."""
    token = settings().metrics_token
    is_same = hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    return is_same and len(token) >= MIN_LENGTH
