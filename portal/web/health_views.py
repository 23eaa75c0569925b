"""For whoever runs the portal: is it alive, is it in order."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.operations.health import problems

operations = Blueprint("operations", __name__)


@operations.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@operations.get("/readyz")
def ready() -> ResponseReturnValue:
    """Database, migrations and outbox are in order, or what is not."""
    found = problems()
    return {"status": "unready" if found else "ok", "problems": found}, 503 if found else 200
