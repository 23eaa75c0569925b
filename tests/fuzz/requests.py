"""Random requests: the real fields of every form, with values that people and attackers send."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from flask import Flask
from hypothesis import strategies as st
from wtforms import Form as WTForm

from portal.cases.lifecycle import Action
from portal.web.backoffice.case.actions import SPECS
from tests.architecture import routes

NUMBERS = ["KB-2026-000001", "KB-2026-000002", "KB-2026-000003", "KB-2026-009999", "kb-2026-1", "1"]
ODD = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "2",
    "3",
    "9" * 9,
    "2147483648",
    "9223372036854775808",
    "9" * 30,
    "1e309",
    "NaN",
    "١٢",
    "²",
    "0x10",
    "1; DROP TABLE",
    "' OR 1=1 --",
    "%",
    "_%\\",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff x",
    "\ufffe",
    "\u202e\u2066txt",
    "\u200b",
    "\ufeffKB-2026-000001",
    "\u2028",
    "a\u0301" * 40,
    "\r\n.\r\nBcc: a@b.se",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "{namn} {x} { {",
    "[Skriv svaret här.]",
    "%s %(x)s %",
    "../../etc/passwd",
    "//evil.example/",
    "javascript:alert(1)",
    "http://[::1",
    "/\\evil.example",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "2026-W01-1",
    "20261231",
    "maja@exempel.se",
    "@",
    "a" * 64 + "@" + "b" * 250,
    "maja@[127.0.0.1]",
    "070-174 06 05",
    "+999999999999999",
    "19840609-2380",
    "me",
    "nobody",
    "code",
    "email",
    "sms",
    "portal",
    "self",
    "organisation",
    "child",
    "helped",
    "vouched",
    "parker",
    "park",
    "gata",
    "fraga",
    "received",
    "in_progress",
    "sv",
    "do",
    "preview",
    "ask",
    "do_and_close",
    "take",
    "KB-2026-000001 1",
    "KB-2026-000001 " + "9" * 40,
    "2222-2222-2222-2222",
    "Lekplatsen är stängd",
    "Den 1 juni.",
    "x" * 201,
    "ord " * 5_001,
    "🙂" * 300,
]
HEADERS: dict[str, Sequence[str]] = {
    "Accept": ["application/json", "*/*;q=x", "text/html;q=9e999", ",,,", "\xff"],
    "Accept-Language": ["sv;q=nan", "x" * 500, "*", "en-\xff", "sv,,;q="],
    "Cookie": [
        "kontakt=x",
        "kontakt=; sprak=xx; kvitto=%00",
        "=;;=",
        "kvitto=gAAAAA" + "A" * 90,
        "\xff=\xff",
    ],
    "If-Modified-Since": ["igår", "Mon, 99 Foo 0000 99:99:99 GMT", "Thu, 01 Jan 99999 00:00:00 GMT", "0"],
    "If-None-Match": ['"', "*", 'W/"x"', ","],
    "If-Range": ["x", '"'],
    "Range": ["bytes=0-", "bytes=9-1", "bytes=-99999999999999999999", "rader=1", "bytes=a-b,,"],
    "Referer": ["http://[", "\xff"],
    "Authorization": ["Basic x", "Basic " + "=" * 50, "Bearer", "Digest a=b,"],
    "X-Forwarded-For": ["::ffff:1.2.3.4", "x, y", "[::1]:80"],
    "X-Requested-With": ["XMLHttpRequest"],
    "Forwarded": ["for=x"],
    "Origin": ["null", "http://["],
}
PART = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


@dataclass(frozen=True)
class Sent:
    """A request as it is sent: who sends it, where, and with what."""

    who: str
    endpoint: str
    path: str
    fields: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    token: bool = True


@cache
def field_names() -> tuple[str, ...]:
    """The names of the fields of every form, and those that views read by themselves."""
    by_hand = (
        "action",
        "again",
        "away",
        "case",
        "close",
        "confirmed",
        "fetch",
        "membership",
        "not_satisfied",
    )
    more = ("preview", "save", "seen", "step", "website", "csrf_token", "logout_token", "nasta", "", "x[]")
    return tuple(sorted({*by_hand, *more, *_names_of_forms(), *FILTERS}))


FILTERS = (
    "vy",
    "q",
    "typ",
    "lage",
    "vag",
    "niva",
    "amne",
    "enhet",
    "handlaggare",
    "fran",
    "till",
    "lofte",
    "ordning",
)
PARAMETERS = (*FILTERS, "efter", "fore", "klart", "nasta", "stangt", "state", "code", "error", "iss", "")


def _names_of_forms() -> set[str]:
    return {name for form in _subclasses(WTForm) for name in vars(form) if _is_field(getattr(form, name))}


def _is_field(value: Any) -> bool:
    return type(value).__name__ == "UnboundField"


def _subclasses(kind: type) -> list[type]:
    return [each for sub in kind.__subclasses__() for each in (sub, *_subclasses(sub))]


texts = st.one_of(
    st.sampled_from(ODD), st.sampled_from(NUMBERS), st.text(max_size=40), st.integers().map(str)
)


def fields(names: Sequence[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Fields in any order, repeated or missing; now and then very many."""
    one = st.tuples(st.one_of(st.sampled_from(names), st.sampled_from(names), st.text(max_size=5)), texts)
    many = st.tuples(one, st.integers(900, 1100)).map(lambda drawn: [drawn[0]] * drawn[1])
    whole = st.fixed_dictionaries(dict.fromkeys(names, texts)).map(lambda drawn: list(drawn.items()))
    few = st.lists(one, max_size=12)
    return st.one_of(few, few, whole, whole, many)


headers = st.dictionaries(st.sampled_from(list(HEADERS)), st.integers(0, 9), max_size=3).map(
    lambda drawn: {name: HEADERS[name][number % len(HEADERS[name])] for name, number in drawn.items()}
)


def requests(app: Flask, method: str, audiences: Sequence[str]) -> st.SearchStrategy[Sent]:
    """Requests to every route that takes a method, by every audience."""
    rules = [rule for rule in routes.rules(app, method) if rule.endpoint != "static"]
    names = field_names() if method == "POST" else PARAMETERS
    return st.builds(
        _sent,
        who=st.sampled_from(audiences),
        rule=st.sampled_from(rules),
        parts=st.lists(texts, min_size=3, max_size=3),
        real=st.sampled_from([True, True, True, False]),
        number=st.sampled_from(NUMBERS[:3]),
        action=st.sampled_from(sorted(SPECS)),
        fields=fields(names),
        headers=st.one_of(st.just({}), headers),
        token=st.sampled_from([True, True, True, True, False]),
    )


def _sent(
    who: str,
    rule: Any,
    parts: Sequence[str],
    real: bool,
    number: str,
    action: Action,
    fields: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    token: bool,
) -> Sent:
    usual = routes.PARTS | {"number": number, "action": action.value}
    odd = iter(parts)

    def fill(match: re.Match[str]) -> str:
        return quote_odd(usual[match[1]] if real else next(odd))

    return Sent(who, rule.endpoint, PART.sub(fill, rule.rule), fields, headers, token)


def quote_odd(text: str) -> str:
    """Percent-encode what may hold surrogates too."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def encoded(fields: Sequence[tuple[str, str]]) -> str:
    """The fields as a browser encodes them, surrogates as the bytes that some clients send."""
    return "&".join(f"{quote_odd(name)}={quote_odd(text)}" for name, text in fields)
