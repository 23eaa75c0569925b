"""Sign-in, sign-out and the person's sessions: their blueprints. The modules of views add their routes."""

from flask import Blueprint

sign_in = Blueprint("sign_in", __name__)


sessions = Blueprint("sessions", __name__)

# Last, since the views use the blueprint: importing them adds them to it.
from portal.web.sign_in import emergency_views, session_views, views
