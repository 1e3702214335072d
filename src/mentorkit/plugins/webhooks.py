"""The built-in subscriber webhook: each event as a signed CloudEvent to a URL.

The signature is that of Standard Webhooks 1 (https://www.standardwebhooks.com), the body a
CloudEvent 1.0 in JSON.
"""

from __future__ import annotations

import base64
import datetime
import email.utils
import hmac
import json
import os
import re
import time
from collections.abc import Iterable
from urllib.parse import quote

import attrs

import mentorkit
from mentorkit.interfaces import Reader

SOURCE = "mentorkit"
"""The CloudEvents' source: an event's id is unique in it."""
DAY = 24 * 60 * 60
"""Seconds; no receiver puts an event off for longer at once."""
WITHOUT_SECRET = datetime.timedelta(minutes=5)
"""How long a delivery waits for a secret that is not there."""
LEAST_KEY, LONGEST_KEY = 24, 64
"""Bytes of a key, as Standard Webhooks has them."""

_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<netloc>(?P<host>\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z][0-9A-Za-z._-]*)(:(?P<port>[0-9]{1,5}))?)"
    r"(?P<target>([/?][!\"$-\[\]-~]*)?)"
)
_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")


class NotAccepted(OSError):
    """The receiver answered, but not that it has the event."""


@attrs.frozen
class Place:
    """Where a URL leads: `host` is without brackets, `target` what stands after it."""

    secure: bool
    netloc: str
    host: str
    port: int
    target: str


def place_of(url: str) -> Place:
    """The place of a URL; ValueError, which does not repeat it, where it is none to post to."""
    if "@" in re.split(r"[/?#]", url.partition("://")[2])[0]:
        raise ValueError("must hold no user name and no password")
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError(
            "must be https://, a host, and a path if need be; a name or a path beyond ASCII is"
            " written in its encoded form"
        )
    secure = found["scheme"] == "https"
    port = int(found["port"] or (443 if secure else 80))
    if port not in (80, 443) and not 1024 <= port <= 65535:
        raise ValueError("must have the port 80, 443, or one from 1024 to 65535")
    target = found["target"]
    return Place(
        secure=secure,
        netloc=found["netloc"],
        host=found["host"].strip("[]"),
        port=port,
        target=target if target.startswith("/") else f"/{target}",
    )


def _postable(_: object, field: attrs.Attribute[str], value: str) -> None:
    try:
        place_of(value)
    except ValueError as error:
        raise mentorkit.Invalid(field.name, str(error)) from None


def _names(_: object, field: attrs.Attribute[tuple[str, ...]], value: tuple[str, ...]) -> None:
    """A secret that stands where its name should is not repeated."""
    if not value or not all(_NAME.fullmatch(name) for name in value):
        raise mentorkit.Invalid(
            field.name,
            "must name one environment variable or several, in capitals such as 'PORTAL_SECRET';"
            " the secret itself stands in none of the settings",
        )


@attrs.frozen
class Webhook:
    """Posts each event to `url`: ids and facts only, signed with every one of `secrets`.

    `secrets` name environment variables, each with a key in base64; several let the receiver
    change from one to the other. `events` are the kinds to post. The host must be at public
    addresses, and spoken to by TLS, unless it is `private`. After `timeout` seconds, 1 to 60,
    an attempt is given up. No redirect is followed, and no proxy asked.
    """

    url: str = attrs.field(validator=_postable, repr=False)
    secrets: tuple[str, ...] = attrs.field(validator=_names)
    events: tuple[str, ...] = attrs.field(
        default=("*",),
        validator=attrs.validators.and_(
            attrs.validators.min_len(1),
            attrs.validators.deep_iterable(attrs.validators.min_len(1)),
        ),
    )
    private: bool = False
    timeout: int = attrs.field(
        default=10, validator=[attrs.validators.ge(1), attrs.validators.le(60)]
    )

    def __attrs_post_init__(self) -> None:
        if not self.private and not place_of(self.url).secure:
            raise mentorkit.Invalid("url", "must begin with https:// unless private is true")

    @property
    def wants(self) -> frozenset[str]:
        """The kinds of events it is for."""
        return frozenset(self.events)

    def deliver(self, event: mentorkit.Event, key: str, read: Reader) -> None:
        """Post one event, in `timeout` seconds at most.

        Raises Later where a secret is missing or the receiver says when to come again, Refused
        where the receiver is gone for good or its host is not at public addresses, NotAccepted
        for any other answer, and another OSError where there is none. None holds an address.
        """
        # TLS and HTTP are loaded by whoever has a webhook, and by nobody else.
        from mentorkit.plugins.webhooks_http import post

        now = int(time.time())
        body = _body(event)
        headers = {
            "Content-Type": "application/cloudevents+json",
            "User-Agent": "mentorkit",
            **_signed([_key(name, now) for name in self.secrets], key, now, body),
        }
        place = place_of(self.url)
        status, again = post(
            place, body, headers, private=self.private, seconds=float(self.timeout)
        )
        _judge(status, again, now)


def _body(event: mentorkit.Event) -> bytes:
    """The CloudEvent: the same bytes for the same event."""
    held = {
        "specversion": "1.0",
        "id": event.id,
        "source": SOURCE,
        "type": event.kind,
        "subject": event.subject,
        "time": event.at.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "programme": event.programme,
            "relationship": event.relationship,
            "people": list(event.people),
            "facts": dict(event.facts),
        },
    }
    text = json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def _key(name: str, now: int) -> bytes:
    """The key that an environment variable holds; Later, which names it, where it holds none.

    Whoever set the variable wrongly can still set it right: the event waits for that.
    """
    text = os.environ.get(name, "").strip().removeprefix("whsec_")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        key = b""
    if not LEAST_KEY <= len(key) <= LONGEST_KEY:
        wrong = f"must hold {LEAST_KEY} to {LONGEST_KEY} bytes in base64" if text else "is not set"
        at = datetime.datetime.fromtimestamp(now, datetime.UTC) + WITHOUT_SECRET
        raise mentorkit.Later(at, f"the environment variable {name} {wrong}")
    return key


def _signed(keys: Iterable[bytes], key: str, now: int, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks, with a signature by each of the keys.

    What a header cannot hold of the delivery's key is percent-encoded.
    """
    name = quote(key, safe="!#$&'()*+,/:;=?@[]")
    content = b".".join((name.encode(), str(now).encode(), body))
    digests = [base64.b64encode(hmac.digest(held, content, "sha256")).decode() for held in keys]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(f"v1,{digest}" for digest in digests),
    }


def _judge(status: int, again: str | None, now: int) -> None:
    """Raise what an answer means, unless it is that the event arrived."""
    if 200 <= status < 300:
        return
    if status == 410:
        raise mentorkit.Refused("the receiver answered 410: it is gone for good")
    if status in (429, 503) and (at := _at(again or "", now)) is not None:
        raise mentorkit.Later(at, f"the receiver answered {status} and named a time")
    raise NotAccepted(f"the receiver answered {status}")


def _at(again: str, now: int) -> datetime.datetime | None:
    """The time of a Retry-After, from now to a day later; None where it names none."""
    begin = datetime.datetime.fromtimestamp(now, datetime.UTC)
    again = again.strip()
    if re.fullmatch(r"[0-9]+", again):
        # Python reads no number of more than 4300 digits.
        return begin + datetime.timedelta(seconds=min(int(again[:4000]), DAY))
    try:
        at = email.utils.parsedate_to_datetime(again)
        at = at.replace(tzinfo=datetime.UTC) if at.tzinfo is None else at.astimezone(datetime.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(at, begin), begin + datetime.timedelta(seconds=DAY))
