"""What can go wrong, in words that name the place and what would be right."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable

import attrs

_BARE = re.compile(r"[\w-]+")


def below(path: str, step: str | int) -> str:
    """`path` extended by a key or an index, as TOML would write it.

    >>> below(below("practices", 0), "two words")
    'practices[0]."two words"'
    """
    if isinstance(step, int):
        return f"{path}[{step}]"
    word = step if _BARE.fullmatch(step) else json.dumps(step)
    return f"{path}.{word}" if path else word


class MentorkitError(Exception):
    """The base of every error that mentorkit raises on purpose."""


@attrs.frozen
class Fault:
    """One thing that is wrong: `path` names the place, `sentence` what would be right."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence

    def within(self, path: str) -> Fault:
        """The same fault, seen from outside the thing at `path`."""
        if not path or not self.path:
            return Fault(path or self.path, self.sentence)
        link = "" if self.path.startswith("[") else "."
        return Fault(f"{path}{link}{self.path}", self.sentence)


class Invalid(MentorkitError, ValueError):
    """Input that cannot be used, with every fault that was found in it."""

    def __init__(self, path: str = "", sentence: str = "", *, faults: Iterable[Fault] = ()):
        self.faults: tuple[Fault, ...] = tuple(faults) or (Fault(path, sentence),)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def of(self, name: str) -> Invalid:
        """The same faults of a thing, such as a file, with its name before each place."""
        places = [": ".join(filter(None, (name, fault.path))) for fault in self.faults]
        named = zip(places, self.faults, strict=True)
        return Invalid(faults=[Fault(place, fault.sentence) for place, fault in named])


class NotFound(MentorkitError):
    """A name or an id that nothing answers to."""


class Conflict(MentorkitError):
    """Two things that cannot both be true."""


class PluginFailed(MentorkitError):
    """A plugin's object raised or returned nonsense; names the object and its input."""


class Forbidden(MentorkitError):
    """Something that this actor may not do."""


class Later(MentorkitError):
    """A subscriber's wish to be asked again, not before `at`."""

    def __init__(self, at: datetime.datetime, why: str = "") -> None:
        self.at = at
        super().__init__(why or f"not before {at.isoformat()}")


class Refused(MentorkitError):
    """A subscriber's word that an event can never be delivered, however often it is tried."""
