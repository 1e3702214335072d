"""Teams of a plan: pairs as they are, or the pairs of one person joined."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.models import MatchPlan, Member, Role, Team


def teams(plan: MatchPlan, roles: Sequence[Role]) -> tuple[tuple[Team, ...], tuple[Team, ...]]:
    """The teams that a plan makes, and those that came out too small to be one.

    Where several people of the left role may be in one team, the pairs of each right person
    are joined, at most as many as the role allows, evenly over as few teams as will do.
    """
    left, right = roles
    if left.most == 1:
        return tuple(match.team for match in plan.matches), ()
    joined: dict[str, list[str]] = {}
    for one, other in plan.pairs:
        joined.setdefault(other, []).append(one)
    made = []
    for other, ones in sorted(joined.items()):
        count = -(-len(ones) // left.most)
        for number in range(count):
            part = ones[number::count]
            lefts = (Member(one, left.name) for one in part)
            made.append(Team((*lefts, Member(other, right.name))))
    enough = tuple(team for team in made if len(team.members) > left.least)
    return enough, tuple(team for team in made if len(team.members) <= left.least)
