"""A fast form that says anything else than the points, or cannot be read, is found out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from broken import failing, making

from mentorkit import Message
from mentorkit.testing import checks

pytestmark = pytest.mark.once

COLOURS = ("red", "blue")


def hot(pool: Any) -> np.ndarray:
    """A column for each of two clubs."""
    held = [[int(club == colour) for colour in COLOURS] for club in pool.values("club")]
    return np.array(held, dtype=np.int64).reshape(len(pool), 2)


def points(left: Any, right: Any) -> np.ndarray:
    """1000 in the same of the two clubs."""
    return 1000 * hot(left) @ hot(right).T


def factors(left: Any, right: Any) -> tuple[Any, ...]:
    return 1000 * hot(left), hot(right)


def counted(left: Any, right: Any) -> tuple[Any, ...]:
    return hot(left), hot(right), np.array([0, 1000, 0])


def listed(left: Any, right: Any) -> tuple[Any, ...]:
    pairs = np.argwhere(points(left, right))
    return pairs, np.full(len(pairs), 1000)


def criterion(**forms: Any) -> Any:
    held = {name: staticmethod(form) for name, form in {"points": points, **forms}.items()}
    return making({**held, "say": lambda self, left, right, held: Message("sound", "it fits")})


def constraint(**forms: Any) -> Any:
    held = {name: staticmethod(form) for name, form in forms.items()}
    held["forbids"] = staticmethod(lambda left, right: points(left, right) > 0)
    say = lambda self, left, right: Message("sound", "not these")  # noqa: E731
    return making({**held, "say": say, "private": False})


def changed(form: Any, change: Any) -> Any:
    """A form of which what it answers is changed."""
    return lambda left, right: change(*form(left, right))


def here_alone(left: Any, right: Any) -> tuple[Any, ...]:
    """Reads no club but that of the first on the right."""
    first = [club in right.values("club")[:1] for club in COLOURS]
    return 1000 * hot(left) * first, hot(right)


def by_id(left: Any, right: Any) -> tuple[Any, ...]:
    """Takes for granted that nobody is in a pool twice."""
    pairs, held = listed(left, right)
    names = [(left.ids[i], right.ids[j]) for i, j in pairs]
    kept = [names.index(name) == place for place, name in enumerate(names)]
    return pairs[kept], held[kept]


def from_the_left(left: Any, right: Any) -> tuple[Any, ...]:
    """Takes for granted that mentees are on the left."""
    mentees = [["mentee" in left.row(i).roles] for i in range(len(left))]
    return 1000 * hot(left) * np.array(mentees, dtype=np.int64).reshape(-1, 1), hot(right)


@pytest.mark.parametrize(
    "sound",
    [
        criterion(factors=factors),
        criterion(counted=counted),
        criterion(listed=listed),
        criterion(factors=factors, counted=counted, listed=listed),
        constraint(listed=listed),
        constraint(counted=changed(counted, lambda a, b, t: (a, b, 1000 - t))),
    ],
)
def test_sound_forms_pass(sound):
    assert failing(sound) == set()


FACTORS = {
    "float": ("not whole numbers", lambda a, b: (a / 1.0, b)),
    "list": ("not whole numbers", lambda a, b: (a.tolist(), b)),
    "flat": ("has shape", lambda a, b: (a.ravel(), b)),
    "widths": ("has shape", lambda a, b: (a, np.hstack([b, b]))),
    "rows": ("has shape", lambda a, b: (a[:-1], b)),
    "more": ("its table says", lambda a, b: (a * 2, b)),
    "less": ("its table says", lambda a, b: (a, b * 0)),
}
COUNTED = {
    "float": ("not whole numbers", lambda a, b, t: (a, b / 1.0, t)),
    "float-table": ("not whole numbers", lambda a, b, t: (a, b, t / 1.0)),
    "square-table": ("has shape", lambda a, b, t: (a, b, t.reshape(1, -1))),
    "negative": ("below 0", lambda a, b, t: (-a, -b, t)),
    "short": ("its table has 1 entries", lambda a, b, t: (a, b, t[:1])),
    "widths": ("has shape", lambda a, b, t: (a, b[:, :1], t)),
    "other": ("its table says", lambda a, b, t: (a, b, t // 2)),
}
LISTED = {
    "float": ("not whole numbers", lambda pairs, held: (pairs / 1.0, held)),
    "float-points": ("not whole numbers", lambda pairs, held: (pairs, held / 1.0)),
    "flat": ("has shape", lambda pairs, held: (pairs.ravel(), held)),
    "more-points": ("has shape", lambda pairs, held: (pairs, np.repeat(held, 2))),
    "twice": ("a pair twice", lambda pairs, held: (np.vstack([pairs] * 2), np.tile(held, 2))),
    "beyond": ("people by", lambda pairs, held: (pairs + 9, held)),
    "below": ("people by", lambda pairs, held: (pairs - 9, held)),
    "fewer": ("its table says", lambda pairs, held: (pairs[1:], held[1:])),
    "other": ("its table says", lambda pairs, held: (pairs, held - 1)),
}
BROKEN = [
    *(
        pytest.param(name, criterion(**{form: changed(sound, change)}), words, id=f"{form}-{how}")
        for name, form, sound, cases in (
            ("factors_make_the_points", "factors", factors, FACTORS),
            ("counts_make_the_points", "counted", counted, COUNTED),
            ("a_list_makes_the_points", "listed", listed, LISTED),
        )
        for how, (words, change) in cases.items()
    ),
    *(
        pytest.param(name, kind, "its table says", id=how)
        for how, name, kind in (
            ("pools", "factors_make_the_points", criterion(factors=here_alone)),
            ("turned", "factors_make_the_points", criterion(factors=from_the_left)),
            ("repeated", "a_list_makes_the_points", criterion(listed=by_id)),
            (
                "bans-fewer",
                "a_list_makes_the_points",
                constraint(listed=changed(listed, lambda pairs, held: (pairs[1:], held[1:]))),
            ),
            (
                "bans-0",
                "a_list_makes_the_points",
                constraint(listed=changed(listed, lambda pairs, held: (pairs, held * 0))),
            ),
            ("bans-counted", "counts_make_the_points", constraint(counted=counted)),
            ("bans-factored", "factors_make_the_points", constraint(factors=factors)),
        )
    ),
]


@pytest.mark.parametrize(("name", "kind", "words"), BROKEN)
def test_a_broken_form_is_found_out(name, kind, words):
    check = next(check for check in checks(kind) if check.name == name)
    with pytest.raises(AssertionError, match=words):
        check()
