"""The built-in formats: who meets whom, and what they do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

import mentorkit
from mentorkit.interfaces import Kind

Choices = dict[str, mentorkit.Choice]

NEVER = {name: mentorkit.Use(name) for name in ("avoid", "line-manager", "never-again", "not-self")}
"""Constraints of every topology."""


def _plain(*kinds: str) -> Choices:
    """A use of each kind as it comes, under the kind's name."""
    return {kind: mentorkit.Choice(kind) for kind in kinds}


POINTS = {
    "reply": "Between meetings, how soon do you answer each other?",
    "preparation": "What does each of you do before a meeting, and who sets its agenda?",
    "reschedule": "How long before a meeting do you say that you cannot come?",
    "success": "How will each of you notice, at the end, that it was worth your time?",
}
"""What members of a relationship with several meetings state their expectations on."""

OFTEN: Choices = {
    **_plain("chemistry", "self-assessment", "closing"),
    "pulse": mentorkit.Choice("pulse", {"every": 45}),
    # Between the rounds of the pulse, and not after each meeting, however often they meet.
    "after-session": mentorkit.Choice("after-session", {"apart": 50}),
}
"""What members of a relationship with several meetings are asked: in half a year ten times."""

ONE_TO_ONE = mentorkit.Topology(
    name="one-to-one",
    shape="pairs",
    roles=(mentorkit.Role(name="mentee"), mentorkit.Role(name="mentor")),
    path=("proposed", "agreeing", "active", "closed"),
    facts=("meets:often", "mentor:fixed"),
    policies=mentorkit.Policies(
        matcher=mentorkit.Choice("optimal"),
        base=0,
        floor=0,
        scheduler=mentorkit.Choice("series"),
        cadence=14,
        length=180,
        minutes=60,
        goals="open",
        answer=14,
        next_best=True,
    ),
    agreement=mentorkit.AgreementTemplate(
        channels="By e-mail between meetings; calls are agreed beforehand.",
        boundaries=(
            "No tasks on the other's behalf, no word on pay or promotion to anybody, and no"
            " messages that have to be answered in the evening or on days off."
        ),
        confidentiality="members",
        points=POINTS,
    ),
    constraints=NEVER,
    openings={"icebreaker": "What could you talk about for an hour without preparing?"},
    surveys=OFTEN,
    signals=_plain("silent", "late", "one-sided", "extended-again", "ends-soon"),
    awards=_plain("milestones", "completion", "giving-back"),
    sections=_plain(
        *("participation", "meetings", "goals", "feedback", "recognition"),
        *("fit", "change", "outcomes"),
    ),
)

GROUP = attrs.evolve(
    ONE_TO_ONE,
    name="group",
    roles=(mentorkit.Role(name="mentee", least=2, most=3), mentorkit.Role(name="mentor")),
    facts=("meets:often", "mentor:fixed", "several:mentees"),
    openings={"icebreaker": "In a sentence each: what do few people at work know of you?"},
    agreement=attrs.evolve(
        ONE_TO_ONE.agreement,
        channels="In one place that all of you read; calls are agreed beforehand.",
        points={
            **POINTS,
            "absence": "What happens when one of you cannot come: do the others meet without?",
            "turns": "How do you share the time of a meeting, so that everybody gets their turn?",
        },
    ),
)

FLASH = mentorkit.Topology(
    name="flash",
    shape="pairs",
    roles=ONE_TO_ONE.roles,
    path=("booked", "met", "closed"),
    facts=("meets:once", "mentor:fixed"),
    policies=mentorkit.Policies(
        matcher=mentorkit.Choice("optimal"),
        base=0,
        floor=0,
        scheduler=mentorkit.Choice("series"),
        cadence=7,
        length=28,
        minutes=30,
        meetings=1,
    ),
    agreement=mentorkit.AgreementTemplate(
        channels="The one meeting; a word of thanks afterwards is welcome.",
        boundaries="One question, prepared beforehand. Neither of you owes more than the meeting.",
        confidentiality="members",
    ),
    constraints=NEVER,
    openings={"icebreaker": "What made you smile at work this week?"},
    # Asked about their meeting on the day on which it closes, nobody is asked about the close.
    surveys=_plain("after-session"),
    signals=_plain("late"),
    awards=_plain("completion", "giving-back"),
    sections=_plain("participation", "meetings", "feedback", "recognition", "outcomes"),
)

PEER = attrs.evolve(
    ONE_TO_ONE,
    name="peer",
    shape="one-pool",
    roles=(mentorkit.Role(name="peer", least=2, most=2),),
    facts=("meets:often",),
    openings={"icebreaker": "Which task would each of you gladly take from the other, and why?"},
    agreement=attrs.evolve(
        ONE_TO_ONE.agreement,
        points={
            **POINTS,
            "turns": "How do you share the time of a meeting, so that both of you get your turn?",
        },
    ),
)

CROSS = attrs.evolve(
    PEER,
    name="cross",
    policies=attrs.evolve(PEER.policies, combine="weaker"),
    agreement=attrs.evolve(
        PEER.agreement,
        points={
            **PEER.agreement.points,
            "swap": "Who teaches what, and how do you see to it that both of you learn?",
        },
    ),
)

SMART_GOALS = mentorkit.Practice(
    name="smart-goals",
    needs=("meets:often",),
    policies=mentorkit.Policies(goals="smart"),
    agreement=mentorkit.AgreementTemplate(
        points={"progress": "How often do you look at progress on the goals, and who records it?"},
    ),
    # Each third of the usual length; on the last day there is nothing left to review.
    surveys={"goal-check": mentorkit.Choice("goal-check", {"every": 60})},
    signals=_plain("goal-agreed", "goal-review"),
    awards=_plain("goal-reached"),
    sections=_plain("goals"),
)

CROSS_FUNCTIONAL = mentorkit.Practice(
    name="cross-functional",
    needs=("meets:often",),
    policies=mentorkit.Policies(meetings=4),
    agreement=mentorkit.AgreementTemplate(
        points={
            "departments": "What of the other's department stays between you, and what can be told?"
        },
    ),
    constraints={"departments-differ": mentorkit.Use("different", {"attribute": "department"})},
    sessions={
        "trust-and-goals": mentorkit.Step(
            order=1,
            title="Trust and goals",
            prompts=(
                "What does a good day look like in your department?",
                "What should the others know about how you work best?",
                "What would have to change by the last meeting for this to be worth your time?",
            ),
            outputs=("goals",),
        ),
        "strengths-and-growth": mentorkit.Step(
            order=2,
            title="Strengths and growth",
            prompts=(
                "What do colleagues come to you for?",
                "What do the others do well that your department could use?",
                "Which one skill, if it grew, would make the others easier?",
            ),
            outputs=("growth areas",),
        ),
        "solutions": mentorkit.Step(
            order=3,
            title="Solutions",
            prompts=(
                "Which obstacle looks different from the other departments?",
                "What was tried already, and what did it show?",
                "Who does what by when, and whose support does it need?",
            ),
            outputs=("action plan",),
        ),
        "review": mentorkit.Step(
            order=4,
            title="Review",
            prompts=(
                "What came of the action plan, and what got in its way?",
                "What do you now see differently about the other departments?",
                "Which contact will you keep up, and how?",
            ),
            outputs=("lessons",),
        ),
    },
    sections={"links": mentorkit.Choice("links", {"attribute": "department"})},
)


def _kind(made: mentorkit.Topology | mentorkit.Practice) -> Kind[Any, Any]:
    return mentorkit.kind(made.name, mentorkit.NoSettings, lambda _: made)


@mentorkit.hookimpl
def mentorkit_formats() -> Iterable[Kind[Any, Any]]:
    """Topologies and practices, as data."""
    return [
        _kind(made)
        for made in (ONE_TO_ONE, GROUP, FLASH, PEER, CROSS, SMART_GOALS, CROSS_FUNCTIONAL)
    ]
