"""The built-in subscribers: log-file, and webhook, which has modules of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

import attrs

import mentorkit
from mentorkit.interfaces import Kind, Reader
from mentorkit.plugins.webhooks import Webhook

if sys.platform != "win32":
    import fcntl


@attrs.frozen
class LogFile:
    """Appends each event to the file at `path` as a line of JSON, in UTF-8: ids and facts only.

    An event that is delivered twice is there twice, under one key.
    """

    path: str = attrs.field(validator=attrs.validators.min_len(1))
    wants = frozenset({"*"})

    def deliver(self, event: mentorkit.Event, key: str, read: Reader) -> None:
        """Write one line, and have it on the disk. Raises OSError where that fails."""
        line = _line(event, key).encode("utf-8")
        with open(self.path, "ab+", buffering=0) as file:
            _alone(file)
            whole = b"\n" + line if _torn(file) else line
            if file.write(whole) != len(whole):
                raise OSError(f"{self.path}: only a part of the line could be written")
            os.fsync(file.fileno())


def _line(event: mentorkit.Event, key: str) -> str:
    held = {
        "key": key,
        "id": event.id,
        "at": event.at.isoformat(),
        "kind": event.kind,
        "subject": event.subject,
        "programme": event.programme,
        "relationship": event.relationship,
        "people": list(event.people),
        "facts": dict(event.facts),
    }
    return json.dumps(held, ensure_ascii=False, sort_keys=True) + "\n"


def _alone(file: Any) -> None:
    """Wait until nobody else writes to the file, and keep them waiting until it is closed.

    Others would take a line that is being written for a torn one. Windows has no such lock,
    and at worst an empty line there.
    """
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX)


def _torn(file: Any) -> bool:
    """Whether the file ends within a line, as a crash may leave it."""
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) != b"\n")


@mentorkit.hookimpl
def mentorkit_subscribers() -> Iterable[Kind[Any, Any]]:
    """A log of everything that happened, and a post to somebody else's software."""
    return [mentorkit.kind("log-file", LogFile), mentorkit.kind("webhook", Webhook)]
