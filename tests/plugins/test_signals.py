"""When the built-in signals hold, nudge and flag."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import get_args

import attrs
import pytest
from history_cases import (
    BEGUN,
    DAY,
    LONG,
    ZONES,
    bound,
    goal,
    histories,
    in_order,
    relationship,
    session,
)
from hypothesis import example, given
from hypothesis import strategies as st

from mentorkit import Agreement, Choice, History, Invalid, Verdict
from mentorkit.models import Concern, Deed, Extension, Pause, Signal
from mentorkit.models.history import What
from mentorkit.registry import installed

LAST = 110


SIGNALS = (
    *("goal-agreed", "silent", "late", "one-sided", "low-trust", "goal-review"),
    *("extended-again", "ends-soon"),
)


@pytest.mark.parametrize("name", SIGNALS)
@given(history=histories())
def test_verdicts_are_the_same_each_time_and_no_key_comes_twice(name, history):
    said = [list(bound("signals", name).judge(history)) for _ in range(2)]
    assert said[0] == said[1]
    assert len({verdict.key for verdict in said[0]}) == len(said[0])
    if history.relationship.stage == "closed":
        assert not said[0]


@pytest.mark.parametrize("stage", LONG)
@pytest.mark.parametrize(
    ("states", "there"),
    [
        ((), False),
        (("proposed",), False),
        (("dropped", "proposed"), False),
        (("proposed", "agreed"), True),
        (("reached",), True),
    ],
)
def test_the_start_is_held_until_a_goal_is_agreed(stage, states, there):
    goals = tuple(goal(at, state) for at, state in enumerate(states))
    verdicts = list(
        bound("signals", "goal-agreed").judge(
            History(relationship=relationship(stage), goals=goals)
        )
    )
    held = stage == "agreeing" and not there
    assert [(verdict.effect, verdict.at) for verdict in verdicts] == [("hold", None)] * held


@attrs.frozen
class Known:
    """A meeting's own past: known from a day, ending on a day, recorded as a state on a day."""

    known: int
    ends: int
    state: str
    recorded: int

    def on(self, day: int) -> str | None:
        """Its state as it is known on a day."""
        if day < self.known:
            return None
        return self.state if self.recorded <= day else "planned"


@st.composite
def known(draw):
    """Planned ahead or logged afterwards; recorded at once, late, or never (after the last)."""
    day, ends = draw(st.integers(0, LAST)), draw(st.integers(-10, LAST))
    state = draw(st.sampled_from(("held", "held", "missed", "cancelled")))
    first = day if state == "cancelled" else max(day, ends)
    late = draw(st.sampled_from((0, 0, 0, 3, 2 * LAST)))
    return Known(day, ends, state, first + late)


Rest = tuple[int, int]
"""The day on which a pause begins, and the one on which it ends."""


@st.composite
def rests(draw):
    """Pauses one after the other, with a day between them at least."""
    days = sorted(draw(st.sets(st.integers(1, LAST), max_size=6)))
    return list(zip(days[::2], days[1::2], strict=False))


def pauses_on(day: int, rested: list[Rest]) -> tuple[Pause, ...]:
    """The pauses as they are known on a day: which of them are over, too."""
    return tuple(
        Pause(
            begun=BEGUN + first * DAY,
            until=(BEGUN + last * DAY).date(),
            ended=BEGUN + last * DAY if last <= day else None,
        )
        for first, last in rested
        if first <= day
    )


def resting(day: int, rested: list[Rest]) -> bool:
    return any(first <= day < last for first, last in rested)


def history_on(
    day: int, meetings: list[Known], closed: int, rested: list[Rest] | None = None
) -> History:
    rested = rested or []
    made = [
        session(number, meeting.ends, meeting.on(day))
        for number, meeting in enumerate(meetings)
        if meeting.on(day) is not None
    ]
    stage = "closed" if day >= closed else "active"
    held = relationship(stage, pauses=pauses_on(min(day, closed), rested))
    if stage == "active" and resting(day, rested):
        held = attrs.evolve(held, stage="paused")
    return History(relationship=held, sessions=in_order(made))


Log = list[tuple[int, str]]


def acted(
    after: int,
    meetings: list[Known],
    closed: int,
    kind: str = "silent",
    rested: list[Rest] | None = None,
    **settings: object,
) -> tuple[Log, list[Signal]]:
    """What the core does: it looks every day, and acts on each key once, when it is due."""
    rule, log, raised = bound("signals", kind, after=after, **settings), [], []
    for day in range(LAST + 3 * after + 1):
        history = attrs.evolve(history_on(day, meetings, closed, rested), signals=tuple(raised))
        for verdict in rule.judge(history):
            new = verdict.key not in {held.key for held in raised}
            if verdict.at <= BEGUN + day * DAY and new:
                raised.append(signal(verdict))
                log.append((day, verdict.effect))
    return log, raised


def signal(verdict: Verdict) -> Signal:
    return Signal(
        id=verdict.key,
        programme="p",
        relationship="r",
        rule="mine",
        key=verdict.key,
        effect=verdict.effect,
        message=verdict.message,
        people=verdict.people,
        raised=BEGUN,
    )


def walked(after: int, meetings: list[Known], closed: int, rested: list[Rest]) -> Log:
    """Each day, count the days back to the last one with contact, unless a date lies ahead.

    On which a pause ended is such a day, and those of a pause do not count.
    """
    log, done = [], set()
    for day in range(min(closed, LAST + 3 * after + 1)):
        contact = {0} | {each.ends for each in meetings if each.on(day) in ("held", "planned")}
        contact |= {last for _, last in rested if last <= day}
        if any(end > day for end in contact) or resting(day, rested):
            continue
        quiet = 0
        while day - quiet not in contact:
            quiet += 1
        for number, effect in enumerate(("nudge", "nudge", "flag"), 1):
            if quiet >= number * after and (number, day - quiet) not in done:
                done.add((number, day - quiet))
                log.append((day, effect))
    return log


@given(
    after=st.integers(1, 30),
    meetings=st.lists(known(), max_size=6),
    closed=st.integers(1, 3 * LAST),
    rested=rests(),
)
@example(after=21, meetings=[], closed=100, rested=[])
@example(after=21, meetings=[], closed=100, rested=[(10, 40)])
@example(after=21, meetings=[Known(0, 30, "missed", 31)], closed=100, rested=[])
@example(
    after=21,
    meetings=[Known(0, 30, "held", 400), Known(50, 50, "held", 50)],
    closed=100,
    rested=[],
)
def test_silence_is_what_a_walk_through_the_days_finds(after, meetings, closed, rested):
    found = acted(after, meetings, closed, rested=rested)[0]
    assert found == walked(after, meetings, closed, rested)


def test_silence_day_by_day():
    silent = [(21, "nudge"), (42, "nudge"), (63, "flag")]
    assert acted(21, [], 200)[0] == silent
    assert acted(21, [], 50)[0] == silent[:2]
    later = [(35, "nudge"), (56, "nudge"), (77, "flag")]
    assert acted(21, [Known(5, 14, "held", 14)], 100)[0] == later
    missed = [Known(0, 30, "missed", 31)]
    assert acted(21, missed, 100)[0] == [(31, "nudge"), *silent[1:]]
    assert acted(21, missed, 40)[0] == [(31, "nudge")]
    again = [Known(25, 25, "held", 25)]
    assert acted(21, again, 60)[0] == [(21, "nudge"), (46, "nudge")]


ACTIVITIES = st.lists(st.text("abc {}", min_size=1).filter(str.strip), max_size=5, unique=True)


@given(
    after=st.integers(1, 30),
    meetings=st.lists(known(), max_size=6),
    activities=ACTIVITIES,
)
def test_a_silent_pair_gets_each_activity_once_and_two_nudges_before_a_flag(
    after, meetings, activities
):
    log, raised = acted(after, meetings, 9999, activities=tuple(activities))
    nudges = [held for held in raised if held.effect == "nudge"]
    proposed = [held.message.values.get("activity") for held in nudges]
    expected = [*activities, *[None] * len(nudges)][: len(nudges)]
    assert proposed == expected
    for held in nudges:
        assert set(held.people) == {"ann", "bo"}, "both are nudged alike"
    by_silence: dict[str, list[str]] = {}
    for held in raised:
        by_silence.setdefault(held.key.split(":", 2)[2], []).append(held.effect)
    for effects in by_silence.values():
        assert effects == ["nudge", "nudge", "flag"][: len(effects)], "no third nudge"
    assert len(log) == len(raised)


def test_silence_says_since_when_where_its_members_live():
    agreement = Agreement(
        starts=BEGUN.date(), ends=BEGUN.date() + 99 * DAY, timezone="Pacific/Auckland"
    )
    late = session(1, 1.25)
    history = History(relationship=relationship(agreement=agreement), sessions=(late,))
    nudge, again, flag = bound("signals", "silent", after=7, activities=("Walk",)).judge(history)
    said = "Since 2026-03-04 no meeting was held or planned"
    assert str(nudge.message) == f"{said}. A way to begin again: Walk"
    assert str(again.message) == f"{said}: propose a time"
    assert str(flag.message) == ("For 21 days, since 2026-03-04, no meeting was held or planned")
    assert nudge.people == ("ann", "bo")
    assert nudge.evidence == ("s1",)
    assert nudge.key == "nudge:7:2026-03-03T15:30:00+00:00"


@given(
    after=st.integers(1, 30),
    meetings=st.lists(known(), max_size=4),
    wrote=st.lists(st.tuples(st.integers(0, LAST), st.sampled_from(get_args(What))), max_size=6),
)
def test_a_question_or_a_resource_is_as_much_contact_as_a_meeting(after, meetings, wrote):
    """As a meeting that ends at that instant; nothing else that somebody does is."""
    rule = bound("signals", "silent", after=after)
    held = [session(at, one.ends, one.on(LAST)) for at, one in enumerate(meetings)]
    deeds = [Deed(person="ann", what=what, at=BEGUN + day * DAY) for day, what in sorted(wrote)]
    contact = [day for day, what in wrote if what in ("asked", "answered", "shared")]
    met = [session(100 + at, day) for at, day in enumerate(contact)]
    plain = History(relationship=relationship(), sessions=in_order([*held, *met]))
    lived = History(relationship=relationship(), sessions=in_order(held), deeds=tuple(deeds))
    found, expected = list(rule.judge(lived)), list(rule.judge(plain))
    assert [(one.key, one.effect, one.at, one.message) for one in found] == [
        (one.key, one.effect, one.at, one.message) for one in expected
    ]


@pytest.mark.parametrize(
    ("activities", "place"),
    [(["Walk", " "], "activities[1]"), (["Walk", "Talk", "Walk"], "activities[2]")],
)
def test_an_activity_is_there_once(activities, place):
    with pytest.raises(Invalid) as refused:
        choice = Choice("silent", {"activities": activities})
        installed().bind("signals", choice, "signals.silent")
    assert [fault.path for fault in refused.value.faults] == [f"signals.silent.{place}"]


@given(
    after=st.integers(1, 20),
    meetings=st.lists(known(), max_size=6),
    closed=st.integers(1, 3 * LAST),
    rested=rests(),
)
def test_a_session_is_late_while_it_stays_unrecorded(after, meetings, closed, rested):
    found = {}
    for day in range(min(closed, LAST + 3 * after + 1)):
        if resting(day, rested):
            continue
        ended = [last for _, last in rested if last <= day]
        for number, each in enumerate(meetings):
            for times, effect in ((1, "nudge"), (2, "flag")):
                quiet = day - max([each.ends, *ended])
                if each.on(day) == "planned" and quiet >= times * after:
                    found.setdefault((effect, f"s{number}"), day)
    log, raised = acted(after, meetings, closed, "late", rested)
    days = [day for day, _ in log]
    keys = [(held.effect, held.key.split(":")[1]) for held in raised]
    assert dict(zip(keys, days, strict=True)) == found
    assert len(raised) == len(found)


def test_a_late_session_is_named():
    late = session(1, 2, "planned", timezone="America/St_Johns")
    history = History(relationship=relationship(), sessions=(late,))
    nudge, flag = bound("signals", "late").judge(history)
    words = "Meeting of 2026-03-04 is not recorded: was it held, missed or cancelled?"
    assert str(nudge.message) == str(flag.message) == words
    assert (nudge.at - late.ends, flag.at - late.ends) == (3 * DAY, 6 * DAY)


PEOPLE = ("ann", "bo", "cy")


@st.composite
def acts(draw):
    """What somebody did on which day: came to a meeting, alone or with others, or wrote."""
    day = draw(st.integers(0, LAST))
    if draw(st.booleans()):
        who = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True))
        return day, "met", tuple(who)
    return day, draw(st.sampled_from(get_args(What))), (draw(st.sampled_from(PEOPLE)),)


def _lived(done, day, rested):
    """The history as it is known on a day."""
    known_by = [one for one in done if one[0] <= day]
    met = [
        session(number, at, attended=who)
        for number, (at, what, who) in enumerate(known_by)
        if what == "met"
    ]
    deeds = [
        Deed(person=who[0], what=what, at=BEGUN + at * DAY)
        for at, what, who in sorted(known_by)
        if what != "met"
    ]
    held = relationship(people=PEOPLE, pauses=pauses_on(day, rested))
    if resting(day, rested):
        held = attrs.evolve(held, stage="paused")
    return History(relationship=held, sessions=in_order(met), deeds=tuple(deeds))


@given(
    done=st.lists(acts(), max_size=14),
    after=st.integers(1, 40),
    least=st.integers(1, 4),
    rested=rests(),
)
@example(done=[(day, "wrote", ("ann",)) for day in (3, 9, 80)], after=40, least=3, rested=[])
@example(done=[(day, "wrote", ("ann",)) for day in (1, 2, 3)], after=9, least=3, rested=[(4, 30)])
def test_one_sided_is_what_a_walk_through_the_days_finds(done, after, least, rested):
    rule = bound("signals", "one-sided", after=after, least=least)
    found, raised = {}, {}
    for day in range(LAST + 2 * after):
        for verdict in rule.judge(_lived(done, day, rested)):
            if verdict.at <= BEGUN + day * DAY:
                raised.setdefault((verdict.people, verdict.key), verdict.at)
        if resting(day, rested):
            continue
        for person in PEOPLE:
            quiet, ended = 0, {last for _, last in rested}
            while day - quiet > 0 and not (
                day - quiet in ended
                or any(at == day - quiet and person in who for at, _, who in done)
            ):
                quiet += 1
            busy = max(
                sum(day - quiet < at <= day and other in who for at, _, who in done)
                for other in PEOPLE
            )
            if quiet >= after and busy >= least:
                start = (BEGUN + (day - quiet) * DAY).isoformat()
                found.setdefault(((person,), f"{person}:{start}"), BEGUN + day * DAY)
    assert raised == found


@pytest.mark.parametrize(
    ("name", "survey", "effect"),
    [("low-trust", "trust", "flag"), ("goal-review", "goal-check", "review")],
)
@given(history=histories(), rounds=st.lists(st.integers(0, 9), unique=True))
def test_a_concern_is_told_without_rater_or_content(name, survey, effect, history, rounds):
    concerns = tuple(
        Concern(survey=used, key=str(number), at=BEGUN + number * DAY)
        for used in (survey, "other")
        for number in sorted(rounds)
    )
    verdicts = list(bound("signals", name).judge(attrs.evolve(history, concerns=concerns)))
    if history.relationship.stage == "closed":
        assert not verdicts
        return
    assert [(held.key, held.at) for held in verdicts] == [
        (str(number), BEGUN + number * DAY) for number in sorted(rounds)
    ]
    for held in verdicts:
        assert held.effect == effect
        assert held.people == history.relationship.people
        assert held.message.values == {}
    assert not list(bound("signals", name, survey="absent").judge(history))


@given(
    lengths=st.lists(st.integers(1, 40), max_size=5),
    wanted=st.booleans(),
    stage=st.sampled_from(["active", "paused", "closed"]),
)
def test_each_extension_but_the_first_is_flagged(lengths, wanted, stage):
    made = []
    for number, days in enumerate(lengths):
        ends = BEGUN.date() + (sum(lengths[:number]) + days) * DAY
        at = BEGUN + number * DAY
        made.append(Extension(ends=ends, goal=f"g{number}", agreed=("ann", "bo"), made=at))
    asked = (Extension(ends=BEGUN.date() + 999 * DAY, goal="new", agreed=("ann",)),) * wanted
    held = relationship("active", extensions=(*made, *asked))
    history = History(relationship=attrs.evolve(held, stage=stage))
    found = [
        (one.effect, one.at, one.key) for one in bound("signals", "extended-again").judge(history)
    ]
    expected = [("flag", one.made, str(at)) for at, one in enumerate(made, 1) if at > 1]
    assert found == (expected if stage != "closed" else [])


@given(
    days=st.integers(0, 120),
    before=st.integers(1, 40),
    zone=st.sampled_from(ZONES),
    longer=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=3),
    rested=rests(),
)
@example(days=100, before=14, zone="UTC", longer=[(95, 30)], rested=[])
@example(days=100, before=14, zone="UTC", longer=[], rested=[(90, 100)])
def test_all_are_reminded_once_that_it_ends_soon(days, before, zone, longer, rested):
    """Day by day: who knows a last day that is so near is told of it, once for each term."""
    rule, told, expected = bound("signals", "ends-soon", before=before), {}, {}
    ends, made, since = BEGUN.date() + days * DAY, [], 0
    steps = dict(longer)
    for day in range(400):
        now = BEGUN + day * DAY
        if now.astimezone(zoneinfo.ZoneInfo(zone)).date() > ends:
            break
        if day in steps and not resting(day, rested):
            ends, since = ends + steps[day] * DAY, day
            made.append(Extension(ends=ends, goal=str(day), agreed=("ann", "bo"), made=now))
        ends += sum(last - first for first, last in rested if last == day) * DAY
        held = relationship(
            agreement=Agreement(starts=BEGUN.date(), ends=ends, timezone=zone),
            pauses=pauses_on(day, rested),
            extensions=tuple(made),
        )
        if resting(day, rested):
            held = attrs.evolve(held, stage="paused")
        for verdict in rule.judge(History(relationship=held)):
            if verdict.at <= now:
                told.setdefault(verdict.key, (day, verdict.effect, verdict.people, str(ends)))
                assert str(ends) in str(verdict.message)
        nearest = datetime.datetime.combine(
            ends - before * DAY, datetime.time(), zoneinfo.ZoneInfo(zone)
        )
        late = nearest <= BEGUN + since * DAY
        if not resting(day, rested) and nearest <= now and not late:
            expected.setdefault(str(len(made)), (day, "nudge", ("ann", "bo"), str(ends)))
    assert told == expected


@pytest.mark.parametrize("days", [0, 3651])
def test_days_without_sense_are_refused(days):
    with pytest.raises(ValueError, match="after"):
        bound("signals", "silent", after=days)


def _signal(verdict):
    return Signal(
        id="x",
        programme="p",
        relationship="r",
        rule="rule",
        key=verdict.key,
        effect=verdict.effect,
        message=verdict.message,
        people=("ann", "bo"),
        raised=BEGUN,
    )


@given(history=histories(), moved=st.booleans())
def test_what_is_late_passes_when_it_is_recorded_or_moved(history, moved):
    rule = bound("signals", "late")
    for verdict in rule.judge(history):
        assert not rule.passed(_signal(verdict), history)
        (about,) = verdict.evidence
        change = {"ends": BEGUN + 400 * DAY} if moved else {"state": "held"}
        made = [attrs.evolve(one, **change) if one.id == about else one for one in history.sessions]
        assert rule.passed(_signal(verdict), attrs.evolve(history, sessions=tuple(made)))


@given(history=histories(), state=st.sampled_from(["held", "planned", "missed", "cancelled"]))
def test_a_nudge_for_silence_passes_with_the_next_contact_and_a_flag_never(history, state):
    rule = bound("signals", "silent")
    more = session(99, 500, state, attended=("ann",))
    later = attrs.evolve(history, sessions=(*history.sessions, more))
    for verdict in rule.judge(history):
        signal = _signal(verdict)
        assert not rule.passed(signal, history)
        contact = verdict.effect == "nudge" and state in ("held", "planned")
        assert rule.passed(signal, later) == contact


@given(days=st.lists(st.integers(1, 40), max_size=4), wanted=st.booleans())
def test_that_it_ends_soon_passes_when_it_goes_on(days, wanted):
    rule, agreement = bound("signals", "ends-soon"), _until(BEGUN.date() + 300 * DAY)
    ends = [BEGUN.date() + (300 + number) * DAY for number in range(len(days))]
    made = [
        Extension(ends=end, goal="g", agreed=("ann", "bo"), made=BEGUN + number * DAY)
        for number, end in enumerate(ends)
    ]
    held = relationship(agreement=agreement, extensions=tuple(made))
    (verdict,) = rule.judge(History(relationship=held))
    assert not rule.passed(_signal(verdict), History(relationship=held))
    at = None if wanted else BEGUN + 299 * DAY
    more = Extension(ends=BEGUN.date() + 400 * DAY, goal="g", agreed=("ann",), made=at)
    longer = attrs.evolve(held, extensions=(*made, more))
    assert rule.passed(_signal(verdict), History(relationship=longer)) != wanted


def _until(ends):
    return Agreement(starts=BEGUN.date(), ends=ends)
