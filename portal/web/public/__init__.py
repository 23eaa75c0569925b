"""The public pages and the case opened by code: their blueprints, to which the views modules add routes."""

from flask import Blueprint

public = Blueprint("public", __name__)


follow = Blueprint("follow", __name__, url_prefix="/folj")

# Imported last, since the views decorate with the blueprints above.
from portal.web.public import (
    follow_views,
    municipality_views,
    reader_views,
    receipt_views,
    start_views,
    submit_views,
    well_known_views,
)
from portal.web.public.figures import views
