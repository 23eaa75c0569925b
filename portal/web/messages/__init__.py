"""The addresses that messages lead back to: reports of the SMS gateway, unsubscription and the survey."""

from flask import Blueprint

messages = Blueprint("messages", __name__)

# Imported last, since the views decorate with the blueprint above.
from portal.web.messages import report_views, survey_views, unsubscribe_views
