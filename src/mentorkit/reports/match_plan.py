"""The report of a match plan: one HTML page to review, to print and to show."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from mentorkit.enrolment import write_programme
from mentorkit.models import GroupRate, Match, MatchPlan, Participant, Unmatched
from mentorkit.reports.contacts import contacts
from mentorkit.reports.histogram import histogram
from mentorkit.reports.links import links
from mentorkit.reports.page import rendered
from mentorkit.wording import (
    Directory,
    claim,
    counted,
    listed,
    plural,
    share,
    visible,
)

BEST_FITS = 3
FEW = 12
"""At most so many pairs stand out by a low fit that is not 0."""


def match_report(plan: MatchPlan, people: Sequence[Participant]) -> str:
    """A self-contained HTML page about `plan`, the same text for the same arguments.

    `people` gives names and attributes; who is in the plan but not among them appears by
    id. The page runs no script, loads nothing, and forbids itself both. It names
    everybody with the reasons for each match: it is for coordinators.
    """
    directory = Directory.of(people)
    linked = links(plan, directory)
    reported = linked.attribute if linked else plan.quality.by
    return rendered(
        "match_plan.html",
        plan=plan,
        title=_title(plan),
        roles=_roles(plan),
        result=_result(plan),
        spread=histogram([match.shown_fit for match in plan.matches]),
        lowest=_lowest(plan),
        links=linked,
        best_fits=_best_fits(plan),
        load=_load(plan),
        rates=_rates(plan),
        unmatched=_unmatched_by_role(plan),
        index=_index(plan, directory),
        reported=reported,
        contacts=contacts(_places(plan), directory, reported),
        written=write_programme(plan.record.programme),
        name=directory.name,
        earned=plan.quality.total - sum(match.fit for match in plan.matches),
        private=any(match.fit != match.shown_fit for match in plan.matches),
        proof=claim(plan.quality, plan.certificate),
    )


@attrs.frozen
class RoleFigures:
    """How the people of one role fared."""

    role: str
    people: int
    unmatched: int


@attrs.frozen
class Lowest:
    """The matches of the lowest fit that anyone may see, with their numbers."""

    fit: int
    matches: tuple[tuple[int, Match], ...]


@attrs.frozen
class BestFits:
    """How many matches are the n-th best for those of one role; `later` after the third."""

    role: str
    first: tuple[int, ...]
    later: int

    @property
    def share(self) -> str:
        """The share of matches that are among the first places."""
        return share(sum(self.first), sum(self.first) + self.later)


@attrs.frozen
class Load:
    """For each role, how many people have so many `partners`, a column each."""

    partners: tuple[int, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@attrs.frozen
class Rates:
    """Groups with figures, and the values of those without, by role."""

    shown: tuple[GroupRate, ...]
    hidden: dict[str, list[str]]


@attrs.frozen
class Entry:
    """A person in the index, with the places on the page where the person is."""

    name: str
    places: tuple[tuple[str, str], ...]


def _title(plan: MatchPlan) -> str:
    """The programme's name, or what it is where the name shows nothing."""
    name = plan.record.programme.name
    return name if visible(name) else "Mentoring programme"


def _roles(plan: MatchPlan) -> tuple[RoleFigures, ...]:
    """The figures of each role, in the topology's order."""
    missed = [person.role for person in plan.unmatched]
    return tuple(
        RoleFigures(role, sum(plan.quality.load.get(role, {}).values()), missed.count(role))
        for role in plan.roles
    )


def _result(plan: MatchPlan) -> str:
    """The plan in one sentence, without its full stop."""
    noun = "pair" if all(len(match.team.members) == 2 for match in plan.matches) else "team"
    people = listed([counted(held.people, held.role) for held in _roles(plan)])
    made = counted(len(plan.matches), noun) if plan.matches else f"No {plural(noun)}"
    made = f"{made} of {people}" if people else made
    return "; ".join(filter(None, (made, claim(plan.quality, plan.certificate))))


def _lowest(plan: MatchPlan) -> Lowest | None:
    """The matches that stand out by the lowest fit: all that have none, or a few of others."""
    fits = [match.shown_fit for match in plan.matches]
    least = min(fits, default=0)
    low = [
        (number, match) for number, match in enumerate(plan.matches, 1) if fits[number - 1] == least
    ]
    few = len(low) <= FEW and len(low) < len(fits)
    return Lowest(least, tuple(low)) if low and (least == 0 or few) else None


def _best_fits(plan: MatchPlan) -> tuple[BestFits, ...]:
    made = []
    for role, ranks in plan.quality.ranks.items():
        first = tuple(ranks.get(str(rank + 1), 0) for rank in range(BEST_FITS))
        if any(ranks.values()):
            made.append(BestFits(role, first, sum(ranks.values()) - sum(first)))
    return tuple(made)


def _load(plan: MatchPlan) -> Load | None:
    """How many people of each role have how many partners; None without people."""
    load = plan.quality.load
    columns = sorted({int(partners) for counts in load.values() for partners in counts})
    if not columns:
        return None
    return Load(
        tuple(columns),
        tuple(
            (role, tuple(counts.get(str(partners), 0) for partners in columns))
            for role, counts in load.items()
        ),
    )


def _rates(plan: MatchPlan) -> Rates:
    """The groups, those with figures and those too small to show."""
    shown, hidden = [], dict[str, list[str]]()
    for group in plan.quality.groups:
        if group.people is None or group.matched is None:
            hidden.setdefault(group.role, []).append(group.value)
        else:
            shown.append(group)
    return Rates(tuple(shown), hidden)


def _unmatched_by_role(plan: MatchPlan) -> dict[str, list[tuple[str, Unmatched]]]:
    """Everybody without a partner with an anchor, by role."""
    by_role: dict[str, list[tuple[str, Unmatched]]] = {}
    for number, person in enumerate(plan.unmatched, 1):
        by_role.setdefault(person.role, []).append((f"unmatched-{number}", person))
    return by_role


def _index(plan: MatchPlan, directory: Directory) -> tuple[Entry, ...]:
    """Everybody in the plan by name, with the pairs they are in."""
    places = _places(plan)
    people = sorted(places, key=lambda person: (directory.name(person).casefold(), person))
    return tuple(Entry(directory.name(person), tuple(places[person])) for person in people)


def _places(plan: MatchPlan) -> dict[str, list[tuple[str, str]]]:
    """Where on the page everybody in the plan is: the anchors with their words."""
    places: dict[str, list[tuple[str, str]]] = {}
    for number, match in enumerate(plan.matches, 1):
        for person in match.team.people:
            places.setdefault(person, []).append((f"pair-{number}", str(number)))
    for anchors in _unmatched_by_role(plan).values():
        for anchor, unmatched in anchors:
            word = f"unmatched as {unmatched.role}"
            places.setdefault(unmatched.person, []).append((anchor, word))
    return places
