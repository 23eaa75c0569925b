"""Delivery of the outbox: a worker with a lane for each channel (docs/decisions/0002)."""

from portal.notifications.delivery.lanes import BATCH
from portal.notifications.delivery.worker import deliver_all, deliver_due, run

__all__ = ["BATCH", "deliver_all", "deliver_due", "run"]
