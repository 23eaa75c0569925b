"""Every command publishes an event, which lands in the trail or in the security log."""

from pathlib import Path

from tests.architecture.commands import Graph
from tests.architecture.tree import PORTAL

# Commands without an event, each with the reason.
OWN_TEXT = "the writer's own text before it is sent; it is read by nobody else"
OPERATIONS = "what operations decide about a message is no change of its case; the log has a line"
LOGGED = "a session is no change of a case; the log has a line"
NOTICE = "a notice changes no case: it tells of what was published, or of a date"
EXPIRED = "the worker deletes what has expired, or lets go what has waited"
INDEX = "the index is made from texts whose change was published"
VISIT = "shows cases and changes none; each look is in the read log"
IMPROVEMENT = "changes no case; it has a log of its own, and the links to cases are published"
SILENT: dict[str, str] = {
    "portal.cases.improvements.commands.change": IMPROVEMENT,
    "portal.cases.improvements.commands.create": IMPROVEMENT,
    "portal.cases.improvements.publications.inform_more": "the worker publishes it for each case",
    "portal.cases.improvements.publications.publish": IMPROVEMENT,
    "portal.cases.improvements.publications.unpublish": IMPROVEMENT,
    "portal.notifications.staff.overdue.notify_overdue": NOTICE,
    "portal.cases.desk.visits.begin": VISIT,
    "portal.cases.desk.visits.begin_with_code": VISIT,
    "portal.cases.desk.visits.cancel": VISIT,
    "portal.cases.desk.visits.claim": VISIT,
    "portal.cases.desk.visits.delete_old": EXPIRED,
    "portal.cases.desk.visits.end": VISIT,
    "portal.cases.desk.visits.identify": VISIT,
    "portal.cases.answers.drafts.discard_draft": OWN_TEXT,
    "portal.cases.answers.drafts.save_draft": OWN_TEXT,
    "portal.cases.intake.form_drafts.delete_draft": OWN_TEXT,
    "portal.cases.intake.form_drafts.save_draft": OWN_TEXT,
    "portal.cases.intake.saved_drafts.save": OWN_TEXT,
    "portal.cases.intake.saved_drafts.remove": OWN_TEXT,
    "portal.cases.intake.saved_drafts.remove_sent": OWN_TEXT,
    "portal.cases.answers.profile_templates.install": "runs with a profile, whose event is published",
    "portal.cases.answers.templates.archive_template": "no case changes; each version of a template is kept",
    "portal.cases.answers.templates.save_template": "no case changes; each version of a template is kept",
    "portal.cases.answers.drafts.forget_old": EXPIRED,
    "portal.cases.intake.code_access.delete_expired": EXPIRED,
    "portal.cases.intake.earlier_readers.delete_expired": EXPIRED,
    "portal.cases.intake.form_drafts.delete_expired": EXPIRED,
    "portal.cases.intake.saved_drafts.delete_expired": EXPIRED,
    "portal.identity.absences.commands.delete_ended": EXPIRED,
    "portal.identity.sessions.delete_ended": EXPIRED,
    "portal.notifications.budgets.forget_old": EXPIRED,
    "portal.notifications.delivery.maintenance.clear_old": EXPIRED,
    "portal.notifications.delivery.maintenance.release_held": EXPIRED,
    "portal.cases.intake.code_access.grant": "reading by code; a row would be a trace of its sender",
    "portal.cases.intake.code_access.end_grants": "as grant",
    "portal.cases.intake.code_access.request_link": "the worker publishes it if there is such a case",
    "portal.cases.queue.saved_filters.save": "a view is a selection that changes no case",
    "portal.cases.search.index.fill": INDEX,
    "portal.cases.search.index.rebuild": INDEX,
    "portal.cases.search.index.forget_protected": INDEX,
    "portal.notifications.sent.overview.cancel": OPERATIONS,
    "portal.notifications.sent.overview.retry": OPERATIONS,
    "portal.identity.commands.find_or_add": "a person without a membership may do nothing",
    "portal.identity.commands.save_contact_choices": "a person's own choice, after a fresh sign-in",
    "portal.identity.commands.sign_in": LOGGED,
    "portal.identity.commands.sign_out": LOGGED,
    "portal.identity.commands.switch_membership": LOGGED,
    "portal.identity.commands.touch_session": "the time of the last page view, for the end of the session",
    "portal.identity.emergency_access.redeem_code": "has a row in its own sealed log",
    "portal.identity.sessions.end": LOGGED,
    "portal.identity.sessions.end_by_provider": LOGGED,
    "portal.notifications.inbound.settlement.apply_report": "what became of a message, in its own row",
    "portal.notifications.staff.late_soon.notify_late_soon": NOTICE,
    "portal.notifications.staff.mail.send_digests": NOTICE,
    "portal.notifications.staff.mail_settings.save_mail_settings": "a person's own choice",
    "portal.notifications.staff.notices.delete_old": EXPIRED,
    "portal.notifications.staff.notices.mark_all_seen": NOTICE,
    "portal.notifications.staff.notices.mark_improvement_seen": NOTICE,
    "portal.notifications.staff.notices.seen_in": NOTICE,
    "portal.surveys.answers.answer": "counted apart from its case, whose trail would say when it was given",
    "portal.surveys.invitations.delete_old": EXPIRED,
    "portal.organisation.commands.apply": "published by operations.migrations, which calls it",
}


def test_every_command_publishes_or_says_why_not() -> None:
    assert set(Graph(PORTAL).silent()) == set(SILENT)


def test_there_are_commands_to_look_at() -> None:
    commands = Graph(PORTAL).commands()
    assert "portal.cases.actions.handling.finish_task" in commands
    assert "portal.identity.commands.add_member" in commands
    assert len(commands) > 40


def test_a_command_without_an_event_is_found(tmp_path: Path) -> None:
    for name, text in {
        "cases/commands.py": (
            "from sqlalchemy import delete\n"
            "from portal.events import publish\n"
            "def forget(case):\n    _forget(case)\n"
            "def _forget(case):\n    delete(case)\n"
            "def close(case):\n    case.status = 1\n    publish(case)\n"
            "def step(case):\n    case.status = 2\n"
        ),
        "web/views.py": (
            "from portal.cases import commands as c\ndef view():\n    c.forget(1)\n    c.close(1)\n"
        ),
    }.items():
        file = tmp_path / "portal" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert Graph(tmp_path / "portal").silent() == ["portal.cases.commands.forget"]
