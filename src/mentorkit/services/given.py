"""What a call is given, looked at before anything is done: it is what the signature says.

Hosts pass on what their users and clients sent. A number where an id belongs would else come as
far as the database, whose errors differ from one to the other, or into it.
"""

from __future__ import annotations

import datetime
import functools
import inspect
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, TypeVar

import attrs

from mentorkit.errors import Fault, Invalid, below
from mentorkit.leaves import WORDS
from mentorkit.models.plain import LEAST, MOST, plain, shown

F = TypeVar("F", bound=Callable[..., Any])
Check = Callable[[Any], Fault | None]
"""What is wrong with a value, or None."""

FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2999, 12, 31)
"""Days that programmes know: reckoning from them, in any zone, ends within the calendar."""


def checked(call: F) -> F:
    """The call, which refuses arguments that are not what it says; Invalid names each."""
    names = list(inspect.signature(call).parameters)[1:]

    @functools.wraps(call)
    def asked(self: Any, /, *arguments: Any, **named: Any) -> Any:
        checks = _checks(call)
        given = {name: _held(value) for name, value in zip(names, arguments, strict=False)}
        for name, value in named.items():
            given.setdefault(name, _held(value))
        faults = [
            found.within(name)
            for name, value in given.items()
            if name in checks and (found := checks[name](value)) is not None
        ]
        if faults:
            raise Invalid(faults=faults)
        rest = arguments[len(names) :]
        first = [given[name] for name in names[: len(arguments)]]
        return call(self, *first, *rest, **{name: given[name] for name in named})

    # Whoever changes something is told from whoever reads by what it wraps.
    if not hasattr(call, "__wrapped__"):
        del asked.__wrapped__
        asked.__signature__ = inspect.signature(call)  # type: ignore[attr-defined]
    return typing.cast(F, asked)


def _held(value: Any) -> Any:
    """The value; what can be gone through once is gone through here."""
    once = isinstance(value, Iterable) and iter(value) is value
    return tuple(value) if once else value


@functools.cache
def _checks(call: Callable[..., Any]) -> dict[str, Check]:
    hints = typing.get_type_hints(call)
    checks = {name: _check(hint) for name, hint in hints.items() if name != "return"}
    if "limit" in checks:
        checks["limit"] = _both(checks["limit"], _not_negative)
    if "token" in checks:
        checks["token"] = _secret
    return checks


@functools.cache
def _check(hint: Any) -> Check:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint in _SINGLE:
        return _SINGLE[hint]
    if origin in (types.UnionType, typing.Union):
        return _any_of(parts)
    if origin is Literal:
        return _one_of(parts)
    if origin is tuple and parts[-1:] != (...,):
        return _row(parts)
    if origin is not None and issubclass(origin, Mapping):
        return _map(parts[-1])
    if origin is not None and issubclass(origin, Iterable):
        return _each(parts[0], origin)
    return _model(hint) if attrs.has(hint) else _nothing


def _nothing(_: Any) -> None:
    return None


def _text(value: Any) -> Fault | None:
    if type(value) is str and value.isascii() and "\0" not in value:
        return None  # nearly always, and several times quicker
    if isinstance(value, str) and plain(value):
        return None
    return _not_what(str, value, "signs that can be kept", isinstance(value, str))


def _whole(value: Any) -> Fault | None:
    if type(value) is int and LEAST <= value <= MOST:
        return None
    return _not_what(int, value, f"{LEAST} to {MOST}", type(value) is int)


def _number(value: Any) -> Fault | None:
    if isinstance(value, int | float) and type(value) is not bool and plain(value):
        return None
    return Fault("", f"must be a number, not {shown(value)}")


def _truth(value: Any) -> Fault | None:
    return None if type(value) is bool else _not_what(bool, value)


def _day(value: Any) -> Fault | None:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return _thinkable(value)
    return _not_what(datetime.date, value)


def _instant(value: Any) -> Fault | None:
    if not isinstance(value, datetime.datetime):
        return _not_what(datetime.datetime, value)
    if value.tzinfo is None:
        return Fault("", "lacks its offset; give an aware time")
    return _thinkable(value.date())


def _thinkable(day: datetime.date) -> Fault | None:
    if FIRST <= day <= LAST:
        return None
    return Fault("", f"must be from the year {FIRST.year} to {LAST.year}, not {shown(day)}")


def _not_negative(value: Any) -> Fault | None:
    if value is None or value >= 0:
        return None
    return Fault("", f"must be 0 or more, not {value}")


def _secret(value: Any) -> Fault | None:
    """Nothing of it is repeated, and what none can be is refused as one that does not work."""
    return None if isinstance(value, str) else Fault("", "must be text")


def _not_what(cls: type, value: Any, limit: str = "", almost: bool = False) -> Fault:
    words = f"{WORDS[cls]} of {limit}" if almost else WORDS[cls]
    return Fault("", f"must be {words}, not {shown(value)}")


_SINGLE: dict[Any, Check] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _truth,
    datetime.date: _day,
    datetime.datetime: _instant,
}


def _both(first: Check, second: Check) -> Check:
    return lambda value: first(value) or second(value)


def _one_of(words: tuple[Any, ...]) -> Check:
    known = ", ".join(map(str, words))

    def check(value: Any) -> Fault | None:
        if isinstance(value, str) and value in words:
            return None
        return Fault("", f"must be one of {known}, not {shown(value)}")

    return check


def _any_of(hints: tuple[Any, ...]) -> Check:
    optional = types.NoneType in hints
    checks = [_check(hint) for hint in hints if hint is not types.NoneType]
    likely = {typing.get_origin(hint) or hint: _check(hint) for hint in hints}

    def check(value: Any) -> Fault | None:
        if value is None and optional:
            return None
        if (one := likely.get(type(value))) is not None and one(value) is None:
            return None
        found = None
        for one in checks:
            if (found := one(value)) is None:
                return None
        if len(checks) == 1:
            return found
        known = " or ".join(WORDS.get(hint, "a list or a table") for hint in hints)
        return Fault("", f"must be {known}, not {shown(value)}")

    return check


def _row(hints: tuple[Any, ...]) -> Check:
    checks = [_check(hint) for hint in hints]

    def check(value: Any) -> Fault | None:
        if not isinstance(value, tuple | list) or len(value) != len(checks):
            return Fault("", f"must be a list of {len(checks)}, not {shown(value)}")
        for at, (one, held) in enumerate(zip(checks, value, strict=True)):
            if (fault := one(held)) is not None:
                return fault.within(below("", at))
        return None

    return check


def _each(hint: Any, origin: type) -> Check:
    check_one = _check(hint)
    # A model's field is a tuple, or it could not be kept as one; a call takes what it can go over.
    taken = origin if origin in (tuple, frozenset) else Iterable

    def check(value: Any) -> Fault | None:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, taken):
            return Fault("", f"must be a list, not {shown(value)}")
        for at, one in enumerate(value):
            if (fault := check_one(one)) is not None:
                return fault.within(below("", at))
        return None

    return check


def _map(hint: Any) -> Check:
    check_one = _check(hint)

    def check(value: Any) -> Fault | None:
        if not isinstance(value, Mapping):
            return Fault("", f"must be a table of names and values, not {shown(value)}")
        for name, one in value.items():
            if _text(name) is not None:
                return Fault("", f"must have names as keys, not {shown(name)}")
            if (fault := check_one(one)) is not None:
                return fault.within(below("", name))
        return None

    return check


def _model(cls: type) -> Check:
    fields: list[tuple[str, Any, Check]] = []

    def check(value: Any) -> Fault | None:
        if not isinstance(value, cls):
            return Fault("", f"must be a mentorkit.{cls.__name__}, not {shown(value)}")
        if not fields:  # only now, since a model's field may be of the model itself
            fields.extend(_fields(cls))
        for name, default, one in fields:
            held = getattr(value, name)
            if held is not default and (fault := one(held)) is not None:
                return fault.within(name)
        return None

    return check


def _fields(cls: type) -> Iterator[tuple[str, Any, Check]]:
    """The fields that say what they hold, with their defaults, which need no look."""
    for field in attrs.fields(attrs.resolve_types(cls)):
        if (one := _check(field.type)) is not _nothing:
            yield field.name, field.default, one
