"""Delivery of the outbox: a worker that sends what is due by each channel (docs/decisions/0002)."""

from portal.notifications.delivery.worker import BATCH, deliver_due, overdue_count, run

__all__ = ["BATCH", "deliver_due", "overdue_count", "run"]
