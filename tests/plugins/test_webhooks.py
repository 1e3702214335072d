"""The webhook: what is signed, what the answers mean, and which settings hold."""

from __future__ import annotations

import base64
import datetime
import email.utils
import hashlib
import hmac
import json
import sys
import time
from typing import Any

import pytest
from history_cases import events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError
from webhook_receivers import KEY, SECRET, Receiver, deliver, hook, receiving

from mentorkit import Choice, Invalid, Later, Programme, Refused, migrate
from mentorkit import open as open_house
from mentorkit.models import SYSTEM
from mentorkit.plugins.webhooks import NotAccepted, place_of
from mentorkit.registry import installed
from mentorkit.testing import checks

WORDS = st.text(min_size=1, max_size=8)
EVENTS = events(WORDS)
KEYS = st.binary(min_size=24, max_size=64)
once_a_test = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    with receiving() as held:
        yield held


def signature(key: bytes, headers: dict[str, str], body: bytes) -> str:
    """By the standard's text, not by our code."""
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode("ascii")


def test_the_body_is_a_cloud_event(receiver):
    deliver(receiver.url)
    ((headers, body),) = receiver.seen
    assert headers["content-type"] == "application/cloudevents+json"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert headers["webhook-id"] == "e1:portal"
    assert body.decode("utf-8") == (
        '{"data":{"facts":{},"people":["bo","zoë"],"programme":null,"relationship":null},'
        '"datacontenttype":"application/json","id":"e1","source":"mentorkit",'
        '"specversion":"1.0","subject":"s1","time":"2026-03-02T09:30:00+00:00",'
        '"type":"session.held"}'
    )


@once_a_test
@given(event=EVENTS)
def test_the_body_holds_all_of_the_event_and_is_the_same_each_time(receiver, event):
    receiver.seen.clear()
    deliver(receiver.url, event)
    deliver(receiver.url, event)
    (_, body), (_, again) = receiver.seen
    assert body == again
    held = json.loads(body)
    assert list(held) == sorted(held)
    assert datetime.datetime.fromisoformat(held["time"]) == event.at
    assert (held["id"], held["type"], held["subject"]) == (event.id, event.kind, event.subject)
    assert held["data"] == {
        "programme": event.programme,
        "relationship": event.relationship,
        "people": list(event.people),
        "facts": dict(event.facts),
    }


@once_a_test
@given(event=EVENTS, keys=st.lists(KEYS, min_size=1, max_size=3), data=st.data())
def test_every_secret_verifies_and_nothing_changed_does(receiver, monkeypatch, event, keys, data):
    """Each receiver knows one secret: the standard's own package, and the standard's text."""
    names = [f"HOOK_{number}" for number in range(len(keys))]
    for name, key in zip(names, keys, strict=True):
        prefix = data.draw(st.sampled_from(["", "whsec_"]))
        monkeypatch.setenv(name, prefix + base64.b64encode(key).decode())
    receiver.seen.clear()
    deliver(receiver.url, event, f"{event.id}:portal", secrets=tuple(names))
    ((headers, body),) = receiver.seen
    signed = headers["webhook-signature"].split(" ")
    assert signed == [signature(key, headers, body) for key in keys]
    for key in keys:
        assert Verifier(key).verify(body, headers) == json.loads(body)
    place = data.draw(st.integers(0, len(body) - 1))
    changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
    others = ({**headers, "webhook-id": "e2"}, body), (headers, changed)
    for other, text in others:
        with pytest.raises((WebhookVerificationError, UnicodeDecodeError)):
            Verifier(keys[0]).verify(text, other)
        assert signature(keys[0], other, text) not in signed


def test_a_receiver_may_change_its_secret(receiver, monkeypatch):
    """Before, meanwhile and after: whoever knows one of the secrets in use can verify."""
    old, new = SECRET, base64.b64encode(b"n" * 32).decode()
    monkeypatch.setenv("NEW_SECRET", new)
    stages = [(("HOOK_SECRET",), {old}), (("HOOK_SECRET", "NEW_SECRET"), {old, new})]
    for names, knowing in [*stages, (("NEW_SECRET",), {new})]:
        receiver.seen.clear()
        deliver(receiver.url, secrets=names)
        ((headers, body),) = receiver.seen
        verified = set()
        for secret in (old, new):
            try:
                Verifier(secret).verify(body, headers)
            except WebhookVerificationError:
                continue
            verified.add(secret)
        assert verified == knowing


def test_each_attempt_has_its_own_time_and_the_same_key(receiver, monkeypatch):
    """The standard's receivers refuse what is older than five minutes."""
    for now in (1_800_000_000.9, 1_800_000_600.1):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        deliver(receiver.url)
    first, second = (headers for headers, _ in receiver.seen)
    assert first["webhook-timestamp"] == "1800000000"
    assert second["webhook-timestamp"] == "1800000600"
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("e1:portal", "e1:portal"),
        ("e1:a b", "e1:a%20b"),
        ("e\r\nX: y", "e%0D%0AX:%20y"),
        ("é%", "%C3%A9%25"),
    ],
)
def test_what_no_header_holds_of_a_key_is_encoded(receiver, key, sent):
    deliver(receiver.url, key=key)
    ((headers, body),) = receiver.seen
    assert headers["webhook-id"] == sent
    assert "x" not in headers
    Verifier(SECRET).verify(body, headers)


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        (None, "is not set"),
        ("  ", "is not set"),
        ("not base64!", "24 to 64 bytes"),
        ("whsec_" + base64.b64encode(b"x" * 23).decode(), "24 to 64 bytes"),
        (base64.b64encode(b"x" * 65).decode(), "24 to 64 bytes"),
        ("größe" * 8, "24 to 64 bytes"),
    ],
)
def test_a_delivery_waits_for_its_secret(receiver, monkeypatch, secret, words):
    """Nothing is sent, not even by the other secret, and the words name the variable alone."""
    if secret is None:
        monkeypatch.delenv("OTHER_SECRET", raising=False)
    else:
        monkeypatch.setenv("OTHER_SECRET", secret)
    with pytest.raises(Later, match=f"OTHER_SECRET .*{words}") as caught:
        deliver(receiver.url, secrets=("HOOK_SECRET", "OTHER_SECRET"))
    assert caught.value.at > datetime.datetime.now(datetime.UTC)
    assert receiver.seen == []
    for held in (secret, SECRET):
        assert not held or not held.strip() or held not in str(caught.value)


@pytest.mark.parametrize("padded", [True, False])
def test_a_secret_may_end_in_white_space_and_lack_its_padding(receiver, monkeypatch, padded):
    text = base64.b64encode(KEY).decode()
    monkeypatch.setenv("HOOK_SECRET", (text if padded else text.rstrip("=")) + "\n")
    deliver(receiver.url)
    ((headers, body),) = receiver.seen
    assert headers["webhook-signature"] == signature(KEY, headers, body)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_the_event_arrived(receiver, status):
    receiver.status = status
    deliver(receiver.url)
    assert len(receiver.seen) == 1


@pytest.mark.parametrize(
    ("status", "again", "raised"),
    [
        (410, "5", Refused),
        (429, "5", Later),
        (503, "5", Later),
        (429, None, NotAccepted),
        (503, "soon", NotAccepted),
        *((status, "5", NotAccepted) for status in (300, 302, 307, 308, 400, 401, 404, 500, 502)),
    ],
)
def test_what_an_answer_means(receiver, status, again, raised):
    receiver.status = status
    receiver.headers = {"Retry-After": again} if again else {}
    with pytest.raises(raised) as caught:
        deliver(receiver.url)
    assert type(caught.value) is raised
    assert str(status) in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def later(receiver: Receiver, again: str, monkeypatch: Any, now: float) -> datetime.datetime | None:
    """When it comes again; None where the answer named no time."""
    receiver.status, receiver.headers = 503, {"Retry-After": again}
    monkeypatch.setattr(time, "time", lambda: now)
    try:
        deliver(receiver.url)
    except Later as wish:
        return wish.at
    except NotAccepted:
        return None
    raise AssertionError("503 is no arrival")


NOW = 1_800_000_000
BEGIN = datetime.datetime.fromtimestamp(NOW, datetime.UTC)


@once_a_test
@given(seconds=st.integers(0, 200_000) | st.integers(min_value=0) | st.just(10**5000))
def test_a_wait_in_seconds_is_capped_to_a_day(receiver, monkeypatch, seconds):
    text = "1" + "0" * 5000 if seconds == 10**5000 else str(seconds)
    wait = datetime.timedelta(seconds=min(seconds, 86_400))
    assert later(receiver, text, monkeypatch, NOW) == BEGIN + wait


@once_a_test
@given(ahead=st.integers(-200_000, 200_000))
def test_a_wait_until_a_date_is_capped_to_a_day(receiver, monkeypatch, ahead):
    text = email.utils.format_datetime(BEGIN + datetime.timedelta(seconds=ahead), usegmt=False)
    for form in (text, text.replace("+0000", "GMT")):
        wait = datetime.timedelta(seconds=min(max(ahead, 0), 86_400))
        assert later(receiver, form, monkeypatch, NOW) == BEGIN + wait


@pytest.mark.skipif(sys.platform == "win32", reason="its time zone is no variable")
@pytest.mark.parametrize("form", ["%a, %d %b %Y %H:%M:%S -0000", "%a %b %d %H:%M:%S %Y"])
def test_a_date_without_a_zone_is_in_utc_wherever_the_house_is(receiver, monkeypatch, form):
    at = BEGIN + datetime.timedelta(hours=1)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/St_Johns")
        time.tzset()
        found = later(receiver, at.strftime(form), patch, NOW)
    time.tzset()
    assert found == at


DATE_SIGNS = st.text(alphabet="MonJa 0123456789:,+-.GTZ", max_size=40)


@once_a_test
@given(
    again=DATE_SIGNS
    | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
    | st.sampled_from(["Mon, 01 Jan 0001 00:00:00 +2359", "-5", "1e3", "1.5", "", "+5"])
    | st.sampled_from(["Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 1 Jan 99999999999 00:00:00 GMT"])
)
def test_whatever_a_receiver_asks_for_the_wait_is_a_day_at_most(receiver, monkeypatch, again):
    at = later(receiver, again, monkeypatch, NOW)
    assert at is None or BEGIN <= at <= BEGIN + datetime.timedelta(days=1)


@pytest.mark.parametrize(
    "url",
    [
        *("", "portal.example.org", "//portal.example.org", "ftp://portal.example.org/"),
        *("HTTPS://x.org", "https://", "https:///x", "https://x.org/#part", "https://x.org\\y/"),
        *("https://x.org/a b", "https://x.org/\r\nX: y", "https://größe.org/", "https://x.org/é"),
        *("https://ann@x.org/", "https://ann:pw@x.org/", "https://x.org\\@y.org/"),
        *("https://@x.org/", "https://x.org:pw@y.org/", "https://%31.org/", "https://[x]/"),
        *("https://[fe80::1%251]/", "https://x.org:0/", "https://x.org:22/", "https://x.org:/"),
        *("https://x.org:65536/", "https://x.org:99999999/", "https://x.org:-1/", "https://.x/"),
        *("http://x.org/", "https://x.org:443x/", "https://x.org:٤٤٣/", "https://x.org/\t"),
    ],
)
def test_a_url_that_is_none_to_post_to_is_refused_and_not_repeated(url):
    with pytest.raises(Invalid) as caught:
        hook(url, private=False)
    assert str(caught.value).startswith("url: ")
    for word in ("x.org", "ann", "pw"):
        assert word not in str(caught.value)


@pytest.mark.parametrize("user", ["ann@", "ann:pw@", "@", ":@", "x.org\\@", "ann%40@"])
def test_no_password_stands_in_a_url(user):
    with pytest.raises(Invalid, match="no user name and no password"):
        hook(f"https://{user}y.org/")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://x.org", ("x.org", 443, "/")),
        ("https://x.org:8443/a/b?c=@d", ("x.org", 8443, "/a/b?c=@d")),
        ("https://x.org?c", ("x.org", 443, "/?c")),
        ("https://[2606::1]:443/", ("2606::1", 443, "/")),
        ("http://10.0.0.1/", ("10.0.0.1", 80, "/")),
    ],
)
def test_where_a_url_leads(url, place):
    held = place_of(url)
    assert (held.host, held.port, held.target) == place
    assert held.secure == url.startswith("https")
    hook(url)


@pytest.mark.parametrize(
    ("chosen", "where"),
    [
        ({"secrets": ()}, "secrets"),
        ({"secrets": (SECRET,)}, "secrets"),
        ({"secrets": (SECRET.removeprefix("whsec_"),)}, "secrets"),
        ({"secrets": ("A", "")}, "secrets"),
        ({"events": ()}, "events"),
        ({"events": ("",)}, "events"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": 61}, "timeout"),
    ],
)
def test_settings_that_do_not_hold(chosen, where):
    with pytest.raises(ValueError, match=where) as caught:
        hook("https://x.org/", **chosen)
    assert SECRET.removeprefix("whsec_") not in str(caught.value)


def test_it_wants_what_is_chosen():
    assert hook("https://x.org/").wants == {"*"}
    assert hook("https://x.org/", events=("a.b", "c.d")).wants == {"a.b", "c.d"}


def test_the_house_keeps_what_became_of_it(receiver, tmp_path, monkeypatch):
    """Twice put off, once refused, and replayed under the key that it always had."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    migrate(url)
    choice = Choice("webhook", {"url": receiver.url, "secrets": ["HOOK_SECRET"], "private": True})
    house = open_house(url, subscribers={"portal": choice})
    now = datetime.datetime.now(datetime.UTC)
    with house.kit(actor=SYSTEM) as kit:
        kit.programmes.create(Programme(), id="autumn")

    def told(hours: int) -> tuple[str, str]:
        house.deliver(now + datetime.timedelta(hours=hours))
        with house.kit(actor=SYSTEM) as kit:
            (held,) = kit.deliveries.page("waiting") or kit.deliveries.page("dead")
            return held.state, held.error

    receiver.status = 500
    assert told(1) == ("waiting", "NotAccepted")
    monkeypatch.delenv("HOOK_SECRET")
    assert told(2) == ("waiting", "the environment variable HOOK_SECRET is not set")
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    receiver.status = 410
    assert told(3) == ("dead", "the receiver answered 410: it is gone for good")
    receiver.status = 200
    with house.kit(actor=SYSTEM) as kit:
        (dead,) = kit.deliveries.page("dead")
        kit.deliveries.replay(dead.event.id, dead.subscriber)
    assert house.deliver(now + datetime.timedelta(hours=4)).done == 1
    house.close()
    assert {headers["webhook-id"] for headers, _ in receiver.seen} == {dead.key}
    assert len({body for _, body in receiver.seen}) == 1
    assert len(receiver.seen) == 3


@pytest.mark.parametrize("status", [200, 410, 503])
def test_it_keeps_its_contract_with_a_receiver(receiver, status):
    """The contract's own sample finds no receiver, so nothing arrives there."""
    receiver.status, receiver.headers = status, {"Retry-After": "5"}
    data = {"url": receiver.url, "secrets": ["HOOK_SECRET"], "private": True}
    registry = installed()
    for check in checks(registry.get("subscribers", "webhook"), data, registry=registry):
        check()
    assert receiver.seen
