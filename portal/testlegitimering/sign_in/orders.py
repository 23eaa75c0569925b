"""A sign-in on another device: the changing code that the testapp reads, and the stage of the sign-in."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field

from portal.testlegitimering.oidc.authorization import Authorization
from portal.testlegitimering.people import Person
from portal.testlegitimering.switches import Switches

CODE_SECONDS = 30
APP_SECONDS = 180
WAITING = "waiting"
SCANNED = "scanned"
DONE = "done"
EXPIRED = "qr_expired"
TIMED_OUT = "timed_out"


@dataclass
class Order:
    """One attempt. Its stage is WAITING, SCANNED, DONE, or a key of FAILURES."""

    authorization: Authorization
    switches: Switches
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    started_at: float = field(default_factory=time.time)
    stage: str = WAITING
    person: Person | None = None

    @property
    def state(self) -> str:
        """The stage, or the failure if its time is out."""
        if self.stage == WAITING and self._age() >= CODE_SECONDS:
            return EXPIRED
        if self.stage == SCANNED and self._age() >= APP_SECONDS:
            return TIMED_OUT
        return self.stage

    @property
    def text(self) -> str:
        """The content of the QR code this second, in the format of BankID's animated code."""
        return self._text(int(self._age()))

    def matches(self, text: str) -> bool:
        """Whether the QR code has had this content, now or in an earlier second."""
        parts = text.split(".")
        # A content of the future cannot have been read from the picture.
        if len(parts) < 3 or not parts[2].isdecimal() or int(parts[2]) > self._age():
            return False
        return hmac.compare_digest(self._text(int(parts[2])).encode(), text.encode())

    def _text(self, seconds: int) -> str:
        proof = hmac.new(self.secret, str(seconds).encode(), hashlib.sha256).hexdigest()
        return f"bankid.{self.token}.{seconds}.{proof}"

    def _age(self) -> float:
        return time.time() - self.started_at
