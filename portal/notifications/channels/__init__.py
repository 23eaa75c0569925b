"""Ways out of the house: each channel has one function that sends, and tells kinds of failure apart."""


class DeliveryFailure(Exception):
    """A message that did not leave; its reason holds no address and no text of the message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(DeliveryFailure):
    """The message may leave later: try again."""


class PermanentFailure(DeliveryFailure):
    """The message will never leave like this: tell a person."""


class UncertainFailure(DeliveryFailure):
    """Nobody can know whether the message left: a person decides whether to send it again."""
