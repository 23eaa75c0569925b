"""Serves Testlegitimering: python -m portal.testlegitimering --port 8001 --portal http://localhost:8000."""

import argparse
import os
import sys
from urllib.parse import urlsplit

from portal.testlegitimering import ISSUER, PORTAL, loopback


def settings() -> dict[str, str]:
    """The issuer and the portal: a flag wins over the environment, which wins over the usual."""
    parser = argparse.ArgumentParser(prog="python -m portal.testlegitimering", description=__doc__)
    parser.add_argument("--port", type=int, help="port on 127.0.0.1")
    parser.add_argument("--portal", default=os.environ.get("TESTLEGITIMERING_PORTAL", PORTAL))
    given = parser.parse_args()
    configured = os.environ.get("TESTLEGITIMERING_ISSUER", ISSUER)
    issuer = f"http://127.0.0.1:{given.port}" if given.port else configured
    return {"TESTLEGITIMERING_ISSUER": issuer, "TESTLEGITIMERING_PORTAL": given.portal}


def command(issuer: str) -> list[str]:
    """How the server is started; naming its settings keeps those of the portal out."""
    parts = urlsplit(issuer)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    options = ["--config=python:portal.testlegitimering.server", f"--bind={host}:{parts.port or 80}"]
    return [sys.executable, "-m", "gunicorn", *options, "portal.testlegitimering:from_environment()"]


def main() -> None:
    """Become the server, so that a signal to this process reaches it."""
    chosen = settings()
    try:
        loopback(chosen["TESTLEGITIMERING_ISSUER"])
    except ValueError as problem:
        sys.exit(str(problem))
    argv = command(chosen["TESTLEGITIMERING_ISSUER"])
    os.execve(argv[0], argv, os.environ | chosen)  # noqa: S606 - our own interpreter, no shell


if __name__ == "__main__":
    main()
