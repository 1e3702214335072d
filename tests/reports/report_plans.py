"""Plans to report on: coherent figures, and names that try to break the page."""

from __future__ import annotations

import datetime
from collections import Counter

import hypothesis.strategies as st

from mentorkit.models import (
    POINT,
    Certificate,
    Finding,
    GroupRate,
    Level,
    Match,
    MatchPlan,
    Member,
    Message,
    Part,
    Participant,
    Person,
    Policies,
    Programme,
    ProgrammeReport,
    Quality,
    Record,
    Team,
    Unmatched,
)
from mentorkit.models.plain import plain
from mentorkit.testing import strategies

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></pre></title><!--",
    "{{ 7 * 7 }}{% raw %}",
    'O\'Brien & "Söhne" <b>',
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe",
    "\N{LEFT-TO-RIGHT ISOLATE}שלום",
    "مرحبا بكم",
    "x" * 300,
    "wide words " * 30,
    "\x00\x07\x9f\ufffe",
    "\ud800",
    " \n\t ",
    "\u200b",
    "",
)
ROLES = ("mentee", "mentor")

SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
words = st.one_of(
    st.sampled_from(HOSTILE), st.text(SIGNS, max_size=8), st.sampled_from(["Ann", "Bo"])
)
addresses = st.sampled_from([None, "ann@example.org", "a&b=c?bcc=x%40y@z.org", "\ud800'+@x"])
kept = words.filter(plain)
"""Words that an attribute may hold."""


@st.composite
def messages(draw: st.DrawFn) -> Message:
    return Message("said", "{who} and {number} more", {"who": draw(words), "number": 3})


@st.composite
def matches(draw: st.DrawFn, pair: tuple[str, str]) -> Match:
    uses = draw(st.lists(st.sampled_from(["skills", "grade", "<i>"]), unique=True, max_size=3))
    found = [
        Finding(use, draw(st.integers(0, POINT)), draw(st.integers(0, 9)), draw(messages()))
        for use in uses
    ]
    fit = sum(finding.score for finding in found)
    return Match(
        team=Team(tuple(Member(*held) for held in zip(pair, ROLES, strict=True))),
        fit=fit,
        wishes=draw(st.sampled_from([(fit, fit), (fit, 0)])),
        findings=tuple(sorted(found, key=lambda finding: (-finding.score, finding.use))),
        pinned=draw(st.booleans()),
    )


@st.composite
def populations(draw: st.DrawFn) -> list[Participant]:
    """Up to six people for each role; some carry the same name, or none."""
    values = st.one_of(kept, st.booleans(), st.just(Level(1, "senior")), st.just(("a", "b")))
    held = st.dictionaries(st.sampled_from(["department", "site"]), values, max_size=2)
    return [
        Participant(
            person=Person(
                id=draw(st.sampled_from([f"{role} {number} <&", f"{role}.{number}@example.org"])),
                name=draw(words),
                email=draw(addresses),
                attributes=draw(held),
            ),
            roles={role: draw(st.integers(0, 2))},
        )
        for role in ROLES
        for number in range(draw(st.integers(0, 6)))
    ]


@st.composite
def plans(draw: st.DrawFn) -> tuple[MatchPlan, list[Participant]]:
    """A plan of any content whose figures agree with its matches, and its people."""
    people = draw(populations())
    sides = [[held.id for held in people if role in held.roles] for role in ROLES]
    both = [(one, other) for one in sides[0] for other in sides[1]]
    pairs = draw(st.lists(st.sampled_from(both), unique=True, max_size=8)) if both else []
    found = tuple(draw(matches(pair)) for pair in sorted(pairs))
    base = draw(st.sampled_from([0, 3 * POINT]))
    total = sum(match.fit + base for match in found)
    gap = draw(st.sampled_from([None, 0, 1, 700, 10**7]))
    plan = MatchPlan(
        matcher=draw(st.sampled_from(["optimal", "<matcher>"])),
        roles=ROLES,
        matches=found,
        unmatched=tuple(draw(_unmatched(sides, pairs))),
        quality=draw(_qualities(sides, found, total)),
        certificate=Certificate(bound=None if gap is None else total + gap, gap=gap),
        record=draw(_records(pairs)),
        notes=tuple(draw(st.lists(messages(), max_size=2))),
    )
    return plan, people


@st.composite
def _unmatched(
    draw: st.DrawFn, sides: list[list[str]], pairs: list[tuple[str, str]]
) -> list[Unmatched]:
    return [
        Unmatched(
            person=person,
            role=role,
            cause=draw(messages()),
            remedy=draw(st.one_of(st.none(), messages())),
        )
        for at, (role, ids) in enumerate(zip(ROLES, sides, strict=True))
        for person in ids
        if person not in {pair[at] for pair in pairs}
    ]


@st.composite
def _qualities(
    draw: st.DrawFn, sides: list[list[str]], found: tuple[Match, ...], total: int
) -> Quality:
    loads = [
        Counter(sum(person in match.team.people for match in found) for person in ids)
        for ids in sides
    ]
    ranks = [Counter(draw(st.integers(1, 5)) for _ in found) for _ in ROLES]
    people = draw(st.lists(st.one_of(st.none(), st.integers(5, 900)), max_size=3))
    fits = [match.fit for match in found]
    return Quality(
        matches=len(found),
        total=total,
        mean=sum(fits) // len(fits) if fits else None,
        least=min(fits, default=None),
        blocking_pairs=draw(st.integers(0, 2)),
        ranks=dict(zip(ROLES, map(_texts, ranks), strict=True)),
        load=dict(zip(ROLES, map(_texts, loads), strict=True)),
        by=draw(st.sampled_from([None, "department", "nobody has it"])),
        groups=tuple(
            GroupRate(
                value=draw(words),
                role=draw(st.sampled_from(ROLES)),
                people=number,
                matched=None if number is None else draw(st.integers(0, number)),
            )
            for number in people
        ),
    )


def _texts(counts: Counter[int]) -> dict[str, int]:
    return {str(number): count for number, count in counts.items()}


@st.composite
def _records(draw: st.DrawFn, pairs: list[tuple[str, str]]) -> Record:
    programme = draw(st.one_of(strategies.programmes(), st.builds(Programme, name=words)))
    pinned = draw(st.lists(st.sampled_from(pairs), max_size=2)) if pairs else []
    return Record(
        people="0123456789abcdef" * 4,
        programme=Programme(
            name=programme.name,
            practices=programme.practices,
            starts=programme.starts,
            policies=Policies(matcher=programme.policies.matcher),
            criteria=programme.criteria,
            constraints=programme.constraints,
        ),
        pins=tuple(pinned),
        forbids=(("somebody", "who left"),) if draw(st.booleans()) else (),
        versions={"mentorkit": "1.0", "a <plugin>": draw(words)},
    )


def crowded() -> tuple[MatchPlan, list[Participant]]:
    """A fixed plan in which everything that a page can show is shown, in its worst form."""
    names = [*HOSTILE, *HOSTILE[:3]]
    people = [
        Participant(
            person=Person(
                id=f"{role}-{number:02}",
                name=name,
                email=f"{role}{'.very-long' * (number % 3) * 15}{number}@example.org",
                attributes={"department": f"Unit {HOSTILE[number % 10]} {role[3:]} {number % 9}"},
            ),
            roles={role: 1},
        )
        for role in ROLES
        for number, name in enumerate(names)
    ]
    matched = 8
    found = tuple(_crowded_match(number) for number in range(matched))
    total = sum(match.fit for match in found)
    left = [(role, number) for role in ROLES for number in range(matched, len(names))]
    plan = MatchPlan(
        matcher="optimal",
        roles=ROLES,
        matches=found,
        unmatched=tuple(
            Unmatched(
                person=f"{role}-{number:02}",
                role=role,
                cause=Message("scarce", "all {n} of them are taken", {"n": number}),
                remedy=Message("seat", "one more place with {who}", {"who": HOSTILE[number % 10]}),
            )
            for role, number in left
        ),
        quality=Quality(
            matches=matched,
            total=total,
            mean=total // matched,
            least=min(match.fit for match in found),
            blocking_pairs=3,
            ranks={role: {"1": 5, "2": 1, "7": 2} for role in ROLES},
            load={role: {"0": len(names) - matched, "1": matched} for role in ROLES},
            by="department",
            groups=tuple(
                GroupRate(value=value, role=role, people=people, matched=people and people - 1)
                for role in ROLES
                for value, people in zip(HOSTILE, [5, 9, None, 40, None] * 3, strict=True)
            ),
        ),
        certificate=Certificate(bound=total + 1500, gap=1500),
        record=Record(
            people="0123456789abcdef" * 4,
            programme=Programme(name="Mentoring <2027> & on", policies=Policies(by="department")),
            pins=(("mentee-00", "mentor-00"),),
            forbids=(("mentee-01", "mentor-05"),),
            versions={"mentorkit": "1.0"},
        ),
        notes=(Message("note", "{who} is new", {"who": HOSTILE[8]}),),
    )
    return plan, people


def _crowded_match(number: int) -> Match:
    found = [
        Finding(
            f"use {at}",
            (number * 137 + at * 311) % (POINT + 1),
            at + 1,
            Message("said", "both know {what}", {"what": HOSTILE[(number + at) % 10]}),
        )
        for at in range(5)
    ]
    fit = sum(finding.score for finding in found)
    pair = (Member(f"mentee-{number:02}", "mentee"), Member(f"mentor-{number:02}", "mentor"))
    return Match(
        team=Team(pair), fit=fit, wishes=(fit, fit // 2), findings=tuple(found), pinned=number == 0
    )


def closing_report() -> ProgrammeReport:
    """A programme's report with awkward words, many rows and wide cells."""
    parts = [
        Part(
            title=Message("part", "{name}", {"name": name}),
            sentences=tuple(
                Message("count", "{number} of them <b>&amp;</b>", {"number": number})
                for number in range(3)
            ),
            columns=("What & how <much>", *(f"column {number}" for number in range(columns))),
            rows=tuple((f"{'a-long-word-' * 6}{row}", *range(columns)) for row in range(rows)),
        )
        for name, columns, rows in (("Meetings", 2, 3), ("Links <&>", 8, 40), ("Empty", 1, 0))
    ]
    return ProgrammeReport(
        programme="autumn-2026",
        name="Mentoring <2027> & on",
        made=datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC),
        parts=tuple(parts),
    )
