"""Mina sidor, the citizen's own pages: the blueprint. The module of views adds its routes."""

from flask import Blueprint

mina_sidor = Blueprint("mina_sidor", __name__, url_prefix="/mina-sidor")

# Last, since the views use the blueprint: importing them adds them to it.
from portal.web.mina_sidor import views
