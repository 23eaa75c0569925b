"""The rules of Testlegitimering that need no web: people, requests, memory, and where it may run."""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections import Counter

import pytest
import requests
import time_machine
from requests.adapters import HTTPAdapter, Retry
from werkzeug.datastructures import MultiDict

from portal.testlegitimering import create_app, development_clients, from_environment, load_people
from portal.testlegitimering.__main__ import command
from portal.testlegitimering.oidc import messages
from portal.testlegitimering.oidc.authorization import Refused, Unanswerable, address, read, sender
from portal.testlegitimering.oidc.claims import EIDAS, NATIONAL, TOO_LOW
from portal.testlegitimering.oidc.faults import CHANGES, SIGNATURES
from portal.testlegitimering.oidc.logout_views import FAULTS, OWN_FAULTS
from portal.testlegitimering.oidc.tokens import EXTRA_NUMBERS, subject
from portal.testlegitimering.people import PEOPLE, ROLES, Person, require_unique
from portal.testlegitimering.sign_in.failures import FAILURES
from portal.testlegitimering.sign_in.orders import Order
from portal.testlegitimering.store import Store
from portal.testlegitimering.switches import OPTIONS, PREFIX, USUAL, UnknownSwitch

# Copied from Skatteverket's open list of test personnummer.
# fmt: off
OFFICIAL = {
    "198406092380", "199101252386", "194801232606", "198704202392", "197907262385",
    "197610032398", "198203032381", "197702012399", "198501252392", "197810082391",
    "199403042394", "198806052380", "198002222399", "199004122389", "199008252398",
}
UNUSUAL = {"199301202397", "199101072388", "199201152395", "198606722398", "199101722396"}
# fmt: on
CITIZENS, _ = development_clients("http://localhost:8000")
HOME = "http://localhost:8000/logga-in/medborgare/aterkomst"
LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
LOA4 = "http://id.elegnamnden.se/loa/1.0/loa4"


def parameters(**changes: str) -> MultiDict[str, str]:
    usual = {
        "client_id": "kontakt-medborgare",
        "redirect_uri": HOME,
        "response_type": "code",
        "scope": "openid",
        "code_challenge": "a" * 43,
        "code_challenge_method": "S256",
    }
    return MultiDict({key: value for key, value in (usual | changes).items() if value})


def asking_for(acr: object) -> str:
    return json.dumps({"id_token": {"acr": acr}})


def luhn(number: str) -> int:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(number[2:])]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10


def test_every_person_has_an_official_test_number_of_their_own() -> None:
    people = load_people()
    numbers = [number for one in people for number in (one.number, one.previous) if number]
    assert {one.number for one in people if not one.unusual} == OFFICIAL
    assert set(numbers) | set(EXTRA_NUMBERS.values()) <= OFFICIAL | UNUSUAL
    assert len(set(numbers)) == len(numbers)
    assert [luhn(number) for number in numbers] == [0] * len(numbers)


def test_there_is_somebody_in_every_role_and_enough_citizens_and_officers() -> None:
    roles = Counter(person.role for person in load_people())
    assert roles["citizen"] >= 3
    assert roles["officer"] >= 3
    assert set(roles) == set(ROLES)


def test_who_works_somewhere_has_a_unit_in_words_and_as_a_key() -> None:
    people = [p for p in load_people() if p.role in {"officer", "head_of_unit", "registrar"}]
    assert people
    assert all(person.unit and person.unit_key for person in people)


def test_a_person_is_refused_with_an_unknown_role_or_a_number_that_is_too_short() -> None:
    with pytest.raises(ValueError, match="role"):
        Person("x", "X Y", "198406092380", "king")
    for number in ("8406092380", ""):
        with pytest.raises(ValueError, match="12 digits"):
            Person("x", "X Y", number, "citizen")


def test_two_people_never_share_a_number() -> None:
    with pytest.raises(ValueError, match="share"):
        require_unique([Person(key, "X Y", "198406092380", "citizen") for key in "ab"])


def test_the_sub_of_a_person_is_stable_opaque_and_their_own() -> None:
    subjects = {subject(person) for person in load_people()}
    assert len(subjects) == len(load_people())
    assert subject(load_people()[0]) == "507aea5a39196fa10e0ee4c266aab218"
    assert not any(number[2:] in one for number in OFFICIAL for one in subjects)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "http://localhost/"}, "request_uri_not_supported"),
        ({"claims": "not json"}, "invalid_request"),
        ({"claims": "[]"}, "invalid_request"),
        ({"claims": '{"id_token": 7}'}, "invalid_request"),
        ({"claims": asking_for("loa3")}, "invalid_request"),
        ({"claims": asking_for({"essential": True, "value": "loa9"})}, "unmet_authentication_requirements"),
        (
            {"claims": asking_for({"essential": True, "values": ["loa9"]})},
            "unmet_authentication_requirements",
        ),
    ],
)
def test_a_request_that_cannot_be_granted_is_refused_by_name(changes: dict[str, str], error: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(parameters(**changes), CITIZENS, HOME)
    assert refusal.value.error == error


def test_a_parameter_that_comes_twice_is_refused() -> None:
    twice = parameters()
    twice.add("scope", "openid")
    with pytest.raises(Refused, match="twice"):
        read(twice, CITIZENS, HOME)


@pytest.mark.parametrize(
    ("changes", "acr"),
    [
        ({}, LOA3),
        ({"acr_values": f"loa9 {LOA4}"}, LOA4),
        ({"acr_values": "loa9"}, LOA3),
        ({"claims": asking_for(None)}, LOA3),
        ({"claims": asking_for({"essential": True})}, LOA3),
        ({"claims": asking_for({"essential": True, "value": LOA4})}, LOA4),
        ({"claims": asking_for({"essential": True, "values": ["loa9", LOA4, LOA3]})}, LOA4),
        ({"claims": asking_for({"values": ["loa9"]})}, LOA3),
    ],
)
def test_the_level_of_assurance_is_the_first_one_asked_for_that_exists(
    changes: dict[str, str], acr: str
) -> None:
    assert read(parameters(**changes), CITIZENS, HOME).level(NATIONAL) == acr


def test_who_lacks_the_level_gets_their_own_unless_no_other_will_do() -> None:
    assert read(parameters(acr_values=LOA4), CITIZENS, HOME).level(EIDAS) == EIDAS[0]
    only = asking_for({"essential": True, "values": [LOA3]})
    assert read(parameters(claims=only), CITIZENS, HOME).level(EIDAS) is None
    either = asking_for({"essential": True, "values": [LOA3, EIDAS[1]]})
    assert read(parameters(claims=either), CITIZENS, HOME).level(EIDAS) == EIDAS[1]


def test_a_samordningsnummer_a_country_and_a_birthdate_are_told_apart() -> None:
    people = {person.key: person for person in load_people()}
    amina, freya = people["amina"], people["freya"]
    assert (amina.has_coordination_number, people["vera"].has_coordination_number) == (True, False)
    assert (amina.birthdate, freya.birthdate) == ("1986-06-12", "1985-04-12")
    assert (freya.identifier, freya.written_number) == (freya.prid, freya.prid)
    assert freya.levels == EIDAS


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("", ""),
        ("{}", ""),
        (json.dumps({"message": encoded("Hej på dig")}), "Hej på dig"),
        (json.dumps({"message": encoded("Hi"), "message#sv": encoded("Hej")}), "Hej"),
        (json.dumps({"message": encoded("Hej"), "mime_type": "text/plain"}), "Hej"),
        (json.dumps({"message": encoded("*Hej*"), "mime_type": "text/markdown"}), ""),
    ],
)
def test_the_message_of_the_service_is_read_in_swedish_and_as_plain_text_only(given: str, shown: str) -> None:
    assert read(parameters(**{messages.PARAMETER: given}), CITIZENS, HOME).message == shown


@pytest.mark.parametrize("given", ["Hej", "[]", '{"message": "?"}', '{"message": 7}', '{"message": "/w=="}'])
def test_a_message_that_is_not_understood_is_refused(given: str) -> None:
    with pytest.raises(Refused, match="userMessage"):
        read(parameters(**{messages.PARAMETER: given}), CITIZENS, HOME)


def test_a_switch_that_is_not_named_stays_and_one_that_does_not_exist_is_refused() -> None:
    chosen = USUAL.changed({"test_fault": "nonce", "fault": "aud"}, PREFIX)
    assert (chosen.fault, chosen.any_on, USUAL.any_on) == ("nonce", True, False)
    assert chosen.changed({"level": "probable"}).fault == "nonce"
    assert chosen.changed({"fault": ""}) == USUAL
    with pytest.raises(UnknownSwitch, match="fault=nonsens"):
        USUAL.changed({"fault": "nonsens"})


def test_every_fault_that_can_be_chosen_is_one_that_a_statement_can_have() -> None:
    known = {*CHANGES, *SIGNATURES}
    assert set(OPTIONS["fault"][1]) <= known | {"missing"}
    assert set(FAULTS) <= known
    assert set(OPTIONS["outcome"][1]) <= set(FAILURES)


@pytest.mark.slow
def test_every_switch_value_and_address_stands_in_the_readme() -> None:
    told = (PEOPLE.parent / "README.md").read_text(encoding="utf-8")
    acr = OPTIONS["acr"][1].keys() - {"missing"}
    values = {value for _label, words in OPTIONS.values() for value in words} - acr | {TOO_LOW}
    addresses = {rule.rule for rule in create_app().url_map.iter_rules()} - {"/static/<path:filename>"}
    wanted = values | addresses | OPTIONS.keys() | {*FAULTS, *OWN_FAULTS}
    assert [one for one in sorted(wanted) if f"`{one}`" not in told] == []


def test_an_order_takes_its_code_for_half_a_minute_and_no_other() -> None:
    asked = read(parameters(), CITIZENS, HOME)
    with time_machine.travel("2026-05-04 10:00:00Z", tick=False) as clock:
        order, other = Order(asked, USUAL), Order(asked, USUAL)
        first = order.text
        assert re.fullmatch(r"bankid\.[0-9a-f]{32}\.0\.[0-9a-f]{64}", first)
        assert not order.matches(first.replace(".0.", ".1."))
        clock.shift(1)
        assert order.text.split(".")[:3] == [*first.split(".")[:2], "1"]
        assert order.text != first
        assert (order.matches(first), order.matches(order.text)) == (True, True)
        wrong = ["", "bankid", "bankid.x.y.z", first.replace(".0.", ".².")]
        assert [text for text in [other.text, first + "0", *wrong] if order.matches(text)] == []
        clock.shift(28)
        ahead = order.text
        assert (order.state, other.state) == ("waiting", "waiting")
        clock.shift(1)
        assert order.state == "qr_expired"
        clock.shift(-30)
        assert not order.matches(ahead)


def test_an_order_that_was_scanned_waits_three_minutes() -> None:
    with time_machine.travel("2026-05-04 10:00:00Z", tick=False) as clock:
        order = Order(read(parameters(), CITIZENS, HOME), USUAL, stage="scanned")
        clock.shift(179)
        assert order.state == "scanned"
        clock.shift(1)
        assert order.state == "timed_out"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody"},
        {"client_id": ""},
        {"redirect_uri": ""},
        {"redirect_uri": f"{HOME}/"},
        {"redirect_uri": f"{HOME}?a=1"},
        {"redirect_uri": "http://localhost:8000/logga-in/personal/aterkomst"},
        {"redirect_uri": HOME.replace("localhost", "127.0.0.1")},
    ],
)
def test_an_unknown_service_or_address_is_never_sent_an_answer(changes: dict[str, str]) -> None:
    clients = {client.client_id: client for client in development_clients("http://localhost:8000/")}
    assert sender(parameters(), clients) == (clients["kontakt-medborgare"], HOME)
    with pytest.raises(Unanswerable):
        sender(parameters(**changes), clients)


def test_an_answer_is_added_to_the_address_that_was_registered() -> None:
    assert address("http://localhost/a?b=1", state="x y", nothing="") == "http://localhost/a?b=1&state=x+y"


def test_what_comes_first_under_a_name_holds_it() -> None:
    store: Store[str] = Store(60)
    assert [store.put_if_absent("name", text) for text in ("one", "two")] == [True, False]
    assert (store.get("name"), store.values()) == ("one", ["one"])


def test_the_services_have_the_addresses_that_the_settings_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (CITIZENS.jwks_uri, CITIZENS.backchannel_logout_uri) == (
        "http://localhost:8000/.well-known/jwks.json",
        "",
    )
    monkeypatch.setenv("TESTLEGITIMERING_PORTAL", "http://localhost:7000")
    monkeypatch.setenv("TESTLEGITIMERING_JWKS", "http://localhost:7001/keys")
    monkeypatch.setenv("TESTLEGITIMERING_BACKCHANNEL", "http://localhost:7000/ut/{door}")
    clients = from_environment().extensions["testlegitimering"].clients.values()
    assert {one.jwks_uri for one in clients} == {"http://localhost:7001/keys"}
    assert [one.backchannel_logout_uri for one in clients] == [
        f"http://localhost:7000/ut/{door}" for door in ("medborgare", "personal")
    ]


def test_what_is_remembered_can_be_taken_once_and_expires() -> None:
    store: Store[str] = Store(60)
    with time_machine.travel("2026-05-04 10:00:00Z", tick=False) as clock:
        first, second = store.put("one"), store.put("two")
        assert (store.get(first), store.take(first), store.take(first)) == ("one", "one", None)
        clock.shift(59)
        assert store.get(second) == "two"
        clock.shift(1)
        assert (store.get(second), store.take(second)) == (None, None)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://legitimering.example",
        "http://127.0.0.1.example:8001",
        "http://localhost@example.com",
        "http://0.0.0.0:8001",
        "http://localhost:8001/path",
        "localhost:8001",
        "",
    ],
)
def test_it_refuses_to_start_anywhere_but_on_this_machine(issuer: str) -> None:
    with pytest.raises(ValueError, match="Testlegitimering"):
        create_app(issuer)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
@pytest.mark.slow
def test_it_starts_on_every_name_of_this_machine_and_answers_to_no_other(host: str) -> None:
    client = create_app(f"http://{host}:8001/").test_client()
    configuration = client.get("/.well-known/openid-configuration", base_url=f"http://{host}:8001")
    assert configuration.get_json()["issuer"] == f"http://{host}:8001"
    assert client.get("/jwks", base_url="http://kontakt.example").status_code == 400
    assert f"--bind={host}:8001" in command(f"http://{host}:8001")


@pytest.mark.slow
def test_the_command_refuses_another_machine_in_words_and_without_a_traceback() -> None:
    environment = os.environ | {"TESTLEGITIMERING_ISSUER": "https://legitimering.example"}
    run = subprocess.run(
        [sys.executable, "-m", "portal.testlegitimering"], env=environment, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert run.stderr.startswith("Testlegitimering går bara på den egna datorn")
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_nothing_of_the_portal_is_imported() -> None:
    code = "import sys, portal.testlegitimering; print(*(m for m in sys.modules if m.startswith('portal')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(name == "portal" or name.startswith("portal.testlegitimering") for name in run.stdout.split())


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.slow
def test_the_command_serves_and_a_signal_to_its_group_leaves_nothing(ending: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    started = [sys.executable, "-m", "portal.testlegitimering", f"--port={port}"]
    patient = HTTPAdapter(max_retries=Retry(60, connect=60, backoff_factor=0.1, backoff_max=0.2))
    with subprocess.Popen(started, start_new_session=True, stderr=subprocess.PIPE, text=True) as server:
        with requests.Session() as session:
            session.mount("http://", patient)
            published = session.get(f"{issuer}/.well-known/openid-configuration", timeout=5).json()
        os.killpg(server.pid, ending)
        said = server.communicate(timeout=20)[1]
    assert published["issuer"] == issuer
    assert (server.returncode, said) == (0, "")
    with pytest.raises(ProcessLookupError):
        os.killpg(server.pid, 0)
