"""Contrast by WCAG 2.2 (1.4.3, 1.4.11), also where a checker in a browser cannot tell."""

from __future__ import annotations

import re
from importlib import resources

import pytest

STYLE = resources.files("mentorkit.reports").joinpath("page.css").read_text("utf-8")
SCHEMES = [
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
]
TEXT = [
    (ink, paper)
    for paper in ("paper", "card")
    for ink in ("ink", "quiet", "accent", "warn")
] + [
    ("ink", "warn-bg"),
    ("on-light", "s1"),
    ("on-light", "s2"),
    ("on-light", "s3"),
    ("on-dark", "s4"),
    ("on-dark", "s5"),
]  # fmt: skip
DRAWN = [("bar", "paper"), ("bar", "track"), ("quiet", "paper")]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_light_dark_and_print_name_the_same_colours() -> None:
    assert len(SCHEMES) == 3
    assert len({tuple(sorted(scheme)) for scheme in SCHEMES}) == 1
    used = set(re.findall(r"var\(--([\w-]+)\)", STYLE))
    assert used == set(SCHEMES[0])


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "print"])
@pytest.mark.parametrize(("least", "pairs"), [(4.5, TEXT), (3, DRAWN)], ids=["text", "drawn"])
def test_contrast(scheme: dict[str, str], least: float, pairs: list[tuple[str, str]]) -> None:
    weak = {pair: contrast(*(scheme[name] for name in pair)) for pair in pairs}
    assert {pair: value for pair, value in weak.items() if value < least} == {}


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "print"])
def test_shades_are_told_apart_without_their_hue(scheme: dict[str, str]) -> None:
    steps = [luminance(scheme[name]) for name in ("paper", "s1", "s2", "s3", "s4", "s5")]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert all(contrast(scheme[f"s{at}"], scheme[f"s{at + 1}"]) >= 1.15 for at in range(1, 5))
