"""The pages for everyone: their blueprints. The modules of views add their routes."""

from flask import Blueprint

public = Blueprint("public", __name__)


follow = Blueprint("follow", __name__, url_prefix="/folj/arende")

# Last, since the views use the blueprint: importing them adds them to it.
from portal.web.public import follow_views, municipality_views, start_views, statistics_views, submit_views
