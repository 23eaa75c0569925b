"""What a lying provider may say of somebody: each of these claims alone must keep everybody out."""

from typing import Any

PREFIX = "https://id.oidc.se/claim"
NUMBER, COORDINATION_NUMBER = f"{PREFIX}/personalIdentityNumber", f"{PREFIX}/coordinationNumber"
LEVEL, PREVIOUS = f"{PREFIX}/coordinationNumberLevel", f"{PREFIX}/previousCoordinationNumber"
NOW = 1_793_000_000
BAD_CLAIMS: list[dict[str, Any]] = [
    {"acr": ["http://id.elegnamnden.se/loa/1.0/loa3"]},
    {"acr": 3},
    {"iss": "https://evil.example"},
    {"iss": None},
    {"aud": "somebody-else"},
    {"aud": ["kontakt-personal", "kontakt-medborgare"]},
    {"aud": []},
    {"aud": None},
    {"azp": "somebody-else"},
    {"azp": 5},
    {"nonce": "an-old-one"},
    {"nonce": None},
    {"nonce": ["x"]},
    {"exp": 1},
    {"exp": NOW - 61},
    {"exp": None},
    {"exp": "4000000000"},
    {"exp": True},
    {"iat": 4_000_000_000},
    {"iat": NOW + 61},
    {"iat": NOW - 661},
    {"iat": None},
    {"nbf": NOW + 61},
    {"nbf": "x"},
    {"sub": None},
    {"sub": ""},
    {"sub": " "},
    {"sub": 5},
    {"sub": "a" * 256},
    {"sub": "anna\nsamir"},
    {"at_hash": "another"},
    {"at_hash": ""},
    {"auth_time": None},
    {"auth_time": "x"},
    {"auth_time": NOW + 61},
    {"auth_time": NOW - 61},
    {NUMBER: "198704202393"},
    {NUMBER: "8704202392"},
    {NUMBER: 198704202392},
    {NUMBER: ["198704202392"]},
    {NUMBER: ""},
    {COORDINATION_NUMBER: "191401682396"},
    {COORDINATION_NUMBER: "198704202392", NUMBER: None},
    {PREVIOUS: "198704202392"},
    {LEVEL: "sure"},
    {"sid": 5},
    {"sid": "a\0"},
]

# Clocks may differ by a minute, and what is optional may be missing.
FORGIVEN: list[dict[str, Any]] = [
    *({name: NOW + 59} for name in ("iat", "nbf", "auth_time")),
    *({name: NOW - 59} for name in ("exp", "auth_time")),
    *({name: None} for name in ("azp", "at_hash", "sid", NUMBER)),
]
