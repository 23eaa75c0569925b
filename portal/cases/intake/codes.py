"""Receipt codes: 80 bits as 16 characters out of 32 (no 0 O 1 I), in four groups. Pure."""

import hashlib
import hmac

from portal.formats import cleaning
from portal.formats.codes.readable_codes import SIGNS, readable_code

LENGTH = 16
# Words before a code that is copied together with them; no group of a code is as short as three or has an O.
LABELS = (["KOD"], ["KODEN"], ["CODE"])


def code(key: str, submission: str) -> str:
    """The code of a submission, derived by HMAC: a repeated form gets the same code, and none is stored."""
    # 80 bits: too many to guess, and 16 characters can still be read aloud on the phone.
    bits = int.from_bytes(hmac.new(key.encode(), submission.encode(), hashlib.sha256).digest()[:10], "big")
    return readable_code(bits)


def groups(plain: str) -> list[str]:
    """Four groups of four characters, for display."""
    return [plain[start : start + 4] for start in range(0, LENGTH, 4)]


def normalise(written: str) -> str | None:
    """A typed code without label, spaces, dashes and lower case; None if it is malformed."""
    parts = cleaning.tokens(written)
    plain = "".join(parts[1:] if parts[:1] in LABELS else parts)
    return plain if len(plain) == LENGTH and set(plain) <= set(SIGNS) else None
