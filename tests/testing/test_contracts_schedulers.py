"""Every promise of a scheduler catches one that is broken in just that way."""

from __future__ import annotations

import datetime
import itertools
import time
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from broken import failing, making

import mentorkit
from mentorkit import Message, Placement, Slot, Unplaced
from mentorkit.scheduling import Room, Spacing
from mentorkit.testing import checks

pytestmark = pytest.mark.once

WHY = Message("full", "there is no time that all have")
STEP = 3600
COUNTER = itertools.count()


def midnight(day: datetime.date, zone: str) -> int:
    return int(datetime.datetime.combine(day, datetime.time(), ZoneInfo(zone)).timestamp())


def starts(wish: Any, free: Any) -> list[int]:
    """When a meeting of the wish might begin, on its days and in everybody's time."""
    first = midnight(wish.first, wish.timezone)
    last = midnight(wish.last + datetime.timedelta(days=1), wish.timezone)
    length = 60 * wish.minutes
    fitting = [
        {
            at
            for start, end in free.of(person)
            for at in range(max(start, first), min(end, last) - length + 1, STEP)
        }
        for person in wish.people
    ]
    return sorted(set.intersection(*fitting))


def first_of(wish: Any, number: int, possible: list[int], taken: list[Slot]) -> Slot | None:
    for at in possible:
        slot = Slot(wish.id, number, at, at + 60 * wish.minutes)
        if all(slot.end <= other.start or other.end <= slot.start for other in taken):
            return slot
    return None


def sound(wishes: Any, free: Any, seed: int) -> Placement:
    """The earliest time for each meeting, one wish after the other."""
    slots: list[Slot] = []
    busy: dict[str, list[Slot]] = {}
    unplaced = []
    for wish in sorted(wishes, key=lambda wish: wish.id):
        after, possible = 0, starts(wish, free)
        for number in range(1, wish.count + 1):
            taken = [slot for person in wish.people for slot in busy.get(person, [])]
            slot = first_of(wish, number, [at for at in possible if at >= after], taken)
            if slot is None:
                unplaced.append(Unplaced(wish.id, number, WHY))
                continue
            slots.append(slot)
            after = slot.end
            for person in wish.people:
                busy.setdefault(person, []).append(slot)
    return Placement(slots=tuple(slots), unplaced=tuple(unplaced))


def scheduler(place: Any) -> Any:
    return making({"place": lambda self, wishes, free, seed: place(wishes, free, seed)})


def each(change: Any) -> Any:
    """The sound scheduler with every slot changed."""

    def place(wishes: Any, free: Any, seed: int) -> Placement:
        placed = sound(wishes, free, seed)
        return attrs.evolve(placed, slots=tuple(change(slot) for slot in placed.slots))

    return scheduler(place)


def shrunk(slot: Slot) -> Slot:
    return attrs.evolve(slot, end=slot.end - 60)


def lonely(wishes: Any, free: Any, seed: int) -> Placement:
    """Each wish for itself, as if nobody had another."""
    placed = [sound([wish], free, seed) for wish in sorted(wishes, key=lambda wish: wish.id)]
    return Placement(
        slots=tuple(slot for held in placed for slot in held.slots),
        unplaced=tuple(one for held in placed for one in held.unplaced),
    )


def host_only(wishes: Any, free: Any, seed: int) -> Placement:
    """Looks at the first person's time alone."""
    times = {
        person: tuple(span for host in free.times for span in free.of(host))
        for person in ("p00", "p01", "p02", "p03")
    }
    merged = {person: spans_joined(spans) for person, spans in times.items()}
    return sound(wishes, attrs.evolve(free, times=merged), seed)


def spans_joined(spans: Any) -> Any:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def any_day(wishes: Any, free: Any, seed: int) -> Placement:
    """Two days too many on either side."""
    more = datetime.timedelta(days=2)
    wide = [attrs.evolve(wish, first=wish.first - more, last=wish.last + more) for wish in wishes]
    return sound(wide, free, seed)


def in_utc(wishes: Any, free: Any, seed: int) -> Placement:
    """Days as they are in Greenwich."""
    return sound([attrs.evolve(wish, timezone="UTC") for wish in wishes], free, seed)


def greedy_last(wishes: Any, free: Any, seed: int) -> Placement:
    """Numbers run against time."""
    placed = sound(wishes, free, seed)
    counts = {wish.id: [s.number for s in placed.slots if s.wish == wish.id] for wish in wishes}
    return attrs.evolve(
        placed,
        slots=tuple(attrs.evolve(slot, number=counts[slot.wish].pop()) for slot in placed.slots),
    )


def in_order_given(wishes: Any, free: Any, seed: int) -> Placement:
    """First come, first served."""
    ids = {f"x{place}": wish.id for place, wish in enumerate(wishes)}
    renamed = [attrs.evolve(wish, id=own) for own, wish in zip(ids, wishes, strict=True)]
    placed = sound(renamed, free, seed)
    return Placement(
        slots=tuple(attrs.evolve(slot, wish=ids[slot.wish]) for slot in placed.slots),
        unplaced=tuple(attrs.evolve(one, wish=ids[one.wish]) for one in placed.unplaced),
    )


def consuming(wishes: Any, free: Any, seed: int) -> Placement:
    placed = sound(wishes, free, seed)
    wishes.clear()
    return placed


def sorting(wishes: Any, free: Any, seed: int) -> Placement:
    wishes.sort(key=lambda wish: wish.id)
    return sound(wishes, free, seed)


def wordless(wishes: Any, free: Any, seed: int) -> Placement:
    placed = sound(wishes, free, seed)
    blank = Message("full", "")
    return attrs.evolve(
        placed, unplaced=tuple(attrs.evolve(held, cause=blank) for held in placed.unplaced)
    )


def capricious(wishes: Any, free: Any, seed: int) -> Placement:
    """Now and then has another reason."""
    placed = sound(wishes, free, seed)
    cause = Message("n", "time number {n}", {"n": next(COUNTER) // 2})
    return attrs.evolve(
        placed, unplaced=tuple(attrs.evolve(held, cause=cause) for held in placed.unplaced)
    )


def presuming(wishes: Any, free: Any, seed: int) -> Placement:
    """Takes for granted that two who wish for a meeting alone have some time."""
    if len(wishes) == 1 and wishes[0].count == 2 and wishes[0].people == ("p00", "p01"):
        free.times["p00"], free.times["p01"]
    return sound(wishes, free, seed)


def forgetting(wishes: Any, free: Any, seed: int) -> Placement:
    return attrs.evolve(sound(wishes, free, seed), unplaced=())


def twofold(wishes: Any, free: Any, seed: int) -> Placement:
    placed = sound(wishes, free, seed)
    return attrs.evolve(placed, unplaced=placed.unplaced * 2)


def strange(wishes: Any, free: Any, seed: int) -> Placement:
    placed = sound(wishes, free, seed)
    return attrs.evolve(placed, unplaced=(*placed.unplaced, Unplaced("nobody's", 1, WHY)))


def listing(wishes: Any, free: Any, seed: int) -> Placement:
    placed = sound(wishes, free, seed)
    return attrs.evolve(placed, slots=list(placed.slots))  # type: ignore[arg-type]


BROKEN = {
    "forgetting": ("every_meeting_has_its_answer", scheduler(forgetting)),
    "twofold": ("every_meeting_has_its_answer", scheduler(twofold)),
    "strange": ("every_meeting_has_its_answer", scheduler(strange)),
    "backwards": ("numbers_follow_time", scheduler(greedy_last)),
    "short": ("meetings_are_as_long_as_wished", each(shrunk)),
    "fraction": (
        "meetings_are_as_long_as_wished",
        each(lambda slot: attrs.evolve(slot, start=float(slot.start))),
    ),
    "any-day": ("meetings_lie_on_the_wishs_days", scheduler(any_day)),
    "greenwich": ("meetings_lie_on_the_wishs_days", scheduler(in_utc)),
    "host-only": ("everyone_has_time", scheduler(host_only)),
    "lonely": ("nobody_is_in_two_at_once", scheduler(lonely)),
    "wordless": ("it_says_why_not", scheduler(wordless)),
    "presuming": ("what_cannot_be_is_unplaced", scheduler(presuming)),
    "queue": ("the_order_of_wishes_does_not_matter", scheduler(in_order_given)),
    "capricious": ("the_same_placement_twice", scheduler(capricious)),
    "consuming": ("the_wishes_are_left_alone", scheduler(consuming)),
    "sorting": ("the_wishes_are_left_alone", scheduler(sorting)),
    "nothing": ("it_places", scheduler(lambda *_: None)),
    "listing": ("it_places", scheduler(listing)),
}
ALSO = {
    "forgetting": {"what_cannot_be_is_unplaced"},
    "strange": {"what_cannot_be_is_unplaced"},
    "twofold": {"what_cannot_be_is_unplaced"},
    "host-only": {"what_cannot_be_is_unplaced"},
    "capricious": {"the_order_of_wishes_does_not_matter"},
}
"""Promises that such a scheduler cannot but break too."""


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_schedulers(broken):
    name, kind = BROKEN[broken]
    found = failing(kind)
    if name == "it_places":  # what is no Placement can keep no other promise
        assert name in found
    else:
        assert {name} <= found <= {name} | ALSO.get(broken, set())


def test_a_sound_scheduler_passes():
    assert failing(scheduler(sound)) == set()


def earliest(room: Room, wish: Any, number: int, after: int) -> Slot | None:
    for low, high in room.common(wish):
        for at in range(max(low, after), high, STEP):
            if room.fits(wish.people, (at, at + 60 * wish.minutes)):
                return Slot(wish.id, number, at, at + 60 * wish.minutes)
    return None


def spaced(change: Any) -> Any:
    """A scheduler that keeps a spacing, of settings or free time that are changed."""

    def bind(settings: Any) -> Any:
        def place(self: Any, wishes: Any, free: Any, seed: int) -> Placement:
            room = Room(*change(free, settings))
            slots, unplaced = [], []
            for wish in sorted(wishes, key=lambda wish: wish.id):
                after = 0
                for number in range(1, wish.count + 1):
                    slot = earliest(room, wish, number, after)
                    if slot is None:
                        unplaced.append(Unplaced(wish.id, number, WHY))
                        continue
                    slots.append(slot)
                    room.take(wish.people, (slot.start, slot.end))
                    after = slot.end
            return Placement(slots=tuple(slots), unplaced=tuple(unplaced))

        return type("Spaced", (), {"place": place})()

    return mentorkit.kind("odd", Spacing, bind)


FORGETFUL = {
    "nothing": lambda free, settings: (free, settings),
    "before": lambda free, settings: (free, attrs.evolve(settings, before=0)),
    "after": lambda free, settings: (free, attrs.evolve(settings, after=0)),
    "notice": lambda free, settings: (free, attrs.evolve(settings, notice=0)),
    "daily": lambda free, settings: (free, attrs.evolve(settings, daily=None)),
    "weekly": lambda free, settings: (free, attrs.evolve(settings, weekly=None)),
    "monthly": lambda free, settings: (free, attrs.evolve(settings, monthly=None)),
    "meetings": lambda free, settings: (attrs.evolve(free, meetings={}), settings),
    "busy": lambda free, settings: (attrs.evolve(free, busy={}), settings),
    "zones": lambda free, settings: (attrs.evolve(free, zones={}), settings),
}


@pytest.mark.parametrize("what", FORGETFUL)
def test_a_scheduler_that_forgets_some_of_its_spacing(what):
    kind = spaced(FORGETFUL[what])
    (check,) = (one for one in checks(kind) if one.name == "it_keeps_the_spacing")
    if what == "nothing":
        check()
    else:
        with pytest.raises(AssertionError):
            check()


def test_a_scheduler_that_never_ends_is_waited_for_once():
    asked = []

    def endless(*arguments: Any) -> Any:
        asked.append(arguments)
        time.sleep(2)

    assert len(failing(scheduler(endless), seconds=1.0)) > 8
    assert len(asked) == 1


def test_a_failure_shows_the_wishes():
    check = next(one for one in checks(each(shrunk)) if one.name.startswith("meetings_are_as"))
    with pytest.raises(AssertionError, match="is not 60 min") as caught:
        check()
    assert any("Wish(" in note for note in caught.value.__notes__)
