"""Killed at any moment: real processes die again and again while people send in and staff answer."""

import json
import random
import subprocess
import sys
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import Queue
from threading import Event
from time import monotonic
from typing import Any

import pytest
from flask import Flask

from portal import crypto, db
from portal.identity import commands as identity
from portal.identity.models import Login
from portal.identity.oidc import client as oidc_client
from portal.identity.oidc.identified import Identified
from tests import factories
from tests.crash_recovery import aftermath
from tests.crash_recovery.people import Browser, Told, handle, send_in
from tests.crash_recovery.victims import WORKER, Web, Worker, haunt, lapse
from tests.running import PATIENCE, ROOT, environment, free_port
from tests.stubs.mail_server import MailServer
from tests.stubs.sms_gateway import SmsGateway

SENDERS = 6


@dataclass
class Scene:
    """Both victims, where their messages arrive, and what people have been told."""

    web: Web
    worker: Worker
    mail: MailServer
    gateway: SmsGateway
    over: Event
    least: int
    cases: int
    most: int
    told: Told = field(default_factory=Told)
    waiting: "Queue[str]" = field(default_factory=Queue)

    def going_on(self) -> bool:
        """Until both have been killed often enough."""
        return min(self.web.kills, self.worker.kills) < self.least


def surroundings(url: str, folder: Path, mail: MailServer, gateway: SmsGateway) -> dict[str, str]:
    """The environment of both victims. What Python has compiled is used: they are started so often."""
    more = {
        "PORTAL_DATABASE_URL": url,
        "PORTAL_STORAGE": f"{folder}/files",
        "PORTAL_LIMITS": "off",
        "PORTAL_MAIL_SERVER": mail.host,
        "PORTAL_MAIL_PORT": str(mail.port),
        "PORTAL_MAIL_SECURITY": "none",
        "PORTAL_SMS_GATEWAY": "46elks",
        "PORTAL_SMS_URL": gateway.url,
        "PORTAL_SMS_USERNAME": gateway.username,
        "PORTAL_SMS_PASSWORD": gateway.password,
        "PYTHONDONTWRITEBYTECODE": "",
    }
    return environment(folder, free_port(), free_port(), more)


def session_of(name: str) -> str:
    """The cookie of an officer who has signed in; how is not what is tested."""
    officer = factories.member(name)
    with db.transaction():
        who = Identified("http://issuer.test", name, name.capitalize(), None)
        db.session().add(Login(person_id=officer.person, issuer=who.issuer, subject=who.subject))
        token = identity.sign_in(oidc_client.STAFF, who)
    return crypto.cookie_cipher("session").encrypt(json.dumps({"_user_id": token}).encode()).decode()


def citizens(scene: Scene, places: "count[int]") -> None:
    """One after another, they send in."""
    while (place := next(places)) < scene.cases or scene.going_on():
        send_in(scene.web, scene.told, scene.waiting, place)


def officer(scene: Scene, session: str, places: "count[int]") -> None:
    """One after another, the cases are taken and answered; every second one is closed by that."""
    with Browser(scene.web, scene.told, session) as staff:
        while (place := next(places)) < scene.cases // 4 or scene.going_on():
            handle(staff, scene.waiting.get(timeout=PATIENCE), and_close=bool(place % 2))


def play(scene: Scene, sessions: list[str], seed: int) -> None:
    """Everybody at once; the killers until all others are done."""
    sent, handled = count(), count()
    with ThreadPoolExecutor(SENDERS + len(sessions) + 2) as pool:
        killers: list[Future[Any]] = [
            pool.submit(haunt, scene.web, scene.most, random.Random(seed), scene.over),
            pool.submit(haunt, scene.worker, scene.most, random.Random(seed + 1), scene.over),
        ]
        others = [pool.submit(citizens, scene, sent) for _ in range(SENDERS)]
        others += [pool.submit(officer, scene, session, handled) for session in sessions]
        try:
            done = wait(others, return_when=FIRST_EXCEPTION).done
        finally:
            scene.over.set()
    for each in [*killers, *done]:
        each.result()


def let_the_worker_finish(scene: Scene) -> None:
    """The time has passed that the dead one's messages wait, and the next one lives."""
    lapse()
    command = [sys.executable, "-m", *WORKER.split(), "--once"]
    with scene.worker.log.open("ab") as out:
        ended = subprocess.run(command, cwd=ROOT, env=scene.worker.environment, stdout=out, stderr=out)
    assert ended.returncode == 0, scene.worker.log.read_text()


def examine(scene: Scene) -> str:
    """All that must be true; gives what was seen, in words."""
    told = scene.told
    aftermath.every_acknowledged_case_exists_once(told)
    aftermath.every_case_has_its_first_message()
    aftermath.every_acknowledged_action_is_in_the_trail(told)
    aftermath.every_wanted_message_is_in_the_outbox_once(told)
    copies = aftermath.every_mail_has_arrived_under_one_message_id(scene.mail)
    uncertain = aftermath.every_sms_was_sent_once_or_is_uncertain(scene.gateway)
    assert uncertain <= scene.worker.kills, "a worker can have lost only what it had in its hands"
    aftermath.the_order_of_each_case_was_kept(scene.mail)
    aftermath.numbers_have_no_gap()
    aftermath.the_file_is_whole()
    stored = aftermath.stored_but_not_told(told)
    return (
        f"killed: web {scene.web.kills}, worker {scene.worker.kills}; acknowledged: {len(told.cases)} cases, "
        f"{len(told.actions)} actions; cut off and asked again: {len(told.asked_again)}, of what had "
        f"been stored: {stored}; mails: {len(scene.mail.raw)}, copies: {copies}; "
        f"sms: {len(scene.gateway.accepted)}, uncertain: {uncertain}"
    )


# The least that both are killed, and that is sent in; a quarter of it is taken and answered. And the most
# that a victim has done when it is killed.
@pytest.mark.parametrize(
    ("least", "cases", "most"), [(2, 20, 15), pytest.param(50, 1300, 45, marks=pytest.mark.full)]
)
def test_killed_at_any_moment_nothing_acknowledged_is_lost_and_no_sms_goes_twice(
    inside: Flask, database_url: str, tmp_path: Path, least: int, cases: int, most: int, record_property: Any
) -> None:
    began, seed, over = monotonic(), random.getrandbits(32), Event()
    with MailServer() as mail, SmsGateway() as gateway:
        around, log = surroundings(database_url, tmp_path, mail, gateway), tmp_path / "log"
        worker = Worker(around, log, lambda: len(mail.raw) + len(gateway.accepted))
        scene = Scene(Web(around, log), worker, mail, gateway, over, least, cases, most)
        play(scene, [session_of("anna"), session_of("samir")], seed)
        let_the_worker_finish(scene)
    seen = examine(scene)
    assert "Traceback" not in log.read_text(), log.read_text()
    record_property(
        "figures", f"{db.engine().dialect.name}: {seen}; {monotonic() - began:.0f} s (seed {seed})"
    )
