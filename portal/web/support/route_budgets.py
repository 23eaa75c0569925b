"""The budget of each route that changes or costs something; a test finds a route that is in neither table."""

from collections.abc import Mapping

from portal.budgets import rules
from portal.budgets.rules import Budget

Route = tuple[str, str]

BUDGETS: Mapping[Route, Budget] = {
    ("POST", "public.send"): rules.SEND_CASE,
    ("POST", "public.follow_open"): rules.TRY_CODE,
    ("POST", "public.new_code"): rules.REQUEST_LINK,
    ("POST", "public.new_code_link"): rules.TRY_LINK,
    ("POST", "public.contest_link"): rules.TRY_LINK,
    ("POST", "public.contest_code"): rules.TRY_CODE,
    ("POST", "follow.reply"): rules.WRITE_ON_CASE,
    ("POST", "follow.withdraw"): rules.WITHDRAW,
    ("GET", "follow.pdf_of"): rules.PDF,
    ("GET", "mina_sidor.pdf_of"): rules.PDF,
    ("POST", "mina_sidor.adopt"): rules.TRY_CODE,
    ("POST", "mina_sidor.add_taken_along"): rules.CHANGE_CONTACT,
    ("POST", "mina_sidor.reply"): rules.WRITE_ON_CASE,
    ("POST", "mina_sidor.withdraw"): rules.WITHDRAW,
    ("POST", "mina_sidor.details"): rules.CHANGE_CONTACT,
    ("POST", "mina_sidor.notification"): rules.CHANGE_CONTACT,
    ("GET", "sign_in.start"): rules.SIGN_IN,
    ("POST", "sign_in.emergency"): rules.TRY_EMERGENCY_CODE,
    ("POST", "sign_in.back_channel"): rules.END_SESSIONS,
    ("POST", "messages.sms_report"): rules.REPORT_DELIVERY,
    ("POST", "messages.decline"): rules.UNSUBSCRIBE,
    ("GET", "backoffice.queue"): rules.SEARCH,
    ("GET", "backoffice.similar_cases"): rules.SEARCH,
    ("GET", "backoffice.pdf_of"): rules.PDF,
    ("GET", "backoffice.register"): rules.SEARCH,
    ("GET", "backoffice.register_print"): rules.REGISTER,
    ("GET", "backoffice.register_file"): rules.REGISTER,
    ("POST", "backoffice.register_case"): rules.REGISTER_CASE,
    ("POST", "backoffice.act"): rules.HANDLE,
    ("POST", "backoffice.many"): rules.HANDLE,
    ("POST", "backoffice.save_draft"): rules.HANDLE,
    ("POST", "backoffice.discard_draft"): rules.HANDLE,
    ("POST", "backoffice.new_template"): rules.HANDLE,
    ("POST", "backoffice.template"): rules.HANDLE,
    ("POST", "backoffice.archive_template"): rules.HANDLE,
    ("POST", "backoffice.switch_membership"): rules.HANDLE,
    ("POST", "backoffice.reveal"): rules.HANDLE,
    ("POST", "backoffice.finish_task"): rules.HANDLE,
    ("POST", "backoffice.resend_message"): rules.HANDLE,
    ("POST", "backoffice.save_view"): rules.HANDLE,
    ("POST", "backoffice.remove_view"): rules.HANDLE,
    ("POST", "backoffice.place_case"): rules.HANDLE,
    ("POST", "backoffice.notices_seen"): rules.HANDLE,
    ("POST", "backoffice.notice_choices"): rules.HANDLE,
    ("GET", "backoffice.unit"): rules.SEARCH,
    ("POST", "backoffice.absences"): rules.HANDLE,
    ("POST", "backoffice.remove_absence"): rules.HANDLE,
    ("POST", "backoffice.routine"): rules.HANDLE,
}
# Posts without a budget of their own, with the reason. The budget of all posts of a stranger holds here too.
UNLIMITED: Mapping[Route, str] = {
    ("POST", "public.receipt_done"): "hides a receipt on a shared computer, which must always work",
    ("POST", "backoffice.case_receipt_done"): "hides a receipt at a desk, which must always work",
    ("POST", "follow.take_along"): "changes nothing but the session",
    (
        "POST",
        "follow.open_part",
    ): "opens what the code of the open case opens: nothing is guessed",
    ("POST", "follow.close"): "closes a case on a shared computer, which must always work",
    ("POST", "sign_in.sign_out"): "ends access, which must always work",
    ("POST", "sessions.end"): "ends access, which must always work",
    ("POST", "sessions.end_all"): "ends access, which must always work",
}
