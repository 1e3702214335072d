"""Who has room for whom: the places that people have left, and who was together before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import attrs

from mentorkit import lifecycle
from mentorkit.errors import Conflict
from mentorkit.models import Columns, Pair, Participant, ProgrammeRun, Relationship
from mentorkit.services.chats import liked_by_all, likings, wished
from mentorkit.store import members
from mentorkit.store.shelves import PEOPLE, RELATIONSHIPS, Rows


@attrs.frozen(kw_only=True)
class Room:
    """Those enrolled, with the places that they have left, and pairs not to be matched.

    The pairs are among those who have a place left for each other.
    """

    people: Columns
    apart: tuple[Pair, ...]

    def having(self, role: str) -> set[str]:
        """Who has a place left in a role."""
        return _having(self.people, role)


def room(
    rows: Rows,
    run: ProgrammeRun,
    *,
    passed_over: Collection[str] = (),
    without: Iterable[tuple[str, str]] = (),
    apart: Iterable[Pair] = (),
    past: Sequence[Relationship] | None = None,
) -> Room:
    """Who has room left in a programme, and with whom they are not to be matched.

    Open relationships fill places, but for those whose ids are `passed_over`; whoever was
    proposed to each other is not matched again, unless the proposal was withdrawn, or expired
    after a chat that all liked, and nor are these pairs, either way round. What people said of
    their chats goes before the wishes that they stated. The (person, role) of `without` have no
    place left. `past` are the programme's relationships, where they are at hand.
    """
    taken: Counter[tuple[str, str]] = Counter(dict.fromkeys(without, MORE_THAN_ANYBODY))
    tried = {_sorted(pair) for pair in apart}
    if past is None:
        past = rows.find(RELATIONSHIPS, programme=run.id)
    liking = likings(rows, past)
    for held in past:
        if held.id in passed_over:
            continue
        again = held.outcome == "expired" and liked_by_all(held, liking)
        if held.outcome != "withdrawn" and not again:
            tried |= set(map(_sorted, pairs(held)))
        if held.stage != lifecycle.CLOSED:
            taken.update(places(held))
    people = members.columns(
        rows,
        run,
        taken,
        lambda people: filled_everywhere(rows, people, passed_over),
        wished(past, liking),
    )
    roles = run.blueprint.roles
    left, right = (_having(people, role.name) for role in (roles[0], roles[-1]))
    known = {
        pair
        for pair in tried
        if (pair[0] in left and pair[1] in right) or (pair[1] in left and pair[0] in right)
    }
    return Room(people=people, apart=tuple(sorted(known)))


MORE_THAN_ANYBODY = 1_000_001
"""Places: more than a capacity can be."""


def _having(people: Columns, role: str) -> set[str]:
    column = people.roles.get(role, ())
    return {person for person, left in zip(people.ids, column, strict=False) if left}


def _sorted(pair: Pair) -> Pair:
    return min(pair), max(pair)


def filled_everywhere(
    rows: Rows, people: Collection[str], passed_over: Collection[str] = ()
) -> Counter[str]:
    """The places that open relationships fill in all programmes, by person."""
    ids = members.relationships_of(rows, *people)
    return Counter(
        person
        for held in rows.find(RELATIONSHIPS, id=ids)
        if held.stage != lifecycle.CLOSED and held.id not in passed_over
        for person, _ in places(held)
    )


def check_room(rows: Rows, run: ProgrammeRun, made: Collection[Relationship]) -> None:
    """Conflict, unless all take part and have room for these new relationships."""
    people = {person for held in made for person in held.people}
    there = {
        held.id: held.participant
        for held in members.enrolments(rows, run.id, people)
        if held.state == "enrolled"
    }
    if gone := sorted(people - there.keys()):
        raise Conflict(f"{gone[0]!r} takes part no longer; draft the plan again")
    _check_places(rows, run, made, there)


def _check_places(
    rows: Rows,
    run: ProgrammeRun,
    made: Collection[Relationship],
    there: Mapping[str, Participant],
) -> None:
    """Nobody is given more partners than they take here, or in all programmes together."""
    limited = [person for person in there if there[person].person.capacity is not None]
    # Two programmes that are published at once must not both fill the last place.
    rows.lock(PEOPLE, limited)
    here, everywhere = Counter[tuple[str, str]](), filled_everywhere(rows, limited)
    for held in rows.find(RELATIONSHIPS, programme=run.id):
        if held.stage != lifecycle.CLOSED:
            here.update(places(held))
    new = Counter(place for held in made for place in places(held))
    everywhere.update(person for person, _ in new.elements())
    full = {one for one in limited if everywhere[one] > (there[one].person.capacity or 0)}
    for (person, role), number in new.items():
        if here[person, role] + number > there[person].roles.get(role, 0) or person in full:
            raise Conflict(f"{person!r} has no place left; draft the plan again")


def pairs(held: Relationship) -> list[Pair]:
    """Every two members with different roles, or of the one role that all have."""
    alike = len({member.role for member in held.members}) == 1
    return [
        (one.person, other.person)
        for index, one in enumerate(held.members)
        for other in held.members[index + 1 :]
        if alike or one.role != other.role
    ]


def places(held: Relationship) -> list[tuple[str, str]]:
    """The places (person, role) that a relationship fills: one for each partner."""
    roles = {member.person: member.role for member in held.members}
    return [(person, roles[person]) for pair in pairs(held) for person in pair]
