"""The built-in signals: what holds a start, and what in a relationship needs attention.

Each rests on what a coordinator may read, and says why in a sentence without anybody's words.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import attrs

import mentorkit
from mentorkit.interfaces import Kind
from mentorkit.models import Signal

ACTIVITIES = (
    "Each brings one thing that went better than expected, and says what made it so",
    "Swap a page: each marks one sentence in something the other has written lately",
    "Take a walk, each where you are, on the phone, and talk about one decision ahead",
    "Each draws the week as it is and as it should be; compare the two for a quarter of an hour",
    "Each names a question that could not be asked in one's own team; take one of them",
    "Read the same short article before you talk, and each brings one objection to it",
    "Look at the goals again: what would you write otherwise today?",
    "Each tells of a mistake that turned out useful, and who helped",
)
"""What a silent pair may begin again with; mentorkit's own words, under its licence."""
EXCHANGED = frozenset({"asked", "answered", "shared"})
"""The deeds that are contact."""
days_range = [attrs.validators.ge(1), attrs.validators.le(3650)]


@attrs.frozen
class GoalAgreed:
    """Holds the stage "agreeing" until there is a goal that all members accepted."""

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """A hold, as long as no goal is agreed or, already, reached."""
        agreed = any(goal.state in ("agreed", "reached") for goal in history.goals)
        if history.relationship.stage == "agreeing" and not agreed:
            yield mentorkit.Verdict(
                key="goal-agreed",
                effect="hold",
                message=mentorkit.Message(
                    "goal-agreed.hold", "A goal is missing: propose one that all members accept"
                ),
            )


def _activities(_: object, field: attrs.Attribute[Any], words: tuple[str, ...]) -> None:
    for at, word in enumerate(words):
        if not word.strip() or word in words[:at]:
            why = "is there twice" if word.strip() else "is missing"
            raise mentorkit.Invalid(f"{field.name}[{at}]", why)


@attrs.frozen
class Silent:
    """Nudges an active relationship `after` days without contact, and once more after twice that.

    Each nudge proposes one of the `activities` that was proposed in this relationship at no
    time before, as long as there are any; where none are stated, they are mentorkit's own.
    After three times as many days, with both nudges ignored, it is flagged, and left alone
    until the next contact.

    Contact is the active stage's start, the end of a pause, and each session's end: of one that
    was held, and of one that is planned, so that nobody is called silent who has a date ahead, or
    who only forgot to record one. So is what a member asked, answered or shared between meetings.
    A session that was missed or cancelled is no contact.
    """

    after: int = attrs.field(default=21, validator=days_range)
    activities: tuple[str, ...] | None = attrs.field(
        default=None, validator=attrs.validators.optional(_activities)
    )

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """Two nudges and a flag of the present silence, under keys that hold its start.

        What was raised already is not said again: its activity is no longer unused.
        """
        begun = history.since("active")
        if history.relationship.stage != "active" or begun is None:
            return
        last, evidence = _last_contact(history, begun)
        raised = {held.key for held in history.signals}
        unused = self._unused(history)
        effects: tuple[Literal["nudge", "flag"], ...] = ("nudge", "nudge", "flag")
        for times, effect in enumerate(effects, 1):
            days = times * self.after
            key = f"{effect}:{days}:{last.astimezone(datetime.UTC).isoformat()}"
            if key in raised:
                continue
            day = history.relationship.day(last).isoformat()
            yield mentorkit.Verdict(
                key=key,
                effect=effect,
                message=_nudge(day, unused) if effect == "nudge" else _ignored(day, days),
                at=last + datetime.timedelta(days=days),
                people=history.relationship.people,
                evidence=evidence,
            )

    def passed(self, signal: Signal, history: mentorkit.History) -> bool:
        """A nudge is, once they were in touch or have a date; a flag is the coordinator's."""
        begun = history.since("active")
        if signal.effect != "nudge" or begun is None:
            return False
        last, _ = _last_contact(history, begun)
        return not signal.key.endswith(f":{last.astimezone(datetime.UTC).isoformat()}")

    def _unused(self, history: mentorkit.History) -> Iterator[str]:
        """The activities that were never proposed here, in the order of the settings."""
        used = {
            held.message.values.get("activity")
            for held in history.signals
            if held.message.id == "silent.nudge"
        }
        every = ACTIVITIES if self.activities is None else self.activities
        return (word for word in every if word not in used)


def _last_contact(
    history: mentorkit.History, begun: datetime.datetime
) -> tuple[datetime.datetime, tuple[str, ...]]:
    """When they were last in touch or will meet, and the session, if it was one."""
    met = [held for held in history.sessions if held.state in ("held", "planned")]
    wrote = [(held.at, ()) for held in history.deeds if held.what in EXCHANGED]
    rested = [(end, ()) for _, end in history.pauses]
    return max([(begun, ()), *wrote, *rested, *((held.ends, (held.id,)) for held in met)])


def _nudge(day: str, unused: Iterator[str]) -> mentorkit.Message:
    """What a silent pair is told, with the next activity where there is one."""
    if activity := next(unused, None):
        return mentorkit.Message(
            "silent.nudge",
            "Since {day} no meeting was held or planned. A way to begin again: {activity}",
            {"day": day, "activity": activity},
        )
    return mentorkit.Message(
        "silent.propose",
        "Since {day} no meeting was held or planned: propose a time",
        {"day": day},
    )


def _ignored(day: str, days: int) -> mentorkit.Message:
    return mentorkit.Message(
        "silent.flag",
        "For {days} days, since {day}, no meeting was held or planned",
        {"day": day, "days": days},
    )


@attrs.frozen
class Late:
    """Nudges about a planned session `after` days past its end, and flags it after twice that.

    For one that nobody has recorded as held, missed or cancelled. Nothing is said in a pause, and
    with its end the days are counted anew.
    """

    after: int = attrs.field(default=3, validator=days_range)

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """Two verdicts for each session that is planned, under keys that hold its end."""
        if history.relationship.stage in ("paused", "closed"):
            return
        effects: tuple[Literal["nudge", "flag"], ...] = ("nudge", "flag")
        for held in history.sessions:
            if held.state != "planned":
                continue
            day = held.ends.astimezone(zoneinfo.ZoneInfo(held.timezone)).date().isoformat()
            since = max([held.ends, *(end for _, end in history.pauses)])
            for times, effect in enumerate(effects, 1):
                text = "{title} of {day} is not recorded: was it held, missed or cancelled?"
                yield mentorkit.Verdict(
                    key=f"{effect}:{_of_meeting(held)}",
                    effect=effect,
                    message=mentorkit.Message(
                        f"late.{effect}", text, {"title": str(held.title), "day": day}
                    ),
                    at=since + datetime.timedelta(days=times * self.after),
                    people=history.relationship.people,
                    evidence=(held.id,),
                )

    def passed(self, signal: Signal, history: mentorkit.History) -> bool:
        """Once it is recorded, or moved."""
        left = [_of_meeting(held) for held in history.sessions if held.state == "planned"]
        return signal.key.partition(":")[2] not in left


def _of_meeting(held: mentorkit.Session) -> str:
    """What a meeting's signals are known by, as long as it is not moved."""
    return f"{held.id}:{held.ends.astimezone(datetime.UTC).isoformat()}"


@attrs.frozen
class OneSided:
    """Flags an active relationship in which one member acts and another has not for a while.

    To act is to attend a session, to share a note, to work on a goal, to do an action, or to
    ask, answer or share something between meetings. It is one-sided `after` days after somebody
    last acted, or after the start or the last pause, if another acted `least` times since.
    """

    after: int = attrs.field(default=42, validator=days_range)
    least: int = attrs.field(default=3, validator=attrs.validators.ge(1))

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """One verdict for each member who has not acted since, under a key that holds it."""
        begun = history.since("active")
        if history.relationship.stage != "active" or begun is None:
            return
        acts = {person: _acts(history, person) for person in history.relationship.people}
        for person, own in acts.items():
            last = max([begun, *own, *(end for _, end in history.pauses)])
            others = [sorted(at for at in held if at > last) for held in acts.values()]
            since = [held[self.least - 1] for held in others if len(held) >= self.least]
            if not since:
                continue
            values = {
                "days": self.after,
                "day": history.relationship.day(last).isoformat(),
                "number": self.least,
            }
            yield mentorkit.Verdict(
                key=f"{person}:{last.astimezone(datetime.UTC).isoformat()}",
                effect="flag",
                message=mentorkit.Message(
                    "one-sided.flag",
                    "For {days} days, since {day}, one side did nothing that is recorded, while"
                    " another met, wrote or worked at least {number} times",
                    values,
                ),
                at=max(last + datetime.timedelta(days=self.after), min(since)),
                people=(person,),
                evidence=(history.relationship.id,),
            )


def _acts(history: mentorkit.History, person: str) -> list[datetime.datetime]:
    """When somebody acted, in no order."""
    met = [held.ends for held in history.held if person in held.attended]
    return met + [held.at for held in history.deeds if held.person == person]


@attrs.frozen
class LowTrust:
    """Flags each round of a survey in which trust was low or falling, at the coordinator.

    Neither whose answer it was nor what it said is told, and the members are told nothing:
    whoever knows their own answer would know the other's.
    """

    survey: str = "trust"

    @property
    def watches(self) -> frozenset[str]:
        """The survey that it rests on."""
        return frozenset({self.survey})

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """One verdict for each round, when nobody can answer in it any more."""
        return _of_concerns(
            history, self.survey, "flag", "low-trust.flag", "Trust is low or falling here"
        )


@attrs.frozen
class GoalReview:
    """Opens a review of the goals after each round of a survey that says that they fit badly.

    As with `low-trust`, nobody learns whose answer it was, or what it said.
    """

    survey: str = "goal-check"

    @property
    def watches(self) -> frozenset[str]:
        """The survey that it rests on."""
        return frozenset({self.survey})

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """One verdict for each round, when nobody can answer in it any more."""
        text = "The goals fit badly by now: look at them together, and keep, change or drop each"
        return _of_concerns(history, self.survey, "review", "goal-review.review", text)


def _of_concerns(
    history: mentorkit.History, survey: str, effect: Literal["flag", "review"], id: str, text: str
) -> Iterator[mentorkit.Verdict]:
    if history.relationship.stage == "closed":
        return
    for held in history.concerns:
        if held.survey == survey:
            yield mentorkit.Verdict(
                key=held.key,
                effect=effect,
                message=mentorkit.Message(id, text),
                at=held.at,
                people=history.relationship.people,
                evidence=(history.relationship.id,),
            )


@attrs.frozen
class ExtendedAgain:
    """Flags the second time that a relationship is extended, and each time after it.

    So that the coordinator looks whether one side has come to depend on the other.
    """

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """One verdict for each extension that took effect, but for the first."""
        if history.relationship.stage == "closed":
            return
        made = [one for one in history.relationship.extensions if one.made is not None]
        for number, extension in enumerate(made[1:], 2):
            yield mentorkit.Verdict(
                key=str(number),
                effect="flag",
                message=mentorkit.Message(
                    "extended-again.flag",
                    "Extended for the {number}. time, until {day}: can each go on alone by then?",
                    {"number": number, "day": extension.ends.isoformat()},
                ),
                at=extension.made,
                people=history.relationship.people,
                evidence=(history.relationship.id,),
            )


@attrs.frozen
class EndsSoon:
    """Nudges all members of an active relationship, `before` days before its last day, once.

    And once more for each extension that took effect. Whatever began, or was extended, later
    than that is not nudged.
    """

    before: int = attrs.field(default=14, validator=days_range)

    def judge(self, history: mentorkit.History) -> Iterable[mentorkit.Verdict]:
        """One verdict, under a key that tells how often it was extended before."""
        held, begun = history.relationship, history.since("active")
        if held.stage != "active" or begun is None or held.agreement is None:
            return
        made = [one.made for one in held.extensions if one.made is not None]
        try:
            at = held.begins(held.agreement.ends - datetime.timedelta(days=self.before))
        except OverflowError:
            return
        if at <= max([begun, *made]):
            return
        yield mentorkit.Verdict(
            key=str(len(made)),
            effect="nudge",
            message=mentorkit.Message(
                "ends-soon.nudge",
                "Your last day is {day}. Close together, with a look back at what came true;"
                " or go on longer for a new goal; or ask the coordinator to hand over to"
                " somebody else",
                {"day": held.agreement.ends.isoformat()},
            ),
            at=at,
            people=held.people,
            evidence=(held.id,),
        )

    def passed(self, signal: Signal, history: mentorkit.History) -> bool:
        """Once they go on longer."""
        made = [one for one in history.relationship.extensions if one.made is not None]
        return signal.key != str(len(made))


@mentorkit.hookimpl
def mentorkit_signals() -> Iterable[Kind[Any, Any]]:
    """Signals on the start of a relationship, its silence, balance and trust, and its end."""
    return [
        mentorkit.kind("goal-agreed", GoalAgreed),
        mentorkit.kind("silent", Silent),
        mentorkit.kind("late", Late),
        mentorkit.kind("one-sided", OneSided),
        mentorkit.kind("low-trust", LowTrust),
        mentorkit.kind("goal-review", GoalReview),
        mentorkit.kind("extended-again", ExtendedAgain),
        mentorkit.kind("ends-soon", EndsSoon),
    ]
