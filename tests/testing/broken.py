"""Which checks of a contract find a broken plugin out."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

import mentorkit
from mentorkit.testing import checks


@attrs.frozen
class Free:
    """Settings of kinds that need none."""


def failing(kind: Any, settings: Any = None, **others: Any) -> set[str]:
    """The names of the checks that fail."""
    found = set()
    for check in checks(kind, settings, **others):
        try:
            check()
        except Exception:
            found.add(check.name)
    return found


def refuses(name: str, kind: Any, **others: Any) -> None:
    """The check of that name fails, and says what it found."""
    check = next(check for check in checks(kind, **others) if check.name == name)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - a broken plugin may raise anything
        check()
    assert str(caught.value)


def making(members: dict[str, Any]) -> Any:
    """A kind of objects with these members."""
    made = type("Odd", (), members)
    return mentorkit.kind("odd", Free, lambda _: made())
