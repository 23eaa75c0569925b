"""A sign-in on another device: the code that the testapp reads, and how far the person has come."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field

from portal.testlegitimering.authorization import Authorization
from portal.testlegitimering.people import Person
from portal.testlegitimering.switches import Switches

CODE_SECONDS = 30
APP_SECONDS = 180
WAITING, SCANNED, DONE = "waiting", "scanned", "done"
EXPIRED, TIMED_OUT = "qr_expired", "timed_out"


@dataclass
class Order:
    """One attempt. Its reached stage is waiting, scanned, done, or the name of a failure."""

    authorization: Authorization
    switches: Switches
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    begun: float = field(default_factory=time.time)
    reached: str = WAITING
    person: Person | None = None

    @property
    def state(self) -> str:
        """How far it has come; what nobody finished in time has failed."""
        if self.reached == WAITING and self._age() >= CODE_SECONDS:
            return EXPIRED
        if self.reached == SCANNED and self._age() >= APP_SECONDS:
            return TIMED_OUT
        return self.reached

    @property
    def text(self) -> str:
        """What the picture says this second."""
        return self._text(int(self._age()))

    def fits(self, text: str) -> bool:
        """Whether the picture has said so, this second or before."""
        seconds = text.split(".")[2:3]
        known = seconds and seconds[0].isdecimal() and int(seconds[0]) <= self._age()
        return bool(known) and hmac.compare_digest(self._text(int(seconds[0])).encode(), text.encode())

    def _text(self, seconds: int) -> str:
        proof = hmac.new(self.secret, str(seconds).encode(), hashlib.sha256).hexdigest()
        return f"bankid.{self.token}.{seconds}.{proof}"

    def _age(self) -> float:
        return time.time() - self.begun
