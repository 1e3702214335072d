"""The questions of the built-in surveys. Their texts are mentorkit's own, under its licence."""

from __future__ import annotations

from typing import Any

import mentorkit

FLAGGED = (
    "Low or falling answers, once at least two of you gave one, raise a flag at the coordinator,"
    " who is told neither whose answer it was nor what it said"
)
"""What those are told beforehand whose answers nobody reads, and a flag may rest on."""


def _question(survey: str, own: str, text: str, **settings: Any) -> mentorkit.Question:
    message = mentorkit.Message(f"{survey}.{own}", text)
    return mentorkit.Question(id=own, text=message, **settings)


CHEMISTRY = (
    _question(
        "chemistry",
        "wish",
        "Would you like to be matched with each other? 1 is rather not, 5 is very much. Nobody"
        " reads this; if you are matched anew, it goes before the wishes that you stated",
        audience="matching",
    ),
)

PULSE = (
    _question(
        "pulse",
        "useful",
        "How useful is the mentoring for you at present? 1 is not at all, 5 is very useful",
        audience="aggregate",
    ),
    _question(
        "pulse",
        "progress",
        "How far have you come towards your goals? 1 is not at all, 5 is all the way",
        audience="aggregate",
    ),
    _question(
        "pulse",
        "help",
        "Is there anything that the coordinator should help with?",
        audience="coordinator",
        form="choice",
        options=("no", "yes"),
    ),
)

AFTER_SESSION = (
    _question(
        "after-session",
        "useful",
        "How useful was the meeting for you? 1 is not at all, 5 is very useful",
        audience="aggregate",
    ),
    _question(
        "after-session",
        "take-away",
        "What is the one thing that you take away? Only you read this",
        audience="respondent",
        form="text",
    ),
    _question(
        "after-session",
        "to-others",
        "What would you like to say to the others about the meeting? They read this",
        audience="addressed",
        form="text",
    ),
)

TRUST = (
    _question(
        "trust",
        "open",
        "How freely can you say here what is difficult for you? 1 is not at all, 5 is quite"
        f" freely. {FLAGGED}",
        audience="flag",
        low=2,
        fall=2,
    ),
    _question(
        "trust",
        "rely",
        "How far can you rely on what is said here staying here? 1 is not at all, 5 is fully."
        f" {FLAGGED}",
        audience="flag",
        low=2,
        fall=2,
    ),
)

GOAL_CHECK = (
    _question(
        "goal-check",
        "fit",
        "How well do the goals still fit what you need from this mentoring? 1 is not at all, 5 is"
        f" very well. {FLAGGED}, and the goals are looked at again",
        audience="flag",
        low=2,
    ),
)

SELF_ASSESSMENT = (
    _question(
        "self-assessment",
        "confidence",
        "How confident are you to take the next step in your work by yourself? 1 is not at all,"
        " 5 is very confident",
        audience="aggregate",
    ),
    _question(
        "self-assessment",
        "insight",
        "How well do you know how work looks to people in a position unlike yours? 1 is not at"
        " all, 5 is very well",
        audience="aggregate",
    ),
    _question(
        "self-assessment",
        "learning",
        "How much do you yourself learn from conversations like these, in whichever role? 1 is"
        " nothing, 5 is a lot",
        audience="aggregate",
    ),
)

CLOSING = (
    _question(
        "closing",
        "recommend",
        "Would you recommend this mentoring programme to a colleague? 0 is in no case, 10 is in"
        " any case",
        audience="aggregate",
        form="would-recommend",
    ),
    _question(
        "closing",
        "reached",
        "How much of what you wanted came true? 1 is nothing, 5 is all of it",
        audience="aggregate",
    ),
    _question(
        "closing",
        "change",
        "What should the programme do otherwise next time? The coordinator reads this, and who"
        " wrote it",
        audience="coordinator",
        form="text",
    ),
)
