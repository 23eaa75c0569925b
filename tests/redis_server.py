"""A throw-away Redis without persistence, on a socket of its own."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import redis

MISSING = "no Redis: install the server (Debian: redis-server)"


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server, which ends with the block; without the program the test is skipped."""
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory(prefix="kontakt-redis-", ignore_cleanup_errors=True) as folder:
        socket = f"{folder}/socket"
        options = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder]
        with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as process:
            try:
                _wait_until_ready(socket)
                yield f"unix://{socket}"
            finally:
                process.kill()


def _wait_until_ready(socket: str) -> None:
    client = redis.Redis(unix_socket_path=socket)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(redis.ConnectionError):
            client.ping()
            return client.close()
        time.sleep(0.02)
    raise RuntimeError("Redis did not start")
