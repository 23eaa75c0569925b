"""Receipt codes: 80 bits as 16 characters out of 32 (no 0 O 1 I), in four groups. Pure."""

import hashlib
import hmac
import re

from portal.formats.readable_codes import SIGNS, readable_code

LENGTH = 16


def code(key: str, submission: str) -> str:
    """The code of a submission, derived by HMAC: a repeated form gets the same code, and none is stored."""
    # 80 bits: too many to guess, and 16 characters can still be read aloud on the phone.
    bits = int.from_bytes(hmac.new(key.encode(), submission.encode(), hashlib.sha256).digest()[:10], "big")
    return readable_code(bits)


def groups(plain: str) -> list[str]:
    """Four groups of four characters, for display."""
    return [plain[start : start + 4] for start in range(0, LENGTH, 4)]


def normalise(written: str) -> str | None:
    """A typed code without spaces, hyphens and lower case; None if it is malformed."""
    plain = re.sub(r"[\s\-–—.]", "", written).upper()
    return plain if len(plain) == LENGTH and set(plain) <= set(SIGNS) else None
