"""The same units inside this process, to see what each asks of the database."""

from flask import Flask

from tests.bench import plans
from tests.bench.plans import Plan, Statement
from tests.bench.serving.load import Unit


def statements(app: Flask, unit: Unit) -> list[Statement]:
    """The statements of a unit, whose answers are checked."""
    with plans.captured() as found:
        request = next(unit)
        while True:
            answer = exchange(app, request)
            try:
                request = unit.send(answer)
            except StopIteration:
                return found


def explained(found: list[Statement]) -> list[Plan]:
    """The plans of the statements that read or change rows; an INSERT has none that could grow."""
    return [plans.plan(one) for one in found if not one.text.lstrip().startswith("INSERT")]


def exchange(app: Flask, request: bytes) -> bytes:
    """Give the application a request as a server would read it; returns the answer as it would send it."""
    head, _gap, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _version = first.split(" ")
    headers = [tuple(line.split(": ", 1)) for line in lines if not line.startswith("Content-Length")]
    client = app.test_client(use_cookies=False)
    with client.open(path, method=method, headers=headers, data=body) as response:
        sent = "".join(f"{name}: {value}\r\n" for name, value in response.headers)
        page: bytes = response.data
        return f"HTTP/1.1 {response.status}\r\n{sent}\r\n".encode() + page
