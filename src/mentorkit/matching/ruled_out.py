"""Which rule leaves somebody without any possible partner, and what lifting it would open."""

from __future__ import annotations

import attrs
import numpy as np

from mentorkit.interfaces import ALL, BoolArray, IntArray, Selection
from mentorkit.matching.blocks import compact, in_blocks
from mentorkit.matching.both_ways import Turned
from mentorkit.matching.case import Case
from mentorkit.matching.forms import Form, Listing
from mentorkit.matching.scoring import BoundUse
from mentorkit.models import NOT_AVAILABLE, Message
from mentorkit.wording import points

Causes = dict[int, tuple[Message, Message | None]]
"""The cause and the remedy, if there is one, of each person by index."""


def words(case: Case, side: int) -> dict[str, str | int]:
    """The roles' names, for sentences."""
    return {"role": case.roles[side], "partner": case.roles[1 - side]}


def impossible(case: Case, side: int, who: IntArray) -> Causes:
    """Of people of one role, by index, to whom nobody of the other is allowed."""
    if not len(who):
        return {}
    rules = _Rules.of(case, side, who)
    causes: Causes = {}
    for some in in_blocks(np.arange(len(who)), len(rules.theirs) * (1 + len(rules.forms))):
        bans, barred, high = rules.bans(some), rules.barred(some), rules.high(some)
        shut = bans.any(axis=0) | barred
        # Open but for one constraint, which is alone in the way.
        alone = bans & (bans.sum(axis=0) == 1) & ~barred & high
        counts, opened = bans.sum(axis=2), alone.sum(axis=2)
        for at, i in enumerate(who[some].tolist()):
            floor = not shut[at].all()
            causes[i] = rules.said(floor, counts[:, at].tolist(), opened[:, at].tolist())
    return causes


@attrs.frozen(kw_only=True, eq=False)
class _Rules:
    """All that can keep some people of one role from those of the other."""

    case: Case
    side: int
    who: IntArray
    theirs: tuple[str, ...]
    """The others' ids."""
    forms: tuple[tuple[BoundUse, tuple[Form, ...]], ...]
    """Each constraint, and what it says of these people with all others: in one pool, and of
    the others with these people."""
    coordinator: Listing
    """Whom the coordinator has ruled out for each of these people."""

    @classmethod
    def of(cls, case: Case, side: int, who: IntArray) -> _Rules:
        mine, theirs = (case.left, case.right)[:: -1 if side else 1]
        asked = mine[who]
        pools = (theirs, asked) if side else (asked, theirs)
        place = {own: at for at, own in enumerate(asked.ids)}
        both_ways = {held for pair in case.record.forbids for held in (pair, pair[::-1])}
        if case.one_pool:
            both_ways |= {(own, own) for own in asked.ids}
        barred = [
            (place[own], theirs.places[other])
            for own, other in both_ways
            if own in place and other in theirs.places
        ]
        pairs = np.array(sorted(barred), dtype=np.int64).reshape(-1, 2)
        ones = np.ones(len(pairs), dtype=np.int64)
        return cls(
            case=case,
            side=side,
            who=who,
            theirs=tuple(theirs.ids),
            forms=tuple(
                (use, (use.form(*pools), *([Turned(use.form(*pools[::-1]))] * case.one_pool)))
                for use in case.constraints
            ),
            coordinator=Listing.of(pairs, ones, (len(asked), len(theirs))),
        )

    def bans(self, some: IntArray) -> BoolArray:
        """(constraints, some, others): what each constraint forbids."""
        bans = np.zeros((len(self.forms), len(some), len(self.theirs)), dtype=bool)
        for number, (use, forms) in enumerate(self.forms):
            listed = isinstance(forms[0], Listing) and not use.scores
            for form in forms:
                held = form.block(*self._turned(some))
                forbids = held > 0 if listed else held == 0
                bans[number] |= forbids.T if self.side else forbids
        return bans

    def barred(self, some: IntArray) -> BoolArray:
        """(some, others): what the coordinator forbids."""
        barred: BoolArray = self.coordinator.block(compact(some), ALL) > 0
        return barred

    def high(self, some: IntArray) -> BoolArray:
        """(some, others): where the fit reaches the programme's floor."""
        high: BoolArray = (
            self.case.pairs.fits.block(*self._turned(self.who[some])) >= self.case.floor
        )
        return high.T if self.side else high

    def _turned(self, some: IntArray) -> tuple[Selection, Selection]:
        return (ALL, compact(some)) if self.side else (compact(some), ALL)

    def said(
        self, floor: bool, counts: list[int], opened: list[int]
    ) -> tuple[Message, Message | None]:
        """The cause and the remedy for one person, by what each constraint forbids to them.

        Lifting the constraint that is alone in the way most often would open most.
        """
        values: dict[str, str | int] = {**words(self.case, self.side), "all": len(self.theirs)}
        if floor:
            values["floor"] = points(self.case.floor)
            said = "every fit that is allowed is below the programme's floor of {floor} points"
            return Message("below-floor", said, values), None
        found = [
            (-opens, -count, use.name, use)
            for (use, _), count, opens in zip(self.forms, counts, opened, strict=True)
            if count
        ]
        if not found:
            said = "the coordinator has ruled all {partner}s out"
            return Message("coordinator-all", said, values), None
        opens, count, name, use = min(found, key=lambda held: held[:3])
        values |= {"name": name, "count": -count, "opened": -opens}
        if use.private:
            return NOT_AVAILABLE, None
        said = "{name} rules out {count} of {all} {partner}s, and other rules the rest"
        if -count == len(self.theirs):
            said = "{name} rules out every {partner}"
        remedy = Message("without-rule", "without {name}, {opened} would be open", values)
        return Message("ruled-out", said, values), remedy if opens else None
