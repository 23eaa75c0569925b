"""Where a new case is handled, by the level that was judged (the ROSA method). Pure."""

# Up to this level the first line handles a case itself, where the topic has such an agreement; above it only
# what the agreement names (docs/decisions/0017).
FIRST_LINE_LEVELS = 4


def stays_by_agreement(judged: int | None, proposed: int | None) -> bool:
    """Whether the unit that handles a topic by agreement handles a case too, and not the responsible one.

    `judged` is the level that staff judge, `proposed` that of the topic: the agreement is about such cases.
    """
    return judged is None or judged <= max(FIRST_LINE_LEVELS, proposed or 0)
