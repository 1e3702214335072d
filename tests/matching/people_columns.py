"""The same people as columns, told in any of the ways in which columns may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from mentorkit import Columns, FrozenMap, Participant

OF_PERSON = ("name", "email", "timezone", "locale", "languages", "capacity")
OF_PARTICIPANT = (
    "offers",
    "seeks",
    "interests",
    "availability",
    "exceptions",
    "travel",
    "prefers",
    "avoids",
    "manager",
    "not_again",
    "hours",
    "aims",
    "brings",
)
Telling = Callable[[list[Any]], Any]


def as_objects(entries: list[Any]) -> Any:
    """An array that holds whatever a list does."""
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    return array


def as_array(entries: list[Any]) -> Any:
    """An array of NumPy's own type, with what is missing masked; objects where there is none."""
    known = [entry for entry in entries if entry is not None]
    if not known or {type(entry) for entry in known} not in ({int}, {float}, {bool}):
        return as_objects(entries)
    filler = known[0]
    held = np.array([filler if entry is None else entry for entry in entries])
    return np.ma.array(held, mask=[entry is None for entry in entries])


def as_lists(entries: list[Any]) -> Any:
    """A list, with lists in it, and None for those that are empty."""
    return [list(entry) or None if isinstance(entry, tuple) else entry for entry in entries]


def as_inner_arrays(entries: list[Any]) -> Any:
    """Lists in it are arrays, as Parquet gives them."""
    return [as_objects(list(entry)) if isinstance(entry, tuple) else entry for entry in entries]


TELLINGS: tuple[Telling, ...] = (list, tuple, as_objects, as_array, as_lists, as_inner_arrays)


def columns_of(
    people: Iterable[Participant], told: Telling = list, *, sparse: bool = False
) -> Columns:
    """These people as columns; `sparse` leaves out the columns in which nobody holds anything."""
    people = list(people)
    # An empty list among attributes is not the same as nothing.
    told_attribute = list if told is as_lists else told
    columns = {name: [getattr(held.person, name) for held in people] for name in OF_PERSON}
    columns |= {name: [getattr(held, name) for held in people] for name in OF_PARTICIPANT}
    if sparse:
        absent = (None, "", ())
        columns = {
            name: held
            for name, held in columns.items()
            if any(entry not in absent for entry in held)
        }
    return Columns(
        ids=told([held.id for held in people]),
        roles=_named([held.roles for held in people], told),
        attributes=_named([held.person.attributes for held in people], told_attribute),
        protected=_named([held.protected for held in people], told_attribute),
        **{name: told(held) for name, held in columns.items()},
    )


def _named(maps: Sequence[FrozenMap[Any]], told: Telling) -> dict[str, Any]:
    names = dict.fromkeys(name for held in maps for name in held)
    return {name: told([held.get(name) for held in maps]) for name in names}


def tellings() -> st.SearchStrategy[Callable[[Iterable[Participant]], Columns]]:
    """Ways to make columns of people."""
    return st.builds(
        lambda told, sparse: lambda people: columns_of(people, told, sparse=sparse),
        st.sampled_from(TELLINGS),
        st.booleans(),
    )
