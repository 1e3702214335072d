"""Posts to a host that somebody named: to an address that was checked, and within a time.

A name that leads into the house's own network is how a stranger would have the house speak to
its neighbours. So the name is resolved once, every address is looked at, and the connection goes
to one of these addresses, not to the name again.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from typing import Any

import mentorkit
from mentorkit.plugins.webhooks import Place

MOST_READ = 4096
"""Bytes of an answer's body that are waited for, and thrown away."""
TRIED = 4
"""Addresses of a host that are tried, one after the other."""

_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def post(
    place: Place, body: bytes, headers: Mapping[str, str], *, private: bool, seconds: float
) -> tuple[int, str | None]:
    """The status and the Retry-After of what is answered to `body` at `place`.

    All of it takes `seconds` at most. Raises Refused where an address of the host is not public,
    unless it is `private`; TimeoutError, ssl.SSLError or ConnectionError where there is no answer.
    Their words hold nothing of the place.
    """
    until = time.monotonic() + seconds
    try:
        with _connected(place, private, until) as sock:
            return _exchanged(_Timed(sock, until), place, body, headers)
    except TimeoutError:
        raise TimeoutError(f"no answer within {seconds:.0f} seconds") from None
    except ssl.SSLCertVerificationError:
        raise ssl.SSLCertVerificationError(
            ssl.SSL_ERROR_SSL, "the receiver's certificate is not valid"
        ) from None
    except ssl.SSLError:
        raise ssl.SSLError(ssl.SSL_ERROR_SSL, "TLS with the receiver failed") from None
    except (OSError, UnicodeError, http.client.HTTPException):
        raise ConnectionError("the receiver cannot be reached, or speaks no HTTP") from None


def public(text: str) -> bool:
    """Whether an address is one of the public internet, for one host.

    An IPv6 address that stands for an IPv4 one is as public as that.
    """
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None:
            return address in _UNICAST and address.is_global
        address = inner
    return address.is_global and not address.is_multicast


def _left(until: float) -> float:
    """Seconds until then; TimeoutError where there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _resolved(place: Place, until: float) -> list[tuple[Any, ...]]:
    """The addresses of the host, as getaddrinfo has them.

    The system may take minutes over a name, and cannot be stopped: it is left behind.
    """
    found: Future[list[tuple[Any, ...]]] = Future()

    def ask() -> None:
        try:
            found.set_result(socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM))
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return found.result(_left(until))


@contextlib.contextmanager
def _connected(place: Place, private: bool, until: float) -> Iterator[socket.socket]:
    """A connection to an address of the host, by TLS where the place says so."""
    found = _resolved(place, until)
    if not private and not all(public(address[0]) for *_, address in found):
        raise mentorkit.Refused("the receiver's host is not at public addresses alone")
    with _opened(found[:TRIED], until) as plain:
        if not place.secure:
            yield plain
            return
        plain.settimeout(_left(until))
        context = ssl.create_default_context()
        with context.wrap_socket(plain, server_hostname=place.host) as sock:
            yield sock


def _opened(found: list[tuple[Any, ...]], until: float) -> socket.socket:
    """A connection to the first address that answers, each with its share of the time.

    A system without IPv6 may name such addresses all the same, and has no socket for them.
    """
    last: OSError = ConnectionError()
    for index, (family, kind, protocol, _, address) in enumerate(found):
        try:
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(_left(until) / (len(found) - index))
                sock.connect(address)
            except OSError:
                sock.close()
                raise
            return sock
        except OSError as error:
            last = error
    raise last


class _Timed(io.RawIOBase):
    """A socket in HTTP's hands, until an instant: each single wait is for the time that is left.

    Else a receiver that sends a byte now and then would keep the house for ever.
    """

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until = sock, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._until))
        return self._sock.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(_left(self._until))
            rest = rest[self._sock.send(rest) :]

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        """Nothing: HTTP closes before it has read, and whoever opened the socket closes it."""


def _exchanged(
    line: _Timed, place: Place, body: bytes, headers: Mapping[str, str]
) -> tuple[int, str | None]:
    """Post, and read the answer's head; what fails after that undoes nothing."""
    connection = http.client.HTTPConnection(place.host, place.port)
    connection.sock = line
    own = {"Host": place.netloc, "Connection": "close"}
    connection.request("POST", place.target, body, {**own, **headers})
    response = connection.getresponse()
    if 200 <= response.status < 300:
        with contextlib.suppress(OSError, http.client.HTTPException):
            response.read(MOST_READ)
    return response.status, response.getheader("Retry-After")
