"""Questionnaires as tables: what is known of people goes out, and what they say comes back.

A cell that comes back as it went out leaves the value as it is, whatever it holds; so nothing
is lost that a cell cannot say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

from mentorkit.enrolment.answer_cells import KINDS, Cell, items, reader, value_text
from mentorkit.enrolment.cells import sentence, whole_number
from mentorkit.enrolment.column_map import folded
from mentorkit.enrolment.inventory import skills_of, suggest_skills
from mentorkit.enrolment.tables import Table, nearest, read_tables
from mentorkit.errors import Fault, Invalid
from mentorkit.models import Blueprint, Participant, Row, Skill
from mentorkit.registry import Registry
from mentorkit.spreadsheets import SPACES

ID, SUGGESTED = "id", "suggested skills"
TEACH, LEARN = "of these, I can teach", "of these, I want to learn"
FIELDS = {
    "name": "name",
    "aims": "goals and hopes",
    "brings": "what I bring",
    "offers": "can teach",
    "seeks": "wants to learn",
    "interests": "interests",
    "hours": "hours a month",
    "availability": "free times",
    "languages": "languages",
    "timezone": "time zone",
    "capacity": "partners in all programmes",
}
"""The fields that people are asked for, with the columns' names."""
_FORMULA = re.compile(r"'(?=[=+\-@\t\r\n])")


@attrs.frozen
class Answered:
    """What somebody states now, and where they say it: file and row."""

    place: str
    participant: Participant


@attrs.frozen
class Questionnaire:
    """The questions of a programme, with what is known of its `people`.

    Asked are the fields that everybody has, a number of partners in each role, and the
    attributes that criteria and constraints compare, but nothing that is `fixed`, rated or
    protected.
    """

    blueprint: Blueprint
    people: tuple[Participant, ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return (ID, *self._cells, SUGGESTED, TEACH, LEARN)

    def rows(self) -> list[list[str]]:
        """A row for each of the people, as far as their answers are known."""
        return [
            [held.id, *(cell.write(held) for cell in self._cells.values()), *self._offered(held)]
            for held in self.people
        ]

    def read(
        self,
        files: Sequence[Path],
        registry: Registry,
        tell: Callable[[Fault], object] = lambda _: None,
    ) -> tuple[Answered, ...]:
        """Those who state something new in the files, in the files' order.

        Columns that are not there leave their fields as they are. Where a file may have been
        misread, `tell` is called with the doubt. Raises Invalid with every
        fault's file, row and column; then nothing of it can be used.
        """
        tables = read_tables(files, registry)
        for doubt in (doubt for table in tables for doubt in table.doubts):
            tell(doubt)
        faults = [fault for table in tables for fault in self._strange(table)]
        known = {held.id: held for held in self.people}
        seen: dict[str, str] = {}
        found = []
        for table in tables:
            for row in table.rows if table.column(ID) else ():
                place = f"{row.source}, row {row.number}"
                id = _text(row, table, ID)
                if id in seen:
                    faults.append(_fault(place, ID, f"{id!r} is in {seen[id]} already"))
                elif id not in known:
                    faults.append(_fault(place, ID, f"{id!r} is nobody in this programme"))
                else:
                    seen[id] = place
                    held = self._answered(row, table, known[id], faults)
                    if held != known[id]:
                        found.append(Answered(place, held))
        if faults:
            raise Invalid(faults=faults)
        return tuple(found)

    @cached_property
    def _cells(self) -> dict[str, Cell]:
        fixed = set(self.blueprint.policies.fixed or ())
        cells = {
            column: Cell(field, *KINDS.get(field, KINDS["words"]))
            for field, column in FIELDS.items()
            if field not in fixed
        }
        for role in self.blueprint.roles if "roles" not in fixed else ():
            cells[f"partners as {role.name}"] = Cell(f"roles.{role.name}", str, whole_number)
        taken = {folded(column) for column in (ID, SUGGESTED, TEACH, LEARN, *cells)}
        for name in sorted(self._attributes() - fixed):
            if folded(name) not in taken:
                known = [held.person.attributes.get(name) for held in self.people]
                cells[name] = Cell(f"attributes.{name}", value_text, reader(known))
        return cells

    def _attributes(self) -> set[str]:
        """The attributes that criteria and constraints compare."""
        uses = (*self.blueprint.criteria.values(), *self.blueprint.constraints.values())
        named = {use.settings.get("attribute") for use in uses}
        hidden = {*self.blueprint.protected, *self.blueprint.ratings, *FIELDS, "offers", "seeks"}
        return {name for name in named if isinstance(name, str)} - hidden

    @cached_property
    def _known(self) -> frozenset[str]:
        return skills_of(self.people)

    def _offered(self, held: Participant) -> tuple[str, str, str]:
        return "; ".join(suggest_skills(held, self._known)), "", ""

    def _strange(self, table: Table) -> Iterable[Fault]:
        known = {folded(column) for column in self.columns}
        if table.column(ID) is None:
            yield Fault(table.name, f"has no column {ID!r}; {nearest(ID, [table])}")
        for column in table.columns.values():
            if folded(column) not in known:
                words = f"is no question of this programme; it asks for {', '.join(self.columns)}"
                yield Fault(f"{table.name}, column {column}", words)

    def _answered(
        self, row: Row, table: Table, held: Participant, faults: list[Fault]
    ) -> Participant:
        """What a row states on top of what is known; its faults are added."""
        place = f"{row.source}, row {row.number}"
        for column, cell in self._cells.items():
            text = _text(row, table, column)
            if text is None or text == _plain(cell.write(held)):
                continue
            try:
                held = cell.put(held, text)
            except ValueError as error:
                faults.append(_fault(place, column, sentence(error)))
        for column, field in ((TEACH, "offers"), (LEARN, "seeks")):
            there = getattr(held, field)
            more = [Skill(word) for word in items(_text(row, table, column) or "")]
            new = [skill for skill in more if skill.name not in {one.name for one in there}]
            skills: dict[str, Any] = {field: (*there, *dict.fromkeys(new))}
            held = attrs.evolve(held, **skills)
        return held


def _text(row: Row, table: Table, column: str) -> str | None:
    """A cell, None where there is no such column."""
    name = table.column(column)
    return None if name is None else _plain(row.cells.get(name, ""))


def _plain(text: str) -> str:
    """A cell's text without what spreadsheets and this programme put around it."""
    lines = "\n".join(text.translate(SPACES).splitlines())
    return _FORMULA.sub("", lines.strip(), count=1).strip()


def _fault(place: str, column: str, words: str) -> Fault:
    return Fault(f"{place}, column {column}", words)
