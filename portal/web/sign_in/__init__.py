"""Sign-in, sign-out and the person's sessions: their blueprints, to which the views modules add routes."""

from flask import Blueprint

sign_in = Blueprint("sign_in", __name__)


sessions = Blueprint("sessions", __name__)

# Imported last, since the views decorate with the blueprints above.
from portal.web.sign_in import desk_views, emergency_views, session_views, views
