"""Which columns tell people apart, and which are their names and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import attrs

from mentorkit.enrolment import words
from mentorkit.enrolment.field_proposal import is_email, known, well_known
from mentorkit.enrolment.role_proposal import named_roles
from mentorkit.enrolment.survey import Column


@attrs.frozen
class Identity:
    """Columns of id, name and e-mail; each of a file of its own, or together one name.

    `doubt` says what is weak about the id.
    """

    id: tuple[Column, ...]
    name: tuple[Column, ...]
    email: tuple[Column, ...]

    @property
    def doubt(self) -> str | None:
        """What the reader should know of the id, if anything."""
        if not self.id:
            return "no column tells people apart"
        if self.id == self.name:
            return (
                "no column tells people apart but their names, and names change;"
                " a number or e-mail address is better"
            )
        heads = [column.head for column in self.id]
        if all(words.has(h, f"{words.ID}|{words.EMAIL}") or _runs(h) for h in heads):
            return None
        named = ", ".join(repr(column.name) for column in self.id)
        return f"{named} was chosen because it differs in every row; check that it is meant to"


def identity(columns: Sequence[Column], files: int) -> Identity:
    """The columns that say who somebody is, each empty where none does."""
    emails = [column for column in columns if _tells_email(column)]
    name = _names(columns, files)
    others = [column for column in columns if column not in emails and column not in name]
    sure = [column for column in others if words.has(column.head, words.ID)]
    rest = [column for column in others if _nothing_else(column)]
    running = [column for column in rest if _runs(column.head)]
    numbers = [column for column in rest if column.all(str.isdecimal)]
    codes = [column for column in rest if column.all(lambda cell: len(cell.split()) == 1)]
    # Running numbers of two files would take different people for one.
    kinds = [sure, emails] if files == 1 else [emails, sure]
    kinds += [_unrepeated(kind) for kind in (running, numbers, codes)]
    found = (_covering(kind, files, lambda column: column.tells_apart) for kind in kinds)
    ids = next((columns for columns in found if columns), ())
    if not ids and len(name) == files == 1 and name[0].tells_apart:
        ids = name
    return Identity(ids, name, _spread(emails))


def _runs(head: str) -> bool:
    return re.fullmatch(words.RUNNING, head) is not None


def _tells_email(column: Column) -> bool:
    about_others = words.has(column.head, words.OTHERS)
    return words.has(column.head, words.EMAIL) and not about_others and column.all(is_email)


def _nothing_else(column: Column) -> bool:
    """Whether its head says nothing that matching could use."""
    told = column.yes_or_no or column.scale or column.mostly(named_roles)
    counts = words.has(column.head, words.CAPACITY)
    return not (told or counts or known(column, ())[0] or well_known(column))


def _unrepeated(columns: Iterable[Column]) -> list[Column]:
    """Those whose cells are different in all files together."""
    return [column for column in columns if len(set(column.filled)) == len(column.filled)]


def _names(columns: Sequence[Column], files: int) -> tuple[Column, ...]:
    """For each file its first and last name, or its full name."""
    names: dict[str, Column] = {}
    for file in range(files):
        here = [column for column in columns if file in column.tables]
        first = [c for c in here if words.has(c.head, words.FIRST_NAME)][:1]
        last = [c for c in here if words.has(c.head, words.LAST_NAME)][:1]
        full = [c for c in here if re.fullmatch(words.NAME, c.head)][:1]
        names |= {column.name: column for column in first + last or full}
    return tuple(names.values())


def _covering(
    columns: Iterable[Column], files: int, fits: Callable[[Column], bool]
) -> tuple[Column, ...]:
    """The first fitting columns that together are in every file; empty if some file has none."""
    chosen = _spread(sorted(filter(fits, columns), key=lambda column: -len(column.tables)))
    return chosen if sum(len(column.tables) for column in chosen) == files else ()


def _spread(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Columns of which no two are in one file, the first ones first."""
    chosen: list[Column] = []
    for column in columns:
        if not any(column.tables & other.tables for other in chosen):
            chosen.append(column)
    return tuple(chosen)
