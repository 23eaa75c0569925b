"""Decode text of a letter by the character set that it names. Pure."""

import codecs

# By Python's names. Others, such as punycode and idna, take quadratic time or are no text.
KNOWN = (
    "ascii",
    "utf-8",
    "utf-16",
    "utf-32",
    "iso8859-",
    "cp125",
    "cp437",
    "cp850",
    "cp874",
    "koi8-",
    "mac-",
)
ASIAN = ("big5", "gb18030", "gb2312", "gbk", "euc_", "shift_jis", "cp932", "iso2022_", "johab", "tis-620")


def decode(content: bytes, charset: str) -> str:
    """The text of some bytes. What cannot be decoded is U+FFFD, and an unknown character set is UTF-8."""
    return content.decode(_codec(charset), errors="replace")


def _codec(charset: str) -> str:
    try:
        name = codecs.lookup(charset[:40].strip()).name
    except (LookupError, ValueError):
        return "utf-8"
    # A letter that names ASCII or Latin-1 is in Windows-1252 more often than not, which has more letters.
    if name == "iso8859-1":
        return "cp1252"
    return name if name.startswith(KNOWN + ASIAN) else "utf-8"
