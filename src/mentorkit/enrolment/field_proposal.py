"""What a column may be read as, judged by its head and its cells together."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Collection

import attrs

from mentorkit.enrolment import words
from mentorkit.enrolment.availability import windows
from mentorkit.enrolment.cells import number
from mentorkit.enrolment.column_map import KNOWN, SKILLS, Source, close, folded
from mentorkit.enrolment.role_proposal import named_roles
from mentorkit.enrolment.survey import Column
from mentorkit.models.participant import MONTH

NAMING = ("not_again", "avoids", "prefers", "manager")
"""Fields that name other people."""


def refusal(column: Column) -> str | None:
    """Why a column must not be read, whatever it could be."""
    if not column.filled:
        return "it is empty"
    if words.has(column.head, words.PROTECTED) or _protected_cells(column):
        return "it may tell of a protected attribute, which needs a purpose and consent"
    if words.has(column.head, words.PRIVATE):
        return "it is private, and matching has no use for it"
    if words.has(column.head, words.STAMP):
        return "it says when the row was written"
    if column.prose or (words.has(column.head, words.FREE_TEXT) and not column.yes_or_no):
        return "it is free text"
    return None


def _protected_cells(column: Column) -> bool:
    held = [words.head_words(cell) for cell in column.distinct]
    telling = sum(re.fullmatch(words.PROTECTED_VALUES, cell) is not None for cell in held)
    return 2 * telling > len(held)


def known(column: Column, people: Collection[str]) -> tuple[str | None, Source]:
    """The known field that the column is, if any; `people` are their ids and names, folded."""
    plain = Source(column=(column.name,))
    eager = column.split(eager=True)
    several = attrs.evolve(plain, split=eager)
    if words.has(column.head, words.TIME_ZONE) and column.all(_is_zone):
        return "timezone", plain
    if words.has(column.head, words.AVAILABILITY) and column.all(
        lambda cell: all(_is_window(part) for part in column.parts(cell, eager))
    ):
        return "availability", several
    naming = _names(column, people)
    for field in NAMING:
        if words.has(column.head, getattr(words, field.upper())) and naming:
            return field, plain if field == "manager" else several
    if counted := _counted(column):
        return counted, attrs.evolve(plain, number=True, decimal=column.decimal or ".")
    if column.numeric or column.yes_or_no:
        return None, plain
    listed = skill(column.head) or _listed(column.head)
    if listed == "seeks" and naming:
        return "prefers", several
    if listed in SKILLS and (mark := column.level_after(eager)):
        several = attrs.evolve(several, level_after=mark)
    return listed, several


def _counted(column: Column) -> str | None:
    """The known field that a column of numbers is, if any."""
    if column.all(str.isdecimal) and words.has(column.head, words.CAPACITY):
        return "capacity"
    stated = words.has(column.head, words.HOURS_A_MONTH)
    if column.decimal and (stated or re.fullmatch(words.HOURS, column.head)):
        held = [number(cell, column.decimal) for cell in column.distinct]
        return "hours" if all(0 <= hours <= MONTH for hours in held) else None
    return None


def doubt(column: Column, field: str) -> str | None:
    """What its reader should settle about a column that is read as a known field."""
    if field == "hours" and not words.has(column.head, words.HOURS_A_MONTH):
        return f"{column.name!r} is read as hours a month; take it out where it means others"
    if field == "capacity":
        return (
            f"{column.name!r} is read as the partners in all programmes together; the places in"
            " one programme are the capacity of a role"
        )
    return None


def skill(head: str) -> str | None:
    """Whether a head asks what somebody offers or seeks."""
    if words.has(head, words.OFFERING):
        return "offers"
    if words.has(head, words.SEEKS):
        return "seeks"
    topics = words.has(head, words.OFFERS) or words.has(head, words.INTERESTS)
    match sorted(named_roles(head)):
        case ["mentor"] if topics:
            return "offers"
        case ["mentee"] if topics:
            return "seeks"
    return "offers" if words.has(head, words.OFFERS) else None


def _listed(head: str) -> str | None:
    for field in ("languages", "interests"):
        if words.has(head, getattr(words, field.upper())):
            return field
    return None


def wordy(column: Column, source: Source) -> bool:
    """Whether the parts of the cells are mostly sentences, not names of things."""
    parts = [part for cell in column.filled for part in column.parts(cell, source.split)]
    return sum(len(part.split()) > 8 for part in parts) * 2 > len(parts)


def _names(column: Column, people: Collection[str]) -> bool:
    split = column.split(eager=True)
    whole = sum(folded(cell) in people for cell in column.filled)
    named = [part for cell in column.filled for part in column.parts(cell, split)]
    held = sum(part in people or is_email(part) for part in named)
    return bool(named) and (2 * held > len(named) or 2 * whole > len(column.filled))


def useless(column: Column) -> str | None:
    """Why a column tells nothing about two people."""
    if column.tells_apart and re.fullmatch(words.RUNNING, column.head):
        return "it tells people apart, so nobody has it in common"
    if column.numeric or column.scale or column.split():
        return None
    if len(column.distinct) == 1 and len(column.filled) > 1:
        return "it says the same of everybody"
    if len(column.distinct) == len(column.filled) > 4:
        return "it is different for everybody, so nobody has it in common"
    return None


def attribute(column: Column) -> tuple[str, Source]:
    """The column as an attribute of people."""
    source = Source(column=(column.name,))
    name = well_known(column) or slug(column)
    if column.decimal:
        return name, attrs.evolve(source, number=True, decimal=column.decimal)
    if column.scale:
        return name, attrs.evolve(source, scale=column.scale)
    return name, attrs.evolve(source, split=column.split())


def well_known(column: Column) -> str | None:
    """The attribute that heads of many spreadsheets speak of, such as grade."""
    for name, heads in words.ATTRIBUTES.items():
        if words.has(column.head, heads) and column.numeric == (name == "years"):
            return name
    return None


def slug(column: Column) -> str:
    """A name for an attribute, none of a known field that would be read otherwise."""
    plain = column.head.replace(" ", "_") or folded(column.name)
    return f"stated_{plain}" if plain in KNOWN or close(plain, KNOWN) else plain


def is_email(cell: str) -> bool:
    """Whether it could be an e-mail address."""
    name, _, host = cell.partition("@")
    return bool(name and host) and " " not in cell


def _is_zone(cell: str) -> bool:
    try:
        zoneinfo.ZoneInfo(cell)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_window(part: str) -> bool:
    try:
        windows(part)
    except ValueError:
        return False
    return True
