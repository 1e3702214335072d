"""Plain data to models and back: the only module that knows cattrs.

cattrs coerces silently (None to "None", 3.9 to 3, "no" to True). Here nothing is
coerced: every wrong value is a fault with its path, and all faults of an input are
reported at once.
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import attrs
import cattrs
from cattrs.fns import identity

from mentorkit.errors import Fault, Invalid, below
from mentorkit.leaves import WORDS, date, instant, literal, number, strict
from mentorkit.models import Choice, FrozenMap, Level, Message, Question, Use, Value
from mentorkit.models.frozenmap import EMPTY
from mentorkit.models.plain import plain, shown
from mentorkit.models.programme import freeze

T = TypeVar("T")
SURVEYS = 1000
"""Surveys whose questions, once read, are kept at hand."""
AS_THEY_ARE = frozenset({str, int, float, bool})
"""What JSON holds as it is: most of what people's attributes are."""


def structure(cls: type[T], data: object, path: str = "") -> T:
    """`data` as a `cls`; Invalid with every fault's path, below `path`, if it cannot be.

    An error of another kind is a fault of the class `cls`, not of the data.
    """
    try:
        return _converter.structure(data, cls)
    except Invalid as error:
        raise Invalid(faults=[fault.within(path) for fault in error.faults]) from None


def restore(cls: type[T], data: object) -> T:
    """`data` as a `cls`, where `unstructure` or `condense` made it of one: quick, without checks.

    Only for what the house itself has kept. What comes from outside is for `structure`.
    """
    return _restorer.structure(data, cls)


def condense(value: object) -> Any:
    """`value` as plain data for `restore`, without what it holds by default.

    Only for what has no default but "missing": another default may change one day, and with
    it what was kept.
    """
    return _condenser.unstructure(value)


def unstructure(value: object) -> Any:
    """`value` as plain data that `structure` turns back into an equal value."""
    return _converter.unstructure(value)


def from_json(cls: type[T], text: str | bytes) -> T:
    """A `cls` from strict JSON: no NaN, no key twice; Invalid otherwise."""
    try:
        data = json.loads(
            text, parse_constant=_no_constant, parse_int=_cut, object_pairs_hook=_unique
        )
    except UnicodeDecodeError:
        raise Invalid("", "this is not valid JSON: it is not written in UTF-8") from None
    except RecursionError:
        raise Invalid("", "this is not valid JSON: it is nested too deeply") from None
    except ValueError as error:
        raise Invalid("", f"this is not valid JSON: {error}") from None
    return structure(cls, data)


def from_toml(
    cls: type[T], path: str | Path, prepare: Callable[[dict[str, Any]], object] = dict
) -> T:
    """A `cls` from a TOML file, after `prepare`; faults name the file before the place."""
    path = Path(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Invalid(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Invalid(path.name, "is not written in UTF-8; save it so") from None
    except (ValueError, RecursionError) as error:
        raise Invalid(path.name, f"is not valid TOML: {error}") from None
    try:
        return structure(cls, prepare(data))
    except Invalid as error:
        raise error.of(path.name) from None


def to_json(value: object, *, compact: bool = False) -> str:
    """`value` as JSON: the same bytes for the same content, on any platform.

    `compact` leaves out what makes it readable, and is several times quicker.
    """
    plain_data = unstructure(value)
    indent, between = (None, (",", ":")) if compact else (1, None)
    text = json.dumps(
        plain_data,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
        separators=between,
        sort_keys=True,
    )
    return text + "\n"


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not a number")


def _cut(digits: str) -> int:
    """The number, or of one far beyond 64 bits as much as is refused at its place."""
    return int(digits[:30])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise ValueError(f"the key {shown(twice)} is there twice")
    return data


def _value(value: Any, _: Any) -> Any:
    match value:
        case Level():
            return value
        case Mapping():
            return _converter.structure(value, Level)
        case list() | tuple():
            return _converter.structure(value, tuple[str, ...])
    if plain(value):
        return value
    raise Invalid(
        "",
        "must be text, a number, true or false, a list of texts, or a level"
        f" (rank and name), not {shown(value)}",
    )


def _each(pairs: Iterable[tuple[str, Any, Any]], faults: Iterable[Fault] = ()) -> list[Any]:
    """Structure (path, data, type) triples, gathering the faults of all of them."""
    done, faults = [], list(faults)
    for path, data, cls in pairs:
        try:
            done.append(_converter.structure(data, cls))
        except Invalid as error:
            faults.extend(fault.within(path) for fault in error.faults)
    if faults:
        raise Invalid(faults=faults)
    return done


def _listed(cls: Any) -> Callable[[Any, Any], Any]:
    made = get_origin(cls) or cls
    arguments = get_args(cls) or (Any, ...)
    many = made is not tuple or arguments[-1] is Ellipsis

    def take(value: Any, _: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise Invalid("", f"must be a list, not {shown(value)}")
        types = arguments[:1] * len(value) if many else arguments
        if len(types) != len(value):
            raise Invalid("", f"must be a list of {len(types)}, not of {len(value)}")
        places = zip(value, types, strict=True)
        return made(_each((below("", at), held, cls) for at, (held, cls) in enumerate(places)))

    return take


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Invalid("", f"must be a table of names and values, not {shown(value)}")
    for key in value:
        if not isinstance(key, str) or not plain(key):
            raise Invalid("", f"must have names as keys, not {shown(key)}")
    return value


def _map(cls: Any) -> Callable[[Any, Any], Any]:
    made = dict if _is(dict)(cls) else FrozenMap
    held_type = (get_args(cls) or (Any,))[-1]

    def take(value: Any, _: Any) -> Any:
        table = _table(value)
        held = _each((below("", key), held, held_type) for key, held in table.items())
        return made(dict(zip(table, held, strict=True)))

    return take


def _record(cls: Any) -> Callable[[Any, Any], Any]:
    attrs.resolve_types(cls)
    fields = {field.name: field for field in attrs.fields(cls) if field.init}

    def take(value: Any, _: Any) -> Any:
        table = _table(value)
        faults = [
            Fault(below("", key), f"nobody reads this key{_meant(key, list(fields))}")
            for key in table
            if key not in fields
        ]
        faults += [
            Fault(name, "is missing")
            for name, field in fields.items()
            if field.default is attrs.NOTHING and name not in table
        ]
        given = [field for name, field in fields.items() if name in table]
        held = _each(((field.name, table[field.name], field.type) for field in given), faults)
        return _built(cls, list(zip(given, held, strict=True)))

    return take


def _built(cls: Any, held: list[tuple[attrs.Attribute[Any], Any]]) -> Any:
    try:
        return cls(**{str(field.alias): value for field, value in held})
    except ValueError as error:
        # attrs stops at the first field it refuses; asked alone, each tells its own place.
        faults = [fault for field, value in held for fault in _alone(field, value)]
        raise Invalid(faults=faults or _faults(error)) from None


def _alone(field: attrs.Attribute[Any], value: Any) -> list[Fault]:
    try:
        if callable(field.converter):
            value = field.converter(value)
        if field.validator:
            field.validator(None, field, value)
    except Exception as error:
        # Any other kind comes of there being no object yet: the validator looks at more than
        # its field, and has had its say in the class.
        if type(error) in (Invalid, ValueError):
            return [fault if fault.path else fault.within(field.name) for fault in _faults(error)]
    return []


def _faults(error: Exception) -> tuple[Fault, ...]:
    if isinstance(error, Invalid):
        return error.faults
    words = str(error.args[0] if error.args else error)
    # attrs' own validators write: 'weight' must be >= 0: -1, and repeat the parts behind it.
    if own := re.fullmatch(r"'\w+' (?:must be|should be) (>=|<=|>|<) (.+): (.+)", words):
        words = f"must be {_LIMITS[own[1]]} {own[2]}, not {own[3]}"
    return (Fault("", words),)


_LIMITS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


def _choice(cls: Any) -> Callable[[Any, Any], Any]:
    """A kind and its settings lie flat in one table; the kind alone may be plain text."""
    build = _record(cls)
    own = {field.name for field in attrs.fields(cls)} - {"settings"}

    def take(value: Any, _: Any) -> Any:
        table = {"kind": value} if isinstance(value, str) else _table(value)
        stated = {key: held for key, held in table.items() if key in own}
        settings = {key: held for key, held in table.items() if key not in own}
        try:
            return build({**stated, "settings": settings}, cls)
        except Invalid as error:
            raise Invalid(
                faults=[
                    attrs.evolve(fault, path=fault.path.removeprefix("settings."))
                    for fault in error.faults
                ]
            ) from None

    return take


def _flat_choice(value: Any) -> dict[str, Any]:
    stated = {
        field.name: _converter.unstructure(getattr(value, field.name))
        for field in attrs.fields(type(value))
        if field.name != "settings" and getattr(value, field.name) != field.default
    }
    return {**_converter.unstructure(value.settings), **stated}


def _either(cls: Any) -> Callable[[Any, Any], Any]:
    """A union takes the first of its types that fits; without null, null does not fit."""
    types = [held for held in get_args(cls) if held is not NoneType]

    def take(value: Any, _: Any) -> Any:
        if value is None and NoneType in get_args(cls):
            return None
        if len(types) == 1:
            return _converter.structure(value, types[0])
        for held in types:
            try:
                return _converter.structure(value, held)
            except Invalid:
                pass
        known = " or ".join(WORDS.get(held, "a list or a table") for held in types)
        raise Invalid("", f"must be {known}, not {shown(value)}")

    return take


def _meant(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known are {', '.join(known)}" if known else ""


def _is(*origins: Any) -> Callable[[Any], bool]:
    return lambda cls: cls in origins or get_origin(cls) in origins


def _writing(omit_if_default: bool) -> cattrs.Converter:
    """A converter that writes; `_configured` teaches one to read, strictly."""
    converter = cattrs.Converter(
        unstruct_collection_overrides={tuple: list, frozenset: sorted},
        omit_if_default=omit_if_default,
    )
    converter.register_unstructure_hook(datetime.date, datetime.date.isoformat)
    converter.register_unstructure_hook(datetime.datetime, datetime.datetime.isoformat)
    converter.register_unstructure_hook_func(
        _is(FrozenMap),
        lambda held: {
            key: item if type(item) in AS_THEY_ARE else converter.unstructure(item)
            for key, item in held.items()
        },
    )
    # For speed alone: what JSON holds as it is, is not looked at piece by piece.
    converter.register_unstructure_hook_func(_scalar, identity)
    converter.register_unstructure_hook_factory(_many, lambda cls: _each_of(cls, converter))
    for choice in (Choice, Use):
        converter.register_unstructure_hook(choice, _flat_choice)
    return converter


def _configured() -> cattrs.Converter:
    converter = _writing(omit_if_default=False)
    for cls in (str, int, bool):
        converter.register_structure_hook(cls, strict(cls))
    converter.register_structure_hook(float, number)
    converter.register_structure_hook(datetime.date, date)
    converter.register_structure_hook(datetime.datetime, instant)
    converter.register_structure_hook(Any, lambda value, _: freeze(value))
    converter.register_structure_hook_factory(attrs.has, _record)
    converter.register_structure_hook_factory(_is(tuple, list, frozenset), _listed)
    converter.register_structure_hook_factory(_is(FrozenMap, Mapping, dict), _map)
    converter.register_structure_hook_factory(_is(Literal), literal)
    converter.register_structure_hook_factory(_is(UnionType, Union), _either)
    converter.register_structure_hook_func(lambda cls: cls == Value, _value)
    for choice in (Choice, Use):
        converter.register_structure_hook_factory(_is(choice), _choice)
    return converter


def _restored_value(value: Any, _: Any) -> Any:
    match value:
        case list():
            return tuple(value)
        case dict():
            return _restorer.structure(value, Level)
    return value


def _restored_questions(value: Any, _: Any) -> tuple[Question, ...]:
    """A survey's questions; made once of a text, since thousands of requests have the same."""
    if isinstance(value, str):
        if value not in _asked:
            if len(_asked) >= SURVEYS:
                _asked.clear()
            _asked[value] = _restored_questions(json.loads(value), _)
        return _asked[value]
    return tuple(_restorer.structure(one, Question) for one in value)


@lru_cache(maxsize=4096)
def _message(id: str, text: str, *values: tuple[str, str | int]) -> Message:
    return Message(id, text, dict(values))


def _restored_message(value: Any, _: Any) -> Message:
    """A sentence; made once, since thousands of things say the same."""
    return _message(value["id"], value["text"], *value["values"].items())


def _restored_tuple(cls: Any) -> Callable[[Any, Any], Any]:
    held_type = get_args(cls)[0]
    hook = _restorer.get_structure_hook(held_type)
    return lambda value, _: tuple([hook(one, held_type) for one in value])


def _restored_map(cls: Any) -> Callable[[Any, Any], Any]:
    (held_type,) = get_args(cls) or (Any,)
    hook = _restorer.get_structure_hook(held_type)

    def take(value: Any, _: Any) -> Any:
        held = {key: hook(one, held_type) for key, one in value.items()}
        return FrozenMap(held) if held else EMPTY

    return take


def _restored_choice(cls: Any) -> Callable[[Any, Any], Any]:
    own = {field.name: field.type for field in attrs.fields(cls) if field.name != "settings"}

    def take(value: Any, _: Any) -> Any:
        stated = {
            name: _restorer.structure(value[name], held)
            for name, held in own.items()
            if name in value
        }
        return cls(settings={key: held for key, held in value.items() if key not in own}, **stated)

    return take


def _many(cls: Any) -> bool:
    return _is(tuple)(cls) and get_args(cls)[1:] == (...,)


def _each_of(cls: Any, converter: cattrs.Converter) -> Callable[[Any], list[Any]]:
    held_type = get_args(cls)[0]
    if held_type is str:
        return list
    hook = converter.get_unstructure_hook(held_type)
    return lambda held: [hook(one) for one in held]


def _scalar(cls: Any) -> bool:
    """Whether it is such a one, or none."""
    return _is(UnionType, Union)(cls) and set(get_args(cls)) <= AS_THEY_ARE | {NoneType}


def _single(cls: Any) -> bool:
    """Whether it is a union of what JSON holds as it is."""
    return _is(UnionType, Union)(cls) and set(get_args(cls)) <= AS_THEY_ARE


def _quick() -> cattrs.Converter:
    converter = cattrs.Converter(detailed_validation=False)
    converter.register_structure_hook(datetime.date, lambda text, _: _day(text))
    converter.register_structure_hook(datetime.datetime, lambda text, _: _time(text))
    converter.register_structure_hook(Any, lambda value, _: freeze(value))
    converter.register_structure_hook_func(_single, lambda value, _: value)
    converter.register_structure_hook_factory(_is(FrozenMap), _restored_map)
    converter.register_structure_hook_func(lambda cls: cls == Value, _restored_value)
    converter.register_structure_hook(Message, _restored_message)
    converter.register_structure_hook_factory(_many, _restored_tuple)
    converter.register_structure_hook_func(
        lambda cls: cls == tuple[str, ...], lambda value, _: tuple(value)
    )
    converter.register_structure_hook_func(
        lambda cls: cls == tuple[Question, ...], _restored_questions
    )
    for choice in (Choice, Use):
        converter.register_structure_hook_factory(_is(choice), _restored_choice)
    return converter


_day = datetime.date.fromisoformat
_time = datetime.datetime.fromisoformat
_asked: dict[str, tuple[Question, ...]] = {}
_converter = _configured()
_condenser = _writing(omit_if_default=True)
_restorer = _quick()
