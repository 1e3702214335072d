"""Why somebody is left without a partner, and what would help."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from mentorkit.interfaces import BoolArray, IntArray
from mentorkit.matching.blocks import in_blocks, parts
from mentorkit.matching.case import Case
from mentorkit.matching.columns import text
from mentorkit.matching.competition import Competition, Contest
from mentorkit.matching.ruled_out import Causes, impossible, words
from mentorkit.models import Certificate, Message, Unmatched


def unmatched(case: Case, pairs: IntArray, certificate: Certificate) -> tuple[Unmatched, ...]:
    """Everyone who has room and nobody, by role, each with the deciding cause.

    The certificate says whether a greater total is ruled out, and what parity takes from it.
    """
    seats = case.seats(pairs)
    return tuple(one for side in case.sides for one in _unmatched(case, seats, side, certificate))


def _unmatched(
    case: Case, pairs: IntArray, side: int, certificate: Certificate
) -> Iterator[Unmatched]:
    mine, theirs = (case.left, case.right)[:: -1 if side else 1]
    idle = np.bincount(pairs[:, side], minlength=len(mine)) == 0
    causes: Causes = {}
    if len(theirs):
        causes = _Scarcity.of(case, pairs, side, certificate).causes(idle)
        others = [i for i in np.nonzero(idle)[0].tolist() if i not in causes]
        causes |= impossible(case, side, np.array(others, dtype=np.int64))
    nobody = Message("nobody-there", "there is no {partner}", words(case, side))
    for i in np.nonzero(idle)[0].tolist():
        cause, remedy = causes.get(i, (nobody, None))
        yield Unmatched(person=mine.ids[i], role=case.roles[side], cause=cause, remedy=remedy)


@attrs.frozen(kw_only=True, eq=False)
class _Scarcity:
    """One role's people who have possible partners: who competes for which seats."""

    case: Case
    side: int
    pairs: IntArray
    proven: bool
    parity: bool
    """Whether it takes something from the total."""
    groups: tuple[str, ...]
    """What the partners' groups are called, in order."""
    group: IntArray
    """Which of these each partner is in, -1 for none."""

    @classmethod
    def of(cls, case: Case, pairs: IntArray, side: int, certificate: Certificate) -> _Scarcity:
        by = case.blueprint.policies.by
        theirs = (case.right, case.left)[side]
        named = [text(value) for value in theirs.values(by)] if by else [None] * len(theirs)
        groups = tuple(sorted({name for name in named if name}))
        place = {name: number for number, name in enumerate(groups)}
        group = np.array([place.get(name or "", -1) for name in named], dtype=np.int64)
        return cls(
            case=case,
            side=side,
            pairs=pairs,
            proven=certificate.gap == 0,
            parity=bool(certificate.freely and certificate.freely.cost),
            groups=groups,
            group=group,
        )

    def causes(self, idle: BoolArray) -> Causes:
        """Of all the idle who have a possible partner, by index."""
        causes: Causes = {}
        for part in parts(self.case.pairs):
            rows, columns = part[self.side], part[1 - self.side]
            left_over = rows[idle[rows]]
            if len(left_over):
                competition = Competition.of(self.case, self.pairs, self.side, rows, columns)
                causes |= self._in_part(competition, left_over)
        return causes

    def _in_part(self, competition: Competition, left_over: IntArray) -> Causes:
        causes: Causes = {}
        groups = self.group[competition.columns]
        for some in in_blocks(left_over, len(groups)):
            open_ = competition.open(some)
            contests, where = competition.contests(some, open_), self._where(open_, groups)
            told = zip(some.tolist(), contests, where, strict=True)
            causes |= {
                i: self._said(i, contest, place) for i, contest, place in told if contest.open
            }
        return causes

    def _said(self, i: int, contest: Contest, where: str) -> tuple[Message, Message | None]:
        """Partners are possible but taken, or have no team: the cause, and the remedy."""
        least, places = self.case.least, int(self.case.capacity[self.side][i])
        values: dict[str, str | int] = {
            **words(self.case, self.side),
            "wanted": contest.wanted,
            "seats": contest.seats,
            "open": contest.open,
            "where": where,
            "team": least,
            "places": places,
        }
        if self.side and places < least:
            said = "a team takes {team}, and there is room for {places}"
            return Message("places-few", said, values), None
        remedy = Message("one-more-seat", "one more place with a {partner}{where} would do", values)
        if self.side and contest.free and least > 1:
            said = "of the possible {partner}s some are left over, and no team of {team} is made"
            return Message("no-team", said, values), None
        if contest.free:
            said = "a possible {partner} has room, which the matcher left unused"
            return Message("left-open", said, values), remedy
        if contest.teamless or (least > 1 and not self.side and contest.wanted <= contest.seats):
            said = "places are left only with {partner}s without a team, which takes {team}"
            remedy = Message("smaller-teams", "smaller teams would open places", values)
            return Message("no-team", said, values), remedy
        if contest.movable:
            said = "a place could be made by moving others"
            if self.proven:
                said = "a place could be made only by moving others, for no greater total"
                said += " that keeps parity" * self.parity
            return Message("worth-more" if self.proven else "movable", said, values), remedy
        who = (
            "the one possible {partner} is"
            if contest.open == 1
            else "all {open} possible {partner}s are"
        )
        said = who + " taken: {wanted} places are wanted, and there is room for {seats}"
        return Message("scarce", said, values), remedy

    def _where(self, open_: BoolArray, group: IntArray) -> list[str]:
        """The up to three groups in which most of each person's possible partners are."""
        order = np.argsort(group, kind="stable")
        order = order[np.searchsorted(group[order], 0) :]
        if not len(order):
            return [" open to them"] * len(open_)
        held, starts = np.unique(group[order], return_index=True)
        counts = np.add.reduceat(open_[:, order], starts, axis=1, dtype=np.int64)
        found: list[list[str]] = [[] for _ in open_]
        people = np.arange(len(open_))
        for _ in range(3):
            # The first of the largest, so that ties go by the name.
            most = counts.argmax(axis=1)
            for names, at, count in zip(found, most, counts[people, most], strict=True):
                if count:
                    names.append(self.groups[held[at]])
            counts[people, most] = 0
        return [f" in {' or '.join(names)}" if names else " open to them" for names in found]
