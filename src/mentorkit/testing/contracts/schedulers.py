"""The contract of a Scheduler."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import cast
from zoneinfo import ZoneInfo

import attrs
import hypothesis.strategies as st

from mentorkit.models import Free, Interval, Placement, Slot, Unplaced, Wish
from mentorkit.scheduling import Spacing
from mentorkit.testing.contracts import pasts
from mentorkit.testing.contracts.check import Subject, expect, for_all
from mentorkit.testing.strategies.schedule import spacings, timetables

SEED = 7
Timetable = tuple[tuple[Wish, ...], Free]


@attrs.frozen
class Asked:
    """A scheduler, and timetables to ask it about."""

    subject: Subject

    def placed(self, wishes: Sequence[Wish], free: Free, seed: int = SEED) -> Placement:
        """What a newly bound scheduler answers, which must be a Placement of its parts."""
        placement = self.subject.bound().place(wishes, free, seed)
        expect(isinstance(placement, Placement), f"place returned {placement!r}, not a Placement")
        for name, sort in (("slots", Slot), ("unplaced", Unplaced)):
            held = getattr(placement, name)
            proper = isinstance(held, tuple) and all(isinstance(each, sort) for each in held)
            expect(proper, f"{name} is {held!r}, not a tuple of {sort.__name__}")
        return cast(Placement, placement)

    def everywhere(self, test: Callable[[Timetable, Placement], None]) -> None:
        """Run a test on drawn timetables and what the scheduler answers."""
        for_each(lambda drawn: test(drawn, self.placed(list(drawn[0]), drawn[1])))


def for_each(test: Callable[[Timetable], None]) -> None:
    """Run a test on drawn timetables: more of them, for many hold too little to go wrong."""
    for_all(timetables(), test, examples=40)


def it_places(asked: Asked) -> None:
    """`place` returns a Placement of Slots and Unplaced, whatever is wished for."""
    asked.everywhere(lambda drawn, placement: None)


def every_meeting_has_its_answer(asked: Asked) -> None:
    """Each meeting wished for, 1 to count, has one slot or one reason, and there is no other."""

    def test(drawn: Timetable, placement: Placement) -> None:
        answered = [(slot.wish, slot.number) for slot in placement.slots]
        answered += [(held.wish, held.number) for held in placement.unplaced]
        wanted = [(wish.id, number + 1) for wish in drawn[0] for number in range(wish.count)]
        for wish, number in wanted:
            times = answered.count((wish, number))
            expect(times == 1, f"meeting {number} of {wish!r} is answered {times} times")
        for wish, number in answered:
            expect((wish, number) in wanted, f"nobody wished for meeting {number} of {wish!r}")

    asked.everywhere(test)


def numbers_follow_time(asked: Asked) -> None:
    """Of two meetings of one wish, the one with the lower number comes first."""

    def test(drawn: Timetable, placement: Placement) -> None:
        ordered = sorted(placement.slots, key=lambda slot: (slot.wish, slot.number))
        for one, other in pairwise(ordered):
            rising = one.wish != other.wish or one.start < other.start
            expect(rising, f"meeting {other.number} of {other.wish!r} is before {one.number}")

    asked.everywhere(test)


def meetings_are_as_long_as_wished(asked: Asked) -> None:
    """A slot is exactly as many minutes long as its wish says, in whole seconds."""

    def test(drawn: Timetable, placement: Placement) -> None:
        for wish, slot in _met(drawn, placement):
            whole = type(slot.start) is int and type(slot.end) is int
            expect(whole, f"{slot} does not start and end on whole seconds")
            expect(slot.end - slot.start == 60 * wish.minutes, f"{slot} is not {wish.minutes} min")

    asked.everywhere(test)


def meetings_lie_on_the_wishs_days(asked: Asked) -> None:
    """A slot begins on the first day or later and ends by the last, in the wish's time zone."""

    def test(drawn: Timetable, placement: Placement) -> None:
        for wish, slot in _met(drawn, placement):
            begins = _midnight(wish.first, wish.timezone)
            ends = _midnight(wish.last + datetime.timedelta(days=1), wish.timezone)
            expect(
                begins <= slot.start and slot.end <= ends,
                f"{slot} is not within {wish.first} to {wish.last} in {wish.timezone}",
            )

    asked.everywhere(test)


def everyone_has_time(asked: Asked) -> None:
    """A slot lies in the free time of everybody who wished for it."""

    def test(drawn: Timetable, placement: Placement) -> None:
        for wish, slot in _met(drawn, placement):
            for person in wish.people:
                spans = _joined(drawn[1].of(person))
                free = any(start <= slot.start and slot.end <= end for start, end in spans)
                expect(free, f"{person} is not free at {slot}")

    asked.everywhere(test)


def nobody_is_in_two_at_once(asked: Asked) -> None:
    """No person has two meetings at one time, of one wish or of two."""

    def test(drawn: Timetable, placement: Placement) -> None:
        held: dict[str, list[Slot]] = {}
        for wish, slot in _met(drawn, placement):
            for person in wish.people:
                held.setdefault(person, []).append(slot)
        for person, slots in held.items():
            for one, other in pairwise(sorted(slots, key=lambda slot: slot.start)):
                expect(one.end <= other.start, f"{person} is in {one} and {other} at once")

    asked.everywhere(test)


def it_says_why_not(asked: Asked) -> None:
    """The cause of what is not placed is a Message that can be read."""

    def test(drawn: Timetable, placement: Placement) -> None:
        for held in placement.unplaced:
            pasts.sentence(held.cause, f"the cause of meeting {held.number} of {held.wish!r}")

    asked.everywhere(test)


def it_keeps_the_spacing(asked: Asked) -> None:
    """Settings that are a `Spacing` are kept, also around what is planned or held already.

    Meetings have as much time before and after them as is asked for, begin after the notice,
    and are no more on a person's day, in their week and in their month than the limits say.
    """
    if not issubclass(asked.subject.kind.settings, Spacing):
        return

    def test(case: tuple[Timetable, dict[str, int]]) -> None:
        drawn, stated = case
        wishes, free = drawn
        settings = asked.subject.settings(**stated)
        placement = asked.subject.kind.bind(settings).place(list(wishes), free, SEED)
        theirs: dict[str, list[Interval]] = {}
        for wish, slot in _met(drawn, placement):
            early = free.now is not None and slot.start < free.now + 60 * settings.notice
            expect(not early, f"{slot} begins too soon after {free.now}")
            for person in wish.people:
                theirs.setdefault(person, []).append((slot.start, slot.end))
        for person, slots in theirs.items():
            _keeps_apart(person, slots, free, settings)
            _keeps_limits(person, slots, free, settings)

    for_all(st.tuples(timetables(), spacings()), test, examples=150)


def _keeps_apart(person: str, slots: list[Interval], free: Free, settings: Spacing) -> None:
    meetings = (*slots, *free.meetings.get(person, ()))
    for start, end in slots:
        quiet = (start - 60 * settings.before, end + 60 * settings.after)
        for other in (*meetings, *free.busy.get(person, ())):
            apart = other == (start, end) or other[1] <= quiet[0] or quiet[1] <= other[0]
            expect(apart, f"{person} has {other} too near to the meeting {(start, end)}")
        for other in free.meetings.get(person, ()):
            polite = end <= other[0] - 60 * settings.before or (
                other[1] + 60 * settings.after <= start
            )
            expect(polite, f"{person}'s {(start, end)} is too near to {other}, which was there")


def _keeps_limits(person: str, slots: list[Interval], free: Free, settings: Spacing) -> None:
    zone = ZoneInfo(free.zones.get(person, "UTC"))
    every = (*slots, *free.meetings.get(person, ()))
    for word, most in (
        ("%Y-%m-%d", settings.daily),
        ("week %V of %G", settings.weekly),
        ("%Y-%m", settings.monthly),
    ):
        touched = [
            {datetime.datetime.fromtimestamp(at, zone).strftime(word) for at in (start, end - 1)}
            for start, end in every
        ]
        for period in set().union(*touched[: len(slots)]) if most is not None else ():
            number = sum(period in held for held in touched)
            expect(number <= (most or 0), f"{person} has {number} meetings in {period}")


def what_cannot_be_is_unplaced(asked: Asked) -> None:
    """Where nobody has time, or not enough of it, every meeting is unplaced; nothing is raised."""
    wish = Wish(
        id="w0",
        people=("p00", "p01"),
        count=2,
        cadence=7,
        minutes=60,
        timezone="UTC",
        first=datetime.date(2026, 3, 23),
        last=datetime.date(2026, 4, 23),
    )
    start = _midnight(wish.first, "UTC") + 9 * 3600
    short, later = ((start, start + 1800),), ((start + 3600, start + 7200),)
    for times in ({}, {"p00": later}, {"p00": short, "p01": short}, {"p00": short, "p01": later}):
        found = asked.placed([wish], Free(times=times))
        expect(not found.slots, f"{found.slots} were placed where nobody has time")
        expect(len(found.unplaced) == 2, f"{len(found.unplaced)} of 2 meetings are unplaced")
    expect(not asked.placed([], Free(times={"p00": later})).slots, "nobody wished for a meeting")


def the_order_of_wishes_does_not_matter(asked: Asked) -> None:
    """The same wishes in another order have the same placement."""

    def test(drawn: Timetable, placement: Placement) -> None:
        backwards = asked.placed(list(drawn[0][::-1]), drawn[1])
        expect(placement == backwards, f"{placement} becomes {backwards} in another order")

    asked.everywhere(test)


def the_same_placement_twice(asked: Asked) -> None:
    """The same arguments give the same placement, whatever the seed is."""

    def test(drawn: Timetable) -> None:
        wishes, free = drawn
        for seed in (0, SEED, 2**63 - 1):
            scheduler = asked.subject.bound()
            objects = (scheduler, scheduler, asked.subject.bound())
            placed = (one.place(list(wishes), free, seed) for one in objects)
            pasts.agree("placements", placed)

    for_each(test)


def the_wishes_are_left_alone(asked: Asked) -> None:
    """The list of wishes and the free time are only read."""

    def test(drawn: Timetable) -> None:
        for wishes in (list(drawn[0]), list(drawn[0][::-1])):
            before = repr((wishes, drawn[1]))
            asked.placed(wishes, drawn[1])
            expect(repr((wishes, drawn[1])) == before, "what it was given was changed")

    for_each(test)


def _met(drawn: Timetable, placement: Placement) -> list[tuple[Wish, Slot]]:
    """The slots with their wishes, where there is one."""
    wishes = {wish.id: wish for wish in drawn[0]}
    return [(wishes[slot.wish], slot) for slot in placement.slots if slot.wish in wishes]


def _midnight(day: datetime.date, zone: str) -> int:
    """When a day begins, in seconds since 1970."""
    return int(datetime.datetime.combine(day, datetime.time(), ZoneInfo(zone)).timestamp())


def _joined(times: tuple[Interval, ...]) -> list[Interval]:
    """The same time, in spans that do not touch."""
    spans: list[Interval] = []
    for start, end in times:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


SCHEDULER = (
    it_places,
    every_meeting_has_its_answer,
    numbers_follow_time,
    meetings_are_as_long_as_wished,
    meetings_lie_on_the_wishs_days,
    everyone_has_time,
    nobody_is_in_two_at_once,
    it_says_why_not,
    it_keeps_the_spacing,
    what_cannot_be_is_unplaced,
    the_order_of_wishes_does_not_matter,
    the_same_placement_twice,
    the_wishes_are_left_alone,
)
"""The one that finds a scheduler that never ends comes first."""
