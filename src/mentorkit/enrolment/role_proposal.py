"""Who mentors: guessed from the files' names, a column of roles, or columns of yes and no."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from mentorkit.enrolment import words
from mentorkit.enrolment.column_map import Condition, RoleRule, Source, folded
from mentorkit.enrolment.survey import Column
from mentorkit.errors import Fault

_MOST_ANSWERS = 6
"""Different cells of a column that tells roles; with more, they are names or sentences."""


@attrs.frozen
class Spent:
    """Columns that roles use, those that only speak of roles, with the reason, and doubts."""

    names: frozenset[str]
    left_out: dict[str, str]
    notes: tuple[Fault, ...]


def proposed_roles(
    files: Sequence[str], columns: Sequence[Column]
) -> tuple[dict[str, RoleRule], Spent]:
    """The rule of each role, empty where nobody can tell; and the columns that it took."""
    by_files = _by_files(files)
    rules = by_files or _by_column(columns) or _by_answers(columns)
    used = {rule.when.column for rule in rules.values() if rule.when}
    notes = [note for column in columns if column.name in used for note in _odd_words(column)]
    for role, heads in _CAPACITIES:
        if role in rules and (column := _capacity(columns, used, heads)):
            notes += _odd_numbers(column, role)
            capacity = Source(column=(column.name,), number=True)
            rules[role] = attrs.evolve(rules[role], capacity=capacity)
            used.add(column.name)
    why = "the files already tell who mentors" if by_files else "it does not tell who is which"
    left_out = {
        column.name: why
        for column in columns
        if column.name not in used and _speaks_of_roles(column)
    }
    return rules, Spent(frozenset(used | left_out.keys()), left_out, tuple(notes))


def _by_files(files: Sequence[str]) -> dict[str, RoleRule]:
    kinds = {("mentee" in name.casefold(), "mentor" in name.casefold()) for name in files}
    if kinds != {(True, False), (False, True)}:
        return {}
    return {role: RoleRule(files=f"*{role}*") for role in ("mentee", "mentor")}


def _by_column(columns: Sequence[Column]) -> dict[str, RoleRule]:
    for column in columns:
        if not column.mostly(named_roles) or len(column.distinct) > _MOST_ANSWERS:
            continue
        rules = {
            role: RoleRule(when=Condition(column=column.name, one_of=cells))
            for role in ("mentee", "mentor")
            if (cells := tuple(cell for cell in column.distinct if role in named_roles(cell)))
        }
        if len(rules) == 2 and any(len(named_roles(cell)) == 1 for cell in column.distinct):
            return rules
    return {}


def _by_answers(columns: Sequence[Column]) -> dict[str, RoleRule]:
    """A column of yes and no for each role; one alone says no of the other."""
    asked: dict[str, Column] = {}
    for column in columns:
        roles = named_roles(column.head)
        if column.yes_or_no and len(roles) == 1:
            asked.setdefault(min(roles), column)
    if not asked:
        return {}
    rules = {role: _answered(column, words.YES) for role, column in asked.items()}
    for role, other in (("mentee", "mentor"), ("mentor", "mentee")):
        if role not in rules:
            rules[role] = _answered(asked[other], words.NO)
    return {role: rules[role] for role in ("mentee", "mentor")} if _all_told(rules) else {}


def _all_told(rules: dict[str, RoleRule]) -> bool:
    return all(rule.when for rule in rules.values())


def _answered(column: Column, answers: frozenset[str]) -> RoleRule:
    cells = tuple(cell for cell in column.distinct if folded(cell) in answers)
    return RoleRule(when=Condition(column=column.name, one_of=cells) if cells else None)


def named_roles(text: str) -> set[str]:
    """The roles that a text names; who wants a mentor is a mentee."""
    plain = words.head_words(text)
    plain = re.sub(rf"\b(?:{words.WANTS_MENTOR})", " mentee ", plain)
    plain = re.sub(rf"\b(?:{words.WANTS_MENTEE})", " mentor ", plain)
    if words.has(plain, words.BOTH):
        return {"mentee", "mentor"}
    found = {"mentee"} if words.has(plain, words.MENTEE) else set()
    return found | ({"mentor"} if words.has(plain, words.MENTOR) else set())


def _speaks_of_roles(column: Column) -> bool:
    return column.yes_or_no and bool(named_roles(column.head))


_CAPACITIES = (("mentee", words.MENTEE_CAPACITY), ("mentor", words.CAPACITY))
"""The heads of a column that may hold the places of a role."""


def _capacity(columns: Sequence[Column], used: set[str], heads: str) -> Column | None:
    for column in columns:
        if (
            words.has(column.head, heads)
            and not words.has(column.head, words.IN_ALL)
            and column.name not in used
            and column.mostly(str.isdecimal)
        ):
            return column
    return None


def _odd_words(column: Column) -> Iterator[Fault]:
    odd = [cell for cell in column.distinct if not named_roles(cell)]
    if odd and not column.yes_or_no:
        words_ = ", ".join(repr(cell) for cell in odd)
        yield Fault(
            "roles", f"{column.name!r} also holds {words_}; who wrote that takes part in no role"
        )


def _odd_numbers(column: Column, role: str) -> Iterator[Fault]:
    odd = [cell for cell in column.distinct if not cell.isdecimal()]
    if odd:
        cells = ", ".join(repr(cell) for cell in odd[:5])
        yield Fault(
            f"roles.{role}.capacity", f"{column.name!r} also holds {cells}; write 0, 1, 2… there"
        )
