from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_reading import Page
from report_plans import HOSTILE, crowded, plans

from mentorkit import matching
from mentorkit.models import (
    POINT,
    Certificate,
    Finding,
    MatchPlan,
    Message,
    Parity,
    Participant,
    Person,
    Policies,
    Programme,
    Use,
)
from mentorkit.reports import match_report
from mentorkit.testing import strategies
from mentorkit.wording import Directory, brief_points, clean, points

Reported = tuple[MatchPlan, list[Participant]]


@given(plans())
def test_any_plan_is_a_sound_page_that_runs_and_loads_nothing(reported: Reported) -> None:
    plan, people = reported
    text = match_report(plan, people)
    page = Page(text)
    text.encode("utf-8")
    assert text.startswith("<!doctype html>\n<html lang")
    assert len(set(page.ids)) == len(page.ids)
    inner = [link for link in page.links if not link.startswith("mailto:")]
    assert all(link.startswith("#") and link[1:] in page.ids for link in inner)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(page.headings))


def test_a_programme_with_parity_is_written_as_it_could_be_stated() -> None:
    people = [
        Participant(person=Person(id=f"{role}{at}", attributes={"team": "red"}), roles={role: 1})
        for role in ("mentee", "mentor")
        for at in range(5)
    ]
    stated = Programme(policies=Policies(parity=Parity(by="team", within=5)))
    text = match_report(matching.match(people, stated), people)
    assert "parity = { by = &#34;team&#34;, within = 5 }" in text


@given(plans())
def test_everybody_in_the_plan_is_on_the_page(reported: Reported) -> None:
    plan, people = reported
    page = Page(match_report(plan, people))
    directory = Directory.of(people)
    assert len(page.articles) == len(plan.matches)
    for match, article in zip(plan.matches, page.articles, strict=True):
        for member in match.team.members:
            assert clean(directory.name(member.person)) in article
        for finding in match.reasons:
            assert clean(str(finding.message)) in article
        told = match.caveat in match.reasons
        assert ("Caveat:" in article) == (match.caveat is not None and not told)
        assert article.count("weakest") == told
        assert ("Pinned by hand" in article) == match.pinned
    # The page lists the unmatched role by role, in the plan's order within each.
    assert len(page.missed) == len(plan.unmatched)
    for left in plan.unmatched:
        name, cause = clean(directory.name(left.person)), clean(str(left.cause))
        assert any(name in item and cause in item for item in page.missed)
    for note in plan.notes:
        assert clean(str(note)) in page.text


@given(plans())
def test_the_order_of_the_people_does_not_matter(reported: Reported) -> None:
    plan, people = reported
    assert match_report(plan, people) == match_report(plan, people[::-1])


@given(plans())
def test_people_who_are_not_given_appear_by_id(reported: Reported) -> None:
    plan, _ = reported
    page = Page(match_report(plan, []))
    for match, article in zip(plan.matches, page.articles, strict=True):
        assert all(person in article for person in match.team.people)


@given(strategies.populations(most=10))
def test_what_the_engine_plans_can_be_shown(people: list[Participant]) -> None:
    programme = Programme(
        policies=Policies(by="department"),
        criteria={name: Use(name) for name in ("skills", "interests", "language")},
    )
    plan = matching.match(people, programme)
    page = Page(match_report(plan, people))
    assert len(page.articles) == len(plan.matches)
    assert len(page.missed) == len(plan.unmatched)
    assert ("proven." in page.text) == (plan.certificate.gap == 0)


def test_the_same_bytes_in_every_process() -> None:
    code = (
        "import hashlib, report_plans; from mentorkit.reports import match_report;"
        "print(hashlib.sha256(match_report(*report_plans.crowded()).encode()).hexdigest())"
    )
    here = str(Path(__file__).parent)
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": here, "LC_ALL": locale},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, locale in (("1", "C"), ("2", "de_DE.UTF-8"))
    }
    assert len(digests) == 1
    assert digests != {""}


def test_the_page_forbids_itself_everything_but_its_style() -> None:
    text = match_report(*crowded())
    (style,) = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text
    assert "<style" not in text.replace("<style>", "", 1)
    assert not re.search(r"@import|url\(", style)


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if "<" in text])
def test_what_people_typed_stays_text(hostile: str) -> None:
    text = match_report(*crowded())
    assert hostile not in text
    assert hostile in Page(text).text


@pytest.mark.parametrize(
    ("certificate", "said"),
    [
        (Certificate(bound=9000, gap=0), "mentors; the best total there is, proven."),
        (Certificate(bound=250_000, gap=1000), "at most 0.4\u00a0% below the best total there is."),
        (Certificate(bound=250_001, gap=1000), "at most 0.4\u00a0% below the best total there is."),
        (Certificate(bound=249_999, gap=1000), "at most 0.5\u00a0% below the best total there is."),
        (Certificate(), "mentors."),
    ],
)
def test_the_first_sentence_says_no_more_than_what_is_proven(
    certificate: Certificate, said: str
) -> None:
    plan, people = crowded()
    page = Page(match_report(attrs.evolve(plan, certificate=certificate), people))
    assert "8 pairs of 18 mentees and 18 mentors" in page.text
    assert said in page.text


def test_groups_that_are_too_small_have_no_figures() -> None:
    plan, people = crowded()
    small = [attrs.evolve(plan.quality.groups[0], value="Tiny", people=None, matched=None)]
    quality = attrs.evolve(plan.quality, groups=tuple(small))
    page = Page(match_report(attrs.evolve(plan, quality=quality), people))
    assert "Mentees, fewer than fiveTiny" in page.text
    assert "People with a partner" not in page.text


def test_a_plan_of_nobody_says_so() -> None:
    plan, _ = crowded()
    empty = attrs.evolve(plan, matches=(), unmatched=(), certificate=Certificate())
    page = Page(match_report(empty, []))
    assert "No pairs of 18 mentees and 18 mentors." in page.text
    assert "Nobody was matched." in page.text
    assert "There was nobody to match." in page.text
    assert "Everybody has a partner." not in page.text


def with_points(*scores: int) -> Page:
    """The crowded plan's page with so many matches, each with one finding of so many points."""
    plan, people = crowded()
    match = plan.matches[1]
    made = tuple(
        attrs.evolve(
            match, fit=score, findings=(Finding("use", score, 1, Message("said", "said")),)
        )
        for score in scores
    )
    return Page(match_report(attrs.evolve(plan, matches=made), people))


@pytest.mark.parametrize(
    ("scores", "head", "listed"),
    [
        ((0, 500, 0), "2 pairs have no point of fit:", [1, 3]),
        ((0,), "1 pair has no point of fit:", [1]),
        ((500, 400, 500), "1 pair has the lowest fit, 0.4\u00a0points:", [2]),
        ((0,) * 20, "20 pairs have no point of fit:", list(range(1, 21))),
        ((500, 500), None, []),
        ((400,) * 13 + (500,), None, []),
    ],
)
def test_the_lowest_fits_stand_at_the_head(
    scores: tuple[int, ...], head: str | None, listed: list[int]
) -> None:
    page = with_points(*scores)
    assert (head or "The matches") in page.text + "The matches"
    assert ("no point of fit" in page.text or "the lowest fit" in page.text) == bool(head)
    for number in range(1, len(scores) + 1):
        # The card's own number, the index for both people, and the list of the lowest.
        assert page.links.count(f"#pair-{number}") == 3 + (number in listed)


def test_the_order_is_that_of_a_review() -> None:
    page = Page(match_report(*crowded()))
    sections = ["figures", "notes", "matches", "unmatched", "fit", "links", "groups"]
    sections += ["best-fits", "index", "settings"]
    assert [own for own in page.ids if own in sections] == sections
    contents = [link[1:] for link in page.links if link[1:] in sections]
    assert [own for at, own in enumerate(contents) if own not in contents[:at]] == sections


def test_the_weakest_reason_is_not_said_twice() -> None:
    (article,) = with_points(300).articles
    assert article.count("said") == 1
    assert "weakest 0.3 of 1" in article
    assert "Caveat" not in article


@given(st.integers(-(10**9), 10**9))
def test_the_page_rounds_to_two_decimals(score: int) -> None:
    said = brief_points(score)
    if said == "under 0.01":
        assert 0 < abs(score) < 5
    else:
        shown = Fraction(said.replace(",", "").replace("\N{MINUS SIGN}", "-"))
        assert abs(shown - Fraction(score, POINT)) <= Fraction(1, 200)
        assert said == points(int(shown * POINT))
        assert (shown * 100).denominator == 1


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (0, "0"),
        (4, "under 0.01"),
        (-4, "under 0.01"),
        (5, "0.01"),
        (665, "0.67"),
        (-665, "\N{MINUS SIGN}0.67"),
        (9996, "10"),
        (1_234_500, "1,234.5"),
    ],
)
def test_brief_points_as_a_reader_writes_them(score: int, said: str) -> None:
    assert brief_points(score) == said


def test_scores_are_rounded_and_proofs_are_exact() -> None:
    plan, people = crowded()
    quality = attrs.evolve(plan.quality, total=2_000_666, mean=998, least=996)
    certificate = Certificate(bound=2_000_667, gap=1)
    page = Page(match_report(attrs.evolve(plan, quality=quality, certificate=certificate), people))
    assert "2,000.67 points" in page.text
    assert "2,000.666\u00a0points" in page.text
    fit = sum(match.fit for match in plan.matches)
    assert f"{points(fit)} of fit and {points(2_000_666 - fit)} that the matches earn" in page.text
    assert "No plan can have more than2,000.667\u00a0points" in page.text
    assert "1 point\n" in page.text
    shown = page.text[: page.text.index("Settings and proof\n", page.text.index("Find a person\n"))]
    assert not re.search(r"\d\.\d{3}", shown)
    assert not re.search(r"\d{4}(?!>)", shown)


def test_counts_are_written_in_one_style() -> None:
    plan, people = crowded()
    many = {"mentee": {"1": 1700, "2": 1800}, "mentor": {"1": 1900}}
    groups = tuple(attrs.evolve(held, people=1500, matched=1400) for held in plan.quality.groups)
    quality = attrs.evolve(plan.quality, ranks=many, load=many, groups=groups, blocking_pairs=1200)
    crowd = attrs.evolve(plan, matches=plan.matches[:1] * 1001, quality=quality)
    text = re.sub("<[^>]+>", " ", match_report(crowd, people).replace("</h2>", " §"))
    charts = text[text.index("Distribution of fit §") : text.index("Find a person §")]
    figures = text[text.index("Key figures §") : text.index("Matches §")]
    assert not re.search(r"\d{4}", figures + charts)
    # The bar, twice in the links' table (a sum of a row and of a column), and all links.
    assert charts.count("1,001") >= 4
    assert all(number in charts for number in ("1,400", "1,500", "1,700", "1,800", "1,900"))
    assert all(number in figures for number in ("1,001", "1,200"))


def test_figures_speak_plainly() -> None:
    page = Page(match_report(*crowded()))
    assert "Mentees with one of their 3 best fits\n75\u00a0% of the matches" in page.text
    assert "Pairs that would both rather have each other\n3 blocking pairs" in page.text
    assert page.text.count("--map if one was used") == 2
