"""Webhooks, and receivers of them on loopback: over HTTP, over TLS, and byte by byte."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs
from history_cases import BEGUN, bound

from mentorkit import Event

Headers = dict[str, str]
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
HELD = Event(id="e1", at=BEGUN, kind="session.held", subject="s1", people=("bo", "zoë"))


def hook(url: str, **chosen: Any) -> Any:
    chosen = {"private": True, "secrets": ("HOOK_SECRET",), **chosen}
    return bound("subscribers", "webhook", url=url, **chosen)


def deliver(url: str, event: Event = HELD, key: str = "e1:portal", **chosen: Any) -> None:
    hook(url, **chosen).deliver(event, key, None)


@attrs.define
class Receiver:
    """What it answers, and what it was sent: `seen` are headers and bodies."""

    port: int = 0
    status: int = 204
    headers: Headers = attrs.Factory(dict)
    seen: list[tuple[Headers, bytes]] = attrs.Factory(list)
    paths: list[str] = attrs.Factory(list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            held = {name.lower(): value for name, value in self.headers.items()}
            receiver.seen.append((held, self.rfile.read(length)))
            receiver.paths.append(self.path)
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A sender that does not trust the certificate goes away, as it should."""


@contextlib.contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver, by TLS with a context."""
    receiver = Receiver()
    server = _Quiet(("127.0.0.1", 0), _handler(receiver))
    if context is not None:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def speaking(talk: Callable[[Any], None]) -> Iterator[int]:
    """The port of a server that says to each caller whatever `talk` sends to the socket."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                caller, _ = listening.accept()
                with caller, contextlib.suppress(OSError):
                    talk(caller)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listening.close()


def certificate(folder: Path, *names: str) -> Path:
    """A certificate signed by itself for some names, with its key, in one file."""
    file, key = folder / f"{names[0]}.pem", folder / f"{names[0]}.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={names[0]}"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)),
            *("-out", str(file), "-keyout", str(key)),
        ],
        check=True,
        capture_output=True,
    )
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file
