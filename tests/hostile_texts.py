"""Texts of strangers that cost most to read, and the functions of the portal that read texts."""

import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import portal
from portal.cases.enums import Kind, Piece
from portal.cases.search import analysis
from portal.organisation.placeholders import Placeholder

LENGTH = 20_000
# One of each kind of run that an expression can stumble on, and mixtures of them.
UNITS = {
    "one_word": "a",
    "digits": "7",
    "marks": "\u0301",
    "two_sorts_of_marks": "\u0301\u0323",
    "marks_of_compatibility": "\uff9e\u0f73",
    "dashes": "-",
    "dots": ".",
    "dots_and_spaces": ". ",
    "word_dots": "ord.",
    "open_brackets": "[",
    "prompts": "[Skriv ",
    "open_braces": "{",
    "placeholders": "{namn",
    "parentheses": "((",
    "at_signs": "@",
    "addresses": "a@b.se,",
    "half_addresses": "a@",
    "telephones": "070-174 06 05 ",
    "telephone_digits": "0 ",
    "no_words": "!?",
    "spaces": " ",
    "no_break_spaces": "\u00a0",
    "lines": "\n",
    "lines_and_spaces": " \n",
    "line_separators": "\u2028\x0b",
    "tabs": "\t",
    "quotes": '"',
    "typographic_quotes": "\u201da",
    "apostrophes": "'a",
    "slashes": "/",
    "backslashes": "\\",
    "joined_emoji": "\N{WOMAN}\u200d",
    "flags": "\U0001f3f4\U000e0067",
    "right_to_left": "\u05d0\u202e",
    "zero_width": "\u200b",
    "annotations": "\ufff9\ufffa",
    "ligatures": "\ufdfa",
    "jamo": "\u1100\u1161\u11a8",
    "commas": ",",
    "colons": "a:s",
    "compounds": "a-",
    "names": "Svensson, ",
    "numbers_of_cases": "KB-2026-",
    "underscores": "_",
    "tags": "<b>",
    "percents": "%(a)s",
    "mixed": "å\u0301 -.7@[\u200b\n",
}
# A last character that is unlike the others makes an expression give up, and try again.
TEXTS = {name: unit * (LENGTH // len(unit)) for name, unit in UNITS.items()}
TEXTS |= {f"{name}_and_an_end": text[:-1] + "\x01" for name, text in TEXTS.items()}
TEXTS["marks_in_order_and_back"] = "a" + "\u0301" * (LENGTH // 2) + "\u0323" * (LENGTH // 2)
FEW = (
    "one_word",
    "dots",
    "word_dots",
    "marks_in_order_and_back",
    "prompts",
    "spaces_and_an_end",
    "compounds",
    "mixed",
)

# Names that a function uses if it needs more than its arguments: a database, a request, files or a network.
NEEDS_MORE = frozenset(
    {
        "session",
        "transaction",
        "engine",
        "advisory_lock",
        "settings",
        "request",
        "redirect",
        "abort",
        "url_for",
    }
    | {"render_template", "current_app", "profile", "organisation", "current", "queries", "fetch_json"}
)
# Strangers never reach these, by the module that they are in.
EXCLUDED_MODULES = {
    "portal.cli": "read by the shell of operations, which has no strangers",
    "portal.operations": "runs at the start, on the settings and the database",
    "portal.testlegitimering": "an application of its own, for development",
    "portal.db": "opens the database",
    "portal.config": "reads the settings",
    "portal.organisation.loading": "reads the profile, a file of the municipality",
    "portal.organisation.colours": "reads the colours of a profile",
    "portal.identity.commands": "writes to the database",
    "portal.identity.account_linking": "reads the database",
    "portal.identity.oidc.client": "talks to a provider of the settings",
    "portal.identity.oidc.client_keys": "makes and signs with keys in the database",
    "portal.cases.intake.code_access": "reads the database",
}
EXCLUDED = {
    "portal.web.pdf.render_pdf": "lays out a page, in a process of its own with limits",
    "portal.web.pdf.attachment": "the same",
}


def terms() -> list[analysis.Term]:
    """Terms that match often: a word, a prefix, a phrase, a number."""
    return list(analysis.parse('a aaaa ord "a a" 070-1740605 namn svensson').terms)


# How an argument is made from a hostile text, by its annotation.
BUILDERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "str | None": str,
    "Any": str,
    "int": lambda _text: 2026,
    "int | None": lambda _text: 2026,
    "bool": lambda _text: False,
    "list[str]": lambda text: [text[position : position + 9] for position in range(0, len(text), 10)],
    "Mapping[str, str]": lambda text: dict.fromkeys(("q", "vy", "typ", "fran", "namn", "number"), text),
    "Mapping[Placeholder, str]": lambda text: {Placeholder.SUBJECT: text},
    "Kind": lambda _text: Kind.COMPLAINT,
    "Piece": lambda _text: Piece.MESSAGE,
    "Sequence[tuple[Match, ...]]": lambda _text: terms(),
    "list[tuple[str, str]]": lambda text: [("", text)],
}
# Arguments that no stranger chooses, by name.
OURS = {"prefix": "KB", "key": "k" * 32}
# Methods that try an expression from every character of a text.
ANYWHERE = ("search", "sub", "subn", "findall", "finditer", "split")


def modules() -> Iterator[Any]:
    """The modules of the portal that strangers' texts can reach."""
    for info in pkgutil.walk_packages(portal.__path__, "portal."):
        excluded = any(info.name == name or info.name.startswith(f"{name}.") for name in EXCLUDED_MODULES)
        # A view takes parts of its address, and has its own test.
        if not excluded and not info.name.endswith("views"):
            yield importlib.import_module(info.name)


def functions() -> dict[str, Callable[..., Any]]:
    """Every public function that takes a text and needs nothing but its arguments, by its full name."""
    found = {}
    for module in modules():
        for name, function in vars(module).items():
            own = inspect.isroutine(function) and getattr(function, "__module__", "") == module.__name__
            if own and not name.startswith("_") and arguments(function, "") is not None:
                found[f"{module.__name__}.{name}"] = function
    return {name: function for name, function in found.items() if name not in EXCLUDED}


def arguments(function: Callable[..., Any], text: str) -> dict[str, Any] | None:
    """The arguments of a call with the text; None if the function takes no text, or more than values."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None or NEEDS_MORE.intersection(code.co_names):
        return None
    values = {}
    parameters = inspect.signature(function).parameters.values()
    for parameter in parameters:
        build = BUILDERS.get(annotation(parameter))
        if parameter.name in OURS:
            values[parameter.name] = OURS[parameter.name]
            continue
        if build is None and parameter.default is parameter.empty:
            return None
        if build:
            values[parameter.name] = build(text)
    takes_text = any("str" in annotation(parameter) for parameter in parameters)
    return values if takes_text else None


def annotation(parameter: inspect.Parameter) -> str:
    """The annotation as it is written, without the modules of its names."""
    return re.sub(r"\b(?:\w+\.)+", "", inspect.formatannotation(parameter.annotation))


def patterns() -> dict[str, re.Pattern[str]]:
    """Every regular expression of a module of the portal, by its full name."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found[f"{module.__name__}.{name}"] = value
    return found


def is_used_anywhere(name: str) -> bool:
    """Whether an expression is looked for inside texts, and not only at their start."""
    uses = _attributes().get(name.rpartition(".")[2], set())
    # One that is used by itself is given to another function, which may do anything with it.
    return not uses or any(use in ANYWHERE or use == "pattern" for use in uses)


@cache
def _attributes() -> Mapping[str, set[str]]:
    """The attributes of each name in the source of the modules."""
    found = defaultdict(set)
    for module in modules():
        for name, attribute in re.findall(r"\b(\w+)(?=\.(\w+))", inspect.getsource(module)):
            found[name].add(attribute)
    return found
