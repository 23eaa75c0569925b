"""Words of the notices of staff."""

from portal.notifications.staff.rules import MailChoice, NoticeKind
from portal.translation import lazy_gettext as _staff

KINDS = {
    NoticeKind.ASSIGNED: _staff("Du har fått ett ärende"),
    NoticeKind.REPLY: _staff("Avsändaren har skrivit"),
    NoticeKind.NOT_SATISFIED: _staff("Avsändaren är inte nöjd med svaret"),
    NoticeKind.PLACED: _staff("Din enhet har fått ett ärende"),
    NoticeKind.UNDELIVERED: _staff("Ett meddelande kom inte fram"),
    NoticeKind.LATE_SOON: _staff("Ärendet är snart försenat"),
    NoticeKind.IMPROVEMENT_OVERDUE: _staff("En förbättring skulle ha varit klar"),
}
CHOICES = {
    MailChoice.AT_ONCE: _staff("Direkt, ett mejl för varje händelse"),
    MailChoice.DIGEST: _staff("En gång om dagen, om något är nytt"),
    MailChoice.NONE: _staff("Inte alls"),
}
