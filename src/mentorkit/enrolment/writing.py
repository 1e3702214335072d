"""Mappings and programmes as commented TOML that reads back equal."""

from __future__ import annotations

import re
from typing import Any

import attrs

from mentorkit import codec
from mentorkit.enrolment.column_map import ONE, ColumnMap, RoleRule, Source
from mentorkit.enrolment.proposal import Proposal
from mentorkit.enrolment.toml import assignments, comment, key, table
from mentorkit.models import Programme, Use

_MAP = """\
Which column of the spreadsheets says what about a person. Column names are found
whatever their case and spacing. Check every line: a wrong column makes wrong matches."""
_TOP = ("missing", "header_row", "delimiter", "encoding", "sheet")
_MISSING = "Texts that stand for an empty cell."
_FIELDS = """\
Known fields are id, name, email, timezone, locale, languages, offers, seeks, interests,
availability, prefers, avoids, not_again, manager, hours, capacity, aims and brings; any other
name is an attribute.
field = "column"                                     the cell as it stands
field = ["first", "last"]                            several columns joined
field = { column = "c", split = ";" }                a list
field = { column = "c", number = true }              a number such as 12 or 1.5
field = { column = "c", number = true, decimal = "," }    a number such as 1,5
field = { column = "c", scale = ["low", "high"] }    a step of a scale, lowest first
field = { value = "2026" }                           the same for everybody"""
_PROTECTED = """\
Protected attributes, each for the purpose that the programme states. An empty cell means
that somebody did not agree to it."""
_NOTES = "Please settle these doubts."
_NO_ID = """\
No column tells people apart. Complete this, without the sign before it:
id = "…\""""
_ROLE = """\
Who takes part as {role}: rows of the files that match `files` for which `when` holds
(at_least and at_most, or one_of). Capacity: how many partners at most; 0 is a pause."""
_NO_ROLES = """\
No column tells who takes part as what. Complete these, without the signs before them:
[roles.mentee]
capacity = 1
when = { column = "…", at_most = 4 }
[roles.mentor]
capacity = 1
when = { column = "…", at_least = 12 }"""
_LEFT_OUT = "Columns that are not read, and why. To read one, move it to [fields]."

_PROGRAMME = """\
What this programme wants. A weight is the points that a perfect fit earns; only their
proportions matter. A line's absence leaves the matter to the topology and the practices."""
_MORE = """\
More can stand here, such as these lines without the signs before them; the reference of
programme.toml says what else.
[policies]
cadence = 14
minutes = 60
[agreement.points]
reply = "Within how many days do we answer each other?"
[constraints.never-same-department]
kind = "same"
attribute = "department\""""
_PRACTICES = 'practices = ["smart-goals"] would stand here: what people do beside meeting.'
_CRITERIA = {
    "availability": "Both are free at the same time of the week.",
    "different": "The two differ in this, so that each meets someone new.",
    "interests": "They share interests.",
    "language": "They share at least one language.",
    "level-gap": "The mentor stands this many steps above the mentee.",
    "location": "They are near each other.",
    "preferences": "They wished for each other; nobody else reads a wish.",
    "same": "They have this in common.",
    "skills": "The mentor offers what the mentee seeks.",
    "time-zones": "Their working hours overlap.",
}


def write_map(column_map: ColumnMap | Proposal) -> str:
    """The mapping as commented TOML; `load_map` reads it back equal.

    A proposal's notes are comments, and so is the id where it has none.
    """
    top = _stated(column_map, *(name for name in _TOP if hasattr(column_map, name)))
    lines = comment(_MAP)
    if isinstance(column_map, Proposal) and column_map.notes:
        lines += ["", *comment(_NOTES), *(f"# - {note}" for note in column_map.notes)]
    lines += [""] if top else []
    lines += comment(_MISSING) if "missing" in top else []
    lines += assignments(top)
    fields = {name: _short(source) for name, source in column_map.fields.items()}
    lines += table("fields", _known_first(fields), _FIELDS)
    if "id" not in fields:
        lines += comment(_NO_ID)
    if isinstance(column_map, ColumnMap) and column_map.protected:
        protected = {name: _short(source) for name, source in column_map.protected.items()}
        lines += table("protected", protected, _PROTECTED)
    for name, rule in column_map.roles.items():
        words = _ROLE.format(role=key(name))
        lines += table(f"roles.{key(name)}", _rule(rule), words)
    if not column_map.roles:
        lines += ["", *comment(_NO_ROLES)]
    if column_map.left_out:
        lines += table("left_out", column_map.left_out, _LEFT_OUT)
    return "\n".join(lines) + "\n"


def write_programme(programme: Programme, *, to_edit: bool = False) -> str:
    """The programme as commented TOML; the codec reads it back equal.

    One that is there `to_edit` says in comments what else could stand in it.
    """
    data: dict[str, Any] = codec.unstructure(programme)
    data["starts"] = programme.starts
    own = ("policies", "criteria", "constraints", "protected")
    tables = {name: data.pop(name) for name in own}
    lines = comment(_PROGRAMME)
    lines += assignments(_said(data))
    if to_edit and not programme.practices:
        lines += comment(_PRACTICES)
    policies = {name: held for name, held in tables["policies"].items() if held is not None}
    if policies:
        lines += table("policies", policies)
    for name, use in programme.criteria.items():
        lines += table(f"criteria.{key(name)}", _use(use), _CRITERIA.get(use.kind, ""))
    for name, use in programme.constraints.items():
        lines += table(f"constraints.{key(name)}", codec.unstructure(use))
    for name, stated in tables["protected"].items():
        lines += table(f"protected.{key(name)}", stated)
    if to_edit:
        lines += ["", *comment(_MORE)]
    return "\n".join(lines) + "\n"


def _said(data: dict[str, Any]) -> dict[str, Any]:
    """The data without what says nothing: none, and lists and tables with nothing in them."""
    held = {name: _said(one) if isinstance(one, dict) else one for name, one in data.items()}
    return {name: one for name, one in held.items() if one not in (None, [], {})}


def _use(use: Use) -> dict[str, Any]:
    """The kind and the weight first, the weight even where it is the default."""
    data: dict[str, Any] = codec.unstructure(use)
    return {"kind": use.kind, "weight": use.weight} | data


def _known_first(fields: dict[str, Any]) -> dict[str, Any]:
    first = [name for name in ("id", "name", "email") if name in fields]
    return {name: fields[name] for name in [*first, *fields]}


def _stated(value: Any, *names: str) -> dict[str, Any]:
    """What differs from the default, of an attrs object's fields."""
    defaults = attrs.fields_dict(type(value))
    held = {name: getattr(value, name) for name in names}
    return {name: item for name, item in held.items() if item != defaults[name].default}


def _short(source: Source) -> Any:
    """The shortest way to write a source."""
    stated = _stated(source, *(field.name for field in attrs.fields(Source)))
    if set(stated) != {"column"}:
        if len(source.column) == 1:
            stated["column"] = source.column[0]
        return stated
    return source.column[0] if len(source.column) == 1 else source.column


def _rule(rule: RoleRule) -> dict[str, Any]:
    stated: dict[str, Any] = {"capacity": _capacity(rule.capacity)}
    stated |= _stated(rule, "files")
    if rule.when:
        stated["when"] = _stated(rule.when, "column", "at_least", "at_most", "one_of", "decimal")
    return stated


def _capacity(source: Source) -> Any:
    plain = re.fullmatch("0|[1-9][0-9]{,15}", source.value or "")
    if plain and source == attrs.evolve(ONE, value=source.value):
        return int(source.value or "")
    return _short(source)
