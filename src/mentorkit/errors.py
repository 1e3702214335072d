"""What can go wrong, in words that name the place and what would be right."""

from __future__ import annotations

from collections.abc import Iterable

import attrs


class MentorkitError(Exception):
    """The base of every error that mentorkit raises on purpose."""


@attrs.frozen
class Fault:
    """One thing that is wrong: `path` names the place, `sentence` what would be right."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence


class Invalid(MentorkitError):
    """Input that cannot be used, with every fault that was found in it."""

    def __init__(self, path: str = "", sentence: str = "", *, faults: Iterable[Fault] = ()):
        self.faults: tuple[Fault, ...] = tuple(faults) or (Fault(path, sentence),)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class NotFound(MentorkitError):
    """A name or an id that nothing answers to."""


class Conflict(MentorkitError):
    """Two things that cannot both be true."""


class PluginFailed(MentorkitError):
    """A plugin's object raised or returned nonsense; names the object and its input."""
