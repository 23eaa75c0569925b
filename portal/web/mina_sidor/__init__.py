"""Mina sidor, the citizen's own pages: the blueprint, to which the modules of views add routes."""

from flask import Blueprint

mina_sidor = Blueprint("mina_sidor", __name__, url_prefix="/mina-sidor")

# Imported last, since the views decorate with the blueprint above.
from portal.web.mina_sidor import about_me_views, contact_views, views
