"""The keyboard shortcuts of staff pages, as the list of keys describes them; see static/keys.js."""

from dataclasses import dataclass
from typing import Any

from portal.translation import lazy_gettext as _l


@dataclass(frozen=True)
class Key:
    """A key, or a sequence or combination of keys, with its description.

    `short` is the text below the queue, and `view` the view of the queue that the key leads to.
    """

    strokes: tuple[str, ...]
    text: Any
    short: Any = ""
    view: str | None = None

    @property
    def name(self) -> str:
        """The value of `data-key` for it, such as "g-m"."""
        return "-".join(self.strokes).lower()


KEYS: tuple[tuple[Any, tuple[Key, ...]], ...] = (
    (
        _l("I listan"),
        (
            Key(("J",), _l("Nästa ärende, från det sista till nästa sida"), _l("nästa")),
            Key(("K",), _l("Förra ärendet, från det första till sidan före"), _l("förra")),
            Key(("Enter",), _l("Öppna ärendet"), _l("öppna")),
            Key(("X",), _l("Markera ärendet, eller avmarkera det"), _l("markera")),
            Key(("A",), _l("Fördela de markerade")),
            Key(("S",), _l("Svara i de markerade")),
            Key(("/",), _l("Sök"), _l("sök")),
        ),
    ),
    (
        _l("I ett ärende"),
        (
            Key(("S",), _l("Svara (R gör detsamma)")),
            Key(("N",), _l("Skriv en anteckning")),
            Key(("T",), _l("Börja handlägga, eller ta över")),
            Key(("J",), _l("Nästa ärende i listan som du kom från")),
            Key(("K",), _l("Förra ärendet i den listan")),
        ),
    ),
    (
        _l("Överallt"),
        (
            Key(("G", "M"), _l("Gå till dina ärenden"), view="mine"),
            Key(("G", "Q"), _l("Gå till alla öppna ärenden"), view=""),
            Key(("Esc",), _l("Lämna fältet som du skriver i")),
            Key(
                ("Ctrl", "Enter"),
                _l("Gå från texten till knappen under den. Inget skickas förrän du trycker Enter där."),
            ),
            Key(("?",), _l("Visa alla tangenter"), _l("alla tangenter")),
        ),
    ),
)
QUEUE_KEYS = [key for _title, keys in KEYS for key in keys if key.short]
