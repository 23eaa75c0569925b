"""The Swedish spelling alphabet, by which a code is read aloud. Pure."""

NAMES = (
    "Adam Bertil Cesar David Erik Filip Gustav Helge Ivar Johan Kalle Ludvig Martin Niklas Olof Petter "
    "Qvintus Rudolf Sigurd Tore Urban Viktor Wilhelm Xerxes Yngve Zäta"
)
DIGITS = "noll ett två tre fyra fem sex sju åtta nio"
WORDS = {name[0]: name for name in NAMES.split()} | {
    str(digit): word for digit, word in enumerate(DIGITS.split())
}


def spelled(code: str) -> list[str]:
    """The word of each character. Raises KeyError for one that is no letter A-Z or digit."""
    return [WORDS[character] for character in code]
