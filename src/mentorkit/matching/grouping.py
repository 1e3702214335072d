"""Teams of a plan: pairs as they are, or the pairs of one person joined."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.models import MatchPlan, Member, Message, Role, Team


def teams(plan: MatchPlan, roles: Sequence[Role]) -> tuple[tuple[Team, ...], tuple[Team, ...]]:
    """The teams that a plan makes, and those that came out too small to be one.

    Where several people of the left role may be in one team, the pairs of each right person
    are joined: evenly, in as few teams as their sizes allow. Who is over, because one more
    team would be too small, is the last by id.
    """
    left, right = roles[0], roles[-1]
    if left is right or left.most == 1:
        return tuple(match.team for match in plan.matches), ()
    joined: dict[str, list[str]] = {}
    for one, other in plan.pairs:
        joined.setdefault(other, []).append(one)
    made: list[Team] = []
    small: list[Team] = []
    for other, ones in sorted(joined.items()):
        count = _count(len(ones), left)
        room = count * left.most
        parts = [ones[:room][number::count] for number in range(count)]
        for part in (*parts, ones[room:]):
            lefts = (Member(one, left.name) for one in part)
            team = Team((*lefts, Member(other, right.name)))
            if part:
                (made if len(part) >= left.least else small).append(team)
    return tuple(made), tuple(small)


def _count(people: int, role: Role) -> int:
    """How many teams so many people of a role make: as few as hold them all, if they can be
    large enough, else as many as can."""
    count = -(-people // role.most)
    return count if people // count >= role.least else max(1, people // max(1, role.least))


def too_small(plan: MatchPlan, roles: Sequence[Role]) -> tuple[Message, ...]:
    """What a coordinator is to know of the teams that came out too small: nobody makes them."""
    left = roles[0]
    return tuple(
        Message(
            "team.too-small",
            "{other} has {number} {role} and a team needs {least}: none is made of them ({people})",
            {
                "other": team.people[-1],
                "number": len(team.people) - 1,
                "role": left.name,
                "least": left.least,
                "people": ", ".join(team.people),
            },
        )
        for team in teams(plan, roles)[1]
    )
