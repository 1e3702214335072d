"""How relationships begin: of the teams of a plan, with the programme's terms."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Sequence
from typing import Any

import attrs

from mentorkit.errors import Invalid
from mentorkit.lifecycle import CLOSED
from mentorkit.models import Agreement, Draft, MatchPlan, Message, ProgrammeRun, Relationship, Team
from mentorkit.services.of_relationship import KIND
from mentorkit.services.room import check_room
from mentorkit.services.work import Work
from mentorkit.store import members
from mentorkit.store.shelves import RELATIONSHIPS

LENGTH, CADENCE, MINUTES = 180, 14, 60
"""What a relationship's terms are where no format and no programme states them."""


def begin(work: Work, run: ProgrammeRun, made: Sequence[Relationship]) -> None:
    """Keep new relationships, and say so; Conflict where somebody in them has no room."""
    check_room(work.rows, run, made)
    keep(work, run, made)


def keep(work: Work, run: ProgrammeRun, made: Sequence[Relationship]) -> None:
    """As `begin`, of those for whom it is known that they have room."""
    made = _giving_back(work, run, made)
    work.rows.add(RELATIONSHIPS, made)
    members.add_members(work.rows, made)
    for held in made:
        work.happened(
            "relationship.begun",
            held.id,
            programme=held.programme,
            relationship=held.id,
            people=held.people,
            facts={"stage": held.stage},
        )
        work.look(KIND, held.id)


def _giving_back(work: Work, run: ProgrammeRun, made: Sequence[Relationship]) -> list[Relationship]:
    """New relationships, in which those are named who were mentored before and mentor now.

    The first role of a format is mentored. Where it has no other, nobody gives back.
    """
    mentored = run.blueprint.roles[0].name
    mentors = {one.person for held in made for one in held.members if one.role != mentored}
    past = members.relationships_of(work.rows, *mentors, role=mentored)
    before = {
        one.person
        for held in work.rows.find(RELATIONSHIPS, id=past, stage=CLOSED)
        for one in held.members
        if held.outcome == "completed" and one.role == mentored
    }
    return [
        attrs.evolve(held, give_back=tuple(sorted({*held.people} & mentors & before)))
        for held in made
    ]


def note_readings(work: Work, run: ProgrammeRun, draft: Draft) -> None:
    """Keep in the journal that matching read protected attributes, and for whom."""
    for attribute, stated in run.blueprint.protected.items():
        if stated.uses:
            note_reading(work, draft, attribute)


def note_reading(work: Work, draft: Draft, attribute: str) -> None:
    """Keep in the journal that a protected attribute was read, and for whom."""
    reader = work.actor.person
    work.happened(
        "protected.read",
        draft.id,
        programme=draft.programme,
        people=() if reader is None else (reader,),
        facts={"attribute": attribute},
    )


def reasons_of(plan: MatchPlan) -> dict[Team, tuple[Message, ...]]:
    """Why two people were matched. In larger teams reasons would tell others' wishes."""
    return {held.team: tuple(found.message for found in held.reasons) for held in plan.matches}


def first_terms(run: ProgrammeRun, made: datetime.datetime) -> Agreement:
    """The terms that a relationship starts from, as the programme states them."""
    policies = run.blueprint.policies
    zone = policies.timezone or "UTC"
    today = made.astimezone(zoneinfo.ZoneInfo(zone)).date()
    starts = max(today, run.programme.starts or today)
    try:
        return Agreement(
            starts=starts,
            ends=starts + datetime.timedelta(days=(policies.length or LENGTH) - 1),
            cadence=policies.cadence or CADENCE,
            minutes=policies.minutes or MINUTES,
            timezone=zone,
            **first_words(run),
        )
    except OverflowError:
        raise Invalid("starts", "is too far in the future") from None


def first_words(run: ProgrammeRun) -> dict[str, Any]:
    """What an agreement says before members have said anything."""
    template = run.blueprint.agreement
    return {
        "channels": template.channels or "",
        "boundaries": template.boundaries or "",
        "confidentiality": template.confidentiality or "members",
    }
