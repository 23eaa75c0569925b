"""Channels for sending: each has a send() that raises one of the failures below."""


class DeliveryFailure(Exception):
    """A message was not delivered. The reason contains neither address nor text of the message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(DeliveryFailure):
    """Retry later."""


class PermanentFailure(DeliveryFailure):
    """Do not retry: a person has to act."""


class UncertainFailure(DeliveryFailure):
    """The message may or may not have been sent: a person decides about sending it again."""
