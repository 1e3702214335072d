"""People whom a row names, by id or by name, as ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mentorkit.enrolment.column_map import folded
from mentorkit.enrolment.merging import Stated
from mentorkit.errors import Fault

_BANS = ("avoids", "not_again")


class People:
    """Everybody in the files, those who do not take part included."""

    def __init__(self, rows: Sequence[Stated]) -> None:
        self._ids = {row.id for row in rows if row.id is not None}
        self._spelt = {folded(one): one for one in sorted(self._ids)}
        self._named: dict[str, set[str]] = {}
        for row in rows:
            for name in row.names:
                if row.id is not None:
                    self._named.setdefault(folded(name), set()).add(row.id)

    def settle(self, rows: Sequence[Stated]) -> list[Fault]:
        """Put ids where rows name people, and return the doubts.

        A ban that would have no effect is a fault of its row. A manager need not be in the
        files, so those who are not are only counted.
        """
        notes: list[Fault] = []
        strangers = set()
        for row in rows:
            for field, one in self._settled(row):
                if field == "manager" and not (self._near(one) or self._several(one)):
                    strangers.add(folded(one))
                else:
                    faults = row.faults if field in _BANS else notes
                    faults.append(Fault(row.place(field), self._unknown(field, one)))
        if strangers:
            some = "manager is" if len(strangers) == 1 else "managers are"
            words = f"{len(strangers)} {some} not in these files, by id or name"
            notes.append(Fault("fields.manager", words))
        return notes

    def _settled(self, row: Stated) -> Iterator[tuple[str, str]]:
        """Replace names by ids; what nobody answers to, with its field."""
        if manager := row.values.get("manager"):
            row.values["manager"] = self._id(manager) or manager
            if self._id(manager) is None:
                yield "manager", manager
        for field in ("prefers", *_BANS):
            named = row.values.get(field, ())
            if named:
                row.values[field] = tuple(dict.fromkeys(self._id(one) or one for one in named))
            for one in named:
                if self._id(one) is None:
                    yield field, one

    def _id(self, one: str) -> str | None:
        if one in self._ids:
            return one
        found = self._named.get(folded(one), set())
        return min(found) if len(found) == 1 else None

    def _near(self, one: str) -> str | None:
        return self._spelt.get(folded(one))

    def _several(self, one: str) -> list[str]:
        return sorted(self._named.get(folded(one), ()))

    def _unknown(self, field: str, one: str) -> str:
        if several := self._several(one):
            return f"{one!r} is the name of several people; write one id of {', '.join(several)}"
        words = f"nobody in these files has the id or name {one!r}"
        if near := self._near(one):
            return f"{words}; did you mean {near!r}?"
        if field in _BANS:
            return f"{words}, so nobody would be kept apart; correct it, or take it out"
        return f"{words}; so this has no effect"
