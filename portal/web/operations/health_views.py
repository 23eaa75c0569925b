"""Health checks for operations: liveness and readiness."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.operations.health import problems

operations = Blueprint("operations", __name__)


@operations.get("/healthz")
def alive() -> ResponseReturnValue:
    # Liveness alone: a database that is away is no reason to restart the process.
    return {"status": "ok"}


@operations.get("/readyz")
def ready() -> ResponseReturnValue:
    open_problems = problems()
    if open_problems:
        return {"status": "unready", "problems": open_problems}, 503
    return {"status": "ok", "problems": []}, 200
