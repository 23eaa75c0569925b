"""The table of budgets: what may be done, how much and in what time. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Lane(StrEnum):
    """Who a budget is counted for. Lanes share nothing, so one of them cannot use up another's budget."""

    STRANGER = "stranger"
    CODE_HOLDER = "code_holder"
    CITIZEN = "citizen"
    STAFF = "staff"


class Counted(StrEnum):
    """Which requests count: each one, those that were refused, or those that the view counts itself."""

    EACH = "each"
    REFUSED = "refused"
    BY_VIEW = "by_view"


@dataclass(frozen=True)
class Budget:
    """How much one sender may do in a time; `ceiling` is for all strangers together.

    A service (`of_service`) is one sender for a whole municipality: the budget of all posts leaves it out.
    """

    name: str
    amount: int
    counted: Counted = Counted.EACH
    ceiling: int | None = None
    window: timedelta = timedelta(minutes=10)
    of_service: bool = False


# Above what one person does; the figures that others rely on are in docs/interface.md.
SEND_CASE = Budget("send_case", 60, Counted.BY_VIEW, ceiling=1200)
# Above it a report is sent without the question whether it is known: see web/public/faults.
COMPARE_PLACES = Budget("compare_places", 30, Counted.BY_VIEW)
WRITE_ON_CASE = Budget("write_on_case", 60, Counted.BY_VIEW)
# Of one member of staff, who may have no role at all.
REGISTER_CASE = Budget("register_case", 120, Counted.BY_VIEW)
WRITE_SURVEY = Budget("write_survey", 60)
WITHDRAW = Budget("withdraw", 60)
SAVE_FORM = Budget("save_form", 60, Counted.BY_VIEW)
REMOVE_DRAFT = Budget("remove_draft", 60)
CHANGE_CONTACT = Budget("change_contact", 60)
TRY_CODE = Budget("try_code", 20, Counted.REFUSED)
# Of one case, by everyone at the desk together.
TRY_CODE_OF_CASE = Budget("try_code_of_case", 5, Counted.BY_VIEW)
TRY_DESK_NUMBER = Budget("try_desk_number", 20, Counted.REFUSED)
TRY_EMERGENCY_CODE = Budget("try_emergency_code", 20, Counted.REFUSED)
TRY_LINK = Budget("try_link", 20)
REQUEST_LINK = Budget("request_link", 20)
SIGN_IN = Budget("sign_in", 60)
END_SESSIONS = Budget("end_sessions", 60, Counted.REFUSED, of_service=True)
UNSUBSCRIBE = Budget("unsubscribe", 60, Counted.REFUSED, of_service=True)
REPORT_DELIVERY = Budget("report_delivery", 60, Counted.REFUSED, of_service=True)
# Every post of a stranger, also one that is refused: a form is parsed and drawn again each time.
POST = Budget("post", 600)
# Each file, and each UPLOAD_BYTES of it: to check a file takes a child process and its time.
UPLOAD = Budget("upload", 240, Counted.BY_VIEW, ceiling=4800)
UPLOAD_BYTES = 5 * 1024 * 1024
# Files that are sent to a reader, thumbnails too.
OPEN_FILE = Budget("open_file", 1200)
# A member of staff works fast at times; these only stop a program that runs away with their session.
HANDLE = Budget("handle", 600)
SEARCH = Budget("search", 600)
PDF = Budget("pdf", 60)
REGISTER = Budget("register", 60)
# A copy of all that is held about a person.
COPY = Budget("copy", 10)
