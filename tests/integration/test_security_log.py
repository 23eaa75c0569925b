"""The security log: a sealed row for each change of a membership, a key or a profile."""

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from structlog.testing import capture_logs

from portal import db
from portal.audit import security_log
from portal.cases.actions import handling
from portal.cases.enums import TaskKind
from portal.identity.actors import Role
from portal.notifications import outbox
from tests import factories
from tests.installation import Installation

ANNA = factories.NUMBERS["anna"]
SAMIR = factories.NUMBERS["samir"]


def run(app: Flask, *words: str) -> Result:
    db.close_read_session()
    result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == 0, result.output
    return result


def rows() -> list[tuple[str, dict[str, object]]]:
    db.close_read_session()
    return [(row.event, row.details) for row in security_log.entries()]


def test_each_change_of_a_membership_is_a_row_and_a_line(inside: Flask) -> None:
    with capture_logs() as lines:
        run(inside, "member", "add", ANNA, "officer", "--unit", "park", "--name", "Anna Berg")
        period = ("--first", "2026-05-04", "--last", "2099-05-08")
        run(inside, "member", "substitute", "1", SAMIR, "--name", "Samir", *period)
        run(inside, "member", "remove", "2")
        why = ("--name", "Anna Berg", "--reason", "Leverantören ligger nere")
        run(inside, "member", "break-glass", ANNA, "registrar", *why)
        run(inside, "member", "remove", "3")
    names = ["MembershipAdded", "MembershipAdded", "MembershipEnded", "EmergencyOpened", "MembershipEnded"]
    assert [name for name, _details in rows()] == names
    assert rows()[0][1].items() >= {"membership": 1, "role": "officer"}.items()
    assert rows()[1][1]["substitute_for"] == 1
    events = ["membership.added", "membership.added", "membership.ended", "emergency.opened"]
    assert [line["event"] for line in lines] == [*events, "emergency.ended", "membership.ended"]
    assert not {"Anna", ANNA, SAMIR, "Leverantören"} & set(repr((rows(), lines)).replace("'", " ").split())


def test_the_same_role_twice_is_one_row(inside: Flask) -> None:
    for _time in range(2):
        run(inside, "member", "add", ANNA, "officer", "--unit", "park", "--name", "Anna Berg")
    assert len(rows()) == 1


def test_rotated_keys_are_a_row(inside: Flask) -> None:
    factories.citizen()
    run(inside, "keys", "rotate")
    assert rows() == [("KeysRotated", {"changed": 0, "seen": 1})]


def test_an_applied_profile_is_a_row(own: Installation) -> None:
    own.becomes(own.file.read_text().replace("Parkenheten", "Enheten för parker"))
    assert [name for name, _details in rows()] == ["ProfileApplied", "ProfileApplied"]
    assert rows()[1][1] == {"version": 2, "changes": 1}


@pytest.mark.parametrize(
    "change", ["UPDATE security_log SET event = 'MembershipEnded'", "DELETE FROM security_log WHERE id = 1"]
)
def test_a_row_that_was_changed_or_removed_shows(inside: Flask, change: str) -> None:
    factories.member()
    factories.member("samir")
    assert "MembershipAdded  membership 1, role officer" in run(inside, "security-log").output
    with db.engine().begin() as connection:
        connection.execute(sa.text(change))
    db.close_read_session()
    result = inside.test_cli_runner().invoke(args=["security-log"])
    assert (result.exit_code, "seals do not fit" in result.output) == (1, True)


@pytest.mark.parametrize("role", [Role.RECORDS_OFFICER, Role.REGISTRAR])
def test_a_finished_task_is_in_the_trail_with_who_finished_it(inside: Flask, role: Role) -> None:
    receipt = factories.send_in(email="maja@exempel.se")
    with db.transaction():
        outbox.add_task(receipt.case, TaskKind.UNDELIVERED)
    actor = factories.member("eva", role, None)
    (task,) = [task for task in factories.case(receipt).open_tasks if task.kind is TaskKind.UNDELIVERED]
    for _click in range(2):
        factories.act(handling.finish_task, actor, receipt, task.id)
    last = factories.entries(receipt)[-1]
    assert (last.event, last.actor_id) == ("TaskFinished", actor.membership)
    assert last.details["task"] == task.id
    assert [entry.event for entry in factories.entries(receipt)].count("TaskFinished") == 1
