"""When a case counts as solved at first contact. Pure."""


def is_solved(first_line: bool, officer: int | None, answerer: int | None) -> bool:
    """Whether the first answer of a case solves it at first contact.

    It does if the first line (Medborgarservice) has the case, and it is answered there, in writing or orally,
    by the first person who handles it: `answerer`, and no other `officer`. Not asked of a case that has been
    passed on, to another unit or from one officer to another, nor of one that was opened again: these have
    `first_contact` False already.
    """
    return first_line and officer in (None, answerer)
