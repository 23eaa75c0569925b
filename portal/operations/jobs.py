"""The jobs of the worker: what is done again and again, and when."""

from collections.abc import Callable, Container

from portal.cases.answers import drafts as answer_drafts
from portal.cases.desk import visits as desk_visits
from portal.cases.intake import code_access, earlier_readers, form_drafts, saved_drafts
from portal.cases.ownership import departures
from portal.db import transaction
from portal.files import maintenance as files
from portal.files.scanning import job as virus_scan
from portal.identity import sessions
from portal.identity.absences import commands as absences
from portal.jobs import scheduler
from portal.jobs.rules import Daily, Every
from portal.jobs.scheduler import JobSpec
from portal.notifications import budgets
from portal.notifications.delivery import maintenance
from portal.notifications.inbound import mailbox
from portal.notifications.staff import mail, notices
from portal.notifications.staff.late_soon import notify_late_soon
from portal.notifications.staff.overdue import notify_overdue
from portal.operations.reminders import inform_senders, remind_senders
from portal.statistics.published import closed_months
from portal.surveys import invitations

MINUTE = 60
# A text message earlier in the morning would wake people.
REMINDER_HOUR = 9
STAFF_HOUR = 7
NIGHT = 3


def _in_transaction(task: Callable[[], int]) -> Callable[[], int]:
    def run() -> int:
        with transaction():
            return task()

    return run


def _until_done(task: Callable[[], int]) -> Callable[[], int]:
    """Repeat a task that does a batch and returns its size, until there is nothing left."""

    def run() -> int:
        done = 0
        while batch := task():
            done += batch
        return done

    return run


# A row that names a person tells when they were here: none outlives its session by an hour.
JOBS: tuple[JobSpec, ...] = (
    JobSpec("message_counts", Every(MINUTE), _in_transaction(budgets.forget_old)),
    JobSpec("held_messages", Every(MINUTE), _until_done(_in_transaction(maintenance.release_held))),
    JobSpec("message_texts", Every(MINUTE), _in_transaction(maintenance.clear_old)),
    JobSpec("sessions", Every(MINUTE), _in_transaction(sessions.delete_ended)),
    JobSpec("code_access", Every(MINUTE), _in_transaction(code_access.delete_expired)),
    JobSpec("desk_visits", Every(MINUTE), _in_transaction(desk_visits.delete_old)),
    JobSpec("earlier_readers", Every(MINUTE), _in_transaction(earlier_readers.delete_expired)),
    JobSpec("form_drafts", Every(MINUTE), _in_transaction(form_drafts.delete_expired)),
    JobSpec("saved_drafts", Every(MINUTE), _in_transaction(saved_drafts.delete_expired)),
    JobSpec("answer_drafts", Every(MINUTE), _in_transaction(answer_drafts.forget_old)),
    JobSpec("uploads", Every(MINUTE), _until_done(_in_transaction(files.delete_expired))),
    JobSpec("supplement_reminders", Daily(REMINDER_HOUR), remind_senders),
    JobSpec("late_soon", Daily(STAFF_HOUR), notify_late_soon),
    JobSpec("overdue_improvements", Daily(STAFF_HOUR), notify_overdue),
    JobSpec("improvement_senders", Every(MINUTE), inform_senders),
    # After the notices of the day.
    JobSpec("staff_digests", Daily(STAFF_HOUR), mail.send_digests),
    JobSpec("absences", Daily(NIGHT), _in_transaction(absences.delete_ended)),
    JobSpec("survey_invitations", Daily(NIGHT), _in_transaction(invitations.delete_old)),
    JobSpec("staff_notices", Daily(NIGHT), _in_transaction(notices.delete_old)),
    JobSpec("statistics", Daily(NIGHT), _until_done(closed_months.count_next_month)),
    JobSpec("storage", Daily(NIGHT), files.sweep_storage),
    # It looks at every open case, so not each second; the list of cases without a handler is live.
    JobSpec("owners", Every(30), _until_done(departures.keep_owners)),
)


# They wait for other servers.
SLOW_JOBS = (
    JobSpec("mailbox", Every(MINUTE), mailbox.read_new),
    JobSpec("virus_scan", Every(15), virus_scan.scan_waiting),
)


def run_due(without: Container[str] = ()) -> int:
    """Run what is due, except the slow jobs and those to leave out; returns how much was done."""
    return scheduler.run_due([spec for spec in JOBS if spec.name not in without])


def run_due_slow() -> int:
    """Run the slow jobs that are due; returns how much was done."""
    return scheduler.run_due(SLOW_JOBS)


def problems() -> list[str]:
    """The jobs whose last run failed, and those that are overdue, in words."""
    return scheduler.problems([*JOBS, *SLOW_JOBS])
