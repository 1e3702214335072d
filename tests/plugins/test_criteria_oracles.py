"""Each built-in criterion against its docstring, written once more for one pair at a time."""

from __future__ import annotations

import datetime
import zoneinfo
from fractions import Fraction
from typing import Any

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given

from mentorkit import Invalid, Level, Participant, Person, Skill, Window, codec
from mentorkit.matching import ParticipantPool
from mentorkit.registry import installed
from mentorkit.testing.strategies import populations

pytestmark = pytest.mark.once

DAYS = (
    datetime.date(2026, 1, 15),  # winter in the north
    datetime.date(2026, 3, 29),  # Berlin's clocks change in that night
    datetime.date(2026, 7, 1),
    datetime.date(2026, 10, 25),
)
ZONES = (
    None,
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",  # three and a half hours behind
    "Asia/Kathmandu",  # five and three quarters ahead
    "Pacific/Auckland",
    "Pacific/Kiritimati",  # fourteen ahead
    "Pacific/Niue",  # eleven behind
)
MISSING = st.sampled_from([0, 1, 400, 1000])


def bound(kind: str, **settings: Any) -> Any:
    held = installed().get("criteria", kind)
    return held.bind(codec.structure(held.settings, settings))


def agree(asked: Any, people: list[Participant], on: datetime.date, oracle: Any) -> None:
    """All pairs of all people, both ways round, and of the first of them with the rest."""
    pool = ParticipantPool(people, on)
    table = asked.points if hasattr(asked, "points") else asked.forbids
    half = (len(pool) + 1) // 3
    for left, right in ((pool, pool), (pool[:half], pool[half:]), (pool[half:], pool[:half])):
        rows, columns = ([side.row(i) for i in range(len(side))] for side in (left, right))
        expected = [[oracle(one, other) for other in columns] for one in rows]
        assert table(left, right).tolist() == expected


def _read(value: Any) -> Any:
    """What a reader sees of a value; nothing where there is nothing."""
    if value is None or value == "" or value == ():
        return None
    if isinstance(value, bool):
        return {True: "yes", False: "no"}[value]
    if isinstance(value, Level):
        return value.name
    if isinstance(value, tuple):
        return "; ".join(sorted(value))
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return str(value)


FIELDS = st.sampled_from(["department", "grade", "years", "remote", "clubs", "anything"])


@given(populations(most=5), FIELDS, MISSING)
def test_same_and_different(people, field, missing):
    def same(one, other):
        a, b = (_read(held.person.attributes.get(field)) for held in (one, other))
        return missing if a is None or b is None else 1000 * (a == b)

    def different(one, other):
        a, b = (_read(held.person.attributes.get(field)) for held in (one, other))
        return missing if a is None or b is None else 1000 * (a != b)

    agree(bound("same", attribute=field, missing=missing), people, DAYS[0], same)
    agree(bound("different", attribute=field, missing=missing), people, DAYS[0], different)


def someone(number: int, **attributes: Any) -> Participant:
    held = {name: value for name, value in attributes.items() if value is not None}
    return Participant(person=Person(id=f"p{number}", attributes=held), roles={"mentee": 1})


def crowd(values: list[Any], field: str = "level") -> list[Participant]:
    return [someone(number, **{field: value}) for number, value in enumerate(values)]


ALIKE = [("b", "a"), ("a", "b"), "a; b", True, "yes", 5, 5.0, "5", Level(3, "5"), "", (), None]


def test_values_that_read_alike_are_the_same():
    def same(one, other):
        a, b = _read(one.value("x")), _read(other.value("x"))
        return 7 if a is None or b is None else 1000 * (a == b)

    agree(bound("same", attribute="x", missing=7), crowd(ALIKE, "x"), DAYS[0], same)


TENTHS = st.integers(-30, 30).map(lambda tenths: tenths / 10)
RANKS = st.integers(0, 4).map(lambda rank: Level(rank, "abcde"[rank]))
HEIGHTS = st.one_of(st.none(), TENTHS, RANKS, st.integers(-3, 5))


@st.composite
def gaps(draw):
    least = draw(TENTHS)
    most = draw(st.one_of(st.none(), TENTHS.map(lambda more: round(least + abs(more), 1))))
    top = 9.0 if most is None else most
    inside = [value / 10 for value in range(-30, 91) if least <= value / 10 <= top]
    ideal = draw(st.one_of(st.none(), st.sampled_from(inside)))
    settings = {"attribute": "level", "least": least, "most": most, "ideal": ideal}
    return {name: held for name, held in settings.items() if held is not None}


def exact(value: Any) -> Fraction | None:
    """A number as it is written, so that 0.3 is three tenths above 0."""
    if value is None:
        return None
    return Fraction(value.rank) if isinstance(value, Level) else Fraction(str(value))


@given(st.lists(HEIGHTS, max_size=6), gaps(), MISSING)
def test_level_gap(values, settings, missing):
    agree(
        bound("level-gap", **settings, missing=missing),
        crowd(values),
        DAYS[0],
        gap_points(settings, missing),
    )


def gap_points(settings: dict[str, Any], missing: int) -> Any:
    """What a pair gets by the gap between their levels."""
    least, most, ideal = (exact(settings.get(name)) for name in ("least", "most", "ideal"))

    def gap(one, other):
        low, high = (exact(held.value("level")) for held in (one, other))
        if low is None or high is None:
            return missing
        apart = high - low
        if apart < least or (most is not None and apart > most):
            return 0
        if ideal is None or apart == ideal or (apart > ideal and most is None):
            return 1000
        # The first gap outside is one step beyond the range's end, and would score nothing.
        outside = least - 1 if apart < ideal else most + 1
        return int(1000 * (apart - outside) / (ideal - outside))

    return gap


def test_level_gap_reads_decimals_as_they_are_written():
    """0.3 - 0.1 is a little less than 0.2 in binary."""
    pool = ParticipantPool(crowd([0.1, 0.3]))
    asked = bound("level-gap", attribute="level", least=0.2, most=0.2, ideal=0.2)
    assert asked.points(pool, pool).tolist() == [[0, 1000], [0, 0]]


@pytest.mark.parametrize("value", ["text", True, ("a",)])
def test_level_gap_refuses_what_has_no_order(value):
    pool = ParticipantPool(crowd([value]))
    with pytest.raises(Invalid, match=r"p0.*level"):
        bound("level-gap", attribute="level").points(pool, pool)


PLACES = st.lists(st.sampled_from(["DE", "de", " Berlin", "Mitte", ""]), max_size=3).map("/".join)


@given(st.lists(st.one_of(st.none(), PLACES), max_size=5), MISSING)
def test_location(values, missing):
    def near(one, other):
        held = [held.value("location") for held in (one, other)]
        if not all(held):
            return missing
        a, b = ([part.strip().casefold() for part in place.split("/")] for place in held)
        shared = max(k for k in range(len(a) + 1) if a[:k] == b[:k] and k <= len(b))
        return 1000 * shared // max(len(a), len(b))

    agree(bound("location", missing=missing), crowd(values, "location"), DAYS[0], near)


def test_only_leading_parts_of_a_place_count():
    """Mitte in Berlin is not near a Mitte elsewhere."""
    places = crowd(["DE/Berlin/Mitte", "US/Berlin/Mitte", "DE/Ulm/Mitte", "de/berlin"], "location")
    pool = ParticipantPool(places)
    assert bound("location").points(pool, pool)[0].tolist() == [1000, 0, 333, 666]


def test_location_needs_a_separator():
    with pytest.raises(Invalid, match="separator"):
        bound("location", separator="")


@given(populations(most=5), st.one_of(st.none(), st.integers(1, 4)), MISSING)
def test_skills(people, enough, missing):
    def covered(one, other):
        offered = {skill.name: skill.level for skill in other.offers}
        halves = 0
        for skill in one.seeks:
            if skill.name in offered:
                level = offered[skill.name]
                unknown = skill.level is None or level is None
                halves += 2 if unknown or level >= skill.level else 1
        wanted = 2 * min(len(one.seeks), enough or 99)
        return missing if not wanted else 1000 * min(halves, wanted) // wanted

    settings = {} if enough is None else {"enough": enough}
    agree(bound("skills", **settings, missing=missing), people, DAYS[0], covered)


def test_more_skills_than_enough_are_enough():
    """Two offered and one at half, of which one, two or three are wanted."""
    seeks = [Skill("chess"), Skill("Go"), Skill("SQL", 3)]
    offers = [Skill("chess", 1), Skill("Go"), Skill("SQL", 2)]
    left = ParticipantPool([Participant(person=Person(id="a"), seeks=seeks)])
    right = ParticipantPool([Participant(person=Person(id="b"), offers=offers)])
    for enough, expected in ((1, 1000), (2, 1000), (3, 833), (4, 833)):
        assert bound("skills", enough=enough).points(left, right).tolist() == [[expected]]


@given(populations(most=5), st.integers(1, 4), MISSING)
def test_interests_and_languages(people, enough, missing):
    def interests(one, other):
        if not one.interests or not other.interests:
            return missing
        shared = len(set(one.interests) & set(other.interests))
        return 1000 * min(shared, enough) // enough

    def language(one, other):
        if not one.person.languages or not other.person.languages:
            return missing
        return 1000 * bool(set(one.person.languages) & set(other.person.languages))

    agree(bound("interests", enough=enough, missing=missing), people, DAYS[0], interests)
    agree(bound("language", missing=missing), people, DAYS[0], language)


def ahead(zone: str, on: datetime.date) -> int:
    """Minutes ahead of UTC when it is noon there in Greenwich."""
    noon = datetime.datetime(on.year, on.month, on.day, 12, tzinfo=datetime.UTC)
    return int(noon.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset().total_seconds()) // 60


@st.composite
def working_days(draw):
    starts = draw(st.integers(0, 20))
    ends = draw(st.integers(starts + 1, 24))
    return {
        "day_starts": starts,
        "day_ends": ends,
        "hours": draw(st.integers(1, ends - starts)),
    }


@given(st.lists(st.sampled_from(ZONES), max_size=5), st.sampled_from(DAYS), working_days(), MISSING)
def test_time_zones(zones, on, settings, missing):
    people = [
        Participant(person=Person(id=f"p{number}", timezone=zone), roles={"mentee": 1})
        for number, zone in enumerate(zones)
    ]

    def at_work(zone):
        minutes = range(60 * settings["day_starts"], 60 * settings["day_ends"], 15)
        return {(minute - ahead(zone, on)) % 1440 for minute in minutes}

    def shared(one, other):
        a, b = one.person.timezone, other.person.timezone
        if a is None or b is None:
            return missing
        both = 15 * len(at_work(a) & at_work(b))
        wanted = 60 * settings["hours"]
        return 1000 * min(both, wanted) // wanted

    agree(bound("time-zones", **settings, missing=missing), people, on, shared)


def test_daylight_saving_moves_the_hours():
    """London and New York are four hours apart for three weeks of March, else five."""
    people = [
        Participant(person=Person(id=zone[-1], timezone=zone), roles={"mentee": 1})
        for zone in ("Europe/London", "America/New_York")
    ]
    asked = bound("time-zones", hours=4)
    spring, summer = (ParticipantPool(people, datetime.date(2026, month, 20)) for month in (3, 6))
    assert asked.points(spring, spring)[0, 1] == 1000
    assert asked.points(summer, summer)[0, 1] == 750


FREE = st.builds(
    lambda day, start, length: Window(day, start, start + length),
    st.integers(0, 6),
    st.one_of(st.integers(0, 1439), st.sampled_from([0, 540, 1380, 1425])),
    st.one_of(st.integers(1, 1440), st.sampled_from([15, 60, 1440])),
)


@given(
    st.lists(st.tuples(st.sampled_from(ZONES), st.lists(FREE, max_size=3)), max_size=4),
    st.sampled_from(DAYS),
    st.sampled_from([15, 20, 60, 600]),
    MISSING,
)
def test_availability(given_, on, enough, missing):
    people = [
        Participant(
            person=Person(id=f"p{number}", timezone=zone),
            roles={"mentee": 1},
            availability=windows,
        )
        for number, (zone, windows) in enumerate(given_)
    ]

    def quarters(held):
        off = ahead(held.person.timezone, on) if held.person.timezone else 0
        free = {
            (window.weekday * 1440 + minute - off) % 10080
            for window in held.availability
            for minute in range(window.start, window.end)
        }
        return {q for q in range(672) if all(15 * q + minute in free for minute in range(15))}

    def shared(one, other):
        known = one.availability and other.availability
        if not known or (one.person.timezone is None) != (other.person.timezone is None):
            return missing
        return 1000 * min(15 * len(quarters(one) & quarters(other)), enough) // enough

    agree(bound("availability", enough=enough, missing=missing), people, on, shared)


def test_availability_past_midnight_and_round_the_week():
    """Sunday 23:00 to Monday 01:00 in Auckland is Sunday morning in Greenwich."""

    def free(own, zone, *windows):
        return Participant(
            person=Person(id=own, timezone=zone), roles={"mentee": 1}, availability=windows
        )

    people = [
        free("auckland", "Pacific/Auckland", Window(6, 1380, 1500)),
        free("greenwich", "UTC", Window(6, 660, 780)),
        free("monday", "Pacific/Auckland", Window(0, 0, 60)),
    ]
    pool = ParticipantPool(people, datetime.date(2026, 7, 1))
    points = bound("availability", enough=120).points(pool, pool)
    assert points.tolist() == [[1000, 1000, 500], [1000, 1000, 500], [500, 500, 500]]


def test_the_last_quarter_of_the_week_is_not_the_first():
    people = [
        Participant(person=Person(id=own), roles={"mentee": 1}, availability=[window])
        for own, window in (
            ("both", Window(6, 1425, 1455)),
            ("first", Window(0, 0, 15)),
            ("last", Window(6, 1425, 1440)),
        )
    ]
    pool = ParticipantPool(people)
    points = bound("availability", enough=15).points(pool, pool)
    assert points.tolist() == [[1000, 1000, 1000], [1000, 1000, 0], [1000, 0, 1000]]


def test_the_first_quarter_of_the_week_counts_where_everybody_is_free():
    people = [
        Participant(person=Person(id=own), roles={"mentee": 1}, availability=[Window(0, 0, 60)])
        for own in "ab"
    ]
    pool = ParticipantPool(people)
    assert bound("availability", enough=240).points(pool, pool).tolist() == [[250] * 2] * 2


@given(populations(most=5), st.integers(1, 3))
def test_preferences(people, choices):
    def wished(one, other):
        ranks = dict.fromkeys(one.prefers[:choices])
        rank = list(ranks).index(other.id) if other.id in ranks else choices
        return 1000 * (choices - rank) // choices

    agree(bound("preferences", choices=choices), people, DAYS[0], wished)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("not-self", lambda held: (held.id,)),
        ("line-manager", lambda held: (held.manager,)),
        ("avoid", lambda held: held.avoids),
        ("never-again", lambda held: held.not_again),
    ],
)
@given(people=populations(most=5))
def test_constraints(kind, names, people):
    def forbidden(one, other):
        return other.id in names(one) or one.id in names(other)

    agree(bound(kind), people, DAYS[0], forbidden)


@pytest.mark.parametrize("kind", ["time-zones", "availability"])
def test_zones_need_a_first_day(kind):
    one = Participant(
        person=Person(id="a", timezone="UTC"),
        roles={"mentee": 1},
        availability=[Window(0, 0, 60)],
    )
    pool = ParticipantPool([one])
    with pytest.raises(Invalid, match="starts"):
        bound(kind).points(pool, pool)
    unzoned = ParticipantPool([attrs.evolve(one, person=Person(id="a"))])
    assert bound(kind).points(unzoned, unzoned).shape == (1, 1)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("same", {"attribute": "x", "missing": 1001}),
        ("same", {}),
        ("level-gap", {"attribute": "x", "least": 2, "most": 1}),
        ("level-gap", {"attribute": "x", "ideal": -1}),
        ("skills", {"enough": 0}),
        ("interests", {"enough": 0}),
        ("time-zones", {"hours": 9}),
        ("time-zones", {"day_ends": 25}),
        ("availability", {"enough": 14}),
        ("preferences", {"choices": 0}),
    ],
)
def test_settings_that_make_no_sense_are_refused(kind, settings):
    with pytest.raises(Invalid):
        bound(kind, **settings)
