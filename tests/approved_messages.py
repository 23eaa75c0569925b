"""The approved texts of all messages. `python -m tests.approved_messages` writes them: read the diff."""

from pathlib import Path
from tempfile import TemporaryDirectory

from portal import create_app
from portal.notifications import segments
from portal.notifications.examples import Example, examples
from tests.conftest import settings

FOLDER = Path(__file__).parent / "expected"
LANGUAGES = ("sv", "en")


def approved(language: str) -> Path:
    """The file of a language."""
    return FOLDER / f"messages-{language}.txt"


def printed(language: str) -> str:
    """Every message in a language, as its recipient reads it."""
    return "\n".join(map(_printed, examples(language)))


def _printed(example: Example) -> str:
    lines = [f"== {example.name}", f"Subject: {example.email.subject}", "", example.email.text.strip(), ""]
    if example.sms:
        lines += [f"SMS, {segments.count(example.sms.text).length} signs: {example.sms.text}", ""]
    return "\n".join(line.rstrip() for line in lines)


def main() -> None:
    """Write the texts as they are now."""
    with TemporaryDirectory() as folder, create_app(settings(f"sqlite:///{folder}/none.db")).app_context():
        for language in LANGUAGES:
            approved(language).write_text(printed(language), encoding="utf-8")


if __name__ == "__main__":
    main()
