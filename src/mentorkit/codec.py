"""Plain data to models and back: the only module that knows cattrs.

cattrs coerces silently (None to "None", 3.9 to 3, "no" to True). Here nothing is
coerced: every wrong value is a fault with its path, and all faults of an input are
reported at once.
"""

from __future__ import annotations

import datetime
import difflib
import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin

import attrs
import cattrs
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn

from mentorkit.errors import Fault, Invalid
from mentorkit.models import Choice, FrozenMap, Level, Use, Value
from mentorkit.models.programme import freeze

T = TypeVar("T")


def structure(cls: type[T], data: object, path: str = "") -> T:
    """`data` as a `cls`; Invalid with every fault's path, below `path`, if it cannot be."""
    try:
        return _converter.structure(data, cls)
    except Exception as error:
        raise Invalid(faults=_faults(error, path)) from None


def unstructure(value: object) -> Any:
    """`value` as plain data that `structure` turns back into an equal value."""
    return _converter.unstructure(value)


def from_json(cls: type[T], text: str | bytes) -> T:
    """A `cls` from strict JSON: no NaN, no key twice; Invalid otherwise."""
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise Invalid("", f"this is not valid JSON: {error}") from None
    return structure(cls, data)


def to_json(value: object) -> str:
    """`value` as JSON: the same bytes for equal values, on any platform."""
    return json.dumps(unstructure(value), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not a number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} is there twice")
    return data


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return str(value).lower()
        case Mapping():
            return "a table"
        case list() | tuple():
            return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _strict(cls: type, words: str) -> Callable[[Any, Any], Any]:
    def take(value: Any, _: Any) -> Any:
        if type(value) is not cls:
            raise ValueError(f"must be {words}, not {_shown(value)}")
        return value

    return take


def _number(value: Any, _: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(f"must be a number, not {_shown(value)}")
    return float(value)


def _date(value: Any, _: Any) -> datetime.date:
    if type(value) is datetime.date:
        return value
    try:
        if isinstance(value, str):
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"must be a date like 2026-09-01, not {_shown(value)}")


def _instant(value: Any, _: Any) -> datetime.datetime:
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            value = str(value)
    if not isinstance(value, datetime.datetime):
        raise ValueError(f"must be a time like 2026-09-01T12:00:00Z, not {_shown(value)}")
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} lacks its offset; write it like 12:00:00Z")
    return value


def _value(value: Any, _: Any) -> Value:
    match value:
        case str() | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case Level():
            return value
        case Mapping():
            return _converter.structure(value, Level)
        case list() | tuple() if all(isinstance(word, str) for word in value):
            return tuple(value)
    raise ValueError(
        f"must be text, a number, true or false, a list of texts, or a level"
        f" (rank and name), not {_shown(value)}"
    )


def _each(pairs: Iterable[tuple[str, Any, Any]]) -> list[Any]:
    """Structure (path, data, type) triples, gathering the faults of all of them."""
    done, faults = [], list[Fault]()
    for path, data, cls in pairs:
        try:
            done.append(_converter.structure(data, cls))
        except Exception as error:
            faults.extend(_faults(error, path))
    if faults:
        raise Invalid(faults=faults)
    return done


def _tuple(cls: Any) -> Callable[[Any, Any], Any]:
    arguments = get_args(cls)

    def take(value: Any, _: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError(f"must be a list, not {_shown(value)}")
        many = arguments[-1] is Ellipsis
        types = arguments[:1] * len(value) if many else arguments
        if len(types) != len(value):
            raise ValueError(f"must be a list of {len(types)}, not of {len(value)}")
        places = zip(value, types, strict=True)
        return tuple(_each((f"[{at}]", held, cls) for at, (held, cls) in enumerate(places)))

    return take


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"must be a table of names and values, not {_shown(value)}")
    for key in value:
        if not isinstance(key, str):
            raise ValueError(f"must have names as keys, not {_shown(key)}")
    return value


def _map(cls: Any) -> Callable[[Any, Any], Any]:
    (held_type,) = get_args(cls) or (Any,)

    def take(value: Any, _: Any) -> Any:
        table = _table(value)
        held = _each((key, held, held_type) for key, held in table.items())
        return FrozenMap(dict(zip(table, held, strict=True)))

    return take


def _record(cls: Any) -> Callable[[Any, Any], Any]:
    build = make_dict_structure_fn(
        cls, _converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True
    )

    def take(value: Any, _: Any) -> Any:
        return build(_table(value), cls)

    return take


def _choice(cls: Any) -> Callable[[Any, Any], Any]:
    """A kind and its settings lie flat in one table; the kind alone may be plain text."""
    build = _record(cls)
    own = {field.name for field in attrs.fields(cls)} - {"settings"}

    def take(value: Any, _: Any) -> Any:
        table = {"kind": value} if isinstance(value, str) else dict(_table(value))
        settings = {key: table.pop(key) for key in set(table) - own}
        try:
            return build({**table, "settings": settings}, cls)
        except ClassValidationError as error:
            faults = _faults(error, "")
            flat = [
                attrs.evolve(fault, path=fault.path.removeprefix("settings.")) for fault in faults
            ]
            raise Invalid(faults=flat) from None

    return take


def _flat_choice(value: Any) -> dict[str, Any]:
    stated = {
        field.name: _converter.unstructure(getattr(value, field.name))
        for field in attrs.fields(type(value))
        if field.name != "settings" and getattr(value, field.name) != field.default
    }
    return {**_converter.unstructure(value.settings), **stated}


def _literal(cls: Any) -> Callable[[Any, Any], Any]:
    words = get_args(cls)

    def take(value: Any, _: Any) -> Any:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"must be one of {', '.join(words)}, not {_shown(value)}")
        return value

    return take


def _faults(error: BaseException, path: str) -> list[Fault]:
    """The leaves of what cattrs raised, each with the path to its place."""
    match error:
        case Invalid():
            return [Fault(_joined(path, fault.path), fault.sentence) for fault in error.faults]
        case ClassValidationError():
            noted, loose = error.group_exceptions()
            found = [(held, _joined(path, note.name)) for held, note in noted]
            found += [(held, path) for held in loose]
            return [fault for held, place in found for fault in _faults(held, place)]
        case ForbiddenExtraKeysError():
            known = [field.name for field in attrs.fields(error.cl)]
            return [
                Fault(_joined(path, key), f"nobody reads this key{_meant(key, known)}")
                for key in sorted(error.extra_fields)
            ]
        case KeyError():
            return [Fault(path, "is missing")]
    return [Fault(path, str(error))]


def _meant(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"


def _joined(path: str, name: str) -> str:
    if not path or not name:
        return path or name
    return path + name if name.startswith("[") else f"{path}.{name}"


def _is(origin: Any) -> Callable[[Any], bool]:
    return lambda cls: cls is origin or get_origin(cls) is origin


def _configured() -> cattrs.Converter:
    converter = cattrs.Converter(unstruct_collection_overrides={tuple: list})
    for cls, words in {str: "text", int: "a whole number", bool: "true or false"}.items():
        converter.register_structure_hook(cls, _strict(cls, words))
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(datetime.date, _date)
    converter.register_structure_hook(datetime.datetime, _instant)
    converter.register_structure_hook(Value, _value)
    converter.register_structure_hook(Any, lambda value, _: freeze(value))
    converter.register_structure_hook_factory(attrs.has, _record)
    converter.register_structure_hook_factory(_is(tuple), _tuple)
    converter.register_structure_hook_factory(_is(FrozenMap), _map)
    converter.register_structure_hook_factory(_is(Literal), _literal)
    converter.register_unstructure_hook(datetime.date, datetime.date.isoformat)
    converter.register_unstructure_hook(datetime.datetime, datetime.datetime.isoformat)
    converter.register_unstructure_hook_func(
        _is(FrozenMap),
        lambda held: {key: converter.unstructure(item) for key, item in held.items()},
    )
    for choice in (Choice, Use):
        converter.register_structure_hook_factory(_is(choice), _choice)
        converter.register_unstructure_hook(choice, _flat_choice)
    return converter


_converter = _configured()
