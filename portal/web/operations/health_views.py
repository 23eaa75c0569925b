"""What operations ask of the portal: liveness, readiness and metrics."""

from flask import Blueprint, abort, make_response, request
from flask.typing import ResponseReturnValue

from portal.operations import metrics
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


@operations.get("/metrics")
def scrape() -> ResponseReturnValue:
    # Without the token there is no such page: how much fails is no matter for the public.
    if not metrics.is_scraper(request.headers.get("Authorization", "")):
        abort(404)
    answer = make_response(metrics.exposition())
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8"
    return answer
