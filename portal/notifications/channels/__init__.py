"""Channels for sending: each has a send() that raises one of the failures below."""

from portal.notifications.rules import Problem


class DeliveryFailure(Exception):
    """A message was not delivered: the problem, and the code of the server's reply if it gave one.

    `of_channel` says that no other message would get through either, as far as is known; `hold` is the pause
    in seconds that the server asked for.
    """

    def __init__(
        self,
        problem: Problem,
        code: int | None = None,
        *,
        of_channel: bool = False,
        hold: float | None = None,
    ) -> None:
        # Neither address nor text of the message: an exception ends up in logs.
        super().__init__(problem.value if code is None else f"{problem.value} {code}")
        self.problem = problem
        self.code = code
        self.of_channel = of_channel
        self.hold = hold


class TemporaryFailure(DeliveryFailure):
    """Retry later."""


class PermanentFailure(DeliveryFailure):
    """Do not retry: a person has to act."""


class UncertainFailure(DeliveryFailure):
    """The message may or may not have been sent."""
