"""Serve Testlegitimering: python -m portal.testlegitimering --port 8001 --portal http://localhost:8000."""

import argparse
import os
import sys
from urllib.parse import urlsplit

from portal.testlegitimering import ISSUER, PORTAL, loopback


def settings() -> dict[str, str]:
    """Return the issuer and the portal: an option overrides the environment, which overrides the default."""
    parser = argparse.ArgumentParser(prog="python -m portal.testlegitimering", description=__doc__)
    parser.add_argument("--port", type=int, help="port on 127.0.0.1")
    parser.add_argument("--portal", default=os.environ.get("TESTLEGITIMERING_PORTAL", PORTAL))
    arguments = parser.parse_args()
    configured = os.environ.get("TESTLEGITIMERING_ISSUER", ISSUER)
    issuer = f"http://127.0.0.1:{arguments.port}" if arguments.port else configured
    return {"TESTLEGITIMERING_ISSUER": issuer, "TESTLEGITIMERING_PORTAL": arguments.portal}


def command(issuer: str) -> list[str]:
    """Return the gunicorn command for this issuer."""
    # An explicit --config: gunicorn reads ./gunicorn.conf.py by default, which would be the portal's.
    parts = urlsplit(issuer)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    options = ["--config=python:portal.testlegitimering.server", f"--bind={host}:{parts.port or 80}"]
    return [sys.executable, "-m", "gunicorn", *options, "portal.testlegitimering:from_environment()"]


def main() -> None:
    """Replace this process with the server, so that signals reach it."""
    environment = settings()
    try:
        loopback(environment["TESTLEGITIMERING_ISSUER"])
    except ValueError as problem:
        sys.exit(str(problem))
    argv = command(environment["TESTLEGITIMERING_ISSUER"])
    os.execve(argv[0], argv, os.environ | environment)  # noqa: S606 - our own interpreter, no shell


if __name__ == "__main__":
    main()
