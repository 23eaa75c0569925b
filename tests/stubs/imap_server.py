"""A mailbox on loopback for tests: the part of IMAP4rev1 that the portal speaks, as unhelpful as asked."""

import re
import socketserver
import ssl
import threading
from types import TracebackType
from typing import Any, Literal, Self

import trustme

HANG = "hang"
PART = re.compile(r"BODY\.PEEK\[\]<(\d+)\.(\d+)>")


class ImapServer:
    """A real IMAP server; `letters` holds each letter by its UID and `flags` what it is marked with.

    `answers` maps a command to the answer instead of OK, or to HANG. `commands` are those that came in.
    `refused` are the UIDs that get NO instead of a letter, `gone` those that were deleted after the search,
    `whole` those that come whole whatever part is asked for, and `surplus` is added to each size.
    """

    host = "127.0.0.1"

    def __init__(self, security: Literal["none", "starttls", "tls"] = "none") -> None:
        self.security = security
        self.letters: dict[int, bytes] = {}
        self.flags: dict[int, set[str]] = {}
        self.answers: dict[str, str] = {}
        self.commands: list[str] = []
        self.refused: set[int] = set()
        self.gone: set[int] = set()
        self.whole: set[int] = set()
        self.surplus = 0
        self.stopped = threading.Event()
        authority = trustme.CA()
        self.trust = ssl.create_default_context()
        authority.configure_trust(self.trust)
        self.certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(self.host).configure_cert(self.certificate)

    def put(self, *letters: bytes) -> None:
        """Letters come in."""
        for letter in letters:
            uid = len(self.letters) + 1
            self.letters[uid] = letter
            self.flags[uid] = set()

    def unseen(self) -> list[int]:
        """The UIDs of the letters that are not marked as seen."""
        return [uid for uid, flags in self.flags.items() if "\\Seen" not in flags]

    def flagged(self) -> list[int]:
        """The UIDs of the letters that a person has to look at."""
        return [uid for uid, flags in self.flags.items() if "\\Flagged" in flags]

    def __enter__(self) -> Self:
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                Conversation(outer, self).run()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that hangs up is no news."""

        self._server = Server((self.host, 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="imap server")
        self._thread.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Conversation:
    """What is said in one connection."""

    def __init__(self, server: ImapServer, handler: socketserver.StreamRequestHandler) -> None:
        self.server = server
        self.socket = handler.request
        self.file: Any = handler.request.makefile("rwb")
        if server.security == "tls":
            self.encrypt()

    def encrypt(self) -> None:
        self.socket = self.server.certificate.wrap_socket(self.socket, server_side=True)
        self.file = self.socket.makefile("rwb")

    def run(self) -> None:
        self.say("* OK ready")
        try:
            while line := self.file.readline().decode().strip():
                tag, _space, rest = line.partition(" ")
                command = rest.removeprefix("UID ").partition(" ")[0].upper()
                self.server.commands.append(rest)
                self.answer(tag, command, rest)
                if command == "LOGOUT":
                    break
        finally:
            self.file.close()
            self.socket.close()

    def answer(self, tag: str, command: str, rest: str) -> None:
        wanted = self.server.answers.get(command, "OK done")
        if command == "FETCH" and int(rest.split()[2]) in self.server.refused:
            wanted = "NO cannot read this one"
        if wanted == HANG:
            self.server.stopped.wait(30)
            return
        if wanted.startswith("OK"):
            getattr(self, f"do_{command.lower()}", lambda _rest: None)(rest)
        self.say(f"{tag} {wanted}")
        if command == "STARTTLS" and wanted.startswith("OK"):
            self.encrypt()

    def say(self, line: str, literal: bytes = b"") -> None:
        self.file.write(line.encode() + (b"\r\n" + literal + b")" if literal else b"") + b"\r\n")
        self.file.flush()

    def do_capability(self, _rest: str) -> None:
        self.say("* CAPABILITY IMAP4rev1" + (" STARTTLS" if self.server.security == "starttls" else ""))

    def do_select(self, _rest: str) -> None:
        self.say(f"* {len(self.server.letters)} EXISTS")

    def do_search(self, _rest: str) -> None:
        self.say("* SEARCH " + " ".join(map(str, self.server.unseen())))

    def do_fetch(self, rest: str) -> None:
        uid = int(rest.split()[2])
        letter = self.server.letters[uid]
        if uid in self.server.gone:
            return
        part = PART.search(rest)
        if part is None:
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(letter) + self.server.surplus})")
            return
        start, count = int(part[1]), int(part[2])
        found = letter if uid in self.server.whole else letter[start : start + count]
        self.say(f"* 1 FETCH (UID {uid} BODY[]<{start}> {{{len(found)}}}", found or b" ")

    def do_store(self, rest: str) -> None:
        uid = int(rest.split()[2])
        self.server.flags[uid] |= set(re.findall(r"\\\w+", rest))
