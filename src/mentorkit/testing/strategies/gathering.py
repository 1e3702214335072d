"""Gatherings, and seats in them."""

from __future__ import annotations

import datetime

import hypothesis.strategies as st

from mentorkit.models import Gathering, Seat
from mentorkit.testing.strategies.relationship import IDS, instants

_counts = st.integers(0, 30)


def gatherings() -> st.SearchStrategy[Gathering]:
    """Programme events, with as many seats as are taken, more, or no end of them."""
    return st.builds(
        lambda span, seats, **rest: Gathering(
            starts=span[0],
            ends=span[0] + datetime.timedelta(minutes=span[1]),
            seats=None if seats is None else max(1, rest["taken"] + seats),
            **rest,
        ),
        st.tuples(instants(), st.integers(1, 10_000)),
        st.one_of(st.none(), _counts),
        id=IDS,
        version=st.integers(0, 9),
        programme=IDS,
        title=st.sampled_from(["Kick-off", "A talk"]),
        timezone=st.sampled_from(["UTC", "Europe/Berlin"]),
        place=st.sampled_from([None, "Room 4"]),
        link=st.sampled_from([None, "https://example.org/room"]),
        state=st.sampled_from(["planned", "held", "cancelled"]),
        taken=_counts,
        waiting=_counts,
        signed=_counts,
    )


def seats() -> st.SearchStrategy[Seat]:
    """Whoever comes, waits, came or not."""
    return st.builds(
        Seat,
        id=IDS,
        version=st.integers(0, 9),
        programme=IDS,
        gathering=IDS,
        person=IDS,
        number=st.integers(1, 99),
        state=st.sampled_from(["coming", "waiting", "off", "came", "missed"]),
    )
