"""The webhook's way: to an address that was checked, to nobody else, and within a time."""

from __future__ import annotations

import shutil
import socket
import ssl
import sys
import threading
import time
from typing import Any

import pytest
from history_cases import BEGUN
from webhook_receivers import SECRET, certificate, deliver, receiving, speaking

from mentorkit import Event, Refused
from mentorkit.plugins.webhooks import NotAccepted
from mentorkit.plugins.webhooks_http import public

PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1"),
    *("2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::808:808", "2002:7f00:1::", "2001::1"),
    *("2002:a00:1::1", "::ffff:224.0.0.1", "fe80::1%1", "100::1", "4000::1"),
]
PUBLIC = [
    *("8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"),
    *("64:ff9b::808:808", "2002:808:808::1", "2001:4860:4860::8888"),
]


@pytest.fixture(autouse=True)
def _secret(monkeypatch):
    monkeypatch.setenv("HOOK_SECRET", SECRET)


@pytest.fixture
def receiver():
    with receiving() as held:
        yield held


def answers(*found: str, port: int = 443) -> list[Any]:
    """What getaddrinfo answers."""
    return [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
        if ":" in address
        else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
        for address in found
    ]


@pytest.fixture
def called(monkeypatch):
    """The addresses that are connected to; none of them answers."""
    found: list[Any] = []

    class Socket(socket.socket):
        def __init__(self, family: int, *more: int) -> None:
            super().__init__(socket.AF_INET, *more)  # which every system has

        def connect(self, address: Any) -> None:
            found.append(address[0])
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "socket", Socket)
    return found


def test_which_addresses_are_public():
    assert [address for address in PRIVATE if public(address)] == []
    assert [address for address in PUBLIC if not public(address)] == []


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("among", [(), ("8.8.8.8",)])
def test_a_host_with_an_address_that_is_not_public_is_refused(monkeypatch, called, address, among):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers(*among, address))
    with pytest.raises(Refused) as caught:
        deliver("https://portal.example.org/x", private=False)
    assert called == []
    for word in (address, "portal", "example"):
        assert word not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"])
def test_loopback_is_refused_however_it_is_written(called, host):
    with pytest.raises(Refused):
        deliver(f"https://{host}/", private=False)
    assert called == []


@pytest.mark.skipif(sys.platform == "win32", reason="it reads no other form of an address")
@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1"])
def test_loopback_is_refused_in_numbers(called, host):
    with pytest.raises(Refused):
        deliver(f"https://{host}/", private=False)
    assert called == []


@pytest.mark.parametrize("addresses", [PUBLIC[:4], PUBLIC[4:], PUBLIC])
def test_the_addresses_of_a_public_host_are_tried_in_turn(monkeypatch, called, addresses):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers(*addresses))
    with pytest.raises(ConnectionError):
        deliver("https://portal.example.org/", private=False)
    assert called == addresses[:4]


def test_a_second_address_is_tried_where_the_first_is_out_of_reach(receiver, monkeypatch):
    """As an IPv6 address is, where the system has no IPv6."""

    class Socket(socket.socket):
        def __init__(self, family: int, *more: Any, **named: Any) -> None:
            if family == socket.AF_INET6:
                raise OSError("address family not supported")
            super().__init__(family, *more, **named)

    found = answers("2606:4700:4700::1111", "127.0.0.1", port=receiver.port)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "socket", Socket)
    deliver(receiver.url)
    assert len(receiver.seen) == 1


def test_a_name_is_resolved_once(monkeypatch, called):
    """What it would lead to the second time counts for nothing."""
    asked: list[str] = []

    def rebound(host: str, port: int, *_: Any, **__: Any) -> Any:
        asked.append(host)
        return answers("8.8.8.8" if len(asked) == 1 else "127.0.0.1")

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    with pytest.raises(ConnectionError):
        deliver("https://portal.example.org/", private=False)
    assert asked == ["portal.example.org"]
    assert called == ["8.8.8.8"]


def test_the_connection_goes_where_the_name_led_first(receiver, monkeypatch):
    """Over a real connection: a second resolution would lead nowhere."""
    asked: list[str] = []

    def rebound(host: str, port: int, *_: Any, **__: Any) -> Any:
        asked.append(host)
        return answers("127.0.0.1" if len(asked) == 1 else "0.0.0.1", port=receiver.port)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    deliver(f"http://portal.example.org:{receiver.port}/x?y=1")
    ((headers, _),) = receiver.seen
    assert asked == ["portal.example.org"]
    assert headers["host"] == f"portal.example.org:{receiver.port}"
    assert receiver.paths == ["/x?y=1"]


def test_no_redirect_is_followed(receiver):
    with receiving() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            receiver.status, receiver.headers = status, {"Location": elsewhere.url}
            with pytest.raises(NotAccepted):
                deliver(receiver.url)
        assert elsewhere.seen == []
    assert len(receiver.seen) == 5


def test_no_proxy_of_the_environment_is_asked(receiver, monkeypatch):
    with receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        deliver(receiver.url)
        assert proxy.seen == []
    assert len(receiver.seen) == 1


HEAD = b"HTTP/1.1 200 OK\r\n"


def _dripped(caller: Any, text: bytes) -> None:
    """Takes five seconds, and never pauses for one: a limit on each wait alone passes it."""
    for place in range(25):
        caller.sendall(text[place : place + 1] or b"x")
        time.sleep(0.2)


def _slow_head(caller: Any) -> None:
    caller.recv(65536)
    _dripped(caller, HEAD + b"X: ")
    caller.sendall(b"\r\n\r\n")


def _many_between(caller: Any) -> None:
    """An answer before the answer, over and over."""
    caller.recv(65536)
    for _ in range(25):
        caller.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.2)
    caller.sendall(HEAD + b"\r\n")


def _slow_handshake(caller: Any) -> None:
    """The beginning of a long record, by and by."""
    _dripped(caller, b"\x16\x03\x03\x3f\xff\x02")


def _silent(caller: Any) -> None:
    caller.settimeout(5)
    while caller.recv(65536):
        pass


@pytest.mark.parametrize(
    ("scheme", "talk"),
    [
        ("http", _slow_head),
        ("http", _many_between),
        ("http", _silent),
        ("https", _slow_handshake),
        ("https", _silent),
    ],
)
def test_a_slow_receiver_is_given_up(scheme, talk):
    """Without a limit on the whole, each of these ends in another way after five seconds."""
    with speaking(talk) as port, pytest.raises(TimeoutError, match="within 1 seconds"):
        deliver(f"{scheme}://127.0.0.1:{port}/", timeout=1)


def test_a_receiver_that_does_not_read_is_given_up():
    long = Event(id="e", at=BEGUN, kind="k", subject="s", facts={"x": "x" * 20_000_000})
    with speaking(lambda _: time.sleep(2)) as port, pytest.raises(TimeoutError):
        deliver(f"http://127.0.0.1:{port}/", long, timeout=1)


def test_a_name_that_is_not_resolved_in_time_is_given_up(monkeypatch):
    over = threading.Event()

    def slow(*_: Any, **__: Any) -> Any:
        over.wait(5)
        raise socket.gaierror("portal.example.org")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(TimeoutError):
        deliver("https://portal.example.org/", timeout=1)
    over.set()


@pytest.mark.parametrize(
    "body", [b"x" * 4096, b"x" * 10_000_000, b"", b"half"], ids=["all", "much", "none", "half"]
)
def test_what_comes_after_the_head_undoes_nothing(body):
    """Neither a body that never ends, nor one that breaks off."""

    def talk(caller: Any) -> None:
        caller.recv(65536)
        caller.sendall(HEAD + b"Content-Length: 100000000\r\n\r\n" + body)
        if body == b"half":
            time.sleep(2)

    with speaking(talk) as port:
        deliver(f"http://127.0.0.1:{port}/", timeout=1)


def test_little_is_read_of_a_body():
    """The receiver is cut off long before it has sent all that it would."""
    sent: list[int] = []

    def talk(caller: Any) -> None:
        caller.recv(65536)
        caller.sendall(HEAD + b"Content-Length: 67108864\r\n\r\n")
        for _ in range(1024):
            caller.sendall(b"x" * 65536)
            sent.append(65536)

    with speaking(talk) as port:
        deliver(f"http://127.0.0.1:{port}/")
    assert sum(sent) < 67_108_864


@pytest.mark.parametrize(
    "said",
    [b"", b"hello\r\n\r\n", HEAD[:9], b"HTTP/1.1 abc\r\n\r\n", HEAD + b"A: b\r\n" * 200 + b"\r\n"],
)
def test_what_is_no_answer_is_tried_again(said):

    def talk(caller: Any) -> None:
        caller.recv(65536)
        caller.sendall(said)

    with speaking(talk) as port, pytest.raises(ConnectionError) as caught:
        deliver(f"http://127.0.0.1:{port}/")
    assert str(port) not in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(8, "portal.example.org is not known"),
        UnicodeError("portal.example.org"),
        OSError("portal.example.org"),
    ],
)
def test_a_name_that_is_not_there_is_tried_again(monkeypatch, error):

    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(ConnectionError) as caught:
        deliver("https://portal.example.org/")
    assert "portal" not in str(caught.value)


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    """The certificate of hook.example, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate")
    return certificate(tmp_path_factory.mktemp("tls"), "hook.example")


@pytest.fixture
def secured(pem, monkeypatch):
    """A receiver by TLS, to which every name leads; it remembers the names it was asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    asked: list[str | None] = []
    context.sni_callback = lambda _, name, __: asked.append(name)
    with receiving(context) as held:
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_, **__: answers("127.0.0.1", port=held.port)
        )
        yield held, asked


@pytest.mark.skipif(sys.platform == "win32", reason="certificates are not trusted by a variable")
def test_tls_is_verified_against_the_name(secured, pem, monkeypatch):
    receiver, asked = secured
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    deliver(f"https://hook.example:{receiver.port}/")
    assert len(receiver.seen) == 1
    assert asked == ["hook.example"]
    for host in ("other.example", "127.0.0.1"):
        with pytest.raises(ssl.SSLCertVerificationError) as caught:
            deliver(f"https://{host}:{receiver.port}/")
        assert "example" not in str(caught.value)
    assert len(receiver.seen) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(secured):
    receiver, _ = secured
    with pytest.raises(ssl.SSLCertVerificationError, match="not valid"):
        deliver(f"https://hook.example:{receiver.port}/")
    assert receiver.seen == []


def test_tls_with_what_speaks_none_is_tried_again(receiver):
    with pytest.raises(ssl.SSLError, match="TLS with the receiver failed"):
        deliver(receiver.url.replace("http:", "https:"))
