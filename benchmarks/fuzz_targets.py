"""What reads others' words, each as a plain function of bytes.

A target may refuse what it is given: a MentorkitError is an answer. Anything else that leaves
it is a finding, PluginFailed included, for here every plugin is one of the built-ins. What a
target takes must stay the same when it is written and read again.
"""

from __future__ import annotations

import io
import socket
import tempfile
import time
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import attrs
import fuzz_seeds

from mentorkit import codec
from mentorkit.blueprint import blueprint_of
from mentorkit.cli.house_options import HouseFile
from mentorkit.cli.inputs import no_mapping
from mentorkit.cli.surveys import read_answers
from mentorkit.enrolment import (
    Questionnaire,
    load_map,
    propose,
    propose_programme,
    read_people,
    write_map,
    write_programme,
)
from mentorkit.enrolment.cells import parsed
from mentorkit.enrolment.column_map import KNOWN, Source
from mentorkit.enrolment.figures import read_figures
from mentorkit.errors import MentorkitError, PluginFailed
from mentorkit.matching import audit, explain, match, verify
from mentorkit.models import (
    Actor,
    Agreement,
    Blueprint,
    Choice,
    MatchPlan,
    Offer,
    Participant,
    Person,
    Programme,
)
from mentorkit.models.plain import plain
from mentorkit.plugins.webhooks import _at, place_of
from mentorkit.plugins.webhooks_http import _exchanged, _Timed, public
from mentorkit.registry import installed
from mentorkit.reports import match_report
from mentorkit.testing.databases import _fast_folder

T = TypeVar("T")
FOLDER = tempfile.TemporaryDirectory(prefix="mentorkit-fuzz-", dir=_fast_folder())
SAID: deque[str] = deque(maxlen=10)
"""The last refusals."""
MOST_MATCHED = 200
"""People who are matched at most, so that a file of thousands does not take all the time."""


@contextmanager
def refusing() -> Iterator[None]:
    """Lets a refusal be one; a built-in that breaks is none."""
    try:
        yield
    except PluginFailed:
        raise
    except MentorkitError as error:
        str(error).encode("utf-8", "surrogatepass")
        SAID.append(str(error))


def file_of(data: bytes, ending: str) -> Path:
    """A file that holds the data."""
    path = Path(FOLDER.name) / f"given{ending}"
    path.write_bytes(data)
    return path


def _kept(value: T) -> T:
    """The value, which must come back from JSON as it is."""
    again = codec.from_json(type(value), codec.to_json(value))
    assert again == value, f"{value!r} came back as {again!r}"
    return value


# Rosters.


def _rows(kind: str, data: bytes) -> None:
    path = file_of(data, f".{kind}")
    with refusing():
        roster = installed().bind("rosters", Choice(kind, {"path": str(path)}), "")
        for row in roster.read():
            assert all(map(plain, (*row.cells, *row.cells.values()))), row


def csv(data: bytes) -> None:
    """A CSV file's rows."""
    _rows("csv", data)


def xlsx(data: bytes) -> None:
    """A workbook's rows."""
    _rows("xlsx", data)


def sheet(data: bytes) -> None:
    """The rows of a workbook whose first sheet is this XML."""
    parts = {**fuzz_seeds.workbook_parts(), fuzz_seeds.SHEET: data}
    xlsx(_zipped(parts))


def strings(data: bytes) -> None:
    """The rows of a workbook whose shared texts and styles are this XML."""
    texts, _, styles = data.partition(b"\0")
    parts = {**fuzz_seeds.sharing(fuzz_seeds.workbook_parts()), fuzz_seeds.STRINGS: texts}
    xlsx(_zipped({**parts, fuzz_seeds.STYLES: styles} if styles else parts))


def _zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def people(data: bytes) -> None:
    """People of a CSV file without a mapping, as `init`, `map` and `match` take them."""
    path = file_of(data, ".csv")
    with refusing():
        proposal = propose([path], installed())
        mapping = file_of(write_map(proposal).encode(), ".toml")
        if proposal.roles and "id" in proposal.fields:
            column_map = load_map(mapping)
            found = read_people([path], column_map, installed())
            for held in found.people:
                _kept(held)
            proposed = write_programme(propose_programme(found.people, None))
            programme = codec.from_toml(Programme, file_of(proposed.encode(), ".toml"))
            if len(found.people) <= MOST_MATCHED:
                _planned(found.people, programme)


def cells(data: bytes) -> None:
    """A text as each field of a person, read in each of the ways that a mapping may state."""
    text = data.decode("utf-8", "replace").replace("\0", "").strip()
    for field, source in _ways():
        with suppress(ValueError):
            codec.to_json(parsed(field, source, text, ("n/a",)))


@cache
def _ways() -> tuple[tuple[str, Source], ...]:
    column = ("any",)
    ways = (
        Source(column=column),
        Source(column=column, split=";"),
        Source(column=column, split=",", level_after=":", scale=("low", "high")),
    )
    numbers = (Source(column=column, number=True), Source(column=column, number=True, decimal=","))
    scale = Source(column=column, scale=("low", "high"))
    known = [(field, way) for field in KNOWN for way in ways]
    return (*known, *(("grade", way) for way in (*ways, *numbers, scale)))


# Files that somebody edits.


def mapping(data: bytes) -> None:
    """A mapping, and a roster read by it."""
    path = file_of(data, ".toml")
    with refusing():
        held = _kept(load_map(path))
        again = load_map(file_of(write_map(held).encode(), ".toml"))
        assert again == held, f"{held!r} came back as {again!r}"
        read_people([fuzz_seeds.roster(Path(FOLDER.name))], held, installed())


def programme(data: bytes) -> None:
    """A programme, and people matched in it."""
    path = file_of(data, ".toml")
    with refusing():
        held = _kept(codec.from_toml(Programme, path, no_mapping))
        again = codec.from_toml(Programme, file_of(write_programme(held).encode(), ".toml"))
        assert again == held, f"{held!r} came back as {again!r}"
        blueprint = blueprint_of(held, installed())
        for slot in ("surveys", "signals", "awards", "sections"):
            for name, choice in getattr(blueprint, slot).items():
                installed().bind(slot, choice, name)
        _planned(fuzz_seeds.people(), held)


def _planned(people: Any, programme: Programme) -> None:
    plan = _kept(match(people, programme))
    assert not verify(plan, people), "a plan of ours does not hold"
    match_report(plan, people)


def house(data: bytes) -> None:
    """The file of a house, and its subscribers bound."""
    with refusing():
        held = _kept(codec.from_toml(HouseFile, file_of(data, ".toml")))
        for name, choice in held.subscribers.items():
            installed().bind("subscribers", choice, name)


def plan(data: bytes) -> None:
    """A plan, verified, explained and audited."""
    with refusing():
        held = _kept(codec.from_json(MatchPlan, data))
        people = fuzz_seeds.people()
        verify(held, people)
        with refusing():
            explain(held, people, (people[0].id, people[-1].id))
        with refusing():
            audit(held, people, "department")
        match_report(held, people)


def values(data: bytes) -> None:
    """Plain data as each of the models that hosts send by JSON; the first byte says which."""
    kinds = (Participant, Person, Actor, Agreement, Offer, Blueprint, Programme, Choice)
    with refusing():
        _kept(codec.from_json(kinds[(data or b"\0")[0] % len(kinds)], data[1:]))


# Answers that come back.


def figures(data: bytes) -> None:
    """Figures of people."""
    with refusing():
        for held in read_figures(file_of(data, ".csv"), installed()):
            _kept(held)


def questionnaire(data: bytes) -> None:
    """A questionnaire, read back."""
    with refusing():
        for one in _asked().read([file_of(data, ".csv")], installed()):
            _kept(one.participant)


@cache
def _asked() -> Questionnaire:
    return Questionnaire(fuzz_seeds.blueprint(), fuzz_seeds.people())


def answers(data: bytes) -> None:
    """Answers to surveys."""
    with refusing():
        for request, given in read_answers(file_of(data, ".csv")).items():
            assert all(map(plain, (request, *given, *given.values()))), given


# Receivers of webhooks.


def url(data: bytes) -> None:
    """A URL in the settings, an address that its host resolves to, and a Retry-After."""
    text = data.decode("utf-8", "surrogateescape")
    with suppress(ValueError):
        place = place_of(text)
        assert place.netloc in text
    with suppress(ValueError):
        public(text)
    again = _at(text, 1_800_000_000)
    assert again is None or again.tzinfo is not None


def response(data: bytes) -> None:
    """What a receiver answers, as far as it gets before it hangs up."""
    from http.client import HTTPException

    ours, its = socket.socketpair()
    with ours, its:
        its.sendall(data[: 1 << 15])
        its.shutdown(socket.SHUT_WR)
        # What `post` makes a ConnectionError of.
        with suppress(OSError, UnicodeError, HTTPException):
            place = place_of("https://example.org/hook")
            status, again = _exchanged(_Timed(ours, time.monotonic() + 5), place, b"{}", {})
            assert 100 <= status <= 999
            _at(again or "", 1_800_000_000)


@attrs.frozen
class Target:
    """What is fuzzed, and valid inputs to begin with."""

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


TARGETS = {
    run.__name__: Target(run, seeds)
    for run, seeds in (
        (csv, fuzz_seeds.tables),
        (xlsx, fuzz_seeds.workbooks),
        (sheet, fuzz_seeds.sheets),
        (strings, fuzz_seeds.shared_strings),
        (people, fuzz_seeds.tables),
        (cells, fuzz_seeds.cells),
        (mapping, fuzz_seeds.mappings),
        (programme, fuzz_seeds.programmes),
        (house, fuzz_seeds.houses),
        (plan, fuzz_seeds.plans),
        (values, fuzz_seeds.values),
        (figures, fuzz_seeds.figures),
        (questionnaire, fuzz_seeds.questionnaires),
        (answers, fuzz_seeds.answers),
        (url, fuzz_seeds.urls),
        (response, fuzz_seeds.responses),
    )
}
