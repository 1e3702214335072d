"""Room for meetings against a look at every quarter of an hour."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
from hypothesis import given, settings

from mentorkit.models import Free, Interval, Wish
from mentorkit.scheduling import Room, Spacing, merged

QUARTER = 900
START = 1_774_742_400  # 2026-03-29, when clocks change in Berlin
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns")
Case = tuple[Free, Spacing]


def intervals(most: int, longest: int) -> st.SearchStrategy[tuple[Interval, ...]]:
    """Within three days around that night, and often near its midnight, in quarters."""
    near = st.integers(-12, 12)
    quarters = st.tuples(st.integers(-96, 192) | near | near, st.integers(1, longest))
    made = quarters.map(lambda one: (START + one[0] * QUARTER, START + (one[0] + one[1]) * QUARTER))
    return st.lists(made, max_size=most).map(tuple)


WIDE = st.just(((START - 50 * QUARTER, START + 90 * QUARTER),))


SLOTS = st.lists(st.tuples(st.integers(-12, 12), st.integers(1, 4)), min_size=5, max_size=10).map(
    lambda drawn: [(START + at * QUARTER, START + (at + n) * QUARTER) for at, n in drawn]
)


@st.composite
def cases(draw) -> Case:
    zones = {person: draw(st.sampled_from(ZONES)) for person in "ab"}
    free = Free(
        times={person: merged(draw(WIDE | intervals(3, 200))) for person in "ab"},
        meetings={person: merged(draw(intervals(2, 8))) for person in "ab"},
        busy={person: merged(draw(intervals(2, 8))) for person in "ab"},
        zones={person: zone for person, zone in zones.items() if zone != "UTC"},
        now=draw(st.none() | st.integers(-96, 96).map(lambda n: START + n * QUARTER)),
    )
    quarters = st.sampled_from([0, 15, 45])
    most = st.sampled_from([None, None, None, 1, 2])
    spacing = Spacing(
        before=draw(quarters),
        after=draw(quarters),
        notice=draw(st.sampled_from([0, 60, 600])),
        daily=draw(most),
        weekly=draw(most),
        monthly=draw(most),
    )
    return free, spacing


def keeps(case: Case, person: str, others: list[Interval], slot: Interval) -> bool:
    """What the settings ask of one meeting more, read off their description."""
    free, spacing = case
    start, end = slot
    inside = any(opens <= start and end <= closes for opens, closes in merged(free.of(person)))
    early = free.now is not None and start < free.now + spacing.notice * 60
    before, after = start - spacing.before * 60, end + spacing.after * 60
    everything = [*others, *free.busy.get(person, ())]
    alone = all(held[1] <= before or after <= held[0] for held in everything)
    polite = all(
        held[1] + spacing.after * 60 <= start or end <= held[0] - spacing.before * 60
        for held in others
    )
    zone = free.zones.get(person, "UTC")
    within = all(
        sum(period in touched(name, held, zone) for held in others) < most
        for name, most in limits(spacing)
        for period in touched(name, slot, zone)
    )
    return inside and not early and alone and polite and within


def limits(spacing: Spacing) -> list[tuple[str, int]]:
    held = {"%Y-%m-%d": spacing.daily, "%G-%V": spacing.weekly, "%Y-%m": spacing.monthly}
    return [(name, most) for name, most in held.items() if most is not None]


def touched(name: str, slot: Interval, zone: str) -> set[str]:
    """The days, weeks or months in which a meeting is, minute by minute."""
    return {
        datetime.datetime.fromtimestamp(at, ZoneInfo(zone)).strftime(name)
        for at in range(slot[0], slot[1], 60)
    }


@given(cases(), SLOTS)
@settings(max_examples=300, deadline=None)
def test_what_fits_is_what_the_settings_allow(case, slots):
    free, spacing = case
    room = Room(free, spacing)
    held = {person: list(free.meetings.get(person, ())) for person in "ab"}
    for slot in slots:
        people = ("a", "b") if slot[0] // QUARTER % 3 else ("a",)
        expected = all(keeps(case, person, held[person], slot) for person in people)
        assert room.fits(people, slot) == expected
        if expected:
            room.take(people, slot)
            for person in people:
                held[person].append(slot)


@given(cases())
def test_common_time_is_everybody_s_on_the_wish_s_days(case):
    free, spacing = case
    day = datetime.date(2026, 3, 29)
    wish = Wish(
        id="w", people=("a", "b"), count=1, cadence=1, minutes=30,
        timezone="Europe/Berlin", first=day, last=day,
    )  # fmt: skip
    room = Room(free, spacing)
    berlin = ZoneInfo("Europe/Berlin")
    for start in range(START - 86400, START + 2 * 86400, 2 * QUARTER):
        slot = (start, start + QUARTER)
        on = datetime.datetime.fromtimestamp(start, berlin).date() == day
        inside = any(low <= start and slot[1] <= high for low, high in room.common(wish))
        assert inside == (on and room.fits(("a", "b"), slot))


def test_a_meeting_over_midnight_counts_on_both_days_of_its_person():
    hour = 3600
    midnight = START - hour  # in Berlin; clocks change two hours later
    late = (midnight - hour, midnight + hour)
    free = Free(
        times={"a": ((START - 90 * hour, START + 90 * hour),)}, zones={"a": "Europe/Berlin"}
    )
    room = Room(free, Spacing(daily=1))
    room.take(["a"], late)
    assert room.of("a") == [
        (START - 90 * hour, midnight - 24 * hour),
        (midnight + 23 * hour, START + 90 * hour),
    ]
