"""An SMS gateway on loopback for tests: as 46elks says it behaves, and as unhelpful as a test asks."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

HANG = "hang"
DROP = "drop"
DRIP = "drip"
HALF = "half"
ENDLESS = "endless"


class SmsGateway:
    """A real HTTP server; `answer` is None for its own, a Response, or HANG, DROP, DRIP, HALF or ENDLESS.

    `accepted` holds the forms of the messages that it took, `asked` every request whatever became of it.
    """

    host = "127.0.0.1"
    username, password = "u0123456789abcdef", "hemligt"

    def __init__(self, certificate: ssl.SSLContext | None = None) -> None:
        self.answer: Response | str | None = None
        self.accepted: list[dict[str, str]] = []
        self.asked: list[Request] = []
        self._gone = threading.Event()
        self._server = HTTPServer(self.host, ssl_context=certificate, threaded=True)
        self._server.expect_request(re.compile(".*")).respond_with_handler(self._handle)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url_for("")

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._gone.set()
        self._server.stop()

    def _handle(self, request: Request) -> Response:
        self.asked.append(request)
        match self.answer:
            case None:
                return self._take(request)
            case Response() as told:
                return told
            case "hang":
                self._gone.wait()
            case "drop":
                request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            case "drip":
                return Response(self._drip(), mimetype="application/json")
            case "half":
                return Response(self._half(), mimetype="application/json")
            case "endless":
                return Response(iter(lambda: b" " * 1024, None), mimetype="application/json")
        return Response(status=503)

    def _drip(self) -> Iterator[str]:
        """A true answer, a byte at a time: whoever has patience gets it in the end."""
        for sign in json.dumps({"id": "s1", "status": "created"}).ljust(60):
            self._gone.wait(0.05)
            yield sign

    def _half(self) -> Iterator[str]:
        yield '{"id": '
        self._gone.wait()

    def _take(self, request: Request) -> Response:
        fault = self._fault(request)
        if fault:
            return Response(fault[0], fault[1], mimetype="text/plain")
        form = request.form.to_dict()
        self.accepted.append(form)
        return Response(json.dumps(self._receipt(form)), mimetype="application/json")

    def _fault(self, request: Request) -> tuple[str, int] | None:
        if (request.method, request.path) != ("POST", "/a1/sms"):
            return "No such resource", 404
        login = request.authorization
        if not login or (login.username, login.password) != (self.username, self.password):
            return "Log in with your API username and password", 401
        missing = [name for name in ("from", "to", "message") if not request.form.get(name)]
        if missing:
            return f"Missing {missing[0]}", 400
        return None if re.fullmatch(r"\+[0-9]{7,15}", request.form["to"]) else ("Invalid to", 400)

    def _receipt(self, form: dict[str, str]) -> dict[str, Any]:
        told = {name: form[name] for name in ("from", "to", "message") if name != form.get("dontlog")}
        number = len(self.accepted)
        more = {
            "id": f"s{number:032x}",
            "status": "created",
            "direction": "outgoing",
            "parts": 1,
            "cost": 3500,
        }
        return told | more | {"created": "2026-05-04T08:00:00.000000"}
