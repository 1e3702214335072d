"""Slots of office hours against a look at every one of them."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import hypothesis.strategies as st
import pytest
from clock_changes import CHANGES
from hypothesis import given, settings

from mentorkit import Instead, Invalid, Offer, Participant, Person, Window
from mentorkit.models import Interval
from mentorkit.scheduling import free_times, slots, still_open

DAY = 24 * 3600


@st.composite
def offers(draw, **more: Any) -> Offer:
    """Near a night when clocks change, with windows that may pass midnight."""
    zone, day = draw(st.sampled_from(CHANGES))
    window = st.builds(
        lambda weekday, start, length: Window(weekday, 30 * start, 30 * (start + length)),
        st.integers(0, 6),
        st.integers(0, 47),
        st.integers(1, 12),
    )
    first = day - datetime.timedelta(days=draw(st.integers(0, 3)))
    return Offer(
        first=first,
        last=first + datetime.timedelta(days=draw(st.integers(0, 6))),
        windows=draw(st.lists(window, min_size=1, max_size=4)),
        timezone=zone,
        minutes=draw(st.sampled_from([15, 30, 45])),
        every=draw(st.sampled_from([None, 15, 60])),
        **{name: draw(held) for name, held in more.items()},
    )


def around(offer: Offer) -> tuple[int, int]:
    first = datetime.datetime.combine(offer.first, datetime.time(), datetime.UTC)
    start = int(first.timestamp()) - 3 * DAY
    return start, start + 20 * DAY


def day_of(at: int, offer: Offer) -> datetime.date:
    return datetime.datetime.fromtimestamp(at, ZoneInfo(offer.timezone)).date()


@given(offers())
def test_slots_fill_the_windows_and_nothing_else(offer):
    """Whoever has just these windows is free in them, from one end to the other."""
    host = Participant(person=Person(id="a", timezone=offer.timezone), availability=offer.windows)
    last = offer.last + datetime.timedelta(days=1)
    # What begins the day before is not meant, nor what begins the day after.
    before = offer.first - datetime.timedelta(days=1)
    host = attrs.evolve(host, exceptions=[Instead(before, before), Instead(last, last)])
    free = list(free_times([host], offer.first, last, timezone=offer.timezone).of("a"))
    found = list(slots(offer, *around(offer)))
    assert found == sorted(set(found))
    length, step = offer.minutes * 60, (offer.every or offer.minutes) * 60
    for opens, closes in free:
        if day_of(closes, offer) != last:  # what may go on after the last midnight is cut there
            expected = [(at, at + length) for at in range(opens, closes - length + 1, step)]
            assert [slot for slot in found if opens <= slot[0] < closes] == expected
    for slot in found:
        late = day_of(slot[1], offer) > offer.last  # past the last midnight
        assert late or any(opens <= slot[0] and slot[1] <= closes for opens, closes in free)


HOST = Participant(person=Person(id="a"))


@given(
    offers(
        seats=st.integers(1, 2),
        before=st.sampled_from([0, 30]),
        after=st.sampled_from([0, 15, 45]),
        notice=st.sampled_from([0, 600]),
        ahead=st.sampled_from([None, 3]),
        daily=st.sampled_from([None, 1, 2]),
        weekly=st.sampled_from([None, 2]),
    ),
    st.data(),
)
@settings(max_examples=100)
def test_what_is_open_is_what_the_offer_says(offer, data):
    start, end = around(offer)
    every = list(slots(offer, start, end))
    if not every:
        return
    now = start + data.draw(st.sampled_from([0, 3 * DAY, 4 * DAY]))
    some = st.lists(st.sampled_from(every), max_size=3)
    booked = Counter(data.draw(some))
    busy = [(at - 300, at + 900) for at, _ in data.draw(some)]
    found = dict(still_open(
        offer, HOST, booked=booked, busy=busy, holidays=(), now=now, until=end
    ))  # fmt: skip
    assert found == {
        slot: offer.seats - booked[slot]
        for slot in every
        if is_open(offer, slot, booked, busy, now)
    }


def is_open(
    offer: Offer, slot: Interval, booked: Counter[Interval], busy: list[Interval], now: int
) -> bool:
    soon = slot[0] < now + offer.notice * 60
    far = offer.ahead is not None and slot[0] > now + offer.ahead * DAY
    if soon or far or booked[slot] >= offer.seats:
        return False
    if booked[slot]:
        return True
    before, after = offer.before * 60, offer.after * 60
    quiet = all(
        (other[1] <= slot[0] - before and other[1] + after <= slot[0])
        or (slot[1] + after <= other[0] and slot[1] <= other[0] - before)
        for other in booked
    ) and all(other[1] <= slot[0] - before or slot[1] + after <= other[0] for other in busy)
    return quiet and all(
        sum(bool(periods(form, slot, offer) & periods(form, other, offer)) for other in booked)
        < most
        for form, most in (("%Y-%m-%d", offer.daily), ("%G-%V", offer.weekly))
        if most is not None
    )


def periods(form: str, slot: Interval, offer: Offer) -> set[str]:
    zone = ZoneInfo(offer.timezone)
    return {
        datetime.datetime.fromtimestamp(at, zone).strftime(form) for at in (slot[0], slot[1] - 1)
    }


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"windows": ()}, "windows"),
        ({"last": datetime.date(2026, 8, 31)}, "last"),
        ({"last": datetime.date(2028, 1, 1)}, "last"),
        ({"seats": 0}, "seats"),
        ({"minutes": 4}, "minutes"),
        ({"timezone": "Mars"}, "timezone"),
        ({"link": "http://example.org"}, "link"),
    ],
)
def test_an_offer_that_cannot_be_names_what_is_wrong(wrong, place):
    first = datetime.date(2026, 9, 1)
    held = {"first": first, "last": first, "windows": [Window(1, 0, 60)], "timezone": "UTC"}
    with pytest.raises(Invalid) as caught:
        Offer(**{**held, **wrong})
    assert caught.value.faults[0].path == place
