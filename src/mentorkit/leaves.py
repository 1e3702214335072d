"""Single values, strictly: each hook gives the value itself or raises Invalid."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from typing import Any, get_args

from mentorkit.errors import Invalid
from mentorkit.models.plain import LEAST, MOST, plain, shown

WORDS = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    float: "a number",
    datetime.date: "a date",
    datetime.datetime: "a time",
}


def strict(cls: type) -> Callable[[Any, Any], Any]:
    """Takes a `cls` and nothing that merely could become one."""

    def take(value: Any, _: Any) -> Any:
        if type(value) is not cls:
            raise Invalid("", f"must be {WORDS[cls]}, not {shown(value)}")
        if not plain(value):
            limit = "signs that can be kept" if cls is str else f"{LEAST} to {MOST}"
            raise Invalid("", f"must be {WORDS[cls]} of {limit}, not {shown(value)}")
        return value

    return take


def number(value: Any, _: Any) -> float:
    """A finite number; a whole one will do."""
    if type(value) not in (int, float) or not plain(value):
        raise Invalid("", f"must be a number, not {shown(value)}")
    return float(value)


def date(value: Any, _: Any) -> datetime.date:
    """A date, or its ISO text."""
    if type(value) is datetime.date:
        return value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return datetime.date.fromisoformat(value)
    raise Invalid("", f"must be a date like 2026-09-01, not {shown(value)}")


def instant(value: Any, _: Any) -> datetime.datetime:
    """A time with its offset, or its ISO text."""
    at = value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            at = datetime.datetime.fromisoformat(value)
    if not isinstance(at, datetime.datetime):
        raise Invalid("", f"must be a time like 2026-09-01T12:00:00Z, not {shown(value)}")
    if at.tzinfo is None:
        raise Invalid("", f"{shown(value)} lacks its offset; write it like 12:00:00Z")
    return at


def literal(cls: Any) -> Callable[[Any, Any], Any]:
    """Takes one of the words of a Literal."""
    words = get_args(cls)

    def take(value: Any, _: Any) -> Any:
        if not any(type(value) is type(word) and value == word for word in words):
            known = ", ".join(str(word) for word in words)
            raise Invalid("", f"must be one of {known}, not {shown(value)}")
        return value

    return take
