"""Free times as people write them: `Mon 09:00-12:00`, `mon-fri 9-17`, `Fri 10pm-2am`."""

from __future__ import annotations

import re

from mentorkit.models import Window
from mentorkit.models.participant import DAY
from mentorkit.models.plain import shown

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?"
_DASH = r"\s*(?:-|–|—|\bto\b)\s*"
LONGEST = 200
"""Signs of a time of the week: looking for one in a cell full of spaces takes minutes."""
_WINDOW = re.compile(rf"([a-z][^0-9]*?)\s+{_TIME}{_DASH}{_TIME}", re.IGNORECASE)


def windows(text: str) -> tuple[Window, ...]:
    """The windows of one stretch of time on one or several days, in each day's order.

    >>> windows("Fri 22:00-02:00")
    (Window(weekday=4, start=1320, end=1560),)
    """
    held = _WINDOW.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if not held:
        raise ValueError(
            f"{shown(text)} is not a time of the week;"
            " write it like 'Mon 09:00-12:00' or 'Mon-Fri 9-17'"
        )
    start, end = _minutes(text, *held.group(2, 3, 4)), _minutes(text, *held.group(5, 6, 7))
    if start == DAY:
        raise ValueError(f"{text!r} begins at 24:00; write 00:00 of the next day")
    if start == end:
        raise ValueError(f"{text!r} ends when it begins; write 00:00-24:00 for a whole day")
    end += DAY if end < start else 0
    return tuple(Window(day, start, end) for day in _weekdays(text, held[1]))


def _weekdays(text: str, words: str) -> list[int]:
    days: list[int] = []
    for part in re.split(r"\s*[,/&]\s*|\s+and\s+", words.casefold()):
        first, *rest = (_weekday(text, word) for word in re.split(_DASH, part))
        if len(rest) > 1:
            raise ValueError(f"{text!r} has more than two days in a row; write Mon-Fri")
        last = rest[0] if rest else first
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return sorted(set(days))


def _weekday(text: str, word: str) -> int:
    word = word.strip(" .")
    for weekday, day in enumerate(_DAYS):
        if len(word) >= 2 and day.startswith(word):
            return weekday
    raise ValueError(f"{word!r} in {text!r} is not a day of the week; write Mon, Tue, Wed…")


def _minutes(text: str, hours: str, minutes: str | None, half: str | None) -> int:
    hour, minute = int(hours), int(minutes or 0)
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{text!r} has an hour {hour}{half}; am and pm go with 1 to 12")
        hour = hour % 12 + (12 if half.casefold() == "pm" else 0)
    if minute > 59 or hour * 60 + minute > DAY:
        raise ValueError(f"{text!r} has a time after 24:00")
    return hour * 60 + minute
