"""Every exception class of the portal has a page, or a reason why it never reaches one."""

import ast

from portal.web.errors import refusals
from tests.architecture import source
from tests.architecture.tree import PORTAL

# An exception that no request raises past its view, with the reason.
ELSEWHERE = {
    "AbsenceRefused": "its only view shows the page",
    "BadChoice": "its only view shows the page",
    "BadSetting": "stops the start",
    "BodyTooLong": "of a provider's response: http.py makes it Unreachable",
    "DatabaseUnavailable": "errors/outages.py has its page",
    "DeliveryFailure": "of the worker",
    "FixedReport": "its views say so on the page",
    "LetterUnreadable": "of the worker",
    "MailboxUnavailable": "of the worker",
    "NotReached": "its only view says so on the form",
    "NotScanned": "of the worker",
    "NoSuchKey": "of the command client-key",
    "OutsideSweden": "the field of the form says so",
    "PartlyFailed": "of the worker",
    "PdfFailed": "its only view shows the page",
    "ProfileError": "stops the start, or a command",
    "TooManySaved": "its only view says so on the form",
    "RefusedFile": "its views say so on the form",
    "ScannerUnavailable": "of the worker",
    "TooManyCases": "its views say so on the form",
    "TopicClosed": "its only view says so on the form",
    "Unacceptable": "of the child that checks a file: uploads.py makes it RefusedFile",
    "UnknownImprovement": "its views answer 404, or say so on the form",
    "UnknownReport": "its views answer 404",
    "WrongArrival": "its only view says so on the form",
    "WrongChoice": "its views say so on the form",
    "WrongImprovement": "its views say so on the form",
}
# Testlegitimering is an application of its own, for development.
OTHER_APPLICATION = "testlegitimering/"


def exception_classes() -> set[str]:
    """The names of the classes of the portal that derive from an exception."""
    names = set()
    for file, tree in source.trees(PORTAL):
        if not file.relative_to(PORTAL).as_posix().startswith(OTHER_APPLICATION):
            classes = (node for node in source.all_nodes(tree) if isinstance(node, ast.ClassDef))
            names |= {node.name for node in classes if derives_from_exception(node, names)}
    return names


def derives_from_exception(node: ast.ClassDef, known: set[str]) -> bool:
    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    ours = bases & known
    return bool(ours) or any(base.endswith(("Exception", "Error")) for base in bases)


def test_every_exception_has_a_page_or_a_reason() -> None:
    mapped = {kind.__name__ for kind in refusals.STATUS} - {"StaleDataError"}
    assert not mapped & set(ELSEWHERE)
    assert exception_classes() == mapped | set(ELSEWHERE)


def test_a_new_exception_is_found() -> None:
    tree = ast.parse(
        "class Odd(ValueError):\n    pass\nclass Odder(Odd):\n    pass\nclass Form(Base):\n    pass"
    )
    classes = [node for node in source.all_nodes(tree) if isinstance(node, ast.ClassDef)]
    assert [node.name for node in classes if derives_from_exception(node, {"Odd"})] == ["Odd", "Odder"]
