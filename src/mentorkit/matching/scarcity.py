"""Why somebody is left without a partner, and what would help."""

from __future__ import annotations

from collections import Counter

import attrs
import numpy as np

from mentorkit.interfaces import BoolArray, IntArray
from mentorkit.matching.case import Case
from mentorkit.matching.certificate import chosen
from mentorkit.matching.columns import text
from mentorkit.matching.pool import ParticipantPool
from mentorkit.models import NOT_AVAILABLE, Message, Unmatched
from mentorkit.wording import points


def unmatched(case: Case, pairs: IntArray, *, proven: bool) -> tuple[Unmatched, ...]:
    """Everyone who has room and nobody, by role, each with the deciding cause.

    `proven` says that no plan has a greater total.
    """
    taken = chosen(case.problem, pairs)
    sides = (_Side.of(case, taken, side, proven) for side in (0, 1))
    return tuple(one for side in sides for one in side.unmatched())


@attrs.frozen(kw_only=True, eq=False)
class _Side:
    """One role's view of a case: rows are its people, columns their possible partners."""

    case: Case
    side: int
    mine: ParticipantPool
    theirs: ParticipantPool
    seats: IntArray
    """How many each column's person takes."""
    wants: IntArray
    """How many each row's person takes."""
    taken: BoolArray
    movable: BoolArray
    """The matched pairs that are not pinned."""
    allowed: BoolArray
    unused: BoolArray
    """The allowed pairs that are not matched."""
    fits: IntArray
    proven: bool

    @classmethod
    def of(cls, case: Case, taken: BoolArray, side: int, proven: bool) -> _Side:
        pools = (case.left, case.right)
        movable = taken & ~chosen(case.problem, case.pins)
        unused = case.allowed & ~taken
        return cls(
            case=case,
            side=side,
            mine=pools[side],
            theirs=pools[1 - side],
            seats=case.capacity[1 - side],
            wants=case.capacity[side],
            taken=taken.T if side else taken,
            movable=movable.T if side else movable,
            unused=unused.T if side else unused,
            allowed=case.allowed.T if side else case.allowed,
            fits=case.fits.T if side else case.fits,
            proven=proven,
        )

    def unmatched(self) -> list[Unmatched]:
        return [self._explained(i) for i in np.nonzero(~self.taken.any(axis=1))[0].tolist()]

    def _explained(self, i: int) -> Unmatched:
        if not len(self.theirs):
            cause, remedy = Message("nobody-there", "there is no {partner}", self._words()), None
        elif self.allowed[i].any():
            cause, remedy = self._scarce(i)
        else:
            cause, remedy = self._impossible(i)
        role = self.case.roles[self.side]
        return Unmatched(person=self.mine.ids[i], role=role, cause=cause, remedy=remedy)

    def _words(self) -> dict[str, str | int]:
        """The roles' names, for sentences."""
        return {"role": self.case.roles[self.side], "partner": self.case.roles[1 - self.side]}

    def _impossible(self, i: int) -> tuple[Message, Message | None]:
        """Nobody is allowed: the constraint that decides, or the floor."""
        ruled_out = (self.case.ruled_out.T if self.side else self.case.ruled_out)[i]
        values: dict[str, str | int] = {**self._words(), "all": len(self.theirs)}
        if not ruled_out.all():
            values["floor"] = points(self.case.floor)
            said = "every fit that is allowed is below the programme's floor of {floor} points"
            return Message("below-floor", said, values), None
        bans = self._bans(i)
        if not bans:
            said = "the coordinator has ruled all {partner}s out"
            return Message("coordinator-all", said, values), None
        table = np.stack(list(bans.values()))
        alone = table & (table.sum(axis=0) == 1) & self._otherwise_open(i)
        # Lifting the constraint that is alone in the way most often would open most.
        order = [(-int(alone[k].sum()), -int(table[k].sum()), name) for k, name in enumerate(bans)]
        opened, count, name = min(order)
        values |= {"name": name, "count": -count, "opened": -opened}
        if next(use for use in self.case.constraints if use.name == name).private:
            return NOT_AVAILABLE, None
        said = "{name} rules out {count} of {all} {partner}s, and other rules the rest"
        if -count == len(self.theirs):
            said = "{name} rules out every {partner}"
        remedy = Message("without-rule", "without {name}, {opened} would be open", values)
        return Message("ruled-out", said, values), remedy if opened else None

    def _bans(self, i: int) -> dict[str, BoolArray]:
        """Which partners each constraint forbids to one person."""
        mine = self.mine[i : i + 1]
        bans = {}
        for use in self.case.constraints:
            if self.side:
                bans[use.name] = use.forbids(self.theirs, mine)[:, 0]
            else:
                bans[use.name] = use.forbids(mine, self.theirs)[0]
        return {name: row for name, row in bans.items() if row.any()}

    def _otherwise_open(self, i: int) -> BoolArray:
        """Partners whom neither the coordinator nor the floor keeps from one person."""
        own = self.mine.ids[i]
        barred = {held for pair in self.case.record.forbids if own in pair for held in pair}
        free = np.array([held not in barred for held in self.theirs.ids], dtype=bool)
        high: BoolArray = self.fits[i] >= self.case.floor
        return free & high

    def _scarce(self, i: int) -> tuple[Message, Message]:
        """Partners are allowed but taken: who competes for which seats."""
        rivals, wanted = self._competition(i)
        load = self.taken.sum(axis=0)
        values: dict[str, str | int] = {
            **self._words(),
            "wanted": int(self.wants[rivals].sum()),
            "seats": int(self.seats[wanted].sum()),
            "open": int(self.allowed[i].sum()),
            "where": self._where(i),
        }
        remedy = Message("one-more-seat", "one more place with a {partner}{where} would do", values)
        if (self.allowed[i] & (load < self.seats)).any():
            said = "a possible {partner} has room, which the matcher left unused"
            return Message("left-open", said, values), remedy
        if (load < self.seats)[wanted].any():
            said = "a place could be made by moving others"
            if self.proven:
                said = "a place could be made only by moving others, for no greater total"
            return Message("worth-more" if self.proven else "movable", said, values), remedy
        who = (
            "the one possible {partner} is"
            if values["open"] == 1
            else "all {open} possible {partner}s are"
        )
        said = who + " taken: {wanted} places are wanted, and there is room for {seats}"
        return Message("scarce", said, values), remedy

    def _competition(self, i: int) -> tuple[BoolArray, BoolArray]:
        """The people who can only have the same partners, grown from one person's partners.

        Whoever holds a seat there could give it up for another partner, unless it is
        pinned, so that one's seats count too, and so on. If all the seats are taken, these
        people want more than there is (Hall's condition fails).
        """
        rivals, wanted = (
            np.zeros(len(self.mine), dtype=bool),
            np.zeros(len(self.theirs), dtype=bool),
        )
        rivals[i] = True
        newcomers = np.array([i])
        while len(newcomers):
            more = self.unused[newcomers].any(axis=0) & ~wanted
            wanted |= more
            newcomers = np.nonzero(self.movable[:, more].any(axis=1) & ~rivals)[0]
            rivals[newcomers] = True
        return rivals | self.taken[:, wanted].any(axis=1), wanted

    def _where(self, i: int) -> str:
        """The groups in which most of a person's possible partners are."""
        by = self.case.blueprint.policies.by
        if by is None:
            return " open to them"
        groups = [text(value) for value in self.theirs.values(by)]
        open_ = Counter(group for group, may in zip(groups, self.allowed[i], strict=True) if may)
        names = sorted((name for name in open_ if name), key=lambda name: (-open_[name], name))
        return f" in {' or '.join(names[:3])}" if names else " open to them"
