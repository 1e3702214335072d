"""Every check of the contracts catches a plugin that is broken in just that way."""

from __future__ import annotations

import datetime
import itertools
import random
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pytest
from broken import Free, failing, making, refuses
from hypothesis import strategies as st

import mentorkit
from mentorkit import Choice, Message, Policies, Practice, Role, Row, Solution, Topology, Use
from mentorkit.errors import Fault
from mentorkit.plugin_loading import Plugin
from mentorkit.registry import Registry, installed
from mentorkit.testing import checks, contract
from mentorkit.testing.contracts.problems import tabled

pytestmark = pytest.mark.once

SOUND = Message("sound", "it fits")


def club(left: Any, right: Any) -> np.ndarray:
    """A sound criterion's points: 1000 in the same club."""
    lefts, rights = left.values("club"), right.values("club")
    table = [[1000 * (one is not None and one == other) for other in rights] for one in lefts]
    return np.array(table, dtype=np.int64).reshape(len(left), len(right))


def criterion(points: Any = club, **members: Any) -> Any:
    say = members.pop("say", lambda left, right, held: SOUND)
    held = {
        "points": lambda self, left, right: points(left, right),
        "say": lambda self, left, right, held: say(left, right, held),
        **{
            name: staticmethod(member) if callable(member) else member
            for name, member in members.items()
        },
    }
    return making(held)


def constraint(forbids: Any, private: Any = False, say: Any = lambda left, right: SOUND) -> Any:
    return making({"forbids": staticmethod(forbids), "say": staticmethod(say), "private": private})


def test_a_sound_criterion_passes():
    assert failing(criterion()) == set()
    assert failing(constraint(lambda left, right: club(left, right) == 0)) == set()


def ranked(left: Any, right: Any) -> np.ndarray:
    """By the place in the pool."""
    return np.minimum(np.arange(len(left))[:, None] + club(left, right), 1000)


def relative(left: Any, right: Any) -> np.ndarray:
    """Of the best in the pool."""
    points = np.minimum(250 + club(left, right), 1000)
    return points * 1000 // max(points.max(initial=0), 1)


def by_id(left: Any, right: Any) -> np.ndarray:
    """Whoever comes a second time is overlooked."""
    table, seen = club(left, right), set()
    for row, own in enumerate(left.ids):
        if own in seen:
            table[row] = 0
        seen.add(own)
    return table


def sorting(left: Any, right: Any) -> np.ndarray:
    column = left.values("club")
    answer = club(left, right)
    if isinstance(column, list):
        column.reverse()
        column.append(None)
    return answer


def shaky(left: Any, right: Any) -> np.ndarray:
    return np.random.default_rng().integers(0, 1001, (len(left), len(right)))


def hasty(left: Any, right: Any) -> np.ndarray:
    """Takes for granted that everybody has a club."""
    return np.array(
        [
            [10 * (len(one) == len(other)) for other in right.values("club")]
            for one in left.values("club")
        ]
    ).reshape(len(left), len(right))


def crowded(left: Any, right: Any) -> np.ndarray:
    """Takes for granted that somebody is there."""
    left.row(0)
    return club(left, right)


def wordy(left: Any, right: Any) -> np.ndarray:
    """Takes for granted that a club is a word."""
    rights = [(club or "").upper() for club in right.values("club")]
    lefts = [(club or "").upper() for club in left.values("club")]
    table = [[9 * (one == other) for other in rights] for one in lefts]
    return np.array(table, dtype=np.int64).reshape(len(left), len(right))


def one_hot(pool: Any, scale: int = 1) -> np.ndarray:
    names = ("red", "blue")
    return np.array([[scale * (held == name) for name in names] for held in pool.values("club")])


def product(left: Any, right: Any) -> np.ndarray:
    return (one_hot(left).reshape(-1, 2) @ one_hot(right).reshape(-1, 2).T).astype(np.int64)


COUNTER = itertools.count()

CRITERIA = {
    "whole_numbers-float": ("whole_numbers", criterion(lambda a, b: club(a, b) / 1.0)),
    "whole_numbers-nan": ("whole_numbers", criterion(lambda a, b: club(a, b) * np.nan)),
    "whole_numbers-list": ("whole_numbers", criterion(lambda a, b: club(a, b).tolist())),
    "whole_numbers-shape": ("whole_numbers", criterion(lambda a, b: club(b, a))),
    "from_0_to_1000-above": ("from_0_to_1000", criterion(lambda a, b: club(a, b) + 1)),
    "from_0_to_1000-below": ("from_0_to_1000", criterion(lambda a, b: club(a, b) - 1)),
    "one_pair_at_a_time-rank": ("one_pair_at_a_time", criterion(ranked)),
    "one_pair_at_a_time-relative": ("one_pair_at_a_time", criterion(relative)),
    "any_part_of_the_pools": ("any_part_of_the_pools", criterion(by_id)),
    "empty_pools": ("empty_pools", criterion(crowded)),
    "the_same_answer_twice": ("the_same_answer_twice", criterion(shaky)),
    "pools_are_left_alone": ("pools_are_left_alone", criterion(sorting)),
    "people_who_give_nothing": ("people_who_give_nothing", criterion(hasty)),
    "every_sort_of_value": ("every_sort_of_value", criterion(wordy)),
    "a_sentence-text": ("a_sentence_for_every_pair", criterion(say=lambda *_: "it fits")),
    "a_sentence-blank": (
        "a_sentence_for_every_pair",
        criterion(say=lambda *_: Message("blank", " ")),
    ),
    "a_sentence-crash": (
        "a_sentence_for_every_pair",
        criterion(say=lambda left, right, held: Message("m", "{a}", {"a": left.value("club")[0]})),
    ),
    "private-tells": (
        "private_means_silent",
        criterion(private=True, say=lambda a, b, held: Message("m", "{a}", {"a": a.id})),
    ),
    "private-tells-points": (
        "private_means_silent",
        criterion(private=True, say=lambda a, b, held: Message("m", "{a}", {"a": held})),
    ),
    "private-maybe": ("private_means_silent", criterion(private="yes")),
    "factors-disagree": (
        "factors_make_the_points",
        criterion(
            product, factors=lambda a, b: (one_hot(a, 2).reshape(-1, 2), one_hot(b).reshape(-1, 2))
        ),
    ),
    "factors-float": (
        "factors_make_the_points",
        criterion(
            product,
            factors=lambda a, b: (one_hot(a).reshape(-1, 2) / 1.0, one_hot(b).reshape(-1, 2)),
        ),
    ),
    "truths-numbers": ("truths", constraint(club)),
    "truths-shape": ("truths", constraint(lambda a, b: club(b, a) > 0)),
    "constraint-order": ("one_pair_at_a_time", constraint(lambda a, b: ranked(a, b) % 2 > 0)),
    "constraint-empty": ("empty_pools", constraint(lambda a, b: crowded(a, b) > 0)),
    "constraint-shaky": ("the_same_answer_twice", constraint(lambda a, b: shaky(a, b) > 500)),
    "constraint-mutates": ("pools_are_left_alone", constraint(lambda a, b: sorting(a, b) > 0)),
    "constraint-missing": ("people_who_give_nothing", constraint(lambda a, b: hasty(a, b) > 0)),
    "constraint-tells": (
        "private_means_silent",
        constraint(
            lambda a, b: club(a, b) > 0, True, lambda a, b: Message("m", "{a}", {"a": b.id})
        ),
    ),
    "constraint-private": ("private_means_silent", constraint(lambda a, b: club(a, b) > 0, 1)),
    "constraint-words": (
        "a_sentence_for_every_pair",
        constraint(lambda a, b: club(a, b) > 0, False, lambda a, b: None),
    ),
}


@pytest.mark.parametrize("broken", CRITERIA, ids=str)
def test_criteria_and_constraints(broken):
    refuses(*CRITERIA[broken])


def free_places(problem: Any) -> list[tuple[int, int]]:
    """A sound plan: the first pairs that have room."""
    left, right = problem.left_capacity.tolist(), problem.right_capacity.tolist()
    plan = []
    for i, j in np.argwhere(problem.allowed).tolist():
        if left[i] and right[j]:
            left[i] -= 1
            right[j] -= 1
            plan.append((i, j))
    return plan


def as_pairs(plan: Any) -> np.ndarray:
    return np.array(plan, dtype=np.int64).reshape(-1, 2)


def matcher(solve: Any, solves: Any = frozenset({"pairs"}), prices: Any = None) -> Any:
    def solution(self: Any, problem: Any) -> Solution:
        held = solve(problem)
        pairs = held if isinstance(held, np.ndarray) else as_pairs(held)
        return Solution(pairs=pairs, prices=prices(problem) if prices else None)

    return making({"solve": solution, "solves": solves})


def test_a_sound_matcher_passes():
    assert failing(matcher(free_places)) == set()


def grabbing(problem: Any) -> Any:
    problem.allowed[:] = False
    return []


def endless(problem: Any) -> Any:
    time.sleep(2)
    return []


def unseeded(problem: Any) -> Any:
    plan = free_places(problem)
    return [pair for pair in plan if random.random() < 0.5]


def priced(change: Any) -> Any:
    def prices(problem: Any) -> Any:
        top = problem.values.max(initial=0)
        return (np.full(len(problem.left), top) + change, np.zeros(len(problem.right), np.int64))

    return matcher(free_places, prices=prices)


def reluctant(problem: Any) -> Any:
    if problem.rules is not None:
        raise mentorkit.Invalid("", "cannot be kept")
    return free_places(problem)


MATCHERS = {
    "it_ends": ("it_ends", matcher(endless)),
    "it_names-list": ("it_names_what_it_solves", matcher(free_places, ["pairs"])),
    "it_names-nothing": ("it_names_what_it_solves", matcher(free_places, frozenset())),
    "pairs-float": ("pairs_of_whole_numbers", matcher(lambda p: as_pairs(free_places(p)) / 1.0)),
    "pairs-flat": ("pairs_of_whole_numbers", matcher(lambda p: as_pairs(free_places(p)).ravel())),
    "pairs-three": (
        "pairs_of_whole_numbers",
        matcher(lambda p: as_pairs(free_places(p))[:, [0, 1, 1]]),
    ),
    "exist": ("everybody_exists", matcher(lambda p: [(i + 1, j) for i, j in free_places(p)])),
    "exist-below": ("everybody_exists", matcher(lambda p: [(i - 1, j) for i, j in free_places(p)])),
    "twice": ("no_pair_twice", matcher(lambda p: free_places(p) * 2)),
    "forbidden": (
        "only_allowed_pairs",
        matcher(lambda p: free_places(tabled(p, allowed=p.allowed | True))),
    ),
    "capacity": (
        "nobody_beyond_capacity",
        matcher(lambda p: free_places(attrs.evolve(p, left_capacity=p.left_capacity + 1))),
    ),
    "small teams": (
        "rules_are_kept",
        matcher(free_places, frozenset({"pairs", "least-sizes"})),
    ),
    "small groups": ("rules_are_kept", matcher(free_places, frozenset({"pairs", "parity"}))),
    "reluctant": ("rules_are_kept", matcher(reluctant, frozenset({"pairs", "parity"}))),
    "random": ("the_same_plan_twice", matcher(unseeded)),
    "counting": ("the_same_plan_twice", matcher(lambda p: free_places(p)[next(COUNTER) % 3 :])),
    "grabbing": ("the_problem_is_left_alone", matcher(grabbing)),
    "names": (
        "names_do_not_matter",
        matcher(lambda p: [pair for pair in free_places(p) if p.left[pair[0]] < p.right[pair[1]]]),
    ),
    "nobody": ("nobody_there", matcher(lambda p: [p.values.max()][:0] or free_places(p))),
    "impossible": (
        "nothing_possible",
        matcher(lambda p: free_places(p) if p.allowed.any() else np.empty((0,), np.int64)),
    ),
    "room": (
        "room_without_end",
        matcher(lambda p: free_places(p) if p.left_capacity.max(initial=0) < 9 else [(0, 0)] * 2),
    ),
    "prices-negative": ("honest_prices", priced(-5000)),
    "prices-float": ("honest_prices", priced(0.5)),
    "prices-short": (
        "honest_prices",
        matcher(free_places, prices=lambda p: (np.zeros(0, np.int64), np.zeros(0, np.int64))),
    ),
}


@pytest.mark.parametrize("broken", MATCHERS, ids=str)
def test_matchers(broken):
    refuses(*MATCHERS[broken], seconds=1.0 if broken == "it_ends" else 60.0)


def test_a_matcher_that_never_ends_is_waited_for_once():
    """The other checks say at once that it does not end."""
    asked = []

    def noted(problem: Any) -> Any:
        asked.append(problem)
        return endless(problem)

    assert len(failing(matcher(noted), seconds=1.0)) > 10
    assert len(asked) == 1


def test_a_matcher_of_another_shape_is_asked_for_no_pairs():
    assert failing(matcher(lambda p: 1 / 0, frozenset({"circles"}))) == set()


ROWS = [Row("people.txt", 1, {"name": "Ann"}), Row("people.txt", 2, {"name": "Bo"})]


@attrs.frozen
class File:
    path: str


@attrs.frozen
class Read:
    ask: Any
    path: str

    def read(self) -> Any:
        return self.ask(self.path)


@attrs.frozen
class Doubtful(Read):
    words: Any = ""

    def doubts(self) -> Any:
        return [self.words]


def doubtful(words: Any) -> Any:
    return mentorkit.kind("odd", File, lambda held: Doubtful(sound, held.path, words))


def roster(read: Any) -> Any:
    return mentorkit.kind("odd", File, lambda held: Read(read, held.path))


def sound(path: str) -> Any:
    if not Path(path).is_file():
        raise mentorkit.Invalid(path, "there is no such file")
    return iter(ROWS)


def wiped(path: str) -> Any:
    rows = list(sound(path))
    Path(path).write_bytes(b"")
    return rows


def undecoded(path: str) -> Any:
    if Path(path).is_file():
        Path(path).read_bytes().decode()
    return sound(path)


ROSTERS = {
    "wiped": ("its_file_is_left_alone", roster(wiped)),
    "undecoded": ("what_cannot_be_read_is_invalid", roster(undecoded)),
    "text": ("rows_of_text", roster(lambda path: [*sound(path), Row("x", 3, {"age": 5})])),
    "rows": ("rows_of_text", roster(lambda path: [row.cells for row in sound(path)])),
    "none": ("rows_of_text", roster(lambda path: list(sound(path))[:0])),
    "order": ("rows_know_their_place", roster(lambda path: list(sound(path))[::-1])),
    "number": (
        "rows_know_their_place",
        roster(lambda path: [attrs.evolve(row, number="1") for row in sound(path)]),
    ),
    "source": (
        "rows_know_their_place",
        roster(lambda path: [attrs.evolve(row, source="") for row in sound(path)]),
    ),
    "twice": ("the_same_rows_twice", roster(lambda path: list(sound(path))[next(COUNTER) % 2 :])),
    "worded": ("doubts_know_their_place", doubtful("it may be wrong")),
    "somewhere": ("doubts_know_their_place", doubtful(Fault("", "it may be wrong"))),
    "missing": (
        "a_missing_file_is_invalid",
        roster(lambda path: sound(path) if Path(path).exists() else Path(path).read_text()),
    ),
    "silent": ("a_missing_file_is_invalid", roster(lambda path: iter(ROWS))),
    "placeless": (
        "a_missing_file_is_invalid",
        roster(lambda path: sound(path) if Path(path).exists() else _placeless()),
    ),
}


def _placeless() -> Any:
    raise mentorkit.Invalid("", "something is wrong")


@pytest.mark.parametrize("broken", ROSTERS, ids=str)
def test_rosters(broken, tmp_path):
    name, kind = ROSTERS[broken]
    file = tmp_path / "people.txt"
    file.write_text("Ann\nBo\n", encoding="utf-8")
    assert failing(kind, {"path": str(file)}) == {name}
    assert failing(roster(sound), {"path": str(file)}) == set()


def test_rosters_and_criteria_that_never_end_are_waited_for_once(tmp_path):
    """Each says where it hangs, and what is not asked any more says so at once."""
    file = tmp_path / "people.txt"
    file.write_text("Ann\n", encoding="utf-8")

    def hanging(*_: Any) -> Any:
        time.sleep(10)

    for kind, settings in (
        (roster(hanging), {"path": str(file)}),
        (mentorkit.criterion("hanging")(hanging), None),
    ):
        said = []
        for check in checks(kind, settings, seconds=1.0):
            try:
                check()
            except AssertionError as error:
                said.append(str(error))
        assert "did not end within 1 seconds" in said[0]
        assert "time.sleep(10)" in said[0]
        assert len(said) > 3
        assert all("because" in words for words in said[1:])


def test_a_failure_shows_the_people(monkeypatch):
    @mentorkit.criterion("broken")
    def broken(mentee: Any, mentor: Any) -> float:
        return len(mentee.value("club")) / 10

    check = next(check for check in checks(broken) if check.name == "every_sort_of_value")
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the function raises
        check()
    check = next(check for check in checks(broken) if check.name == "one_pair_at_a_time")
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever the function raises
        check()
    assert any("Participant(" in note for note in caught.value.__notes__)


def topology(**changes: Any) -> Any:
    made = Topology(
        name="odd",
        shape="pairs",
        roles=(Role(name="mentee"), Role(name="mentor")),
        path=("active", "closed"),
        policies=Policies(matcher=Choice("optimal")),
    )
    return mentorkit.kind("odd", Free, lambda _: attrs.evolve(made, **changes))


def practice(**changes: Any) -> Any:
    made = Practice(name="odd", criteria={"team": Use("same", {"attribute": "team"})})
    return mentorkit.kind("odd", Free, lambda _: attrs.evolve(made, **changes))


FORMATS = {
    "name": ("it_is_called_like_its_kind", topology(name="even")),
    "practice-name": ("it_is_called_like_its_kind", practice(name="even")),
    "same": (
        "it_is_the_same_each_time",
        mentorkit.kind(
            "odd", Free, lambda _: Practice(name="odd", needs=(f"fact:{next(COUNTER)}",))
        ),
    ),
    "kind": ("its_kinds_exist", topology(constraints={"x": Use("no-such-kind")})),
    "practice-kind": ("its_kinds_exist", practice(criteria={"x": Use("no-such-kind")})),
    "settings": ("its_kinds_exist", practice(criteria={"x": Use("same", {"atribute": "x"})})),
    "only-forbids": ("its_kinds_exist", practice(criteria={"x": Use("avoid")})),
    "matcher": ("its_matcher_exists", topology(policies=Policies(matcher=Choice("none-such")))),
    "no-matcher": ("its_matcher_exists", topology(policies=Policies())),
    "shape": ("its_matcher_exists", topology(shape="circles")),
    "roles": ("its_roles_differ", topology(roles=(Role(name="peer"), Role(name="peer")))),
    "no-roles": ("its_roles_differ", topology(roles=())),
    "between": (
        "its_roles_differ",
        topology(constraints={"x": Use("avoid", between=("coach", "mentor"))}),
    ),
    "path": ("its_path_goes_on", topology(path=("active", "active"))),
    "no-path": ("its_path_goes_on", topology(path=())),
    "unknown-stage": ("its_path_goes_on", topology(path=("active", "resting", "closed"))),
    "stage-order": ("its_path_goes_on", topology(path=("active", "proposed", "closed"))),
    "unclosed": ("its_path_goes_on", topology(path=("proposed", "active"))),
    "scheduler": (
        "its_scheduler_exists",
        topology(
            policies=Policies(matcher=Choice("optimal"), scheduler=Choice("none-such")),
        ),
    ),
    "practice-scheduler": (
        "its_scheduler_exists",
        practice(policies=Policies(scheduler=Choice("series", {"stepp": 1}))),
    ),
    **{
        f"unknown-{slot}": ("its_kinds_exist", practice(**{slot: {"x": Choice("no-such-kind")}}))
        for slot in ("surveys", "signals", "awards", "sections")
    },
    "survey-settings": (
        "its_kinds_exist",
        topology(surveys={"x": Choice("pulse", {"everry": 3})}),
    ),
}


@pytest.mark.parametrize("broken", FORMATS, ids=str)
def test_formats(broken):
    name, kind = FORMATS[broken]
    assert failing(kind) == {name}


def test_sound_formats_pass():
    assert failing(topology()) == failing(practice()) == set()


def test_a_format_may_use_kinds_of_a_registry_of_its_own():
    own = Plugin(name="own", distribution="own", kinds=(("criteria", criterion()),))
    mine = practice(criteria={"x": Use("odd")})
    assert failing(mine) == {"its_kinds_exist"}
    assert failing(mine, registry=Registry((*installed().plugins, own))) == set()


@attrs.frozen
class Lasting:
    length: datetime.timedelta = datetime.timedelta(hours=1)


@attrs.define
class Open:
    size: int = 1


@attrs.frozen
class Weighted:
    weight: int = 1


@attrs.frozen
class Listed:
    names: list[str] = attrs.field(factory=list)


def greedy_bind(settings: Listed) -> Any:
    settings.names.append("more")
    return Topology(name="odd", shape="x", roles=(), path=())


KINDS = {
    "blank": ("it_has_a_name", SimpleNamespace(name=" odd", settings=Free, bind=lambda _: None)),
    "nameless": ("it_has_a_name", SimpleNamespace(settings=Free, bind=lambda _: None)),
    "open": ("its_settings_are_frozen", mentorkit.kind("odd", Open)),
    "reserved": ("its_settings_are_frozen", mentorkit.kind("odd", Weighted)),
    "classless": ("its_settings_are_frozen", SimpleNamespace(name="odd", settings=dict, bind=dict)),
    "unwritten": ("its_settings_come_from_a_file", mentorkit.kind("odd", Lasting)),
    "impure": ("binding_changes_nothing", mentorkit.kind("odd", Listed, greedy_bind)),
    "changing": (
        "binding_changes_nothing",
        mentorkit.kind("odd", Free, lambda _: (1, "")[next(COUNTER) % 2]),
    ),
    "broken": ("binding_changes_nothing", mentorkit.kind("odd", Free, lambda _: 1 / 0)),
    "nothing": ("it_binds_to_something_known", mentorkit.kind("odd", Free)),
}


@pytest.mark.parametrize("broken", KINDS, ids=str)
def test_kinds(broken):
    name, kind = KINDS[broken]
    assert name in failing(kind)


SOUND_FILE = """
import mentorkit

@mentorkit.criterion("file-club")
def club(mentee, mentor):
    return mentee.value("club") == mentor.value("club")
"""
HOOK = """
import mentorkit

class Odd:
    {does}

@mentorkit.hookimpl
def mentorkit_{hook}():
    return [mentorkit.kind("odd", mentorkit.NoSettings, lambda _: Odd())]
"""
VERDICT = """def judge(self, history):
        yield mentorkit.Verdict(key="k", effect="{}", message=mentorkit.Message("m", "well"))
"""
FILES = {
    "unmarked": ("it_loads", "def mentorkit_criteria():\n    return []\n"),
    "argument": (
        "it_loads",
        "import mentorkit\n@mentorkit.hookimpl\ndef mentorkit_criteria(a=1):\n    return []\n",
    ),
    "crash": ("it_loads", "1 / 0\n"),
    "misplaced": (
        "its_kinds_fit_their_hooks",
        HOOK.format(
            hook="surveys",
            does="def judge(self, history):\n        return ()",
        ),
    ),
    "signal-awards": (
        "its_kinds_fit_their_hooks",
        HOOK.format(hook="signals", does=VERDICT.format("award")),
    ),
    "award-nudges": (
        "its_kinds_fit_their_hooks",
        HOOK.format(hook="awards", does=VERDICT.format("nudge")),
    ),
    "rule-set-order": (
        "fresh_processes_agree",
        HOOK.format(
            hook="awards",
            does=VERDICT.format("award").replace('"k"', 'next(iter({"a", "b", "c", "d", "e"}))'),
        ),
    ),
    "taken": ("its_names_are_free", SOUND_FILE.replace("file-club", "same")),
    "set-order": (
        "fresh_processes_agree",
        SOUND_FILE.replace(
            'mentee.value("club") == mentor.value("club")',
            'next(iter({mentor.id, mentee.id, "x", "y", "z"})) == mentor.id',
        ),
    ),
}


@pytest.mark.parametrize("broken", FILES, ids=str)
def test_plugins(broken, tmp_path):
    name, text = FILES[broken]
    file = tmp_path / f"plugin_{broken.replace('-', '_')}.py"
    file.write_text(text, encoding="utf-8")
    refuses(name, file)


def test_a_sound_file_passes(tmp_path):
    file = tmp_path / "sound_plugin.py"
    file.write_text(SOUND_FILE, encoding="utf-8")
    assert failing(str(file)) == set()


@mentorkit.criterion("tested-club")
def tested_club(mentee, mentor):
    return mentee.value("club") == mentor.value("club")


@contract(tested_club)
def test_one_function_is_enough(check):
    check()


@mentorkit.criterion("half-tested")
def half_tested(mentee, mentor):
    return 0.5 * (mentee.value("club").upper() == mentor.value("club").upper())


MEMBERS = [
    mentorkit.Participant(
        person=mentorkit.Person(id=own, attributes={"club": held}), roles={"mentee": 1}
    )
    for own, held in (("ann", "red"), ("bo", "Red"), ("cy", "blue"))
]


@contract(
    half_tested,
    people=st.lists(st.sampled_from(MEMBERS), unique=True),
    expected_failures={
        "people_who_give_nothing": "everybody in this programme has a club",
        "every_sort_of_value": "the club is always a word",
    },
)
def test_expected_failures_are_declared(check):
    check()


def test_an_unknown_expected_failure_is_refused():
    with pytest.raises(ValueError, match="no check 'misspelt'; the checks are it_has_a_name"):
        contract(tested_club, expected_failures={"misspelt": "why"})


def test_attributes_are_found_by_watching():
    """The points differ between people of different clubs, so these were drawn."""
    seen: set[Any] = set()

    def noting(left: Any, right: Any) -> np.ndarray:
        seen.update(left.values("club"))
        return club(left, right)

    assert failing(criterion(noting)) == set()
    assert {None, "red", "blue", 2, True, ("red",)} <= seen


def test_the_author_may_draw_the_people():
    names: set[str] = set()

    def noting(left: Any, right: Any) -> np.ndarray:
        names.update(left.ids)
        return club(left, right)

    one = mentorkit.Participant(person=mentorkit.Person(id="only"), roles={"mentee": 1})
    assert failing(criterion(noting), people=st.just([one])) == set()
    assert "only" in names
