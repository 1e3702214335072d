"""Digests of whole plans, to be compared between machines, Pythons and numbers of threads.

    python benchmarks/same_plan.py [--size 2000x700]

Run it where and how you like (`OPENBLAS_NUM_THREADS=2 python3.13 …`): the lines are the same.
"""

from __future__ import annotations

import argparse
import hashlib

import attrs

import mentorkit
from mentorkit import MatchPlan, codec
from mentorkit.testing import instances

PEERS = 300


def digest(plan: MatchPlan) -> str:
    """Of every byte of the plan."""
    return hashlib.sha256(codec.to_json(plan).encode()).hexdigest()[:16]


def main() -> None:
    """Print, for each family, the digests of a plan of two roles and one of peers."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", default="2000x700", metavar="MENTEESxMENTORS")
    mentees, _, mentors = parser.parse_args().size.partition("x")
    for family in instances.FAMILIES:
        programme = instances.programme(family)
        people = instances.people(family, int(mentees), int(mentors))
        both = instances.people(family, PEERS, PEERS)
        peers = [
            attrs.evolve(one, offers=other.offers, roles={"peer": 1})
            for one, other in zip(both[:PEERS], both[PEERS:], strict=True)
        ]
        cross = attrs.evolve(programme, topology="cross")
        plans = mentorkit.match(people, programme), mentorkit.match(peers, cross)
        print(family, *map(digest, plans))


if __name__ == "__main__":
    main()
