"""Answer the survey, once for each invitation."""

from portal import clock
from portal.db import session
from portal.surveys import invitations
from portal.surveys.models import SurveyAnswer, SurveyComment, SurveyInvitation
from portal.surveys.rules import Helped, Treatment


def answer(token: str, helped: Helped, treatment: Treatment, comment: str) -> SurveyInvitation | None:
    """Count the answers of an invitation, and keep its free text apart from them.

    None if there is no such invitation, it is no longer open or it has been answered: it counts once.
    """
    invitation = invitations.by_token(token, lock=True)
    if invitation is None or invitation.answered or not invitations.is_open(invitation):
        return None
    invitation.answered = True
    today = clock.today()
    by_unit = {"unit_id": invitation.unit_id, "board_id": invitation.board_id}
    counted = SurveyAnswer(
        **by_unit, kind=invitation.kind, answered_on=today, helped=helped, treatment=treatment
    )
    session().add(counted)
    if comment:
        session().add(SurveyComment(**by_unit, month=today.replace(day=1), body=comment))
    return invitation
