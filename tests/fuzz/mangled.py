"""Valid inputs, mangled: as bytes, as lines and cells, as trees, and as workbooks."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import hypothesis.strategies as st

NASTY = (
    "", " ", "\0", "\ud800", "\u202e\u2066", "\ufeff", "\x1b[2J", "\u2028", "=1+1", "NaN", "-0",
    "1e999", "9" * 5000, "٣", "²", "true", "null", "2026-02-30", "0001-01-01",
    "9999-12-31T23:59:59+14:00",
    "2026-09-01T08:00", "a" * 300, "a" * 33_000, " " * 5000 + "x", "Mon" + " " * 3000 + ", b 9-17",
    '"', "'", ",", ";", "\t", "\r", "\n", "\r\n", "[" * 500, "<!DOCTYPE x>", "erased:1", "../../x",
    "C:\\x", "%s%n", "{0}", "${x}", "e\u0301" * 50, "🧑‍🤝‍🧑", "Europe/../UTC", "Etc", "a@b",
)  # fmt: skip
"""Texts that have been somebody's undoing."""
TEXTS = st.sampled_from(NASTY) | st.text(max_size=20)
ODD = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.sampled_from([2**63, -(2**63) - 1, 10**400, 1.5, -0.0, 1e308]),
    st.floats(allow_nan=True, allow_infinity=True),
    st.just([]),
    st.just({}),
    st.lists(TEXTS, max_size=3),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)
ENDS = ("\n", "\r\n", "\r", "\n\n", "\u2028", "\x0c")
MARKS = (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0")
CODES = ("utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp850", "utf-7")


def pieces(seed: bytes, draw: Any) -> bytes:
    """Bytes cut out, doubled, turned over or put in, a few times."""
    data = bytearray(seed)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 2, 8, 64, 4096])))
        more = draw(
            st.sampled_from([b"", b"\0", b"\xff", bytes(data[start:end]) * 3]) | st.binary()
        )
        data[start:end] = more
    return bytes(data)


def table(seed: bytes, draw: Any) -> bytes:
    """A CSV with cells, columns and lines that nobody expects."""
    rows = [line.split(",") for line in seed.decode("utf-8-sig", "replace").splitlines()[:6]]
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.sampled_from(rows or [[""]]))
        at = draw(st.integers(0, max(0, len(row) - 1)))
        cell = draw(TEXTS)
        row[at : at + draw(st.integers(0, 1))] = [
            '"' + cell.replace('"', '""') + '"' if draw(st.booleans()) else cell
        ]
    if rows and draw(st.booleans()):
        rows[0].append(draw(st.sampled_from(rows[0])))  # a name that is there already
    end = st.sampled_from(ENDS)
    text = "".join(",".join(row) + draw(end) for row in rows)
    return draw(st.sampled_from(MARKS)) + text.encode(draw(st.sampled_from(CODES)), "replace")


def tree(value: Any, draw: Any) -> Any:
    """Plain data with values swapped, keys missing and keys more."""
    for _ in range(draw(st.integers(1, 3))):
        value = _touched(value, draw, 0)
    return value


def _touched(value: Any, draw: Any, depth: int) -> Any:
    if depth > 6 or not value or not isinstance(value, dict | list) or draw(st.integers(0, 5)) == 0:
        return draw(ODD) if draw(st.integers(0, 2)) == 0 else _alike(value, draw)
    if isinstance(value, list):
        at = draw(st.integers(0, len(value) - 1))
        done = (
            [_touched(value[at], draw, depth + 1)] if draw(st.integers(0, 4)) else [value[at]] * 3
        )
        return [*value[:at], *done, *value[at + 1 :]]
    key = draw(st.sampled_from(sorted(value)))
    what = draw(st.sampled_from(["touch", "touch", "touch", "drop", "rename", "add"]))
    others = {name: held for name, held in value.items() if name != key}
    if what == "touch":
        return {**value, key: _touched(value[key], draw, depth + 1)}
    if what == "drop":
        return others
    return {**(others if what == "rename" else value), draw(TEXTS): value[key]}


def _alike(value: Any, draw: Any) -> Any:
    """Another value of the same type, which is read further than most."""
    match value:
        case bool():
            return not value
        case int():
            return draw(st.sampled_from([0, -1, 1, 2, 1001, 2**31, 2**63 - 1, value + 1, -value]))
        case float():
            return draw(st.floats(allow_nan=False, allow_infinity=False))
        case str():
            return draw(st.sampled_from(["", "mentor", "mentee", "p01", "p15", "skills", "other"]))
        case list():
            return draw(st.sampled_from([[], value[:1], value[1:], [*value, *value], value[::-1]]))
        case dict():
            return draw(st.sampled_from([{}, dict(list(value.items())[1:])]))
    return "p01"


def as_json(value: Any) -> bytes:
    """What json writes of it, whether or not it is strict."""
    return json.dumps(value).encode()


def as_toml(value: Any) -> bytes:
    """TOML of plain data, whether or not there can be such."""
    lines = []
    for name, held in value.items() if isinstance(value, dict) else [("x", value)]:
        lines.append(f"{json.dumps(name)} = {_inline(held)}")
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _inline(value: Any) -> str:
    match value:
        case dict():
            return (
                "{" + ", ".join(f"{json.dumps(k)} = {_inline(v)}" for k, v in value.items()) + "}"
            )
        case list():
            return "[" + ", ".join(map(_inline, value)) + "]"
        case None:
            return "null"
        case float():
            return repr(value)
    return json.dumps(value)


def archive(parts: dict[str, bytes], draw: Any) -> bytes:
    """A workbook with parts missing, doubled, huge, or of something else."""
    names = sorted(parts)
    held = list(parts.items())
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(names))
        text = parts[name]
        what = draw(st.sampled_from(["drop", "mangle", "bomb", "entities", "deep", "rename"]))
        held = [pair for pair in held if pair[0] != name]
        if what == "mangle":
            held.append((name, pieces(text, draw)))
        elif what == "bomb":
            held.append(
                (name, b"<a>" + b" " * draw(st.sampled_from([5 << 20, 70 << 20])) + b"</a>")
            )
        elif what == "entities":
            held.append((name, ENTITIES + text.partition(b"?>")[2] + text))
        elif what == "deep":
            held.append((name, b"<a>" * 20_000))
        elif what == "rename":
            held.append(
                (draw(st.sampled_from(["../x", "/x", name.upper(), "a\\b", "x" * 300])), text)
            )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in held:
            zipped.writestr(name, text)
    return made.getvalue()


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/hostname">]><l>&c;&d;</l>'
)
