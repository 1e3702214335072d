"""The few words that strategies draw from, so that what they draw has something in common."""

from __future__ import annotations

import hypothesis.strategies as st

SKILLS = ("SQL", "negotiation", "public speaking", "Python", "café management")
INTERESTS = ("chess", "climbing", "music", "open source")
LANGUAGES = ("de", "en", "fr", "Türkçe")
ZONES = ("America/St_Johns", "Asia/Kolkata", "Europe/Berlin", "Pacific/Auckland", "UTC")
DEPARTMENTS = ("finance", "people", "research")
GRADES = ("junior", "senior", "principal", "director")
KINDS = ("different", "interests", "language", "level-gap", "same", "skills")
FACTS = ("levels:down", "meets:often", "meets:once", "mentor:fixed")
NAMES = ("alpha", "beta", "gamma delta", "naïve", "x.y")

WHOLE = st.integers(-(2**63), 2**63 - 1)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


def words(*known: str) -> st.SearchStrategy[str]:
    """Mostly one of the `known` words; else any text that may name something."""
    signs = st.characters(exclude_categories=["C", "Z"])
    return st.one_of(st.sampled_from(known), st.text(signs, min_size=1, max_size=8))


def some(*known: str) -> st.SearchStrategy[list[str]]:
    """None to three of the `known` words, each once."""
    return st.lists(st.sampled_from(known), unique=True, max_size=3)
